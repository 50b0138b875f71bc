// Lengths of time that chance draws, as a scenario writes them: a plain duration, or a distribution in the terms in which
// such times are published: a median with a mean or a 90th percentile. They are parsed to distributions of seconds.
import ln from "@stdlib/math-base-special-ln";
import * as z from "zod";
import { type Duration, seconds, toSeconds } from "../../base/units.js";
import { duration, real } from "../../document/units.js";
import { expected } from "../../document/words.js";
import type { StretchSpec } from "../../random/distribution-spec.js";

/** Of a standard normal. */
const P90 = 1.2815515655446004;

const positive = () => duration({ above: 0 });

function hasOneSpread(given: object): boolean {
  return ["mean", "p90", "sigma"].filter((key) => key in given).length === 1;
}

interface MedianAnd {
  readonly median: Duration;
  readonly mean?: Duration;
  readonly p90?: Duration;
  readonly sigma?: number;
}

/** The mean is the median times e^(sigma squared / 2), the 90th percentile is the median times e^(1.2816 sigma). */
function sigmaOf({ median, mean, p90, sigma }: MedianAnd): number {
  if (mean !== undefined) return Math.sqrt(2 * ln(mean / median));
  return p90 === undefined ? sigma! : ln(p90 / median) / P90;
}

const isSpread = (given: MedianAnd) => sigmaOf(given) > 1e-6;

function lognormal<Extra extends z.core.$ZodLooseShape>(extra: Extra) {
  return z
    .strictObject({
      dist: z.literal("lognormal").describe("Kind of distribution."),
      median: positive().describe("Half of the times are shorter."),
      mean: positive().exactOptional().describe("Exactly one of mean, p90 and sigma."),
      p90: positive().exactOptional().describe("One in ten is longer. Exactly one of mean, p90 and sigma."),
      sigma: real({ from: 1e-6, to: 10 })
        .exactOptional()
        .describe("Standard deviation of the logarithm. Exactly one of mean, p90 and sigma."),
      ...extra,
    })
    .refine(hasOneSpread, "a lognormal needs a median and exactly one of mean, p90 and sigma")
    .refine((given) => !hasOneSpread(given) || isSpread(given as MedianAnd), {
      error: "mean and p90 of a lognormal are larger than its median",
    });
}

function families<Extra extends z.core.$ZodLooseShape>(extra: Extra) {
  return [
    z.strictObject({
      dist: z.literal("constant").describe("Kind of distribution."),
      value: duration().describe("The one value."),
      ...extra,
    }),
    z.strictObject({
      dist: z.literal("exponential").describe("Kind of distribution."),
      mean: positive().describe("Mean."),
      ...extra,
    }),
    lognormal(extra),
  ] as const;
}

const weight = real({ above: 0, to: 1e12 }).describe("Weight of this part; the sum need not be 1.");

const mixture = z.strictObject({
  dist: z.literal("mixture").describe("Kind of distribution."),
  of: z
    .array(z.discriminatedUnion("dist", families({ weight })))
    .min(1)
    .describe("The parts: a weight and a distribution each."),
});

const written = z.discriminatedUnion("dist", [...families({}), mixture]);

type Written = z.output<typeof written>;
type Part = Exclude<Written, { readonly dist: "mixture" }>;

function inSeconds(given: Part): Exclude<StretchSpec, { readonly dist: "mixture" }> {
  switch (given.dist) {
    case "constant":
      return { dist: "constant", value: toSeconds(given.value) };
    case "exponential":
      return { dist: "exponential", mean: toSeconds(given.mean) };
    case "lognormal":
      return { dist: "lognormal", median: toSeconds(given.median), sigma: sigmaOf(given as MedianAnd) };
  }
}

function toSpec(given: Written): StretchSpec {
  if (given.dist !== "mixture") return inSeconds(given);
  return { dist: "mixture", of: given.of.map((part) => ({ ...inSeconds(part), weight: part.weight })) };
}

/** What a bare duration stands for: always that long, or that long on average, without memory. */
export type Bare = "constant" | "exponential";

/** A length of time, in seconds. */
export function stretch(bare: Bare): z.ZodType<StretchSpec, z.input<typeof written> | string | number> {
  const plain = (bare === "constant" ? duration() : positive()).transform((value): StretchSpec => {
    const length = toSeconds(value);
    return bare === "constant" ? { dist: "constant", value: length } : { dist: "exponential", mean: length };
  });
  const form = `a duration like ${bare === "constant" ? "10m" : "6h (a mean)"}`;
  return z.union([plain, written.transform(toSpec)], {
    error: expected(`${form}, or a distribution like {dist: lognormal, median: 1h, p90: 5h}`),
  });
}

const CENTURY = 36_525 * 86_400;

/** A draw as a duration: a century where the tail goes beyond one, which no run sees the end of. */
export function stretchOf(length: number): Duration {
  return seconds(Math.min(CENTURY, length));
}
