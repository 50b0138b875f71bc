// Every queue discipline that a scenario may name: in which order the lanes of a pool's queue are asked. A lane holds
// the requests of one path, first come first served; where two lanes stand alike, the request that came first goes
// first. No request overtakes one that may start but does not fit yet, or large ones starve: that is the pool's, in
// any discipline.
import { type Definition, definitionOf } from "../../../document/definition.js";

type NoOptions = Readonly<Record<never, never>>;

/** Made of the shed ranks of the lanes: for each lane its place in the order, the lowest first. */
type DisciplineDefinition<Name extends string> = Definition<
  Name,
  NoOptions,
  readonly number[],
  readonly number[]
>;

function defineDiscipline<const Name extends string>(
  name: Name,
  summary: string,
  places: (ranks: readonly number[]) => readonly number[],
): DisciplineDefinition<Name> {
  return { name, summary, options: {}, create: (_, ranks) => places(ranks) };
}

export const DISCIPLINES = [
  defineDiscipline("priority", "By rank, then by arrival.", (ranks) => ranks),
  defineDiscipline("fifo", "By arrival alone.", (ranks) => ranks.map(() => 0)),
] as const;

export type Discipline = (typeof DISCIPLINES)[number]["name"];

/** For each lane its place in the order, the lowest first. */
export function placesOf(discipline: Discipline, ranks: readonly number[]): readonly number[] {
  return definitionOf(DISCIPLINES, discipline, "queue discipline").create({}, ranks);
}
