// What seemed enough in a search, tried again: a search takes the smallest of many that seemed so, some of them by
// chance. Knows places and probes, and not what stands at a place.
import type { Probe } from "./probe.js";

export interface Certified<Place> {
  /** Null where nothing was shown to be enough; where it was interrupted, the best that was. */
  readonly answer: Place | null;
  /** In the order in which they were tried. */
  readonly trials: readonly { readonly place: Place; readonly probe: Probe }[];
  readonly finished: boolean;
}

/** Tries a place where so many attempts have shown nothing; undefined where it was interrupted. */
export type Attempt<Place> = (place: Place, attempts: number) => Promise<Probe | undefined>;

/** Places that know nothing of each other, the most wanted first, until one passes: each is an attempt. */
export async function certifyAny<Place>(
  wanted: readonly Place[],
  attempt: Attempt<Place>,
): Promise<Certified<Place>> {
  const trials: { place: Place; probe: Probe }[] = [];
  for (const place of wanted) {
    const probe = await attempt(place, trials.length);
    if (probe === undefined) return { answer: null, trials, finished: false };
    trials.push({ place, probe });
    if (probe.verdict === "pass") return { answer: place, trials, finished: true };
  }
  return { answer: null, trials, finished: true };
}

export interface LeastOptions {
  /** How many places there are, and the least of them that seems enough. */
  readonly count: number;
  readonly least: number;
  /** Where to begin: what is surely enough as far as the search has seen. */
  readonly start: number;
  /** Between the places nearest to the least. */
  readonly step: number;
}

/**
 * Places in an order in which more cannot hurt: down from one that is surely enough, in steps that halve towards the
 * least, until one does not pass. The way down is fixed before its first trial, and what is not enough at one place
 * is not enough below it; so it passes wrongly only if the highest place on the way that is not enough does, and all
 * of the way is one attempt (a fixed sequence: Maurer, Hothorn and Lehmacher, 1995). Where even its first place does
 * not pass, the next way begins higher.
 */
export async function certifyLeast(
  options: LeastOptions,
  attempt: Attempt<number>,
): Promise<Certified<number>> {
  const { count, step } = options;
  const trials: { place: number; probe: Probe }[] = [];
  let answer: number | null = null;
  let [bottom, top] = [options.least, options.start];
  for (let attempts = 0; answer === null && bottom < count; attempts++) {
    for (const place of wayDown(top, bottom, step)) {
      const probe = await attempt(place, attempts);
      if (probe === undefined) return { answer, trials, finished: false };
      trials.push({ place, probe });
      if (probe.verdict !== "pass") break;
      answer = place;
    }
    [bottom, top] = [top + 1, Math.min(count - 1, top + Math.max(step, 2 * (top - options.least)))];
  }
  return { answer, trials, finished: true };
}

/** From the top to the bottom by ... 4, 2, 1 and 1 steps; the top alone where both are the same. */
function wayDown(top: number, bottom: number, step: number): number[] {
  const way = [top];
  const between: number[] = [];
  for (let above = step; bottom + above < top; above *= 2) between.push(bottom + above);
  way.push(...between.reverse());
  if (bottom < top) way.push(bottom);
  return way;
}
