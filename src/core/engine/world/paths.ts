// The paths of one run, out of a scenario's words: as callers know them, and as the server serves them.
import { Catalogue, type TierRule } from "../../api/catalogue.js";
import { after, NEVER, START } from "../../base/units.js";
import type { Scenario } from "../../scenario/schema.js";
import type { ServedPath } from "../../server/attempts/stated/rows.js";
import { providerNamed } from "../../server/gateway/providers/registry.js";
import { OpenPaths } from "../../server/service/open-paths.js";

type PathSpec = Scenario["paths"][string];

/** What callers can ask for. */
export function buildCatalogue(scenario: Scenario): Catalogue {
  return new Catalogue(
    Object.entries(scenario.paths).map(([name, { model, serviceTier, price }]) => ({
      name,
      model,
      serviceTier,
      price,
    })),
    tierRule(scenario),
  );
}

/** What callers get who ask for a service tier that no path offers. */
function tierRule({ provider: { preset, unknownTier } }: Scenario): TierRule {
  const { ofDefault, unknown } = providerNamed(preset).serviceTiers;
  return { ofDefault, unknown: unknownTier ?? unknown };
}

/** How the server serves it. */
export function buildServedPaths(scenario: Scenario): ServedPath[] {
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
    };
  });
}

/** Those that are there at a time: each from its launch up to its retirement. */
export function buildOpenPaths({ paths }: Scenario, served: readonly ServedPath[]): OpenPaths {
  const lives = Object.values(paths).map(({ launch, retire }) => ({
    launch: launch === undefined ? START : after(START, launch),
    retire: retire === undefined ? NEVER : after(START, retire),
  }));
  return new OpenPaths(served, lives);
}

/** The different ranks in a pool, in order: scenarios may leave gaps between them. */
export function ranksOf(pool: string, paths: readonly PathSpec[]): number[] {
  const ranks = new Set(paths.filter((path) => path.pool === pool).map((path) => path.rank));
  return [...ranks].sort((a, b) => a - b);
}
