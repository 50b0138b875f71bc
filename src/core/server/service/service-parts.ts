// What a server is made of, and what it is given: its parts, the clock, and where it enters what its attempts took.
import type { ServiceObserver } from "../../api/observer.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import type { Controllers } from "../fleet/control/controllers.js";
import type { Faults } from "../fleet/faults/faults.js";
import type { Fleet } from "../fleet/fleet.js";
import type { Pool } from "../fleet/pool.js";
import type { Sizing } from "../fleet/sizing.js";
import type { Gateway } from "../gateway/gateway.js";
import type { ReplicaListener } from "../replica/replica.js";
import type { PoolHistory, ServiceLedger } from "./books.js";
import type { OpenPaths } from "./open-paths.js";

/** What a server is made of. */
export interface ServiceParts {
  readonly openPaths: OpenPaths;
  /** Pools with their instances; the pools are those of the fleet. */
  readonly fleet: Fleet;
  readonly pools: readonly Pool[];
  readonly gateway: Gateway;
  readonly sizing: Sizing;
  readonly controllers: Controllers;
  readonly faults: Faults;
}

export interface ServiceSetup<Parts extends ServiceParts> {
  readonly events: EventQueue;
  readonly ledger: ServiceLedger;
  readonly history: PoolHistory;
  readonly observer?: ServiceObserver | undefined;
  /** Makes the parts: replicas tell the listener what they do, pools ask the facts about what waits. */
  build(listener: ReplicaListener): Parts;
}
