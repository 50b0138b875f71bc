// A pool that knows its policy only, for the contract of policies: what it looks like to a decision and to its own
// scheduler, and a life in which requests come, wait, start, and go.
import { type Instant, START } from "../../src/core/base/units.js";
import type {
  AdmissionPolicy,
  Occupancy,
  Settlement,
} from "../../src/core/server/gateway/policies/policy.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import type { PoolSignals } from "../../src/core/server/gateway/signals.js";
import { signals } from "../support/gateway-views.js";

/** Path p has rank p in the contract. */
export const RANKS = 3;

export interface Load {
  readonly slots: number;
  readonly busy: number;
  /** Sequences that could join at once; a replica may take fewer than it has free slots. */
  readonly openings: number;
  readonly kvTokens: number;
  readonly kvUsed: number;
  readonly queued: readonly number[];
}

export const EMPTY: Load = {
  slots: 10,
  busy: 0,
  openings: 10,
  kvTokens: 1000,
  kvUsed: 0,
  queued: [0, 0, 0],
};

export function signalsOf(load: Load, asOf: Instant = START): PoolSignals {
  return Object.assign(signals(load), { asOf });
}

/** The pool of a load as its own scheduler sees it. */
export const occupancyOf = ({ slots, busy, kvTokens, kvUsed }: Load): Occupancy => ({
  slots,
  slotsBusy: busy,
  kvTokens,
  kvUsed,
});

/** One queue per rank, and the requests that run. Memory is free, and signals are live. */
export class MiniPool {
  readonly #policy: AdmissionPolicy;
  readonly #slots: number;
  readonly #queues: number[][] = Array.from({ length: RANKS }, () => []);
  readonly #running: number[] = [];
  readonly #kvNeeds = new Map<number, number>();
  readonly settlements = new Map<number, number>();
  mostWaiting = 0;
  #requests = 0;

  constructor(policy: AdmissionPolicy, slots: number) {
    this.#policy = policy;
    this.#slots = slots;
  }

  get #load(): Load {
    const busy = this.#running.length;
    const queued = this.#queues.map((queue) => queue.length);
    return { ...EMPTY, slots: this.#slots, busy, openings: this.#slots - busy, queued };
  }

  arrive(facts: RequestFacts, now: Instant): void {
    const verdict = this.#policy.decide(facts, signalsOf(this.#load, now), now);
    if (verdict.kind === "reject") return;
    const id = this.#requests++ * RANKS + facts.rank;
    this.settlements.set(id, 0);
    this.#kvNeeds.set(id, facts.inputTokens);
    if (verdict.kind === "wait" && verdict.displaces) this.#displaceBelow(facts.rank, now);
    this.#queues[facts.rank]!.push(id);
    this.#dispatch();
    const waiting = this.#queues.reduce((sum, queue) => sum + queue.length, 0);
    this.mostWaiting = Math.max(this.mostWaiting, waiting);
  }

  #displaceBelow(rank: number, now: Instant): void {
    const lower = this.#queues.filter((queue, index) => index > rank && queue.length > 0).at(-1);
    if (lower === undefined) throw new Error("displaces though no request of a lower rank waits");
    this.#leave(lower.pop()!, "shed", now);
  }

  complete(choice: number, now: Instant): void {
    if (this.#running.length === 0) return;
    const [id] = this.#running.splice(choice % this.#running.length, 1);
    this.#leave(id!, "completed", now);
    this.#dispatch();
  }

  giveUp(choice: number, now: Instant): void {
    const queue = this.#queues[choice % RANKS]!;
    if (queue.length > 0) this.#leave(queue.shift()!, "cut", now);
  }

  #leave(id: number, settlement: Settlement, now: Instant): void {
    this.settlements.set(id, this.settlements.get(id)! + 1);
    this.#policy.settle(id % RANKS, settlement, now);
  }

  #dispatch(): void {
    for (const [rank, queue] of this.#queues.entries()) {
      while (queue.length > 0 && this.#running.length < this.#slots && this.#mayStart(queue[0]!, rank)) {
        this.#running.push(queue.shift()!);
      }
    }
  }

  #mayStart(id: number, path: number): boolean {
    return this.#policy.mayStart(path, this.#kvNeeds.get(id)!, occupancyOf(this.#load));
  }

  /** All requests that are still there leave. */
  empty(now: Instant): void {
    for (const id of [...this.#running.splice(0), ...this.#queues.flatMap((queue) => queue.splice(0))]) {
      this.#leave(id, "completed", now);
    }
  }
}
