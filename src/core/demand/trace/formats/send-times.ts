// When a benchmark sent its requests, for files that do not say: worked out from how the tool was told to send them, at
// a rate with a burstiness, or so that at most so many are under way. It does not know files.
import { createDistribution } from "../../../random/distribution.js";
import type { Stream } from "../../../random/stream.js";

export interface SendPlan {
  /** Requests per second, infinity for all at once. */
  readonly rate: number;
  /** Shape of the gamma distribution of the gaps: 1 is a Poisson process, less is burstier. */
  readonly burstiness: number;
  /** Requests under way at most, infinity for any number. */
  readonly concurrency: number;
}

/**
 * Seconds at which requests are sent that take so long, in their order. Those beyond the concurrency wait, in order,
 * for the first that ends, as the tools' semaphore lets them. The stream is drawn from at a finite rate only.
 */
export function sendTimes(
  { rate, burstiness, concurrency }: SendPlan,
  lengths: readonly number[],
  stream: Stream,
): number[] {
  const gaps =
    rate === Number.POSITIVE_INFINITY
      ? undefined
      : createDistribution({ dist: "gamma", mean: 1 / rate, cv: 1 / Math.sqrt(burstiness) }, stream);
  const ends = new Ends();
  let wanted = 0;
  return lengths.map((seconds, index) => {
    if (index > 0) wanted += gaps?.sample() ?? 0;
    const start = ends.size < concurrency ? wanted : Math.max(wanted, ends.pop());
    if (concurrency !== Number.POSITIVE_INFINITY) ends.push(start + Math.max(0, seconds));
    return start;
  });
}

/** Ends of requests under way, the first one first: a heap. */
class Ends {
  readonly #ends: number[] = [];

  get size(): number {
    return this.#ends.length;
  }

  push(end: number): void {
    const ends = this.#ends;
    let at = ends.length;
    ends.push(end);
    for (let parent = (at - 1) >> 1; at > 0 && ends[parent]! > end; parent = (at - 1) >> 1) {
      ends[at] = ends[parent]!;
      at = parent;
    }
    ends[at] = end;
  }

  /** There must be one. */
  pop(): number {
    const ends = this.#ends;
    const first = ends[0]!;
    const last = ends.pop()!;
    if (ends.length === 0) return first;
    let at = 0;
    for (let child = 1; child < ends.length; child = 2 * at + 1) {
      if (child + 1 < ends.length && ends[child + 1]! < ends[child]!) child++;
      if (ends[child]! >= last) break;
      ends[at] = ends[child]!;
      at = child;
    }
    ends[at] = last;
    return first;
  }
}
