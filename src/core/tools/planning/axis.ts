// The values that a search may choose from, from a range as people write it: `pools.shared.replicas=8..512`,
// `load=0.5..4`, `...reserve.standard=0%..20%`, `...queueTimeout=100ms..5s`. Knows text and numbers.
import ln from "@stdlib/math-base-special-ln";
import log1p from "@stdlib/math-base-special-log1p";
import pow from "@stdlib/math-base-special-pow";
import { SurgefleetError } from "../../base/errors.js";
import { amount, duration, rate } from "../../document/units.js";

export interface Axis {
  /** Dotted, as `--set` takes it. */
  readonly path: string;
  readonly values: readonly number[];
  /** The values as a scenario writes them, unit included. */
  readonly texts: readonly string[];
  /** How far values lie apart, which is how exact an answer is: `1`, `100ms`, `2%`. */
  readonly step: string;
}

/** The same values the other way round. */
export function turned({ path, values, texts, step }: Axis): Axis {
  return { path, values: [...values].reverse(), texts: [...texts].reverse(), step };
}

const RANGE = /^([^=]+)=\s*(\d+(?:\.\d+)?)\s*(?:([a-zA-Z%/]+)\s*)?\.\.\s*(\d+(?:\.\d+)?)\s*([a-zA-Z%/]*)$/;
const QUANTITY = /^(\d+(?:\.\d+)?)([a-zA-Z%/]*)$/;
const MOST_VALUES = 1_000_000;

/** How numbers between two bounds are laid out. */
export type Spacing =
  | { readonly kind: "whole" }
  /** So many equal parts; whole numbers where both ends are whole. */
  | { readonly kind: "even"; readonly tolerance: number }
  /** At multiples of 1, 2 or 5 times a power of ten that is no more than such a part of the range, and at both ends. */
  | { readonly kind: "round"; readonly tolerance: number }
  /** From the low end on, so far apart; the high end as well. */
  | { readonly kind: "step"; readonly step: Quantity }
  /** Each so much larger than the one before, as a share of it. */
  | { readonly kind: "ratio"; readonly tolerance: number };

/** A number as it was written, and its unit. */
export interface Quantity {
  readonly number: number;
  readonly unit: string;
}

/** Two ends of a search, and what of the scenario lies between them. */
export interface Range {
  /** As it was written, for messages. */
  readonly text: string;
  /** Dotted, as `--set` takes it. */
  readonly path: string;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
}

/** Throws USAGE where the text is no range. */
export function readRange(text: string): Range {
  const [, path, from, unitFrom = "", to, unitTo = ""] = RANGE.exec(text.trim()) ?? [];
  if (path === undefined || from === undefined || to === undefined) {
    throw new SurgefleetError("USAGE", `${text}: write path=from..to, as in replicas=8..512`);
  }
  // A unit at one end is that of both.
  const high = { number: Number(to), unit: unitTo === "" ? unitFrom : unitTo };
  const ends = inOneUnit([{ number: Number(from), unit: unitFrom === "" ? unitTo : unitFrom }, high]);
  if (ends === undefined) throw bad(text, "both ends need the same unit, or one of the same kind");
  const { numbers, unit } = ends;
  if (numbers[0]! > numbers[1]!) throw bad(text, `${from} is above ${to}`);
  return { text, path: path.trim(), low: numbers[0]!, high: numbers[1]!, unit };
}

/** A number above 0 with the unit that it may have: 100ms, 0.5%, 1k. Throws USAGE for anything else. */
export function readStep(text: string): Quantity {
  const [, number, unit = ""] = QUANTITY.exec(text.trim()) ?? [];
  if (number === undefined || Number(number) === 0) throw bad(text, "write a number above 0, as in 100ms");
  return { number: Number(number), unit };
}

/** Kinds of quantities, each with what one of a unit of its own is in its base unit. */
const KINDS = [duration(), rate(), amount()] as const;

/** The same quantities in the smallest of their units; undefined where these are of different kinds. */
function inOneUnit(
  quantities: readonly Quantity[],
): { readonly numbers: readonly number[]; readonly unit: string } | undefined {
  const units = quantities.map(({ unit }) => unit);
  const numbers = quantities.map(({ number }) => number);
  if (units.every((unit) => unit === units[0])) return { numbers, unit: units[0]! };
  for (const kind of KINDS) {
    const sizes = units.map((unit) => kind.safeParse(unit === "" ? 1 : `1${unit}`).data ?? Number.NaN);
    const smallest = Math.min(...sizes);
    if (Number.isNaN(smallest)) continue;
    return {
      numbers: numbers.map((number, index) => tidy((number * sizes[index]!) / smallest)),
      unit: units[sizes.indexOf(smallest)]!,
    };
  }
  return undefined;
}

