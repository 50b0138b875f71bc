// From the file to the scenario: price lists, limit presets, mixes and the defaults that depend on other
// keys. Runs only on a file that passed the cross-checks, and asserts what they promise. Knows nothing about
// YAML or positions.
import { PRICES, type Price, TIER_PRICE_FACTOR } from "../api/prices.js";
import { assert } from "../base/assert.js";
import type { Duration } from "../base/units.js";
import type { MoveSpec } from "../demand/traffic/moves.js";
import type { Distribution } from "../document/distributions.js";
import { parseThreshold, type StatedThreshold } from "../results/verdict/threshold.js";
import { machineOf } from "../server/profile/machine.js";
import type { ScenarioFile } from "./file.js";
import { resolveInventory, spotMarkets } from "./inventory.js";
import { lifeOf, lifeOfKey } from "./path-lives.js";
import { resolveRetryAfter } from "./provider.js";
import { resolveLimits } from "./resolve-limits.js";

type SourceFile = ScenarioFile["traffic"][string];
type Arrivals = SourceFile["arrivals"];

/** One destination of a source's requests: what callers write, and how often. */
export interface MixPart {
  /** The key in the file: a path, or "a+b". */
  readonly name: string;
  readonly model: string;
  readonly serviceTier?: string;
  readonly share: number;
}

type Accounts = NonNullable<SourceFile["accounts"]>;
type OverrideKey = "archetypes" | "agent" | "chat" | "api";
type PopulationKey = OverrideKey | "mixBy" | "subAgentMix";

type SourceKey = "arrivals" | "input" | "output" | "mix" | "moves" | "maxInput" | PopulationKey;
type SourceCommon = Omit<SourceFile, SourceKey> & {
  readonly mix: readonly MixPart[];
  readonly moves?: readonly MoveSpec[];
};

/** Requests that a random process makes, or callers in a closed loop. */
export interface ProcessSource extends SourceCommon {
  readonly kind: "process";
  readonly accounts: Accounts;
  readonly maxInput: number;
  readonly arrivals: Extract<Arrivals, { process: string }>;
  readonly input: Distribution;
  readonly output: Distribution;
}

/** Requests that a trace file holds, token counts included. */
export interface TraceSource extends SourceCommon {
  readonly kind: "trace";
  readonly accounts: Accounts;
  readonly maxInput: number;
  readonly arrivals: Extract<Arrivals, { trace: string }>;
}

/** Requests of accounts that a workload describes. */
export interface PopulationSource extends SourceCommon {
  readonly kind: "population";
  readonly arrivals: Extract<Arrivals, { workload: string }>;
  /** What is said instead of the workload. */
  readonly overrides: { readonly [Key in OverrideKey]: SourceFile[Key] | undefined };
  /** Undefined: as long as the workload's contexts. */
  readonly maxInput: number | undefined;
  readonly mixBy: "account" | "session" | "request";
  readonly subAgentMix?: readonly MixPart[];
}

type PathFile = ScenarioFile["paths"][string];
type ResolvedPath = Omit<PathFile, "price"> & { readonly price?: Price };
type ResolvedPaths = ReadonlyMap<string, ResolvedPath>;

function ownPrice(path: PathFile): Price | undefined {
  if (path.price === undefined) return undefined;
  return "preset" in path.price ? PRICES[path.price.preset] : path.price;
}

function tierPrice(path: PathFile, all: readonly PathFile[]): Price | undefined {
  if (path.serviceTier === undefined) return undefined;
  const plain = all.find((other) => other.model === path.model && other.serviceTier === undefined);
  const price = plain && ownPrice(plain);
  // Prices are decimals: 0.2 * 1.5 is 0.3 and not 0.30000000000000004.
  const scaled = (dollars: number) => Number((dollars * TIER_PRICE_FACTOR).toPrecision(12));
  return price && { input: scaled(price.input), cached: scaled(price.cached), output: scaled(price.output) };
}

function resolvePath(path: PathFile, all: readonly PathFile[]): ResolvedPath {
  const { price: _, ...rest } = path;
  const price = ownPrice(path) ?? tierPrice(path, all);
  return { ...rest, ...lifeOf(path, all), ...(price && { price }) };
}

/**
 * What callers write to land on `key`: a path's own model and tier, or with "a+b" the model of a, the tier of
 * b.
 */
