// A contingency table: what is counted of attempts and requests by tier and by cohort of their callers. Each is entered
// in one place, so that entering costs the same however many ways there are to ask; its marginals, sums over cohorts or
// over tiers, are what results tell by tier, by source and by account. Knows numbers of tiers and cohorts, not names.
import type { QuantileSketchOptions } from "../../stats/quantile-sketch.js";
import { TierColumns } from "./tier-columns.js";

/** One place of the table, where anything was entered. */
export interface Counted {
  readonly place: number;
  readonly columns: TierColumns;
}

export class CrossTable {
  readonly tiers: number;
  readonly #cohorts: number;
  readonly #sketches: Omit<QuantileSketchOptions, "unit">;
  /** Tier by tier; made when something is entered: of most tiers and cohorts nothing ever is. */
  readonly #columns: (TierColumns | undefined)[];

  constructor(tiers: number, cohorts: number, sketches: Omit<QuantileSketchOptions, "unit"> = {}) {
    this.tiers = tiers;
    this.#cohorts = cohorts;
    this.#sketches = sketches;
    this.#columns = new Array<TierColumns | undefined>(tiers * cohorts).fill(undefined);
  }

  /** Where what comes of that tier and cohort is entered. */
  at(tier: number, cohort: number): TierColumns {
    const place = tier * this.#cohorts + cohort;
    return this.#columns[place] ?? this.#open(place);
  }

  /** What was entered in a place; undefined where nothing was. */
  found(place: number): TierColumns | undefined {
    return this.#columns[place];
  }

  /** Every place in which anything was entered. */
  cells(): Counted[] {
    return this.#columns.flatMap((columns, place) => (columns === undefined ? [] : [{ place, columns }]));
  }

  /** The same of one tier, of these cohorts or of all. */
  cellsOf(tier: number, cohorts?: readonly number[]): TierColumns[] {
    const first = tier * this.#cohorts;
    const row = this.#columns.slice(first, first + this.#cohorts);
    const wanted = cohorts === undefined ? row : cohorts.map((cohort) => row[cohort]);
    return wanted.filter((columns) => columns !== undefined);
  }

  /** Counts everything that the other has counted, which is not used any more. */
  absorb(other: CrossTable): void {
    for (const { place, columns } of other.cells()) {
      const own = this.#columns[place];
      if (own === undefined) this.#columns[place] = columns;
      else own.merge(columns);
    }
  }

  #open(place: number): TierColumns {
    const columns = new TierColumns(this.#sketches);
    this.#columns[place] = columns;
    return columns;
  }
}

/** All of these together: a marginal. Not to be changed, since of one alone it is that one. */
export function mergedColumns(parts: readonly TierColumns[]): TierColumns {
  if (parts.length === 1) return parts[0]!;
  const columns = new TierColumns();
  for (const part of parts) columns.merge(part);
  return columns;
}
