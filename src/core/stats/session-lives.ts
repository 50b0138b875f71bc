// The lives of a source's sessions as far as they lie in the measured window: when they come into it, by their age,
// when they end or leave it, and what they spend meanwhile. A window is shorter than many sessions: those that begin
// and end in it are the short ones, and of the long ones it shows the beginning of some and the end of others. Counts
// by age, in bins a thousandth of it wide, so that memory does not grow with the sessions and books add up: also those
// of several runs, each as often as it stands for. Knows ages in microseconds, no instants.
import { assert } from "../base/assert.js";
import { grown } from "../base/grown.js";
import { MICROS_PER_SECOND } from "../base/units.js";
import { kaplanMeier } from "./kaplan-meier.js";
import { logBin, logBinStart } from "./log-histogram.js";
import type { WeightedValue } from "./weighted-distribution.js";

const OCTAVE_BITS = 10;
/** Ages of finished sessions are told apart so finely beside how many requests they had: four to an octave. */
const COARSE_BITS = 2;

/** Per bin of age. */
const ENTERED = 0;
const LEFT = 1;
const FINISHED = 2;
const ABANDONED = 3;
const SPENT = 4;
/** Sum of the ages of those that finished: a bin stands for their mean. */
const AGES = 5;
const WIDTH = 6;

/** From the least to the largest. */
export type WeightedValues = readonly WeightedValue[];

/** Of all sessions that begin. */
export interface SessionEstimate {
  /** Shares that finish and that are abandoned, as far as ages were seen. */
  readonly finished: number;
  readonly abandoned: number;
  /** The share that gets older than any session that was seen. */
  readonly open: number;
  /** US dollars that each spends, up to the oldest age that was seen. */
  readonly spent: number;
  /** Of finished ones, as shares of all that begin: seconds, and requests. */
  readonly durations: WeightedValues;
  readonly requests: WeightedValues;
}

/** What is counted of the sessions of a source. */
export interface SessionTotals {
  /** Of those that began in the measured window. */
  readonly startedCount: number;
  readonly finishedCount: number;
  readonly abandonedCount: number;
  /** Of all that were under way in it, as far as that. */
  readonly lives: SessionLives;
}

/** What a book holds, in plain arrays, so that it can be handed from one thread to another. */
export interface LivesData {
  readonly finishedCount: number;
  readonly abandonedCount: number;
  /** Of age, those in use, from the youngest. */
  readonly bins: Uint32Array;
  /** What is counted in each of these bins, one after another. */
  readonly columns: Float64Array;
  /** Of finished ones: coarse bin of age, requests, how many; again and again. */
  readonly requests: Float64Array;
}

export class SessionLives {
  /** Seen to end: begun in the window or before it. */
  finishedCount = 0;
  abandonedCount = 0;
  #columns = new Float64Array(0);
  /** By coarse bin of age: how many finished with so many requests. */
  readonly #requests = new Map<number, Map<number, number>>();

  /** A session comes under observation at that age: 0 where it begins. */
  entered(age: number): void {
    this.#add(age, ENTERED, 1);
  }

  /** It is not seen any more, and goes on. */
  left(age: number): void {
    this.#add(age, LEFT, 1);
  }

  finished(age: number, requests: number): void {
    this.finishedCount++;
    this.#add(age, FINISHED, 1);
    this.#add(age, AGES, age);
    this.#countRequests(logBin(age, COARSE_BITS), requests, 1);
  }

  abandoned(age: number): void {
    this.abandonedCount++;
    this.#add(age, ABANDONED, 1);
  }

  /** US dollars, at the age at which they are charged. */
  spent(age: number, dollars: number): void {
    if (dollars > 0) this.#add(age, SPENT, dollars);
  }

  merge(other: SessionLives): void {
    this.add(other.data(), 1);
  }

  /** Each life as often as the factor says. */
  add({ finishedCount, abandonedCount, bins, columns, requests }: LivesData, factor: number): void {
    this.finishedCount += factor * finishedCount;
    this.abandonedCount += factor * abandonedCount;
    this.#reach(((bins.at(-1) ?? -1) + 1) * WIDTH);
    for (const [index, bin] of bins.entries()) {
      for (let column = 0; column < WIDTH; column++)
        this.#columns[bin * WIDTH + column]! += factor * columns[index * WIDTH + column]!;
    }
    for (let place = 0; place < requests.length; place += 3)
      this.#countRequests(requests[place]!, requests[place + 1]!, factor * requests[place + 2]!);
  }

