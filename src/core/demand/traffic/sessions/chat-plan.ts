// The requests of a conversation with a person: each turn one request, whose prompt is all that was said before.
import ln from "@stdlib/math-base-special-ln";
import type { Stream } from "../../../random/stream.js";
import { cutTokens } from "../lengths.js";
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
  readonly #spec: ChatSpec;
  readonly #stream: Stream;
  readonly #limits: PlanLimits;
  readonly #turns: number;
  #turn = 0;

  constructor(spec: ChatSpec, stream: Stream, limits: PlanLimits) {
    this.#spec = spec;
    this.#stream = stream;
    this.#limits = limits;
    this.#turns = drawTurns(spec, stream);
  }

  next(): boolean {
    if (this.#turn === this.#turns) return false;
    const { first, growth, gap, output } = this.#spec;
    const { inputOffset, outputOffset, maxInput, maxOutput } = this.#limits;
    const isFirst = this.#turn++ === 0;
    this.gap = isFirst ? 0 : Math.min(gap.most, drawLognormal(this.#stream, gap));
    const held = isFirst ? 0 : this.inputTokens + this.outputTokens;
    const drawn = isFirst
      ? drawMixture(this.#stream, first, inputOffset)
      : drawLognormal(this.#stream, growth, inputOffset);
    const wanted = held + Math.max(1, Math.round(drawn));
    // What is too long loses its beginning, and with it all that a cache holds.
    this.restarts = isFirst || wanted > maxInput;
    this.inputTokens = cutTokens(wanted, maxInput);
    this.sharedTokens = this.restarts ? 0 : held;
    this.outputTokens = cutTokens(Math.round(drawMixture(this.#stream, output, outputOffset)), maxOutput);
    return true;
  }
}

/** One, or two and a geometric number, such that the mean of all is as stated. */
function drawTurns({ turns }: ChatSpec, stream: Stream): number {
  const isOne = stream.uniform() < turns.one;
  const further = 1 - stream.uniform();
  if (isOne || turns.one >= 1) return 1;
  const beyond = (turns.mean - turns.one) / (1 - turns.one) - 2;
  if (beyond <= 0) return 2;
  return 2 + Math.floor(ln(further) / ln(beyond / (1 + beyond)));
}