/** Throws USAGE where the range cannot be laid out so. */
export function axisOf(range: Range, spacing: Spacing): Axis {
  if (spacing.kind === "step") return steppedAxis(range, spacing.step);
  const values = valuesBetween(range, spacing);
  const texts = values.map((value) => `${value}${range.unit}`);
  return { path: range.path, values, texts, step: stepOf(range, values, spacing) };
}

/** Counted in the smaller of the units of the range and of the step; a number alone has the range's. */
function steppedAxis({ text, path, low, high, unit }: Range, { number, unit: own }: Quantity): Axis {
  const all = inOneUnit([
    { number: low, unit },
    { number: high, unit },
    { number, unit: own === "" ? unit : own },
  ]);
  if (all === undefined) throw bad(text, `a step of ${number}${own} is of another kind`);
  const [from, to, step] = all.numbers as [number, number, number];
  if (step > to - from && to > from) throw bad(text, `a step of ${step}${all.unit} is longer than the range`);
  const parts = Math.floor(tidy((to - from) / step));
  if (parts >= MOST_VALUES) throw bad(text, `more than ${MOST_VALUES} steps of ${number}${own}`);
  const values = Array.from({ length: parts + 1 }, (_, index) => tidy(from + step * index));
  if (values.at(-1)! < to) values.push(to);
  return {
    path,
    values,
    texts: values.map((value) => `${value}${all.unit}`),
    step: `${step}${all.unit}`,
  };
}

function stepOf(
  { low, high, unit }: Range,
  values: readonly number[],
  spacing: Exclude<Spacing, { kind: "step" }>,
) {
  if (spacing.kind === "ratio") return `${tidy(100 * spacing.tolerance, 3)}% of the value`;
  if (spacing.kind === "whole" || values.length === 1) return `1${unit}`;
  if (spacing.kind === "round") return `${roundStep(low, high, spacing.tolerance)}${unit}`;
  return `${tidy((high - low) / (values.length - 1), 3)}${unit}`;
}

/** Of whole units: nobody wants to know a queue timeout of up to 30 s to the millisecond. */
function roundStep(low: number, high: number, tolerance: number): number {
  const most = Math.max(1, (high - low) * tolerance);
  const power = Number(`1e${most.toExponential().split("e")[1]}`);
  return [5, 2, 1].find((digit) => digit * power <= most)! * power;
}

function valuesBetween({ text, low, high }: Range, spacing: Exclude<Spacing, { kind: "step" }>): number[] {
  const areWhole = Number.isSafeInteger(low) && Number.isSafeInteger(high);
  if (spacing.kind === "whole") {
    if (!areWhole) throw bad(text, "both ends are whole numbers");
    if (high - low >= MOST_VALUES) throw bad(text, `more than ${MOST_VALUES} values: give --step`);
    return Array.from({ length: high - low + 1 }, (_, index) => low + index);
  }
  const { kind, tolerance } = spacing;
  if (low === high) return [low];
  if (kind === "round") {
    if (!areWhole) throw bad(text, "both ends are whole numbers");
    const step = roundStep(low, high, tolerance);
    const first = Math.floor(low / step) + 1;
    const between = Math.max(0, Math.ceil(high / step) - first);
    return [low, ...Array.from({ length: between }, (_, index) => (first + index) * step), high];
  }
  if (kind === "even") {
    const parts = Math.max(1, Math.ceil(1 / tolerance));
    const wanted = areWhole && high - low < parts ? high - low : parts;
    const values = Array.from({ length: wanted + 1 }, (_, index) => low + ((high - low) * index) / wanted);
    // Between whole ends a key may take whole numbers only.
    return areWhole ? [...new Set(values.map(Math.round))] : values.map((value) => tidy(value));
  }
  if (low <= 0) throw bad(text, "it begins above 0");
  const steps = Math.max(1, Math.ceil(ln(high / low) / log1p(tolerance)));
  return Array.from({ length: steps + 1 }, (_, index) => tidy(low * pow(high / low, index / steps), 5));
}

function bad(text: string, why: string): SurgefleetError {
  return new SurgefleetError("USAGE", `${text}: ${why}`);
}

/** 0.1 + 0.2 is 0.3 to a reader, and steps of a percent need no more than five digits. */
function tidy(value: number, digits = 12): number {
  return Number(value.toPrecision(digits));
}
