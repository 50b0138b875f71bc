// A bounded queue with a deadline: what finds it full is shed, unless a request of a lower rank can be displaced.
import * as z from "zod";
import type { Duration, Instant } from "../../../base/units.js";
import { count, duration } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { ADMIT, DISPLACE, OVERLOADED_CAPACITY, type Verdict, WAIT } from "../verdict.js";
import { type AdmissionPolicy, definePolicy, type Occupancy, type Settlement } from "./policy.js";

/** The options of every policy with a bounded queue; all defaults are ours. */
export const boundedQueue = {
  maxQueue: count(0, 10_000_000)
    .prefault(100)
    .describe("Most requests that wait in the pool; 0: none waits."),
  queueTimeout: duration({ above: 0 }).prefault("5s").describe("A request that waited this long is shed."),
  displaceLower: z
    .boolean()
    .prefault(true)
    .describe("An arrival at a full queue may push out one of a lower rank."),
  evictLower: z
    .boolean()
    .prefault(false)
    .describe(
      "An arrival that has to wait ends the youngest running one of a lower rank, to start in its place.",
    ),
};

/** Where those defaults come from. */
export const BOUNDED_QUEUE_DEFAULTS = {
  maxQueue: "ours",
  queueTimeout: "ours",
  displaceLower: "ours",
  evictLower: "ours",
} as const;

export interface TailDropOptions {
  /** Places in the queue; 0 makes a loss system, Infinity means no bound. */
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
  /** Whether an arrival that finds the queue full takes the place of the youngest lower-ranked one. */
  readonly displaceLower: boolean;
  /** Whether an arrival that has to wait ends the youngest running one of a lower rank. */
  readonly evictLower?: boolean | undefined;
}

export class TailDrop implements AdmissionPolicy {
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
  readonly displaceLower: boolean;
  readonly evictsLower: boolean;
  readonly watchesKv: boolean = false;
  readonly startsByKv: boolean = false;
  readonly learns: boolean = false;
  readonly dropsAtHead: boolean = false;

  constructor(options: TailDropOptions) {
    this.maxQueue = options.maxQueue;
    this.queueTimeout = options.queueTimeout;
    this.displaceLower = options.displaceLower;
    this.evictsLower = options.evictLower ?? false;
  }

  decide(facts: RequestFacts, signals: PoolSignals, _now: Instant): Verdict {
    const isNext = signals.openings > 0 && signals.queuedAhead(facts.rank) === 0;
    if (isNext && this.hasRoom(facts, signals)) return ADMIT;
    if (signals.queued < this.maxQueue) return WAIT;
    if (this.displaceLower && signals.queuedBelow(facts.rank) > 0) return DISPLACE;
    return OVERLOADED_CAPACITY;
  }

  mayStart(_path: number, _inputTokens: number, _occupancy: Occupancy): boolean {
    return true;
  }

  dropsHead(_path: number, _waited: Duration, _now: Instant, _others: number): boolean {
    return false;
  }

  started(_path: number, _waited: Duration, _now: Instant): void {
    // Learns nothing.
  }

  settle(_path: number, _settlement: Settlement, _now: Instant): void {
    // Keeps no count of requests inside.
  }

  /** Whether the request may take one of the openings; subclasses may keep some for others. */
  protected hasRoom(_facts: RequestFacts, _signals: PoolSignals): boolean {
    return true;
  }
}

export const tailDrop = definePolicy({
  name: "tail-drop",
  summary: "A bounded queue; sheds what does not fit.",
  ordersByPriority: true,
  options: boundedQueue,
  defaults: BOUNDED_QUEUE_DEFAULTS,
  create: (options) => new TailDrop(options),
});
