// The pools of one run with their replicas and their admission, built from a scenario.
import type { EventQueue } from "../../kernel/event-queue.js";
import { openStream, type Seed } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import { Pool } from "../../server/fleet/pool.js";
import { Admission } from "../../server/gateway/admission.js";
import { createLimit } from "../../server/gateway/concurrency/registry.js";
import { createPolicy } from "../../server/gateway/policies/registry.js";
import { createQueueRule } from "../../server/gateway/queue/registry.js";
import type { StepProfile } from "../../server/profile/step-profile.js";
import { replicaMaker } from "../../server/replica/engines.js";
import type { Replica, ReplicaListener } from "../../server/replica/replica.js";
import { EventKind } from "./event-kinds.js";
import type { Path } from "./paths.js";

export interface Pools {
  readonly pools: readonly Pool[];
  /** By pool; replicas without steps have no profile. */
  readonly admissions: readonly Admission[];
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
  const admissions: Admission[] = [];
  const profiles: (StepProfile | undefined)[] = [];
  const pools = Object.entries(scenario.pools).map(([name, spec], pool) => {
    const { seed, events, listener, stepByStep } = options;
    const maker = replicaMaker(spec.replica, {
      stepByStep,
      sharesContexts: Object.values(scenario.traffic).some(sharesContexts),
      openChance: () => openStream(seed, `fleet/${name}/acceptance`),
    });
    profiles.push(maker.profile);
    const first = replicas.length;
    firstReplica.push(first);
    for (let index = 0; index < spec.replicas; index++) {
      poolOfReplica.push(pool);
      replicas.push(maker.create({ events, kind: EventKind.replica, subject: first + index }, listener));
    }
    const admission = buildAdmission(spec, paths, pool);
    admissions.push(admission);
    return new Pool({
      name,
      replicas: replicas.slice(first),
      admission,
      placement: { ...spec.placement, chance: openStream(seed, `fleet/${name}/placement`) },
      staleness: spec.signals.staleness,
    });
  });
  return {
    pools,
    admissions,
    profiles,
    replicas,
    poolOfReplica: Int32Array.from(poolOfReplica),
    firstReplica,
  };
}

function buildAdmission(spec: Scenario["pools"][string], paths: readonly Path[], pool: number): Admission {
  const served = paths.filter((path) => path.pool === pool);
  return new Admission({
    limit: createLimit(spec.concurrency),
    policy: createPolicy(
      spec.admission,
      paths.map((path) => ({ name: path.name, isServed: path.pool === pool, rank: path.rank })),
    ),
    rule: createQueueRule(
      spec.discipline,
      served.map((path) => path.rank),
    ),
  });
}

/** Whether prompts of a source may begin alike: those of a trace or a population may go on with one another. */
function sharesContexts(source: Scenario["traffic"][string]): boolean {
  return source.kind !== "process" || source.prefix !== undefined;
}
