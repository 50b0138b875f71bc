// The paths of one run, as requests meet them, out of a scenario's words.
import type { Scenario } from "../../scenario/schema.js";

type PathSpec = Scenario["paths"][string];

/** One path as requests meet it. */
export interface Path {
  readonly name: string;
  /** Index of the pool that serves it. */
  readonly pool: number;
  /** Shed order among the paths of its pool, from 0, shed last, without gaps. */
  readonly rank: number;
  /** Its place among the paths of its pool: its lane in the queue. */
  readonly lane: number;
  /** Index of its model id: account limits are kept per model id. */
  readonly model: number;
  /** US dollars per million tokens; undefined where nothing is charged. */
  readonly price: PathSpec["price"] | undefined;
}

export function buildPaths(scenario: Scenario): Path[] {
  const pools = Object.keys(scenario.pools);
  const specs = Object.entries(scenario.paths);
  const models = [...new Set(specs.map(([, path]) => path.model))];
  return specs.map(([name, path]) => {
    const neighbours = specs.filter(([, other]) => other.pool === path.pool);
    return {
      name,
      pool: pools.indexOf(path.pool),
      rank: ranksOf(path.pool, Object.values(scenario.paths)).indexOf(path.rank),
      lane: neighbours.findIndex(([other]) => other === name),
      model: models.indexOf(path.model),
      price: path.price,
    };
  });
}

/** The different ranks in a pool, in order: scenarios may leave gaps between them. */
export function ranksOf(pool: string, paths: readonly PathSpec[]): number[] {
  const ranks = new Set(paths.filter((path) => path.pool === pool).map((path) => path.rank));
  return [...ranks].sort((a, b) => a - b);
}
