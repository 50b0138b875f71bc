// Everything that exists in one run, built from a scenario: pools of replicas, the gateway, the sources of demand and
// their clients. The only place that knows both the scenario's words and the simulator's parts.
import { assert } from "../../base/assert.js";
import type { Instant } from "../../base/units.js";
import type { Client } from "../../demand/clients/client.js";
import { ClientPopulation } from "../../demand/clients/population.js";
import { createClient, createStack } from "../../demand/clients/registry.js";
import { AccountNames } from "../../demand/traffic/accounts.js";
import { Contexts } from "../../demand/traffic/contexts.js";
import type { Source } from "../../demand/traffic/source.js";
import { createDistribution, type Distribution } from "../../random/distribution.js";
import { openStream, type Stream } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import { type AccountLimitOptions, AccountLimits } from "../../server/gateway/accounts/account-limits.js";
import { Gateway } from "../../server/gateway/gateway.js";
import { Router } from "../../server/gateway/router.js";
import { buildPools, type Pools, type PoolsOptions } from "./build-pools.js";
import { createSource } from "./build-sources.js";
import { buildPaths, type Path } from "./paths.js";
import type { SharedNames, SourceOptions } from "./source-options.js";

type SourceSpec = Scenario["traffic"][string];

/** One source with what its callers do. */
export interface Demand {
  readonly source: Source;
  readonly clients: ClientPopulation;
  /** Paths that its clients try one after another once they have given up on the one before. */
  readonly fallbacks: readonly number[];
  /** Jitter of the client's retries. */
  readonly chance: Stream;
  /** Seconds that a caller waits for the first token of a request; undefined: as long as its client does. */
  readonly patience: Distribution | undefined;
  /** Longer prompts are refused as too long for the model; Infinity where callers see to that themselves. */
  readonly maxInput: number;
}

export interface World extends Pools {
  readonly paths: readonly Path[];
  readonly router: Router;
  readonly gateway: Gateway;
  readonly demands: readonly Demand[];
  readonly accounts: AccountNames;
}

export interface WorldOptions extends PoolsOptions, SourceOptions {}

export function buildWorld(scenario: Scenario, options: WorldOptions): World {
  const paths = buildPaths(scenario);
  const built = buildPools(scenario, paths, options);
  const retryChance = openStream(options.seed, "gateway/retry-after");
  const models = new Set(Object.values(scenario.paths).map((path) => path.model)).size;
  const gateway = new Gateway({
    admissions: built.admissions,
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

function buildDemand(
  name: string,
  spec: SourceSpec,
  scenario: Scenario,
  options: WorldOptions,
  shared: SharedNames,
): Demand {
  const { accounts } = shared;
  const clients = spec.client.map(({ share, ...client }) => ({ share, client: clientOf(client) }));
  const paths = Object.keys(scenario.paths);
  return {
    source: createSource(name, spec, scenario, options, shared),
    clients: new ClientPopulation(clients, options.seed, name, (account) => accounts.nameOf(account)),
    fallbacks: spec.fallback.map((path) => paths.indexOf(path)),
    chance: openStream(options.seed, `clients/${name}`),
    patience:
      spec.patience &&
      createDistribution(spec.patience, openStream(options.seed, `traffic/${name}/patience`)),
    maxInput: spec.maxInput ?? Number.POSITIVE_INFINITY,
  };
}

function clientOf({ preset, stack, ...options }: Omit<SourceSpec["client"][number], "share">): Client {
  if (stack !== undefined) return createStack(stack, options);
  assert(preset !== undefined, "a client has a name or is a stack of them");
  return createClient(preset, options);
}
