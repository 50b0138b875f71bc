// The single requests of a program, of lengths that its account keeps to. Open loop: they wait for no answer.
import type { Stream } from "../../../random/stream.js";
import { cutTokens } from "../lengths.js";
import type { Arrival } from "../source.js";
import { drawMixture, drawNormal } from "./draws.js";
import type { ApiSpec } from "./spec.js";

export class Program {
  readonly stream: Stream;
  readonly #spec: ApiSpec;
  readonly #inputOffset: number;
  readonly #outputOffset: number;

  constructor(spec: ApiSpec, account: Stream, stream: Stream) {
    const { input, output } = spec.accountOffsets;
    this.stream = stream;
    this.#spec = spec;
    // Centred, so that the mean over accounts stays that of the trace.
    this.#inputOffset = input * drawNormal(account) - (input * input) / 2;
    this.#outputOffset = output * drawNormal(account) - (output * output) / 2;
  }

  drawLengths(arrival: Arrival, maxInput: number, maxOutput: number): void {
    const input = drawMixture(this.stream, this.#spec.input, this.#inputOffset);
    const output = drawMixture(this.stream, this.#spec.output, this.#outputOffset);
    arrival.inputTokens = cutTokens(Math.round(input), maxInput);
    arrival.outputTokens = cutTokens(Math.round(output), maxOutput);
  }
}
