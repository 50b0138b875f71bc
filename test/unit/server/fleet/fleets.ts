// Fleets of two pools, for the tests of this folder: replicas without an inside, two GPUs each.
import { START } from "../../../../src/core/base/units.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { Fleet } from "../../../../src/core/server/fleet/fleet.js";
import type { FleetPool } from "../../../../src/core/server/fleet/fleet-options.js";
import { type NodeType, undivided } from "../../../../src/core/server/fleet/node-type.js";
import type { PlacementSpec } from "../../../../src/core/server/fleet/placement/registry.js";
import { Pool, type WaitingFacts } from "../../../../src/core/server/fleet/pool.js";
import { none } from "../../../../src/core/server/gateway/policies/none.js";
import { aloneWork } from "../../../conformance/replica-run.js";
import { placementOf, signalsOf } from "../../../support/dated.js";
import { admissionOf, dispatching, policyContext, waitingView } from "../../../support/gateway-views.js";
import { makerOf, ReplicaOfCounts } from "./replicas.js";

export const SLOTS = 3;
export const GPUS = 2;

/** Request r belongs to session r % 7. */
export const facts = {
  ...waitingView(),
  pathOf: () => 0,
  inputTokensOf: () => 1,
  promptOf: (request: number) => aloneWork({ inputTokens: 1, outputTokens: 1, session: request % 7 }),
} satisfies WaitingFacts;

const NAMES = ["one", "other", "third", "fourth"];

/** Of one pool, where it is not like the others. */
type Shape = Partial<Pick<FleetPool, "gpusPerReplica" | "nodeTypes" | "coldStart">>;

function makePool(name: string, strategy: PlacementSpec["strategy"], shape: Shape): FleetPool {
  const pool = new Pool({
    name,
    kvMost: 1000,
    admission: admissionOf({
      policy: none.create({ maxQueue: 1000 }, policyContext()),
      ranks: [0],
      rule: "fifo",
    }),
    placement: placementOf(strategy),
    signals: signalsOf(),
  });
  const maker = makerOf(() => new ReplicaOfCounts({ slots: SLOTS }));
  return { pool, maker, gpusPerReplica: GPUS, ...shape };
}

export function makeFleet(gpus = 20, strategy: PlacementSpec["strategy"] = "least-loaded"): Fleet {
  return makeFleetOn([undivided(gpus)], strategy);
}

export function makeFleetOn(
  inventory: readonly NodeType[],
  strategy: PlacementSpec["strategy"] = "least-loaded",
  shapes: readonly Shape[] = [{}, {}],
  events: EventQueue = new EventQueue(),
): Fleet {
  const listener = { firstToken() {}, completed() {}, preempted() {} };
  const pools = shapes.map((shape, index) => makePool(NAMES[index]!, strategy, shape));
  return new Fleet({ pools, inventory, events, kind: 0, startKind: 13, listener });
}

/** Starts what waits in a pool: the slots of those that started, in order. */
export function started(
  fleet: Fleet,
  pool: number,
  onStart: (request: number, slot: number) => void = () => {},
): number[] {
  const slots: number[] = [];
  fleet.pools[pool]!.dispatch(
    START,
    dispatching(facts, (request, slot) => {
      fleet.instances.replicaOf(slot).admit(request, facts.promptOf(request), START);
      slots.push(slot);
      onStart(request, slot);
    }),
  );
  return slots;
}

export function leave(fleet: Fleet, pool: number, request: number, slot: number, now = START): void {
  const replica = fleet.instances.replicaOf(slot) as ReplicaOfCounts;
  replica.cancel(request);
  replica.open(1);
  fleet.pools[pool]!.left(request);
  fleet.changed(slot, now);
}

/** For what is looked at after every step of many worlds: an `expect` each would take most of the time. */
export function never(isBroken: boolean, law: string): void {
  if (isBroken) throw new Error(law);
}
