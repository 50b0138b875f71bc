// The requests of a conversation with a person: each turn one request, whose prompt is all that was said before.
import type { Stream } from "../../../random/stream.js";
import { Cuts } from "../lengths.js";
import { ChatTurns } from "./chat-turns.js";
import { drawLognormal, drawMixture } from "./draws.js";
import type { PlanLimits, ThreadPlan } from "./plan.js";
import type { ChatSpec } from "./spec.js";

export class ChatPlan implements ThreadPlan {
  inputTokens = 0;
  outputTokens = 0;
  sharedTokens = 0;
  readonly prefixTokens = 0;
  gap = 0;
  restarts = true;
  readonly byHuman = true;
  readonly children = 0;
  readonly cuts: Cuts = new Cuts();
  readonly #spec: ChatSpec;
  readonly #stream: Stream;
  readonly #limits: PlanLimits;
  readonly #turns: ChatTurns;
  #turn = 0;

  /** `turns` that are drawn already are not drawn again. */
  constructor(spec: ChatSpec, stream: Stream, limits: PlanLimits, turns?: ChatTurns) {
    this.#spec = spec;
    this.#stream = stream;
    this.#limits = limits;
    this.#turns = turns ?? new ChatTurns(spec, stream);
  }

  next(): boolean {
    if (this.#turn === this.#turns.length) return false;
    const { first, growth, output } = this.#spec;
    const { inputOffset, outputOffset, maxInput, maxOutput } = this.#limits;
    const isFirst = this.#turn === 0;
    this.gap = this.#turns.pause(this.#turn++);
    const held = isFirst ? 0 : this.inputTokens + this.outputTokens;
    const drawn = isFirst
      ? drawMixture(this.#stream, first, inputOffset)
      : drawLognormal(this.#stream, growth, inputOffset);
    const wanted = held + Math.max(1, Math.round(drawn));
    // What is too long loses its beginning, and with it all that a cache holds; it is counted each time.
    this.restarts = isFirst || wanted > maxInput;
    this.inputTokens = this.cuts.prompt(wanted, maxInput);
    this.sharedTokens = this.restarts ? 0 : held;
    const answer = drawMixture(this.#stream, output, outputOffset);
    this.outputTokens = this.cuts.output(Math.round(answer), maxOutput);
    return true;
  }
}
