// Everything that exists in one run, built from a scenario: pools of replicas, the gateway, the sources of demand and
// their clients. The only place that knows both the scenario's words and the simulator's parts.
import { assert } from "../base/assert.js";
import { SurgefleetError } from "../base/errors.js";
import type { Instant } from "../base/units.js";
import { type AccountLimitOptions, AccountLimits } from "../gateway/account-limits.js";
import { Gateway } from "../gateway/gateway.js";
import { Router } from "../gateway/router.js";
import { openStream, type Stream } from "../random/stream.js";
import type { Scenario } from "../scenario/schema.js";
import { AccountNames } from "../traffic/accounts.js";
import type { Client } from "../traffic/clients/client.js";
import { createClient } from "../traffic/clients/registry.js";
import { Contexts } from "../traffic/contexts.js";
import { OpenLoopSource } from "../traffic/open-loop.js";
import type { Source } from "../traffic/source.js";
import { readTrace } from "../traffic/trace/read-trace.js";
import { TraceReplay } from "../traffic/trace-replay.js";
import { buildPools, type Pools, type PoolsOptions } from "./build-pools.js";
import { buildPaths, type Path } from "./paths.js";

type SourceSpec = Scenario["traffic"][string];

/** One source with what its callers do. */
export interface Demand {
  readonly source: Source;
  readonly client: Client;
  /** Jitter of the client's retries. */
  readonly chance: Stream;
  /** Longer prompts are refused as too long for the model. */
  readonly maxInput: number;
}

export interface World extends Pools {
  readonly paths: readonly Path[];
  readonly router: Router;
  readonly gateway: Gateway;
  readonly demands: readonly Demand[];
  readonly accounts: AccountNames;
}

export interface WorldOptions extends PoolsOptions {
  /** Opens a trace file by the path that the scenario gives, as chunks of text. */
  readonly readTrace: ((path: string) => Iterable<string>) | undefined;
}

export function buildWorld(scenario: Scenario, options: WorldOptions): World {
  const paths = buildPaths(scenario);
  const built = buildPools(scenario, paths, options);
  const retryChance = openStream(options.seed, "gateway/retry-after");
  const models = new Set(Object.values(scenario.paths).map((path) => path.model)).size;
  const gateway = new Gateway({
    policies: built.policies,
    limits:
      scenario.limits === undefined ? undefined : new AccountLimits(limitOptions(scenario.limits), models),
    retryAfter: retryAfterOptions(scenario.retryAfter),
    signals: (pool: number, now: Instant) => built.pools[pool]!.signalsAt(now),
    chance: () => retryChance.uniform(),
  });
  const accounts = new AccountNames();
  const contexts = new Contexts();
  return {
    ...built,
    paths,
    router: new Router(
      Object.values(scenario.paths).map(({ model, serviceTier }) => ({ model, serviceTier })),
    ),
    gateway,
    demands: Object.entries(scenario.traffic).map(([name, spec]) =>
      buildDemand(name, spec, scenario, options, { accounts, contexts }),
    ),
    accounts,
  };
}

function limitOptions(limits: NonNullable<Scenario["limits"]>): AccountLimitOptions {
  const { requests, promptTokens, uncachedPromptTokens, generatedTokens } = limits;
  return {
    requests: requests && { ...bucket(requests), scope: requests.scope },
    promptTokens: promptTokens && bucket(promptTokens),
    uncachedPromptTokens: uncachedPromptTokens && bucket(uncachedPromptTokens),
    generatedTokens: generatedTokens && bucket(generatedTokens),
    outputAccounting: limits.outputAccounting,
    expectedOutput: limits.expectedOutput ?? 0,
    chargeShed: limits.chargeShed,
  };
}

/** Scenarios speak per second; buckets count whole amounts per minute exactly, so undo the division's rounding. */
function bucket({ rate, burst }: { rate: number; burst: number }): { perMinute: number; burst: number } {
  const perMinute = rate * 60;
  const whole = Math.round(perMinute);
  return { perMinute: Math.abs(perMinute - whole) <= 1e-9 * whole ? whole : perMinute, burst };
}

function retryAfterOptions({ overloaded, rateLimited, ...rest }: Scenario["retryAfter"]) {
  return {
    ...rest,
    overloaded: overloaded === "none" ? undefined : overloaded,
    rateLimited: rateLimited === "none" ? undefined : rateLimited,
  };
}

/** Names and numbers that all sources of a run share. */
interface SharedNames {
  readonly accounts: AccountNames;
  readonly contexts: Contexts;
}

function buildDemand(
  name: string,
  spec: SourceSpec,
  scenario: Scenario,
  options: WorldOptions,
  shared: SharedNames,
): Demand {
  const { preset, maxRetries, timeout } = { maxRetries: undefined, timeout: undefined, ...spec.client };
  return {
    source: createSource(name, spec, scenario, options, shared),
    client: createClient(preset, { maxRetries, timeout }),
    chance: openStream(options.seed, `clients/${name}`),
    maxInput: spec.maxInput,
  };
}

function createSource(
  name: string,
  spec: SourceSpec,
  scenario: Scenario,
  { seed, readTrace: open }: WorldOptions,
  { accounts, contexts }: SharedNames,
): Source {
  if (spec.kind === "process") {
    const { process, rate } = spec.arrivals;
    const cv = spec.arrivals.process === "gamma" ? spec.arrivals.cv : 1;
    return new OpenLoopSource({ ...spec, name, process, rate, cv }, seed, accounts, contexts);
  }
  const { trace, format, limit } = spec.arrivals;
  if (open === undefined) {
    throw new SurgefleetError(
      "NOT_FOUND",
      `traffic.${name} replays ${trace}: pass readTrace to say how files are read`,
    );
  }
  assert(format !== undefined, "a trace has a format, if only auto");
  const paths = new Map(Object.entries(scenario.paths));
  const rows = readTrace(open(trace), { file: trace, format, tiers: [...paths.keys()] });
  return new TraceReplay({ ...spec, name, paths, limit }, rows, seed, accounts, contexts);
}
