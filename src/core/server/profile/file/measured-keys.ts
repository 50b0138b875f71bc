// The keys of a measured profile: coefficients of the GPU's time, in milliseconds, and how well they fit. What they
// mean together is the formula in server/profile/measured.ts.
import * as z from "zod";
import { draftTimes, estimate, type FileOf, node, speculation } from "./profile-keys.js";
import { type List, millis, rising, whole, within } from "./profile-units.js";

/** The smallest step ever seen is some tenths of a millisecond, the largest weights take some hundreds. */
const line = (from: number) =>
  z.strictObject({
    constant: millis(from, 500).describe("Milliseconds at no rows."),
    perRow: millis(0, 1).describe("Milliseconds for each row."),
  });
const weights = line(0.05).describe("Line of steps that are bound by reading weights.");
const compute = line(-500).describe(
  "Line of steps that are bound by computing; the larger of the two counts.",
);
const perContextToken = millis(0, 0.01).describe("Milliseconds for each token of summed context.");

const times: List<number> = z.array(millis(0.05, 60_000));

const curve = z
  .strictObject({
    rows: rising(whole(1, 1e6), 2).describe("Padded rows."),
    ms: times.describe("Milliseconds of the matrix products at each."),
  })
  .refine(({ rows, ms }) => rows.length === ms.length, {
    path: ["ms"],
    message: "there must be as many times as rows",
  });

/** Time of the matrix products by padded rows, where it was measured row count by row count. */
export type Curve = z.output<typeof curve>;

const gpuTimes = z.strictObject({
  weights,
  compute,
  // Where the lines w and c are less than this apart, (knee - |w - c|)^2 / (4 knee) is added to the larger: the
  // products of one step cross from reading to computing at different row counts.
  knee: millis(0, 100)
    .exactOptional()
    .describe("How far from their crossing the corner of the lines is rounded."),
  perSequence: millis(0, 1)
    .exactOptional()
    .describe("Milliseconds for each sequence of a step that only decodes."),
  perMixedStep: millis(0, 20)
    .exactOptional()
    .describe("Milliseconds for a second attention kernel, where a step both decodes and prefills."),
  perContextToken,
  perArea: millis(0, 1e-3).describe("Milliseconds for each pair of a new and an earlier token in prefill."),
  perPriorToken: millis(0, 0.1).describe(
    "Milliseconds for each token cached before a chunk: the larger counts.",
  ),
  experts: z
    .strictObject({
      all: millis(0, 1000).describe("Milliseconds to read all experts."),
      count: whole(1, 1e6).describe("Experts of a layer."),
      active: whole(1, 1e6).describe("Experts that each token is sent to."),
    })
    .refine(({ active, count }) => active <= count, {
      path: ["active"],
      message: "a token cannot be sent to more experts than there are",
    })
    .exactOptional()
    .describe("Mixture of experts: charged by the share that the tokens of a step touch."),
  boost: z
    .strictObject({
      share: within(0, 0.5).describe("Share of the products that is saved at most."),
      memoryMs: millis(1, 10_000).describe("Milliseconds of such work over which the clock goes down."),
      restMs: millis(1, 10_000)
        .exactOptional()
        .describe("Milliseconds of other work or none over which it comes back. Default: memoryMs."),
      drag: within(0, 0.5)
        .exactOptional()
        .describe("Share by which steps that only decode take longer while it is down. Default 0."),
    })
    .exactOptional()
    .describe("What compute-bound steps save after a pause in such work, and others lose after it."),
  curves: z
    .strictObject({
      decode: curve.exactOptional().describe("Of steps that only decode."),
      mixed: curve.exactOptional().describe("Of steps that prefill too."),
    })
    .exactOptional()
    .describe("In place of the lines, at the rows that they span."),
});

/**
 * GPU time: max(weights, compute) + experts + perSequence n or perMixedStep + perContextToken S +
 * max(perArea A, perPriorToken X).
 */
export type GpuTimes = z.output<typeof gpuTimes>;

const errorSizes = z.strictObject({
  points: whole(1, 1e9).describe("Steps that were compared."),
  mean: within(0, 100).describe("Mean of the absolute error."),
  p90: within(0, 100).describe("Nine tenths err less."),
  max: within(0, 100).describe("Largest."),
});
export type FitError = z.output<typeof errorSizes>;

export const measuredKeys = {
  estimate,
  node,
  gpu: gpuTimes.describe("Coefficients, in milliseconds."),
  speculative: z
    .strictObject({
      ...speculation,
      draft: draftTimes,
      verify: z
        .strictObject({ weights, compute, perContextToken })
        .exactOptional()
        .describe("Coefficients of verifying, where that was measured."),
    })
    .exactOptional()
    .describe("Speculative decoding."),
  fit: z
    .strictObject({
      ...errorSizes.shape,
      byRegime: z.record(z.string(), errorSizes).exactOptional().describe("The same by kind of step."),
    })
    .exactOptional()
    .describe("Error of the fit as shares."),
};

export type MeasuredFile = FileOf<"measured", typeof measuredKeys>;
