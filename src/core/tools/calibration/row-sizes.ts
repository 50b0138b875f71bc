// Which sizes an engine pads the rows of a step to: given by the user, or learned from a log that says how
// many rows its steps had. It does not know what rows cost.
import { SurgefleetError } from "../../base/errors.js";
import type { RowSizes } from "../../server/profile/file/profile-keys.js";
import { type StepPoint, tokensOf } from "./step-point.js";

const KINDS = ["decode", "mixed"] as const;
const MOST_SIZES = 10_000;

/**
 * Reads sizes as people write them: `decode=1,2,4,8:256:8 mixed=64:512:64`, a range as first:last:step.
 * Throws USAGE for anything else.
 */
export function parseRowSizes(text: string): RowSizes {
  const sizes: { decode?: number[]; mixed?: number[] } = {};
  for (const word of text.trim().split(/\s+/)) {
    const [kind, list = ""] = word.split("=", 2);
    const known = KINDS.find((one) => one === kind);
    if (known === undefined) throw wrong(word, "begin with decode= or mixed=");
    sizes[known] = list.split(",").flatMap((part) => parsePart(part, word));
    if (!rises(sizes[known])) throw wrong(word, "sizes must rise");
  }
  return sizes;
}

function parsePart(part: string, word: string): number[] {
  if (!/^\d+(:\d+:\d+)?$/.test(part)) throw wrong(word, "write a size as 8, or a range as first:last:step");
  const [first = 0, last = first, step = 1] = part.split(":").map(Number);
  if (first < 1 || step < 1 || last < first || (last - first) / step > MOST_SIZES) {
    throw wrong(word, "a range goes up, from 1, by at least 1");
  }
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function rises(sizes: readonly number[]): boolean {
  return sizes.every((size, index) => index === 0 || size > sizes[index - 1]!);
}

function wrong(word: string, message: string): SurgefleetError {
  return new SurgefleetError(
    "USAGE",
    `${word}: ${message}, as in "decode=1,2,4,8:256:8 mixed=64:512:64,640:2048:128"`,
  );
}

/** What the steps show; a kind is left out where none of its steps was padded. */
export function learnRowSizes(points: readonly StepPoint[]): RowSizes {
  const decode = learn(points.filter((point) => point.prefillTokens === 0));
  const mixed = learn(points.filter((point) => point.prefillTokens > 0));
  return { ...(decode && { decode }), ...(mixed && { mixed }) };
}

/**
 * The sizes that occurred, and those between that must be there if the gap of their neighbours goes on and no step
 * was padded past them. Where a step has as many rows as tokens, that alone does not make its rows a size.
 */
function learn(points: readonly StepPoint[]): number[] | undefined {
  const fewest = new Map<number, number>();
  for (const point of points) {
    fewest.set(point.rows, Math.min(fewest.get(point.rows) ?? point.rows, tokensOf(point)));
  }
  if (![...fewest].some(([rows, tokens]) => rows > tokens)) return undefined;
  const seen = [...fewest.keys()].sort((one, other) => one - other);
  const sizes: number[] = [];
  for (const [index, size] of seen.entries()) {
    const before = sizes.at(-1) ?? 0;
    const behind = index >= 2 ? seen[index - 1]! - seen[index - 2]! : Number.POSITIVE_INFINITY;
    const ahead = index + 1 < seen.length ? seen[index + 1]! - size : Number.POSITIVE_INFINITY;
    const gap = Math.min(behind, ahead);
    if ((size - before) % gap === 0) {
      // A step of this size that would have fitted into one in between says that the latter is no size.
      for (let between = before + gap; between < fewest.get(size)!; between += gap) sizes.push(between);
    }
    sizes.push(size);
  }
  return sizes;
}
