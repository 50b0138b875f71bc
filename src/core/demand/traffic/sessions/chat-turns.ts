// The turns of a chat: how many there are, and how long the person takes before each. Drawn at once, so that it is
// known beforehand about how long a session lasts.
import ln from "@stdlib/math-base-special-ln";
import type { Stream } from "../../../random/stream.js";
import { drawLognormal } from "./draws.js";
import type { ChatSpec } from "./spec.js";

export class ChatTurns {
  readonly length: number;
  /** Of all turns, seconds. */
  readonly pauses: number;
  readonly agents = 0;
  readonly #pauses: Float64Array;

  /** `length`, where it is known already, is not drawn. */
  constructor(spec: ChatSpec, stream: Stream, length: number = drawChatLength(spec, stream)) {
    this.length = length;
    this.#pauses = new Float64Array(length);
    let pauses = 0;
    for (let turn = 1; turn < length; turn++) {
      const pause = Math.min(spec.gap.most, drawLognormal(stream, spec.gap));
      this.#pauses[turn] = pause;
      pauses += pause;
    }
    this.pauses = pauses;
  }

  /** One in each turn. */
  get requests(): number {
    return this.length;
  }

  /** Seconds from the answer before; 0 before the first. */
  pause(turn: number): number {
    return this.#pauses[turn]!;
  }
}

/** One, or two and a geometric number, such that the mean of all is as stated; given that it is at least `least`. */
export function drawChatLength({ turns: { one, mean } }: ChatSpec, stream: Stream, least = 1): number {
  if (least <= 1 && (stream.uniform() < one || one >= 1)) return 1;
  const beyond = (mean - one) / (1 - one) - 2;
  const further = 1 - stream.uniform();
  // A geometric number goes on as it began.
  const from = Math.max(2, least);
  return beyond <= 0 ? from : from + Math.floor(ln(further) / ln(beyond / (1 + beyond)));
}
