// The least of many ordered values that seems enough, where larger ones should seem so as well: out from a guess in
// doubling steps, then by halves. Knows places in an order, 0 up, nothing of what they stand for.
import { assert } from "../../base/assert.js";
import type { Probe, ProbeAt } from "./probe.js";

export interface SearchedPoint {
  readonly index: number;
  readonly probe: Probe;
}

export interface Searched {
  /** The least that seems enough; null where nothing does. */
  readonly answer: number | null;
  /** From the first place that was not shown to fail: the answer may be any from here on. */
  readonly from: number;
  /** In the order in which they were tried. */
  readonly points: readonly SearchedPoint[];
  /** A place that seemed enough and a higher one that failed: then the order is not what was assumed. */
  readonly contradictions: readonly { readonly passes: number; readonly fails: number }[];
  readonly finished: boolean;
}

export interface SearchOptions {
  /** How many places there are. */
  readonly count: number;
  /** Where to begin. */
  readonly guess: number;
  /** What was tried before. */
  readonly known?: readonly SearchedPoint[];
}

/** How often so many values are halved until one is left; at least once. */
export function halvings(count: number): number {
  return 32 - Math.clz32(Math.max(2, count) - 1);
}

/** At most so many: doubling there, halving, doubling down to a failure, and one above the answer. */
export function mostProbes(count: number): number {
  return 3 * halvings(count) + 3;
}

/** Goes by what was observed, sure or not. */
export async function searchLeast(probe: ProbeAt<number>, options: SearchOptions): Promise<Searched> {
  const { count } = options;
  assert(count >= 1, "there is something to search");
  const points: SearchedPoint[] = [...(options.known ?? [])];
  // The lowest that seems enough, and the highest below it that does not.
  let high = Math.min(count, ...points.filter(({ probe }) => probe.seemsEnough).map(({ index }) => index));
  let low = Math.max(-1, ...points.map(({ index }) => index).filter((index) => index < high));
  const trying = async (index: number): Promise<boolean> => {
    const found = await probe(index);
    if (found === undefined) return false;
    points.push({ index, probe: found });
    if (found.seemsEnough) high = Math.min(high, index);
    else if (index < high) low = Math.max(low, index);
    return true;
  };
  const guess = Math.min(count - 1, Math.max(0, Math.round(options.guess)));
  const done = (finished: boolean) => conclude(points, high === count ? null : high, finished);
  if (points.length === 0 && !(await trying(guess))) return done(false);
  // A good guess is a few percent off.
  let step = Math.max(1, Math.round(guess * 0.04));
  while (high < count ? low < 0 && high > 0 : low < count - 1) {
    const next = high < count ? Math.max(0, high - step) : Math.min(count - 1, low + step);
    if (!(await trying(next))) return done(false);
    step *= 2;
  }
  while (high - low > 1 && high < count) {
    if (!(await trying(Math.floor((low + high) / 2)))) return done(false);
  }
  // Undecided is not failed: how far down the answer might be, only a failure says.
  const isShown = () => points.some(({ index, probe }) => index < high && probe.verdict === "fail");
  for (
    let down = 1, at = Math.min(...points.map(({ index }) => index));
    high < count && at > 0 && !isShown();
    down *= 2
  ) {
    at = Math.max(0, at - down);
    if (!(await trying(at))) return done(false);
  }
  // Of higher places nothing is known yet: one of them says whether the order holds.
  if (high < count - 1 && points.every(({ index }) => index <= high)) {
    const above = Math.min(count - 1, high + Math.max(1, Math.round(high * 0.25)));
    if (!(await trying(above))) return done(false);
  }
  return done(true);
}

function conclude(points: readonly SearchedPoint[], answer: number | null, finished: boolean): Searched {
  const passed = points.filter(({ probe }) => probe.seemsEnough).map(({ index }) => index);
  const failed = points.filter(({ probe }) => probe.verdict === "fail").map(({ index }) => index);
  const contradictions = passed.flatMap((passes) => {
    const fails = failed.find((index) => index > passes);
    return fails === undefined ? [] : [{ passes, fails }];
  });
  const below = failed.filter((index) => answer === null || index < answer);
  return { answer, from: Math.max(-1, ...below) + 1, points, contradictions, finished };
}
