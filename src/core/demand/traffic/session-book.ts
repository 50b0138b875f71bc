// How the sessions of a source ended that began in the measured window: counts and sketches, so that memory does not
// grow with them. Knows neither their accounts nor what they asked for.
import { type Instant, MICROS_PER_SECOND } from "../../base/units.js";
import { QuantileSketch } from "../../stats/quantile-sketch.js";

const MICROSECOND = 1 / MICROS_PER_SECOND;
/** A millionth of a dollar. */
const COST_UNIT = 1e-6;

export class SessionBook {
  startedCount = 0;
  finishedCount = 0;
  /** Ended by a caller whose request failed for good. */
  abandonedCount = 0;
  /** Of finished ones: seconds from the first request to the last answer, requests, US dollars. */
  readonly duration: QuantileSketch = new QuantileSketch({ unit: MICROSECOND });
  readonly requests: QuantileSketch = new QuantileSketch({ unit: 1 });
  readonly cost: QuantileSketch = new QuantileSketch({ unit: COST_UNIT });
  /** US dollars that abandoned ones had cost. */
  abandonedCost = 0;
  readonly #measuredFrom: Instant;
  readonly #measuredUntil: Instant;

  /** The measured window is from the one instant up to, but not at, the other. */
  constructor(measuredFrom: Instant, measuredUntil: Instant) {
    this.#measuredFrom = measuredFrom;
    this.#measuredUntil = measuredUntil;
  }

  /** Begun in the window and neither finished nor abandoned so far. */
  get openCount(): number {
    return this.startedCount - this.finishedCount - this.abandonedCount;
  }

  started(at: number): void {
    if (this.#isMeasured(at)) this.startedCount++;
  }

  finished(startedAt: number, now: Instant, requests: number, cost: number): void {
    if (!this.#isMeasured(startedAt)) return;
    this.finishedCount++;
    this.duration.add((now - startedAt) / MICROS_PER_SECOND);
    this.requests.add(requests);
    this.cost.add(cost);
  }

  abandoned(startedAt: number, cost: number): void {
    if (!this.#isMeasured(startedAt)) return;
    this.abandonedCount++;
    this.abandonedCost += cost;
  }

  #isMeasured(at: number): boolean {
    return at >= this.#measuredFrom && at < this.#measuredUntil;
  }
}
