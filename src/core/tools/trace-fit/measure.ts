// A quantity of a trace: its distribution, as sketch and as a histogram, and how much of its spread is between
// sessions. Knows nothing of what it measures.
import ln from "@stdlib/math-base-special-ln";
import { QuantileSketch } from "../../stats/quantile-sketch.js";
import { type Bar, SizeBins } from "./bins.js";

/** What is told of a distribution; all null without values. */
export interface Quantiles {
  readonly count: number;
  readonly mean: number | null;
  readonly min: number | null;
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export class Measure {
  readonly sketch: QuantileSketch;
  readonly #bins: SizeBins;

  /** `unit` is the smallest difference that matters, `least` the end of the histogram's first bar. */
  constructor(unit: number, least: number) {
    this.sketch = new QuantileSketch({ unit });
    this.#bins = new SizeBins(least);
  }

  add(value: number): void {
    this.sketch.add(value);
    this.#bins.add(value);
  }

  get bars(): readonly Bar[] {
    return this.sketch.count === 0 ? [] : this.#bins.bars;
  }

  get quantiles(): Quantiles {
    const { sketch } = this;
    const { count } = sketch;
    const known = (value: number) => (count === 0 ? null : value);
    return {
      count,
      mean: known(sketch.mean),
      min: known(sketch.minimum),
      p10: known(sketch.quantile(0.1)),
      p50: known(sketch.quantile(0.5)),
      p90: known(sketch.quantile(0.9)),
      p99: known(sketch.quantile(0.99)),
      max: known(sketch.maximum),
    };
  }
}

/** Sums of the logarithms of one session's values. */
export class LogSums {
  count = 0;
  sum = 0;

  add(value: number): void {
    if (value <= 0) return;
    this.count++;
    this.sum += ln(value);
  }
}

/** How much of the variance of logarithms is between sessions: one-way analysis of variance, session by session. */
export class BetweenSessions {
  #values = 0;
  #squares = 0;
  #sum = 0;
  #sessions = 0;
  #betweenSquares = 0;
  #countSquares = 0;

  /** One value above 0, of whichever session. */
  value(value: number): void {
    if (value <= 0) return;
    const log = ln(value);
    this.#values++;
    this.#sum += log;
    this.#squares += log * log;
  }

  /** A session is over. */
  session({ count, sum }: LogSums): void {
    if (count === 0) return;
    this.#sessions++;
    this.#betweenSquares += (sum * sum) / count;
    this.#countSquares += count * count;
  }

  /** Standard deviation of what a session's logarithms have in common; 0 where there is too little to tell. */
  get sigma(): number {
    const groups = this.#sessions;
    const count = this.#values;
    if (groups < 2 || count <= groups) return 0;
    const within = (this.#squares - this.#betweenSquares) / (count - groups);
    const between = (this.#betweenSquares - (this.#sum * this.#sum) / count) / (groups - 1);
    const size = (count - this.#countSquares / count) / (groups - 1);
    return Math.sqrt(Math.max(0, (between - within) / size));
  }
}
