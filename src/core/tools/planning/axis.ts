// The values that a search may choose from, from a range as people write it: `pools.shared.replicas=8..512`,
// `load=0.5..4`, `...reserve.standard=0%..20%`. Knows text and numbers.
import ln from "@stdlib/math-base-special-ln";
import log1p from "@stdlib/math-base-special-log1p";
import pow from "@stdlib/math-base-special-pow";
import { SurgefleetError } from "../../base/errors.js";

export interface Axis {
  /** Dotted, as `--set` takes it. */
  readonly path: string;
  readonly values: readonly number[];
  /** The values as a scenario writes them, unit included. */
  readonly texts: readonly string[];
}

const RANGE = /^([^=]+)=\s*(\d+(?:\.\d+)?)\s*([a-zA-Z%/]*)\s*\.\.\s*(\d+(?:\.\d+)?)\s*([a-zA-Z%/]*)\s*$/;
const MOST_VALUES = 1_000_000;

/** How numbers between two bounds are laid out. */
export type Spacing =
  | { readonly kind: "whole" }
  /** So many equal parts; whole numbers where both ends are whole. */
  | { readonly kind: "even"; readonly tolerance: number }
  /** Each so much larger than the one before, as a share of it. */
  | { readonly kind: "ratio"; readonly tolerance: number };

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
  const [, path, from, unitFrom = "", to, unitTo = ""] = RANGE.exec(text) ?? [];
  if (path === undefined || from === undefined || to === undefined) {
    throw new SurgefleetError("USAGE", `${text}: write path=from..to, as in replicas=8..512`);
  }
  const unit = unitTo === "" ? unitFrom : unitTo;
  if (unitFrom !== "" && unitFrom !== unit) throw bad(text, "both ends need the same unit");
  const [low, high] = [Number(from), Number(to)];
  if (low > high) throw bad(text, `${from} is above ${to}`);
  return { text, path: path.trim(), low, high, unit };
}

/** Throws USAGE where the range cannot be laid out so. */
export function axisOf(range: Range, spacing: Spacing): Axis {
  const values = valuesBetween(range, spacing);
  return { path: range.path, values, texts: values.map((value) => `${value}${range.unit}`) };
}

function valuesBetween({ text, low, high }: Range, spacing: Spacing): number[] {
  const areWhole = Number.isSafeInteger(low) && Number.isSafeInteger(high);
  if (spacing.kind === "whole") {
    if (!areWhole) throw bad(text, "both ends are whole numbers");
    if (high - low >= MOST_VALUES) throw bad(text, `more than ${MOST_VALUES} values`);
    return Array.from({ length: high - low + 1 }, (_, index) => low + index);
  }
  const { kind, tolerance } = spacing;
  if (low === high) return [low];
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
