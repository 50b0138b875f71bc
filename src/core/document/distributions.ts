// The distributions of token counts and of times, as a scenario writes them. A bare number or time is a constant.
// Parameters are kept as they are written: turning a mean into a scale is the sampler's work.
import * as z from "zod";
import { amount, count, real, time } from "./units.js";
import { expected } from "./words.js";

const kind = <Name extends string>(dist: Name) => z.literal(dist).describe("Kind of distribution.");

type Amount = ReturnType<typeof amount>;

/** What is distributed. */
interface Amounts {
  readonly unit: string;
  /** Of means and the like, which are above 0. */
  readonly size: () => Amount;
  /** What may be drawn: 0, too, where that means something. */
  readonly value: () => Amount;
}

const TOKENS: Amounts = { unit: "tokens", size: () => amount(), value: () => amount() };
const TIMES: Amounts = {
  unit: "seconds or with a unit",
  size: () => time({ above: 0 }),
  value: () => time(),
};

const hasOneCentre = (given: object) => ["mean", "median", "mu"].filter((key) => key in given).length === 1;

interface Weighted {
  readonly values?: readonly number[];
  readonly weights?: readonly number[];
}

function hasUsableWeights(given: object): boolean {
  const { values, weights }: Weighted = given;
  if (weights === undefined) return true;
  return weights.length === values?.length && weights.some((weight) => weight > 0);
}

function lognormal<Extra extends z.core.$ZodLooseShape>(extra: Extra, { unit, size }: Amounts) {
  return z
    .strictObject({
      dist: kind("lognormal"),
      sigma: real({ from: 1e-6, to: 10 }).describe("Standard deviation of the logarithm."),
      mean: size().exactOptional().describe(`Mean, in ${unit}. Exactly one of mean, median and mu.`),
      median: size().exactOptional().describe(`Median, in ${unit}. Exactly one of mean, median and mu.`),
      mu: real({ from: -30, to: 30 })
        .exactOptional()
        .describe("Mean of the logarithm. Exactly one of mean, median and mu."),
      ...extra,
    })
    .refine(hasOneCentre, "a lognormal needs exactly one of mean, median and mu");
}

function empirical<Extra extends z.core.$ZodLooseShape>(extra: Extra, { unit, value }: Amounts) {
  return z
    .strictObject({
      dist: kind("empirical"),
      values: z.array(value()).min(1).describe(`The values, in ${unit}.`),
      weights: z
        .array(real({ from: 0, to: 1e12 }))
        .exactOptional()
        .describe("One weight per value; all equal if left out."),
      ...extra,
    })
    .refine(hasUsableWeights, "weights must be as many as values, and one of them more than 0");
}

/** Every distribution that is not a mixture, each with the extra keys. */
function families<Extra extends z.core.$ZodLooseShape>(extra: Extra, amounts: Amounts) {
  const { unit, size, value } = amounts;
  const mean = () => size().describe(`Mean, in ${unit}.`);
  return [
    z.strictObject({
      dist: kind("constant"),
      value: value().describe(`The one value, in ${unit}.`),
      ...extra,
    }),
    z.strictObject({ dist: kind("exponential"), mean: mean(), ...extra }),
    z.strictObject({
      dist: kind("gamma"),
      mean: mean(),
      cv: real({ from: 0.001, to: 100 }).describe("Coefficient of variation."),
      ...extra,
    }),
    z.strictObject({
      dist: kind("weibull"),
      mean: mean(),
      shape: real({ from: 0.05, to: 100 }).describe("Shape; below 1 the tail is heavier than exponential."),
      ...extra,
    }),
    lognormal(extra, amounts),
    z.strictObject({
      dist: kind("pareto"),
      minimum: size().describe(`Least value, in ${unit}.`),
      shape: real({ from: 0.1, to: 100 }).describe("Tail index; at 1 and below the mean is infinite."),
      ...extra,
    }),
    z.strictObject({
      dist: kind("zipf"),
      count: count(1, 10_000_000).describe("The values are the whole numbers from 1 to this."),
      exponent: real({ from: 0, to: 100 }).describe("Value k has a probability proportional to k^-exponent."),
      ...extra,
    }),
    empirical(extra, amounts),
  ] as const;
}

const weight = real({ above: 0, to: 1e12 }).describe("Weight of this part; the sum need not be 1.");

const mixture = (amounts: Amounts) =>
  z.strictObject({
    dist: kind("mixture"),
    of: z
      .array(z.discriminatedUnion("dist", families({ weight }, amounts)))
      .min(1)
      .describe("The parts: a weight and a distribution each."),
  });

function distributionOf(amounts: Amounts, words: string) {
  const written = z.discriminatedUnion("dist", [...families({}, amounts), mixture(amounts)]);
  return z.union([amounts.value().transform((value) => ({ dist: "constant" as const, value })), written], {
    error: expected(words),
  });
}

export const distribution = distributionOf(
  TOKENS,
  "a number of tokens, or a distribution like {dist: lognormal, median: 800, sigma: 0.8}",
).meta({ id: "distribution", description: "Distribution of a token count." });

/** Of a time: parsed to seconds. */
export const timeDistribution = distributionOf(
  TIMES,
  "a time like 5s, or a distribution like {dist: exponential, mean: 5s}",
).meta({ id: "timeDistribution", description: "Distribution of a time." });

export type Distribution = z.output<typeof distribution>;
