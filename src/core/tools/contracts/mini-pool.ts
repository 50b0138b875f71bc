// A pool that knows its policy only, for the contract of policies: what it looks like to a decision and to its own
// scheduler, and a life in which requests come, wait, start, and go.
import { after, type Duration, duration, type Instant, START, since } from "../../base/units.js";
import type { AdmissionPolicy, Occupancy, Settlement } from "../../server/gateway/policies/policy.js";
import type { RequestFacts } from "../../server/gateway/request-facts.js";
import type { PoolSignals } from "../../server/gateway/signals.js";
import type { Verdict } from "../../server/gateway/verdict.js";
import { signals } from "./views.js";

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

interface Waiting {
  readonly id: number;
  readonly path: number;
  readonly inputTokens: number;
  readonly arrivedAt: Instant;
}

/** One queue per rank, and the requests that run. Memory is free, and signals are live. */
export class MiniPool {
  readonly #policy: AdmissionPolicy;
  readonly #slots: number;
  readonly #queues: Waiting[][] = Array.from({ length: RANKS }, () => []);
  readonly #running: Waiting[] = [];
  /** By request that was let in, how often it was settled. */
  readonly settlements = new Map<number, number>();
  /** Of those that were let in: how many were displaced, or shed at the head. */
  shed = 0;
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

  get #waiting(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  arrive(facts: RequestFacts, now: Instant): Verdict {
    this.#expire(now);
    const verdict = this.#policy.decide(facts, signalsOf(this.#load, now), now);
    if (verdict.kind !== "admit" && verdict.kind !== "wait") return verdict;
    const { path, inputTokens } = facts;
    const one: Waiting = { id: this.#requests++, path, inputTokens, arrivedAt: now };
    this.settlements.set(one.id, 0);
    if (verdict.kind === "wait" && verdict.displaces) {
      const lower = this.#lastBelow(path);
      if (lower === undefined) throw new Error("displaces though no request of a lower rank waits");
      this.#shed(lower, now);
    }
    this.#queues[path]!.push(one);
    this.#dispatch(now);
    this.mostWaiting = Math.max(this.mostWaiting, this.#waiting);
    return verdict;
  }

  #lastBelow(rank: number): Waiting[] | undefined {
    return this.#queues.filter((queue, index) => index > rank && queue.length > 0).at(-1);
  }

  #shed(queue: Waiting[], now: Instant): void {
    this.shed++;
    this.#leave(queue.pop()!, "shed", now);
  }

  /** Those whose time is up by then. */
  #expire(now: Instant): void {
    const { queueTimeout } = this.#policy;
    if (queueTimeout === undefined) return;
    for (const queue of this.#queues) {
      while (queue.length > 0 && after(queue[0]!.arrivedAt, queueTimeout) <= now) {
        this.#leave(queue.shift()!, "shed", now);
      }
    }
  }

  complete(choice: number, now: Instant): void {
    this.#expire(now);
    if (this.#running.length === 0) return;
    const [one] = this.#running.splice(choice % this.#running.length, 1);
    this.#leave(one!, "completed", now);
    this.#dispatch(now);
  }

  giveUp(choice: number, now: Instant): void {
    this.#expire(now);
    const queue = this.#queues[choice % RANKS]!;
    if (queue.length > 0) this.#leave(queue.shift()!, "cut", now);
  }

  #leave({ id, path }: Waiting, settlement: Settlement, now: Instant): void {
    this.settlements.set(id, this.settlements.get(id)! + 1);
    this.#policy.settle(path, settlement, now);
  }

  #dispatch(now: Instant): void {
    for (const queue of this.#queues) {
      while (queue.length > 0 && this.#running.length < this.#slots && this.#mayStart(queue[0]!)) {
        if (this.#dropsHead(queue, now)) continue;
        const one = queue.shift()!;
        this.#running.push(one);
        if (this.#policy.learns) this.#policy.started(one.path, waitOf(one, now), now);
      }
    }
  }

  /** Whether one is shed as the head of that queue could start: that one, or the last of a lower rank. */
  #dropsHead(queue: Waiting[], now: Instant): boolean {
    const policy = this.#policy;
    const head = queue[0]!;
    if (!policy.dropsAtHead) return false;
    if (!policy.dropsHead(head.path, waitOf(head, now), now, this.#waiting - 1)) return false;
    const lower = policy.displaceLower ? this.#lastBelow(head.path) : undefined;
    if (lower !== undefined) this.#shed(lower, now);
    else {
      this.shed++;
      this.#leave(queue.shift()!, "shed", now);
    }
    return true;
  }

  #mayStart({ path, inputTokens }: Waiting): boolean {
    return this.#policy.mayStart(path, inputTokens, occupancyOf(this.#load));
  }

  /** All requests that are still there leave. */
  empty(now: Instant): void {
    for (const one of [...this.#running.splice(0), ...this.#queues.flatMap((queue) => queue.splice(0))]) {
      this.#leave(one, "completed", now);
    }
  }
}

const waitOf = ({ arrivedAt }: Waiting, now: Instant): Duration => duration(since(now, arrivedAt));
