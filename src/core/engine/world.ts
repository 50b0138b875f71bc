// Everything that exists in one run, built from a scenario: pools of replicas, the gateway, the sources of demand and
// their clients. The only place that knows both the scenario's words and the simulator's parts.
import { assert } from "../base/assert.js";
import { SurgefleetError } from "../base/errors.js";
import type { Instant } from "../base/units.js";
import { Pool } from "../fleet/pool.js";
import { type AccountLimitOptions, AccountLimits } from "../gateway/account-limits.js";
import { Gateway } from "../gateway/gateway.js";
import { createPolicy, type PolicySpec } from "../gateway/registry.js";
import { Router } from "../gateway/router.js";
import type { EventQueue } from "../kernel/event-queue.js";
import { openStream, type Stream } from "../random/stream.js";
import { BatchingReplica, type ReplicaClock } from "../replica/batching-replica.js";
import { linearProfile } from "../replica/profile.js";
import { profileByName } from "../replica/registry.js";
import type { Replica, ReplicaListener } from "../replica/replica.js";
import { SlotsReplica } from "../replica/slots-replica.js";
import type { Scenario } from "../scenario/schema.js";
import { AccountNames } from "../traffic/accounts.js";
import type { Client } from "../traffic/clients/client.js";
import { createClient } from "../traffic/clients/registry.js";
import { OpenLoopSource } from "../traffic/open-loop.js";
import type { Source } from "../traffic/source.js";
import { readTrace } from "../traffic/trace/read-trace.js";
import { TraceReplay } from "../traffic/trace-replay.js";
import { EventKind } from "./event-kinds.js";

type PoolSpec = Scenario["pools"][string];
type PathSpec = Scenario["paths"][string];
type SourceSpec = Scenario["traffic"][string];

/** One path as requests meet it. */
export interface Path {
  readonly name: string;
  /** Index of the pool that serves it. */
  readonly pool: number;
  /** Shed order among the paths of its pool, from 0, shed last, without gaps. */
  readonly rank: number;
  /** Its place among the paths of its pool: its lane in the line. */
  readonly lane: number;
  /** Index of its model id: account limits are kept per model id. */
  readonly model: number;
}

/** One source with what its callers do. */
export interface Demand {
  readonly source: Source;
  readonly client: Client;
  /** Jitter of the client's retries. */
  readonly chance: Stream;
  /** Longer prompts are refused as too long for the model. */
  readonly maxInput: number;
}

export interface World {
  readonly pools: readonly Pool[];
  /** All replicas, pool after pool, and the pool of each. */
  readonly replicas: readonly Replica[];
  readonly poolOfReplica: Int32Array;
  /** Index of a pool's first replica. */
  readonly firstReplica: readonly number[];
  readonly paths: readonly Path[];
  readonly router: Router;
  readonly gateway: Gateway;
  readonly demands: readonly Demand[];
  readonly accounts: AccountNames;
}

export interface WorldOptions {
  readonly seed: string;
  readonly events: EventQueue;
  readonly listener: ReplicaListener;
  /** Opens a trace file by the path that the scenario gives, as chunks of text. */
  readonly readTrace: ((path: string) => Iterable<string>) | undefined;
}

