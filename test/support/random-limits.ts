// What random worlds do not draw of account limits, for worlds of their own: windows, limits that grow, a ramp, attempts
// under way, limits of paths and soft shares, each on the limits that the world has.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { PERIODS } from "../../src/core/server/gateway/accounts/calendar.js";
import { DIMENSIONS } from "../../src/core/server/gateway/accounts/limit-sets.js";
import { METERS } from "../../src/core/server/gateway/accounts/registry.js";
import { Draw } from "./draw.js";
import { randomScenario } from "./random-scenario.js";

type LimitsInput = NonNullable<ScenarioInput["limits"]>;
type Stated = { readonly rate: string; readonly burst?: number; readonly scope?: "account" | "model" };
type ChangeOfLimits = (draw: Draw, limits: LimitsInput, paths: readonly string[]) => LimitsInput;

/** Of worlds that draw none. */
const SOME: LimitsInput = {
  requests: { rate: "30/min", burst: 5, scope: "account" },
  promptTokens: { rate: "20k/min", burst: 5000 },
};

const statedOf = (limit: LimitsInput["requests"] | LimitsInput["promptTokens"]): Stated =>
  typeof limit === "object" ? (limit as Stated) : { rate: String(limit) };

/** Every stated limit, changed. */
function mapped(limits: LimitsInput, change: (limit: Stated) => object): LimitsInput {
  const changed = DIMENSIONS.flatMap((name) =>
    limits[name] === undefined ? [] : [[name, change(statedOf(limits[name]))]],
  );
  return { ...limits, ...Object.fromEntries(changed) };
}

/** A rate of so many an hour may be less than one a minute, which no window holds. */
function inWindow({ burst: _, ...limit }: Stated, window: string): object {
  const count = Number.parseInt(limit.rate, 10);
  const isSlow = limit.rate.endsWith("/h") && count < 60;
  return { ...limit, ...(isSlow && { rate: "1/min" }), window };
}

/** Without reservations, which may be more than a minute holds. */
function settledAtTheEnd({ expectedOutput: _, outputAccounting, ...limits }: LimitsInput): LimitsInput {
  return { ...limits, ...(outputAccounting !== undefined && { outputAccounting: "post-charge" }) };
}

function windows(window: "sliding" | "fixed"): ChangeOfLimits {
  return (_, limits) => {
    const { burst: __, ...rest } = settledAtTheEnd(limits);
    return mapped(rest, (limit) => inWindow(limit, window));
  };
}

const mixed: ChangeOfLimits = (draw, limits) => {
  const { burst: _, ...rest } = settledAtTheEnd(limits);
  return mapped(rest, (limit) => {
    const { name, hasBurst } = draw.pick(METERS);
    return hasBurst ? limit : inWindow(limit, name);
  });
};

/** A preset's ceiling is of 6,000 requests a minute: a multiple where more of them are stated. */
function above<Ceiling>({ requests }: LimitsInput, ceiling: Ceiling): Ceiling | number {
  const perMinute = requests === undefined ? 0 : Number.parseInt(statedOf(requests).rate, 10);
  return typeof ceiling === "string" && perMinute > 6000 ? 24 : ceiling;
}

const adaptive: ChangeOfLimits = (draw, limits) => ({
  ...(DIMENSIONS.some((name) => limits[name] !== undefined) ? limits : { ...limits, ...SOME }),
  adaptive: {
    growPerMinute: draw.pick(["20%", 1]),
    useThreshold: draw.pick([0.01, "50%", 1]),
    ceiling: above(limits, draw.pick([1, 1.5, 24, "fireworks-unlimited"])),
    shrinkHalfLife: draw.pick(["1m", "30m"]),
    softFactor: draw.pick([0.3, 1]),
    hardFactor: draw.pick([1, 2]),
  },
});

const ramp: ChangeOfLimits = (draw, limits) => ({
  ...limits,
  ramp: {
    from: `${Math.ceil(draw.magnitude(500, 50_000))}/min`,
    growth: draw.pick(["50%", 0.1, 1]),
    per: draw.pick(["1m", "2m", "15m"]),
  },
});

const concurrency: ChangeOfLimits = (draw, limits) => ({
  ...limits,
  concurrency: { most: draw.pick([1, 2, 5, 20]), scope: draw.pick(["account", "model"]) },
});

const ofPaths: ChangeOfLimits = (draw, limits, paths) => {
  const all = paths
    .filter(() => draw.chance(0.7))
    .map((path) => [
      path,
      {
        requests: { rate: `${draw.whole(1, 30)}/min`, burst: draw.whole(1, 20) },
        ...(draw.chance(0.5) && { promptTokens: `${draw.whole(1, 30)}k/min` }),
        ...(draw.chance(0.3) && { generatedTokens: { rate: `${draw.whole(1, 9)}k/min`, window: "fixed" } }),
      },
    ]);
  return { ...settledAtTheEnd(limits), ...(all.length > 0 && { paths: Object.fromEntries(all) }) };
};

const soft: ChangeOfLimits = (draw, limits) =>
  mapped(limits, (limit) => ({ ...limit, soft: draw.pick([0.1, "80%", 1]) }));

const together: ChangeOfLimits = (draw, limits, paths) => {
  let all = draw.pick([windows("sliding"), windows("fixed"), mixed, soft])(draw, limits, paths);
  for (const change of [ramp, concurrency, ofPaths]) if (draw.chance(0.6)) all = change(draw, all, paths);
  return all;
};

const KINDS: Readonly<Record<string, ChangeOfLimits>> = {
  sliding: windows("sliding"),
  fixed: windows("fixed"),
  mixed,
  adaptive,
  ramp,
  concurrency,
  paths: ofPaths,
  soft,
  together,
};

/** The world of a seed with its limits changed, or some where it has none. */
function limited(change: ChangeOfLimits): (seed: string, world?: ScenarioInput) => ScenarioInput {
  return (seed, world = randomScenario(seed)) => {
    const limits = change(new Draw(seed, "limits"), world.limits ?? SOME, Object.keys(world.paths));
    return { ...world, limits };
  };
}

/** By name of the family, the random world of a seed, or another, with other limits. */
export const LIMIT_KINDS: readonly (readonly [
  name: string,
  world: (seed: string, world?: ScenarioInput) => ScenarioInput,
])[] = Object.entries(KINDS).map(([name, change]) => [`limits-${name}`, limited(change)]);

const quotas: ChangeOfLimits = (draw, limits) => ({
  ...settledAtTheEnd(limits),
  startsAt: "2026-12-31T23:59:58Z",
  quotas: Array.from({ length: draw.whole(1, 3) }, () => ({
    of: draw.pick(DIMENSIONS),
    most: Math.ceil(draw.magnitude(2, 20_000)),
    per: draw.pick(PERIODS),
    ...(draw.chance(0.5) && { zone: draw.pick(["UTC", "-08:00", "+05:30"]) }),
    ...(draw.chance(0.5) && { scope: draw.pick(["account", "model"] as const) }),
  })),
});

/** Not among those above, of which other worlds draw one. */
export const QUOTA_KINDS: typeof LIMIT_KINDS = [["limits-quotas", limited(quotas)]];

/** Those that hold whatever the fleet does: how many are under way is the fleet's doing, too. */
export const OF_ACCOUNTS_ALONE = LIMIT_KINDS.filter(([name]) => !/concurrency|together/.test(name));
