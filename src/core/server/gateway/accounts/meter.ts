// Meters of account limits: how much of an amount has been used, by row and column, and whether there is room for
// more. A row is an account, an account and model id, or an account on one path; a column is one limit of that row.
// One file here is one kind of meter, one line in registry.ts lists it: the scenario's `window`, documentation and
// contract suite follow. A meter knows amounts and instants; what is charged, and what follows from a refusal, is the
// caller's business.
import { assert } from "../../../base/assert.js";
import type { Duration, Instant } from "../../../base/units.js";
import type { DatedSource } from "../../../document/definition.js";

export interface MeterSpec {
  /** Amount per minute that comes back in the long run, above 0. */
  readonly perMinute: number;
  /** What a bucket holds when it is full, above 0; windows have no such depth. */
  readonly burst: number;
  /** Share of the limit, up to 1, beyond which a charge is let in but softened; undefined where there is none. */
  readonly soft?: number | undefined;
}

/** How one limit stands: what response headers tell. Amounts are in the unit of what is limited. */
export interface MeterState {
  /** What comes back by the clock in the long run; undefined for what the end of attempts, or the calendar, brings. */
  readonly perMinute: number | undefined;
  /** The most that can be there at once. */
  readonly size: number;
  /** From 0 up: a debt shows as nothing. */
  readonly remaining: number;
  /** How long until all of it is there again, if nothing more is used; undefined where no clock brings it back. */
  readonly reset: Duration | undefined;
}

/** Rows begin unused. Ask and charge a row only once it is up to date, at instants that never run back. */
export interface Meter {
  /** Brings a row up to date. */
  advance(row: number, now: Instant): void;
  /** Whether there is room for `amount`. A charge of nothing only asks that the row is not in debt. */
  holds(row: number, column: number, amount: number): boolean;
  /** Charges `amount`, into debt if need be. */
  take(row: number, column: number, amount: number): void;
  /** Takes back a charge of `chargedAt`, or a part of it. There is never more room than in an unused row. */
  giveBack(row: number, column: number, amount: number, chargedAt: Instant): void;
  /**
   * The shortest wait after which there is room for `amount` if nothing else is charged or given back; undefined if
   * there never is, or none can be told.
   */
  waitFor(row: number, column: number, amount: number, now: Instant): Duration | undefined;
  /** Whether what is used is beyond the soft share of the limit. False for a column that has none. */
  isOverSoft(row: number, column: number): boolean;
  state(row: number, column: number, now: Instant): MeterState;
}

/** A meter whose rows can be told to have other limits than the stated ones. */
export interface ScalableMeter extends Meter {
  /** From now on the limit of a row is so many times the stated one. The row is up to date. */
  scale(row: number, column: number, factor: number): void;
  /** Makes one row what another is. */
  copyRow(from: number, to: number): void;
}

export interface MeterDefinition<Name extends string> {
  readonly name: Name;
  readonly summary: string;
  /** Who counts so, and how that is known. */
  readonly sources: readonly DatedSource[];
  /** Whether `burst` says how much it holds. */
  readonly hasBurst: boolean;
  /** A meter with a column for each spec. Throws where one allows nothing. */
  create(specs: readonly MeterSpec[]): ScalableMeter;
}

export function defineMeter<const Name extends string>(one: MeterDefinition<Name>): MeterDefinition<Name> {
  return one;
}

/** The stated limits as a column of numbers. */
export function perMinuteOf(specs: readonly MeterSpec[]): Float64Array {
  for (const { perMinute } of specs) {
    assert(Number.isFinite(perMinute) && perMinute > 0, "a limit refills");
  }
  return Float64Array.from(specs, ({ perMinute }) => perMinute);
}