  data(): LivesData {
    const { finishedCount, abandonedCount } = this;
    const bins = this.#binsInUse();
    const columns = new Float64Array(bins.length * WIDTH);
    for (const [index, bin] of bins.entries())
      columns.set(this.#columns.subarray(bin * WIDTH, (bin + 1) * WIDTH), index * WIDTH);
    const requests = [...this.#requests].flatMap(([age, counts]) =>
      [...counts].flatMap(([value, count]) => [age, value, count]),
    );
    return { finishedCount, abandonedCount, bins, columns, requests: Float64Array.from(requests) };
  }

  estimate(): SessionEstimate {
    const bins = this.#binsInUse();
    const at = (bin: number, column: number) => this.#columns[bin * WIDTH + column]!;
    const { weights, open } = kaplanMeier(
      Array.from(bins, (bin) => ({
        entered: at(bin, ENTERED),
        ended: at(bin, FINISHED) + at(bin, ABANDONED),
        left: at(bin, LEFT),
      })),
    );
    const total = (column: number) =>
      weights.reduce((sum, weight, index) => sum + weight * at(bins[index]!, column), 0);
    const durations: { value: number; share: number }[] = [];
    const shares = new Map<number, number>();
    for (const [index, bin] of bins.entries()) {
      const share = weights[index]! * at(bin, FINISHED);
      if (share === 0) continue;
      durations.push({ value: at(bin, AGES) / at(bin, FINISHED) / MICROS_PER_SECOND, share });
      const coarse = logBin(logBinStart(bin, OCTAVE_BITS), COARSE_BITS);
      shares.set(coarse, (shares.get(coarse) ?? 0) + share);
    }
    return {
      finished: total(FINISHED),
      abandoned: total(ABANDONED),
      open,
      spent: total(SPENT),
      durations,
      requests: this.#requestShares(shares),
    };
  }

  /** Of all others nothing was seen, and they change nothing. */
  #binsInUse(): Uint32Array {
    const bins: number[] = [];
    for (let bin = 0; bin * WIDTH < this.#columns.length; bin++) {
      if (this.#columns.subarray(bin * WIDTH, (bin + 1) * WIDTH).some((count) => count > 0)) bins.push(bin);
    }
    return Uint32Array.from(bins);
  }

  /** Those of about the same age stand for as much as each other. */
  #requestShares(shares: ReadonlyMap<number, number>): WeightedValues {
    const byValue = new Map<number, number>();
    for (const [age, counts] of this.#requests) {
      const count = [...counts.values()].reduce((sum, one) => sum + one, 0);
      const each = (shares.get(age) ?? 0) / count;
      for (const [requests, so] of counts) byValue.set(requests, (byValue.get(requests) ?? 0) + so * each);
    }
    const values = [...byValue].map(([value, share]) => ({ value, share }));
    return values.filter(({ share }) => share > 0).sort((one, other) => one.value - other.value);
  }

  #countRequests(age: number, requests: number, count: number): void {
    const counts = this.#requests.get(age) ?? new Map<number, number>();
    this.#requests.set(age, counts);
    // Few different numbers: whole ones up to 64, then in bins of a sixteenth.
    const value = logBinStart(logBin(requests, 5), 5);
    counts.set(value, (counts.get(value) ?? 0) + count);
  }

  #add(age: number, column: number, amount: number): void {
    assert(age >= 0 && age < Number.POSITIVE_INFINITY, "a session has lasted some time");
    const place = logBin(age, OCTAVE_BITS) * WIDTH + column;
    if (place >= this.#columns.length) this.#reach(place + 1);
    this.#columns[place]! += amount;
  }

  /** In whole octaves. */
  #reach(length: number): void {
    if (length <= this.#columns.length) return;
    const octave = WIDTH << OCTAVE_BITS;
    this.#columns = grown(this.#columns, Math.ceil(length / octave) * octave);
  }
}
