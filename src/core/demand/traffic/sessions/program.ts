// The single requests of a program, of lengths that its account keeps to. Open loop: they wait for no answer.
import type { Stream } from "../../../random/stream.js";
import type { Cuts } from "../lengths.js";
import type { Arrival } from "../source.js";
import { drawMixture, drawNormal } from "./draws.js";
import type { ApiSpec, Offsets } from "./spec.js";

export class Program {
  readonly stream: Stream;
  readonly #spec: ApiSpec;
  readonly #inputOffset: number;
  readonly #outputOffset: number;

  constructor(spec: ApiSpec, account: Stream, stream: Stream) {
    const { input, output } = programOffsets(spec, account);
    this.stream = stream;
    this.#spec = spec;
    this.#inputOffset = input;
    this.#outputOffset = output;
  }

  drawLengths(arrival: Arrival, maxInput: number, maxOutput: number, cuts: Cuts): void {
    const input = drawMixture(this.stream, this.#spec.input, this.#inputOffset);
    const output = drawMixture(this.stream, this.#spec.output, this.#outputOffset);
    arrival.inputTokens = cuts.prompt(Math.round(input), maxInput);
    arrival.outputTokens = cuts.output(Math.round(output), maxOutput);
  }
}

/** Of an account's lengths, on their logarithm: centred, so that the mean over accounts stays that of the trace. */
export function programOffsets({ accountOffsets: { input, output } }: ApiSpec, account: Stream): Offsets {
  return {
    input: input * drawNormal(account) - (input * input) / 2,
    output: output * drawNormal(account) - (output * output) / 2,
  };
}
