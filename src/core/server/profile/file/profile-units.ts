// Quantities of a profile file: plain numbers whose unit is fixed. A number that cannot be meant in that unit is
// refused, with what it would be in the unit that was probably meant. Knows magnitudes, nothing about steps.
import * as z from "zod";
import { quote } from "../../../document/words.js";

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A unit as messages name it, and those that are mistaken for it: what one of them is worth in it. */
interface Unit {
  readonly name: string;
  readonly mistaken: Readonly<Record<string, number>>;
}

const MILLISECONDS: Unit = { name: "ms", mistaken: { microseconds: 1e-3, seconds: 1e3, nanoseconds: 1e-6 } };
const TERABYTES: Unit = { name: "TB/s", mistaken: { "GB/s": 1e-3 } };
const TERAFLOPS: Unit = { name: "TFLOP/s", mistaken: { "GFLOP/s": 1e-3, "PFLOP/s": 1e3 } };
const GIBIBYTES: Unit = { name: "GiB", mistaken: { MiB: 1 / 1024, bytes: 2 ** -30 } };
const GIGABYTES: Unit = { name: "GB/s", mistaken: { "TB/s": 1e3, "Gbit/s": 1 / 8 } };

const isIn = (value: number, { from, to }: Range) => value >= from && value <= to;

function implausible(value: number, unit: Unit, range: Range): string {
  const bounds = `it must be from ${range.from} to ${range.to}`;
  const meant = Object.entries(unit.mistaken).find(([, worth]) => isIn(value * worth, range));
  const guess = meant ? `; if it is in ${meant[0]}, write ${Number((value * meant[1]).toPrecision(6))}` : "";
  return `${value} ${unit.name} is not plausible here: ${bounds}${guess}`;
}

const quantity = (unit: Unit) => (from: number, to: number) =>
  z
    .number({ error: (issue) => `expected a number of ${unit.name}, got ${quote(issue.input)}` })
    .refine((value) => isIn(value, { from, to }), {
      error: (issue) => implausible(Number(issue.input), unit, { from, to }),
    })
    .meta({ minimum: from, maximum: to });

export const millis = quantity(MILLISECONDS);
export const terabytesPerSecond = quantity(TERABYTES);
export const teraflops = quantity(TERAFLOPS);
export const gibibytes = quantity(GIBIBYTES);
export const gigabytesPerSecond = quantity(GIGABYTES);

/** A plain number within bounds. */
export const within = (from: number, to: number) =>
  z
    .number({ error: (issue) => `expected a number, got ${quote(issue.input)}` })
    .refine((value) => isIn(value, { from, to }), {
      error: (issue) => `${quote(issue.input)} is out of range: it must be from ${from} to ${to}`,
    })
    .meta({ minimum: from, maximum: to });

export const whole = (from: number, to: number) =>
  z
    .int({ error: (issue) => `expected a whole number, got ${quote(issue.input)}` })
    .refine((value) => isIn(value, { from, to }), {
      error: (issue) => `${quote(issue.input)} is out of range: it must be from ${from} to ${to}`,
    })
    .meta({ minimum: from, maximum: to });

/** A list that the caller may not change: that is how profiles are passed around. */
export type List<Item> = z.ZodType<readonly Item[], readonly Item[]>;

/** A list of numbers in which each is larger than the one before; says which is not. */
export function rising(item: z.ZodType<number, number>, least = 1): List<number> {
  return z.array(item).superRefine((values, context) => {
    if (values.length < least) {
      context.addIssue({ code: "custom", message: `too few: it must have at least ${least}` });
    }
    for (const [index, value] of values.entries()) {
      const before = values[index - 1];
      if (before === undefined || value > before) continue;
      context.addIssue({
        code: "custom",
        path: [index],
        message: `${value} after ${before}: the list must rise`,
      });
    }
  });
}