export function buildWorld(scenario: Scenario, options: WorldOptions): World {
  const paths = buildPaths(scenario);
  const poolNames = Object.keys(scenario.pools);
  const replicas: Replica[] = [];
  const firstReplica: number[] = [];
  const poolOfReplica: number[] = [];
  const policies = poolNames.map((name) => createPolicy(policySpec(name, scenario, paths)));
  const pools = Object.entries(scenario.pools).map(([name, spec], pool) => {
    firstReplica.push(replicas.length);
    const own = Array.from({ length: spec.replicas }, (_, index) => {
      poolOfReplica.push(pool);
      const clock = { events: options.events, kind: EventKind.replica, subject: replicas.length + index };
      return createReplica(spec, clock, options.listener);
    });
    replicas.push(...own);
    const { discipline, signals } = spec;
    return new Pool({
      name,
      replicas: own,
      policy: policies[pool]!,
      ranks: paths.filter((path) => path.pool === pool).map((path) => path.rank),
      discipline,
      staleness: signals.staleness,
    });
  });
  const retryChance = openStream(options.seed, "gateway/retry-after");
  const models = new Set(Object.values(scenario.paths).map((path) => path.model)).size;
  const gateway = new Gateway({
    policies,
    limits:
      scenario.limits === undefined ? undefined : new AccountLimits(limitOptions(scenario.limits), models),
    retryAfter: retryAfterOptions(scenario.retryAfter),
    signals: (pool: number, now: Instant) => pools[pool]!.signalsAt(now),
    chance: () => retryChance.uniform(),
  });
  const accounts = new AccountNames();
  return {
    pools,
    replicas,
    poolOfReplica: Int32Array.from(poolOfReplica),
    firstReplica,
    paths,
    router: new Router(
      Object.values(scenario.paths).map(({ model, serviceTier }) => ({ model, serviceTier })),
    ),
    gateway,
    demands: Object.entries(scenario.traffic).map(([name, spec]) =>
      buildDemand(name, spec, scenario, options, accounts),
    ),
    accounts,
  };
}

function buildPaths(scenario: Scenario): Path[] {
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

/** The different ranks in a pool, in order: scenarios may leave gaps between them. */
function ranksOf(pool: string, paths: readonly PathSpec[]): number[] {
  const ranks = new Set(paths.filter((path) => path.pool === pool).map((path) => path.rank));
  return [...ranks].sort((a, b) => a - b);
}

/** Share of capacity that the lowest rank of a pool leaves to the others when the scenario does not say. */
const DEFAULT_RESERVE = 0.02;

function policySpec(pool: string, scenario: Scenario, paths: readonly Path[]): PolicySpec {
  const { admission } = scenario.pools[pool]!;
  switch (admission.policy) {
    case "none": {
      const maxQueue = admission.maxQueue === "unlimited" ? Number.POSITIVE_INFINITY : admission.maxQueue;
      return { policy: "none", maxQueue, queueTimeout: admission.queueTimeout };
    }
    case "tail-drop":
      return admission;
    case "trunk-reservation": {
      const ranks = ranksOf(pool, Object.values(scenario.paths)).length;
      const reserve = paths.map((path) => {
        if (admission.reserve !== undefined) return admission.reserve[path.name] ?? 0;
        return scenario.paths[path.name]!.pool === pool && ranks > 1 && path.rank === ranks - 1
          ? DEFAULT_RESERVE
          : 0;
      });
      return { ...admission, reserve };
    }
  }
}

function createReplica(spec: PoolSpec, clock: ReplicaClock, listener: ReplicaListener): Replica {
  const { replica } = spec;
  if (replica.engine === "slots") {
    return new SlotsReplica(
      { ...replica, prefillTokensPerSecond: replica.prefillTokensPerSecond },
      clock,
      listener,
    );
  }
  const profile =
    typeof replica.profile === "string" ? profileByName(replica.profile) : linearProfile(replica.profile);
  return new BatchingReplica({ ...replica, profile }, clock, listener);
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

function buildDemand(
  name: string,
  spec: SourceSpec,
  scenario: Scenario,
  options: WorldOptions,
  accounts: AccountNames,
): Demand {
  const { preset, maxRetries, timeout } = { maxRetries: undefined, timeout: undefined, ...spec.client };
  return {
    source: createSource(name, spec, scenario, options, accounts),
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
  accounts: AccountNames,
): Source {
  if (spec.kind === "process") {
    const { process, rate } = spec.arrivals;
    const cv = spec.arrivals.process === "gamma" ? spec.arrivals.cv : 1;
    return new OpenLoopSource({ ...spec, name, process, rate, cv }, seed, accounts);
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
  return new TraceReplay({ ...spec, name, paths, limit }, rows, seed, accounts);
}
