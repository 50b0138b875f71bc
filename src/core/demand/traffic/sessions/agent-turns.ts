// The turns of an agent session: for each, how long the person takes before it, its requests, and the agents that it
// sends out. All are drawn at once, so that it is known beforehand about how long a session lasts.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import type { Stream } from "../../../random/stream.js";
import { drawIndex, drawLognormal, drawNormalFrom } from "./draws.js";
import type { AgentSpec } from "./spec.js";

export class AgentTurns {
  readonly length: number;
  /** Of all turns: requests of the session itself, seconds of pauses, and agents sent out. */
  requests = 0;
  pauses = 0;
  agents = 0;
  /** A row for each: pause, requests, agents, and the request after which they are sent out. */
  readonly #rows: Float64Array;

  /** `length`, where it is known already, is not drawn. */
  constructor(spec: AgentSpec, stream: Stream, length: number = drawAgentLength(spec, stream)) {
    this.length = length;
    this.#rows = new Float64Array(COLUMNS * this.length);
    for (let turn = 0; turn < this.length; turn++) this.#draw(turn, spec, stream);
  }

  /** Seconds from the answer before; 0 before the first. */
  pause(turn: number): number {
    return this.#rows[COLUMNS * turn]!;
  }

  requestsOf(turn: number): number {
    return this.#rows[COLUMNS * turn + 1]!;
  }

  /** Agents that the answer to this request of the turn, from 1 on, sends out. */
  agentsAfter(turn: number, request: number): number {
    const row = COLUMNS * turn;
    return this.#rows[row + 3] === request ? this.#rows[row + 2]! : 0;
  }

  #draw(turn: number, { requests, humanGap, subAgents }: AgentSpec, stream: Stream): void {
    const rows = this.#rows;
    const row = COLUMNS * turn;
    if (turn > 0) rows[row] = Math.min(humanGap.most, drawLognormal(stream, humanGap));
    const isOne = stream.uniform() < requests.one && this.length > 1;
    const many = Math.round(drawLognormal(stream, requests));
    rows[row + 1] = isOne ? 1 : Math.min(requests.most, Math.max(2, many));
    this.pauses += rows[row]!;
    this.requests += rows[row + 1]!;
    if (isOne || stream.uniform() >= subAgents.share) return;
    rows[row + 2] = drawIndex(stream, subAgents.counts) + 1;
    rows[row + 3] = 1 + stream.below(rows[row + 1]! - 1);
    this.agents += rows[row + 2]!;
  }
}

const COLUMNS = 4;

/** Given that it is at least `least`. */
export function drawAgentLength({ turns }: AgentSpec, stream: Stream, least = 1): number {
  const { mu, sigma, most } = turns;
  const from = least <= 1 ? Number.NEGATIVE_INFINITY : (ln(least - 0.5) - mu) / sigma;
  const drawn = Math.round(exp(mu + sigma * drawNormalFrom(stream, from)));
  return Math.min(most, Math.max(least, drawn));
}
