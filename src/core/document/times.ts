// Times that vary, as a scenario writes them: one duration, a log-normal by its median and its ninth decile or mean, as
// operators quote measurements, or an exponential by its mean. Draws nothing.
import * as z from "zod";
import type { Duration } from "../base/units.js";
import { duration } from "./units.js";
import { expected } from "./words.js";

const isOrdered = ({ median, p90 }: { readonly median: Duration; readonly p90: Duration }) => p90 > median;

/** Further apart they are a slip of the unit; from 2.2e8 on sigma is above the 15 that a log-normal may have. */
const MOST_TIMES = 100_000_000;

const isClose = ({ median, p90 }: { readonly median: Duration; readonly p90: Duration }) =>
  p90 <= MOST_TIMES * median;

const isSkewed = ({ median, mean }: { readonly median: Duration; readonly mean: Duration }) => mean > median;

export const time = z.union(
  [
    duration(),
    z
      .strictObject({
        median: duration({ above: 0 }).describe("Half of them are shorter."),
        p90: duration({ above: 0 }).describe("Nine in ten are shorter: a log-normal."),
      })
      .refine(isOrdered, { path: ["p90"], message: "must be longer than the median" })
      .refine(isClose, { path: ["p90"], message: "more than 100,000,000 times the median" }),
    z
      .strictObject({
        median: duration({ above: 0 }).describe("Half of them are shorter."),
        mean: duration({ above: 0 }).describe("Mean: with the median a log-normal."),
      })
      .refine(isSkewed, { path: ["mean"], message: "must be longer than the median" }),
    z.strictObject({ mean: duration({ above: 0 }).describe("Mean of an exponential.") }),
  ],
  { error: expected("a duration like 60s, {median: 60s, p90: 120s}, or {mean: 60s}") },
);

/** Between what comes again and again: with none there is no end of it. */
export const gap = time.refine((stated) => stated !== 0, "must be more than 0s");

export type Time = z.output<typeof time>;
