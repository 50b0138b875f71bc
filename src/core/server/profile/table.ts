// Step times read off a table of measured steps, with straight lines between its points. For each number of decoding
// sequences, time is a line in their summed context; between numbers, the constants and slopes of those lines are
// joined by straight lines, and beyond the last they go on as between the last two. Prefill the same over its tokens;
// what more context before a chunk costs is one number for the whole table.

import { type DecodePoint, type PrefillPoint, type TableFile, tableKeys } from "./file/table-keys.js";
import { defineProfile } from "./kind.js";
import type { PassTimes } from "./pass-times.js";
import { firstAtLeast, stepRows } from "./rows.js";
import { linearDraft } from "./speculative.js";

/** A rising function through points, by straight lines: flat before the first, and on as it was after the last. */
interface Joined {
  readonly at: readonly number[];
  readonly value: readonly number[];
}

function joinedAt({ at, value }: Joined, place: number): number {
  const after = firstAtLeast(at, place);
  if (after === 0) return value[0]!;
  const right = Math.min(after, at.length - 1);
  const left = right - 1;
  if (left < 0) return value[0]!;
  const rise = (value[right]! - value[left]!) / (at[right]! - at[left]!);
  return value[left]! + rise * (place - at[left]!);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Slope of time over context by least squares, not below 0, where time would fall with context; undefined if all
 * points have the same context.
 */
function slopeThrough(points: readonly DecodePoint[]): number | undefined {
  const middle = mean(points.map(({ context }) => context));
  let product = 0;
  let square = 0;
  for (const { context, ms } of points) {
    product += (context - middle) * ms;
    square += (context - middle) * (context - middle);
  }
  return square > 0 ? Math.max(product / square, 0) : undefined;
}

function groups<Point>(points: readonly Point[], keyOf: (point: Point) => number): [number, Point[]][] {
  const byKey = new Map<number, Point[]>();
  for (const point of points) byKey.set(keyOf(point), [...(byKey.get(keyOf(point)) ?? []), point]);
  return [...byKey].sort(([a], [b]) => a - b);
}

/** No value below one before it: small noise in a table must not let time fall. */
function rising(values: readonly number[]): number[] {
  let most = 0;
  return values.map((value) => {
    most = Math.max(most, value);
    return most;
  });
}

function nearestKnown(values: readonly (number | undefined)[], index: number): number {
  for (let apart = 1; apart < values.length; apart++) {
    const value = values[index - apart] ?? values[index + apart];
    if (value !== undefined) return value;
  }
  return 0;
}

function decodeLines(points: readonly DecodePoint[]): { constant: Joined; slope: Joined } {
  const bySequences = groups(points, ({ sequences }) => sequences);
  const at = bySequences.map(([sequences]) => sequences);
  const own = bySequences.map(([, same]) => slopeThrough(same));
  // One context tells no slope: the nearest number of sequences that has several lends its own.
  const slopes = own.map((slope, index) => slope ?? nearestKnown(own, index));
  const constants = bySequences.map(([, same], index) =>
    mean(same.map(({ context, ms }) => ms - slopes[index]! * context)),
  );
  return {
    constant: { at, value: rising(constants) },
    // Beyond the last point a slope stays as it is: it belongs to the memory, not to the batch.
    slope: { at: [...at, at.at(-1)! * 2], value: [...slopes, slopes.at(-1)!] },
  };
}

/** Milliseconds for each pair of a new token and one that was cached before its chunk. */
function perPair(points: readonly PrefillPoint[]): number {
  let product = 0;
  let square = 0;
  for (const [tokens, same] of groups(points, (point) => point.tokens)) {
    const first = same.reduce((a, b) => (b.prior < a.prior ? b : a));
    for (const { prior, ms } of same) {
      const pairs = tokens * (prior - first.prior);
      product += pairs * (ms - first.ms);
      square += pairs * pairs;
    }
  }
  return square > 0 ? Math.max(product / square, 0) : 0;
}

export function tablePass(file: Pick<TableFile, "decode" | "prefill" | "rows">): PassTimes {
  const decode = decodeLines(file.decode);
  const perArea = perPair(file.prefill);
  const byTokens = groups(file.prefill, ({ tokens }) => tokens);
  const chunk: Joined = {
    at: byTokens.map(([tokens]) => tokens),
    value: rising(
      byTokens.map(([tokens, same]) => {
        const { prior, ms } = same.reduce((a, b) => (b.prior < a.prior ? b : a));
        // What is not attention: the pairs of the point itself are charged by `prefill`.
        return Math.max(ms - perArea * tokens * (prior + (tokens + 1) / 2), 0);
      }),
    ),
  };
  return {
    base: (decoding, rowsEach, prefillTokens) => {
      const rows = stepRows(file.rows, decoding * rowsEach, prefillTokens);
      const alone =
        decoding > 0 ? joinedAt(decode.constant, prefillTokens > 0 ? decoding * rowsEach : rows) : 0;
      // Rows are rows to a matrix product: prefill beside a batch takes what a prefill of all the rows would.
      return prefillTokens > 0 ? Math.max(alone, joinedAt(chunk, rows)) : alone;
    },
    slope: (decoding) => joinedAt(decode.slope, decoding),
    prefill: (area) => perArea * area,
  };
}

export const table = defineProfile({
  name: "table",
  summary: "Steps as they were timed, with straight lines between them.",
  options: tableKeys,
  create: (file, head) => ({
    target: tablePass({ ...file, ...head }),
    draft: file.speculative && linearDraft(file.speculative.draft),
    node: file.node,
  }),
});
