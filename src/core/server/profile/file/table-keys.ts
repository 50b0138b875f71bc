// The keys of a table profile: its points, and what they must be together: enough to draw lines through, and rising.
// Says which point is wrong; how they are joined is server/profile/table.ts.
import * as z from "zod";
import { draftTimes, estimate, type FileOf, node, speculation } from "./profile-keys.js";
import { type List, millis, whole } from "./profile-units.js";

const MOST_POINTS = 2000;
/** A larger step may have been timed this much shorter: measurements scatter. */
const SCATTER = 0.05;

const time = () => millis(0.05, 600_000);
const tokens = (from: number) => whole(from, 1e9);

/** A point as the checks see it: two sizes that time should rise with. */
interface Sized {
  readonly sizes: readonly [number, number];
  readonly ms: number;
  readonly called: string;
}

const isWithin = (one: Sized, other: Sized) =>
  one.sizes[0] <= other.sizes[0] && one.sizes[1] <= other.sizes[1];
const isSame = (one: Sized, other: Sized) => isWithin(one, other) && isWithin(other, one);

/** At most one problem a point: a twin, else a smaller step that takes longer. */
function problemOf(index: number, points: readonly Sized[]): string | undefined {
  const point = points[index]!;
  if (points.slice(0, index).some((other) => isSame(other, point))) return `${point.called} is there twice`;
  const slower = points.find((other) => isWithin(other, point) && other.ms > point.ms * (1 + SCATTER));
  if (slower === undefined || isSame(slower, point)) return undefined;
  return `${point.ms} ms for ${point.called} is less than the ${slower.ms} ms of ${slower.called}: time must rise`;
}

type Context = z.core.$RefinementCtx;

function checkPoints(points: readonly Sized[], context: Context): void {
  for (const index of points.keys()) {
    const message = problemOf(index, points);
    if (message !== undefined) context.addIssue({ code: "custom", path: [index], message });
  }
}

function demand(isMet: boolean, message: string, context: Context): void {
  if (!isMet) context.addIssue({ code: "custom", message: `too few points: ${message}` });
}

/** A decode step that was timed. */
export interface DecodePoint {
  readonly sequences: number;
  readonly context: number;
  readonly ms: number;
}

/** A prefill step that was timed: one chunk, and what was cached before it. */
export interface PrefillPoint {
  readonly tokens: number;
  readonly prior: number;
  readonly ms: number;
}

const decode = z
  .array(
    z
      .strictObject({
        sequences: whole(1, 1e6).describe("Decoding sequences."),
        context: tokens(1).describe("Summed over the sequences."),
        ms: time().describe("Milliseconds of the step."),
      })
      .refine(({ sequences, context }) => context >= sequences, {
        path: ["context"],
        message: "context is the sum over all sequences: at least one token each",
      }),
  )
  .max(MOST_POINTS)
  .superRefine((points, context) => {
    const counts = points.map(({ sequences }) => sequences);
    const different = new Set(counts);
    demand(different.size >= 2, "decode needs two different numbers of sequences", context);
    const pairs = new Set(points.map(({ sequences, context: sum }) => `${sequences} ${sum}`));
    demand(
      pairs.size > different.size,
      "decode needs two different contexts of one number of sequences",
      context,
    );
    checkPoints(
      points.map(({ sequences, context: sum, ms }) => ({
        sizes: [sequences, sum],
        ms,
        called: `${sequences} sequences of ${sum} tokens`,
      })),
      context,
    );
  });

const prefill = z
  .array(
    z.strictObject({
      tokens: tokens(1).describe("Tokens of the chunk."),
      prior: tokens(0).describe("Tokens cached before the chunk."),
      ms: time().describe("Milliseconds of the step."),
    }),
  )
  .max(MOST_POINTS)
  .superRefine((points, context) => {
    const chunks = new Set(points.map((point) => point.tokens));
    demand(chunks.size >= 2, "prefill needs two different chunks", context);
    checkPoints(
      points.map((point) => ({
        sizes: [point.tokens, point.prior],
        ms: point.ms,
        called: `${point.tokens} tokens after ${point.prior}`,
      })),
      context,
    );
  });

const tablePoints: {
  readonly decode: List<DecodePoint>;
  readonly prefill: List<PrefillPoint>;
} = {
  decode: decode.describe("Steps of decoding sequences alone."),
  prefill: prefill.describe("Steps of one prefill chunk alone."),
};

export const tableKeys = {
  estimate,
  node,
  ...tablePoints,
  speculative: z
    .strictObject({ ...speculation, draft: draftTimes })
    .exactOptional()
    .describe("Speculative decoding."),
};

export type TableFile = FileOf<"table", typeof tableKeys>;
