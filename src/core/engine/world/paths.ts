// The paths of one run, out of a scenario's words: as callers know them, and as the server serves them.
import { Catalogue, type TierRule } from "../../api/catalogue.js";
import { after, NEVER, START } from "../../base/units.js";
import type { Scenario } from "../../scenario/schema.js";
import { Cause, type Detour, type Seat, type ServedPath } from "../../server/attempts/stated/rows.js";
import { providerNamed } from "../../server/gateway/providers/registry.js";
import type { LaneOfPool } from "../../server/gateway/queue/rule.js";
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
  const seatOf = (name: string, pool: string): Seat => {
    const path = scenario.paths[name]!;
    const lanes = lanesOf(scenario, pool);
    return {
      path: specs.findIndex(([other]) => other === name),
      pool: pools.indexOf(pool),
      rank: lanes.find((lane) => lane.name === name)!.rank,
      lane: lanes.findIndex((lane) => lane.name === name),
      model: models.indexOf(path.model),
    };
  };
  return specs.map(([name, spec]) => {
    const { path, pool, rank, lane, model } = seatOf(name, spec.pool);
    const detours = spec.instead.map((one): Detour => {
      const causes = one.on.reduce((bits, cause) => bits | CAUSES[cause], 0);
      if ("spill" in one) return { kind: "spill", causes, seat: seatOf(name, one.spill) };
      return { kind: "demote", causes, seat: seatOf(one.demote, scenario.paths[one.demote]!.pool) };
    });
    // Written out, as in build-service.ts: every attempt reads it.
    return { path, pool, rank, lane, model, name, detours };
  });
}

const CAUSES = {
  limit: Cause.limit,
  "soft-limit": Cause.softLimit,
  overload: Cause.overload,
  outage: Cause.outage,
} as const;

/** The lanes of a pool: its own paths, in their order, and then those of other pools that may spill over into it. */
export function lanesOf({ paths }: Scenario, pool: string): LaneOfPool[] {
  const all = Object.entries(paths);
  const own = all.filter(([, path]) => path.pool === pool);
  const guests = all.filter(
    ([, path]) => path.pool !== pool && path.instead.some((one) => spillsTo(one, pool)),
  );
  const lanes = [...own, ...guests];
  const ranks = [...new Set(lanes.map(([, { rank }]) => rank))].sort((one, other) => one - other);
  return lanes.map(([name, { rank }]) => ({ name, rank: ranks.indexOf(rank) }));
}

const spillsTo = (one: PathSpec["instead"][number], pool: string) => "spill" in one && one.spill === pool;

/** Those that are there at a time: each from its launch up to its retirement. */
export function buildOpenPaths({ paths }: Scenario, served: readonly ServedPath[]): OpenPaths {
  const lives = Object.values(paths).map(({ launch, retire }) => ({
    launch: launch === undefined ? START : after(START, launch),
    retire: retire === undefined ? NEVER : after(START, retire),
  }));
  return new OpenPaths(served, lives);
}
