// A search along an axis, and what of it is certified: places of candidates in an order, and what was seen at them, as
// points of a plan.
import type { Axis } from "./axis.js";
import type { Candidate, Planning } from "./candidate.js";
import { type Attempt, type Certified, certifyLeast } from "./certify.js";
import { mostProbes, type Searched, type SearchedPoint, searchLeast } from "./monotone-search.js";
import { pointOf, type SeenPoints } from "./plan-points.js";
import type { PlanMargin, PlanPoint } from "./plan-result.js";
import type { Probe } from "./probe.js";

/** What a search has found, and what of it is certified. */
interface Found<Place> extends SeenPoints {
  /** Where the answer is. */
  readonly at: Place | null;
}

/** Tries a place on seeds that the search has not seen. */
export function certifying<Place>(at: (place: Place) => Candidate, { probe }: Planning): Attempt<Place> {
  return (place, attempts) => probe(at(place), { kind: "certify", attempts });
}

/** `tried` is false where the search itself was interrupted. */
export function foundOf<Place>(
  points: readonly PlanPoint[],
  tried: Certified<Place> | false,
  asPoint: (place: Place, probe: Probe) => PlanPoint,
): Found<Place> {
  if (tried === false) return { at: null, answer: null, points, certified: [], finished: false };
  const certified = tried.trials.map(({ place, probe }) => asPoint(place, probe));
  const at = tried.trials.findIndex(({ place }) => place === tried.answer);
  return { at: tried.answer, answer: certified[at] ?? null, points, certified, finished: tried.finished };
}

export interface FoundAlong extends Found<number> {
  readonly searched: Searched;
  readonly margin: PlanMargin | null;
}

export interface Along {
  readonly axis: Axis;
  readonly at: (index: number) => Candidate;
  /** Where to begin. */
  readonly guess: number;
  /** What was tried before. */
  readonly known?: readonly SearchedPoint[];
}

export async function leastAlong(along: Along, options: Planning): Promise<FoundAlong> {
  return certifiedOf(along, await searchAlong(along, options), options);
}

/** Finds the way; certifies nothing. */
export function searchAlong({ axis, at, guess, known = [] }: Along, options: Planning): Promise<Searched> {
  const count = axis.values.length;
  const search = { kind: "search", probes: mostProbes(count) + known.length } as const;
  return searchLeast((index) => options.probe(at(index), search), { count, guess, known });
}

export async function certifiedOf(
  { axis, at }: Along,
  searched: Searched,
  options: Planning,
): Promise<FoundAlong> {
  const tried = searched.finished && (await certifiedAlong(axis, searched, certifying(at, options)));
  const asPoint = (index: number, probe: Probe) => pointOf([[axis, index]], probe, options);
  const found = foundOf(pointsAlong(axis, searched.points, options), tried, asPoint);
  const failed = (tried === false ? [] : tried.trials).filter(({ probe }) => probe.verdict === "fail");
  const from = Math.max(searched.from, ...failed.map(({ place }) => place + 1));
  return { ...found, searched, margin: marginOf(axis.texts, from, found.at) };
}

/** In the order of their values. */
export function pointsAlong(axis: Axis, points: readonly SearchedPoint[], options: Planning): PlanPoint[] {
  const sorted = [...points].sort((a, b) => axis.values[a.index]! - axis.values[b.index]!);
  return sorted.map(({ index, probe }) => pointOf([[axis, index]], probe, options));
}

/** Values that differ by less than that are nearly the same fleet. */
const NEXT = 0.02;
/** Steps above the least to begin from, where the search is sure of none. */
const STEPS_ABOVE = 4;

async function certifiedAlong(
  { values }: Axis,
  { answer: least, points }: Searched,
  attempt: Attempt<number>,
): Promise<Certified<number>> {
  if (least === null) return { answer: null, trials: [], finished: true };
  const isFar = (value: number) => Math.abs(value / values[least]! - 1) >= NEXT;
  const next = values.findIndex((value, index) => index > least && isFar(value));
  const step = next === -1 ? 1 : next - least;
  const sure = points.filter(({ index, probe }) => index >= least && probe.verdict === "pass");
  const above = Math.min(values.length - 1, least + STEPS_ABOVE * step);
  const start = sure.length === 0 ? above : Math.min(...sure.map(({ index }) => index));
  return certifyLeast({ count: values.length, least, start, step }, attempt);
}

/** From the first value that was not shown to fail, in the order of the search. */
function marginOf(texts: readonly string[], from: number, answer: number | null): PlanMargin | null {
  return answer === null ? null : { from: texts[Math.min(from, answer)]!, to: texts[answer]! };
}
