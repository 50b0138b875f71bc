// A contingency table: what is counted of attempts and requests by tier and by group of their callers - sources, or
// accounts. Each is entered in one place, so that entering costs the same however it is asked for; its marginals, sums
// over groups or over tiers, are what results tell by tier, by source and by account. Knows numbers, not names.
import type { QuantileSketchOptions } from "../../stats/quantile-sketch.js";
import { TierColumns } from "./tier-columns.js";

/** One place of the table, where anything was entered. */
export interface Counted {
  readonly place: number;
  readonly columns: TierColumns;
}

export class CrossTable {
  readonly tiers: number;
  readonly #groups: number;
  readonly #sketches: Omit<QuantileSketchOptions, "unit">;
  /** Tier by tier; made when something is entered: of most tiers and groups nothing ever is. */
  readonly #columns: (TierColumns | undefined)[];

  constructor(tiers: number, groups: number, sketches: Omit<QuantileSketchOptions, "unit"> = {}) {
    this.tiers = tiers;
    this.#groups = groups;
    this.#sketches = sketches;
    this.#columns = new Array<TierColumns | undefined>(tiers * groups).fill(undefined);
  }

  /** Where what comes of that tier and group is entered. */
  at(tier: number, group: number): TierColumns {
    return this.in(tier * this.#groups + group);
  }

  /** The same by its place: tier by tier. */
  in(place: number): TierColumns {
    return this.#columns[place] ?? this.#open(place);
  }

  /** Every place in which anything was entered. */
  cells(): Counted[] {
    return this.#columns.flatMap((columns, place) => (columns === undefined ? [] : [{ place, columns }]));
  }

  /** The same of one tier, of one group or of all. */
  cellsOf(tier: number, group?: number): TierColumns[] {
    const first = tier * this.#groups;
    const [from, until] = group === undefined ? [0, this.#groups] : [group, group + 1];
    return this.#columns.slice(first + from, first + until).filter((columns) => columns !== undefined);
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