function addressOf(key: string, paths: ResolvedPaths): Pick<MixPart, "model" | "serviceTier"> {
  const [first = "", second = first] = key.split("+");
  const model = paths.get(first)?.model;
  const serviceTier = paths.get(second)?.serviceTier;
  assert(model !== undefined && paths.has(second), "cross-checks let an unknown path through");
  return { model, ...(serviceTier !== undefined && { serviceTier }) };
}

type MoveFile = NonNullable<SourceFile["moves"]>[number];

function resolveMove({ from, to, at, ...rest }: MoveFile, paths: ResolvedPaths): MoveSpec {
  return {
    ...rest,
    from: addressOf(from, paths),
    to: addressOf(to, paths),
    at: at ?? lifeOfKey(to, paths).launch ?? (0 as Duration),
  };
}

const ONE_ACCOUNT: Accounts = { count: 1, skew: 0 };
const LONGEST_INPUT = 128_000;

type AnySource = ProcessSource | TraceSource | PopulationSource;

function resolveSource(source: SourceFile, paths: ResolvedPaths): AnySource {
  const { arrivals, input, output, mix, moves, maxInput, ...others } = source;
  const { archetypes, agent, chat, api, mixBy, subAgentMix, ...rest } = others;
  const mixOf = (given: SourceFile["mix"]) =>
    Object.entries(given).map(([key, share]) => ({ name: key, ...addressOf(key, paths), share }));
  const moving = moves?.map((move) => resolveMove(move, paths));
  const common = { ...rest, mix: mixOf(mix), ...(moving && { moves: moving }) };
  if ("workload" in arrivals) {
    return {
      ...common,
      kind: "population",
      arrivals,
      overrides: { archetypes, agent, chat, api },
      maxInput,
      mixBy: mixBy ?? "session",
      ...(subAgentMix && { subAgentMix: mixOf(subAgentMix) }),
    };
  }
  const sized = { ...common, accounts: common.accounts ?? ONE_ACCOUNT, maxInput: maxInput ?? LONGEST_INPUT };
  if ("trace" in arrivals) return { ...sized, kind: "trace", arrivals };
  assert(
    input !== undefined && output !== undefined,
    "cross-checks let a process without token counts through",
  );
  return { ...sized, kind: "process", arrivals, input, output };
}

type ThresholdFile = ScenarioFile["thresholds"][string];

export interface ScenarioThreshold extends StatedThreshold {
  readonly abortOnFail: boolean;
  /** Of the measured window. */
  readonly delayAbortEval: Duration;
}

function resolveThresholds(given: ThresholdFile, metric: string): readonly ScenarioThreshold[] {
  return [given].flat().map((one) => {
    const { threshold: expression, ...options } = typeof one === "string" ? { threshold: one } : one;
    const parsed = parseThreshold(metric, expression);
    assert(parsed.ok, "cross-checks let no threshold through that is none");
    return {
      ...{ metric, expression, parsed: parsed.value },
      ...{ allowNoData: false, abortOnFail: false, delayAbortEval: 0 as Duration },
      ...options,
    };
  });
}

function mapValues<From, To>(
  map: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

const UNNAMED = "scenario";

export function resolveScenario(file: ScenarioFile) {
  const {
    extends: _,
    name = UNNAMED,
    limits,
    inventory,
    faults,
    pools,
    paths,
    traffic,
    thresholds,
    drain,
    warmup,
    retryAfter,
    ...rest
  } = file;
  const allPaths = Object.values(paths);
  const resolvedPaths = mapValues(paths, (path) => resolvePath(path, allPaths));
  const byName = new Map(Object.entries(resolvedPaths));
  return {
    ...rest,
    name,
    drain: drain ?? file.duration === undefined,
    warmup: warmup === "auto" ? (0 as Duration) : warmup,
    /** Whether pilot runs are to find the warm-up, which is 0 until they have. */
    findsWarmup: warmup === "auto",
    inventory: resolveInventory(inventory),
    faults: { ...spotMarkets(inventory, faults), ...faults },
    pools: mapValues(pools, (pool) => ({
      ...pool,
      gpusPerReplica: pool.gpusPerReplica ?? machineOf(pool.replica).gpus,
    })),
    paths: resolvedPaths,
    ...(limits && { limits: resolveLimits(limits) }),
    retryAfter: resolveRetryAfter(retryAfter, file.provider),
    traffic: mapValues(traffic, (source) => resolveSource(source, byName)),
    thresholds: mapValues(thresholds, resolveThresholds),
  };
}
