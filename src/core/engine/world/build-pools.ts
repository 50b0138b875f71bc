// The pools of one run with their replicas and admission policies, built from a scenario.
import { assert } from "../../base/assert.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import { openStream, type Seed } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import { Pool } from "../../server/fleet/pool.js";
import type { AdmissionPolicy } from "../../server/gateway/policy.js";
import { createPolicy } from "../../server/gateway/registry.js";
import { machineOf } from "../../server/profile/machine.js";
import { memoised } from "../../server/profile/memoised.js";
import { resolveProfile } from "../../server/profile/registry.js";
import type { StepProfile } from "../../server/profile/step-profile.js";
import { MacroReplica } from "../../server/replica/batching/macro-replica.js";
import type { BatchingOptions } from "../../server/replica/batching/options.js";
import { StepReplica } from "../../server/replica/batching/step-replica.js";
import { Workspace } from "../../server/replica/batching/workspace.js";
import type { Replica, ReplicaClock, ReplicaListener } from "../../server/replica/replica.js";
import { SlotsReplica } from "../../server/replica/slots-replica.js";
import { EventKind } from "./event-kinds.js";
import type { Path } from "./paths.js";

type PoolSpec = Scenario["pools"][string];
type BatchingSpec = Extract<PoolSpec["replica"], { engine: "batching" }>;
type SlotsSpec = Extract<PoolSpec["replica"], { engine: "slots" }>;

export interface Pools {
  readonly pools: readonly Pool[];
  /** By pool; replicas without steps have no profile. */
  readonly policies: readonly AdmissionPolicy[];
  readonly profiles: readonly (StepProfile | undefined)[];
  /** All replicas, pool after pool, and the pool of each. */
  readonly replicas: readonly Replica[];
  readonly poolOfReplica: Int32Array;
  /** Index of a pool's first replica. */
  readonly firstReplica: readonly number[];
}

export interface PoolsOptions {
  readonly seed: Seed;
  readonly events: EventQueue;
  readonly listener: ReplicaListener;
  /** Whether replicas work through every step one by one. */
  readonly stepByStep: boolean;
}

export function buildPools(scenario: Scenario, paths: readonly Path[], options: PoolsOptions): Pools {
  const replicas: Replica[] = [];
  const firstReplica: number[] = [];
  const poolOfReplica: number[] = [];
  const policies: AdmissionPolicy[] = [];
  const profiles: (StepProfile | undefined)[] = [];
  const pools = Object.entries(scenario.pools).map(([name, spec], pool) => {
    const { events, listener } = options;
    const { replica } = spec;
    const profile = replica.engine === "slots" ? undefined : resolveProfile(replica.profile);
    profiles.push(profile);
    const create =
      replica.engine === "slots"
        ? slotsFactory(replica)
        : batchingFactory(name, batchingOptions(replica, profile!), scenario.traffic, options);
    const first = replicas.length;
    firstReplica.push(first);
    for (let index = 0; index < spec.replicas; index++) {
      poolOfReplica.push(pool);
      replicas.push(create({ events, kind: EventKind.replica, subject: first + index }, listener));
    }
    const policy = createPolicy(
      spec.admission,
      paths.map((path) => ({ name: path.name, isServed: path.pool === pool, rank: path.rank })),
    );
    policies.push(policy);
    return new Pool({
      name,
      replicas: replicas.slice(first),
      policy,
      ranks: paths.filter((path) => path.pool === pool).map((path) => path.rank),
      discipline: spec.discipline,
      placement: { ...spec.placement, chance: openStream(options.seed, `fleet/${name}/placement`) },
      staleness: spec.signals.staleness,
    });
  });
  return { pools, policies, profiles, replicas, poolOfReplica: Int32Array.from(poolOfReplica), firstReplica };
}

type CreateReplica = (clock: ReplicaClock, listener: ReplicaListener) => Replica;

function slotsFactory(spec: SlotsSpec): CreateReplica {
  const options = { ...spec, prefillTokensPerSecond: spec.prefillTokensPerSecond };
  return (clock, listener) => new SlotsReplica(options, clock, listener);
}

function batchingFactory(
  pool: string,
  given: Omit<BatchingOptions, "chance">,
  traffic: Scenario["traffic"],
  { seed, stepByStep }: PoolsOptions,
): CreateReplica {
  // A context that no later request shares needs no keeping.
  const prefixCache = given.prefixCache && Object.values(traffic).some(sharesContexts);
  // All replicas of a pool share what they can, so that little memory is gone through for each event.
  const profile = memoised(given.profile, given.maxSequences);
  const chance = openStream(seed, `fleet/${pool}/acceptance`);
  const options = { ...given, profile, prefixCache, chance };
  const workspace = new Workspace();
  const Form = stepByStep ? StepReplica : MacroReplica;
  return (clock, listener) => new Form(options, clock, listener, workspace);
}

/** Whether prompts of a source may begin alike: those of a trace or a population may go on with one another. */
function sharesContexts(source: Scenario["traffic"][string]): boolean {
  return source.kind !== "process" || source.prefix !== undefined;
}

/** What the scenario says, and where it says nothing what the profile's own machine has. */
function batchingOptions(spec: BatchingSpec, profile: StepProfile): Omit<BatchingOptions, "chance"> {
  const maxSequences = spec.maxSequences ?? profile.node?.maxSequences;
  const kvTokens = spec.kvTokens ?? profile.node?.kvTokens;
  const maxBatchedTokens = spec.maxBatchedTokens ?? machineOf(spec).maxBatchedTokens;
  assert(
    maxSequences !== undefined && kvTokens !== undefined,
    "the schema asks for what a profile leaves open",
  );
  const { maxPrefillSequences, kvBlockTokens, kvWatermark, prefixCache } = spec;
  return {
    profile,
    maxSequences,
    maxBatchedTokens,
    maxPrefillSequences,
    kvTokens,
    kvBlockTokens,
    kvWatermark,
    prefixCache,
  };
}
