// What a fleet is made of.
import type { EventQueue } from "../../kernel/event-queue.js";
import type { ReplicaMaker } from "../replica/engine.js";
import type { ReplicaListener } from "../replica/replica.js";
import type { ColdStart } from "./cold-start.js";
import type { NodeType } from "./node-type.js";
import type { Pool } from "./pool.js";

/** A pool with what its instances are. */
export interface FleetPool {
  readonly pool: Pool;
  readonly maker: ReplicaMaker;
  readonly gpusPerReplica: number;
  /** Types of nodes that its instances may stand on, the first that has room first; left out: all. */
  readonly nodeTypes?: readonly number[] | undefined;
  /** Undefined: they are ready at once. */
  readonly coldStart?: ColdStart | undefined;
}

export interface FleetOptions {
  readonly pools: readonly FleetPool[];
  readonly inventory: readonly NodeType[];
  readonly events: EventQueue;
  /** Of the events of a replica; their subject is its slot, which is also its place among those of one instant. */
  readonly kind: number;
  /** Of those that end a stage of a start; their subject is the slot. */
  readonly startKind: number;
  readonly listener: ReplicaListener;
}
