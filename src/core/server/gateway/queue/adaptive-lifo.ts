// By rank, and in a rank first in, first out while its queue is short-lived; last in, first out once it has not been
// empty for `window`. Under an overload that lasts, those who have just come are served in time and those who have
// waited are lost, in place of all being served late. This is the adaptive LIFO of Facebook's servers, and `dropLate`
// the controlled delay that they have beside it: a request that comes to such a queue is worth starting for `timeout`,
// any other for `window`. Source: Maurer, "Fail at scale", ACM Queue 13(8), 2015, whose 100 ms and 5 ms are stretched
// here to the pace of inference, fifty times. There it is one queue; that each rank has its own is ours. Which way
// round a queue is turns only when a request joins it, so that no time passes in which nothing happens but the order
// changes.
import * as z from "zod";
import { grown } from "../../../base/grown.js";
import { type Duration, type Instant, START, since } from "../../../base/units.js";
import { duration } from "../../../document/units.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import { PathOrder } from "./path-order.js";
import { NO_REQUEST } from "./queue.js";
import { defineQueueRule, ranksOfLanes, type WaitingView } from "./rule.js";

interface AdaptiveLifoOptions {
  /** A queue that has not been empty for so long is overloaded. */
  readonly window: Duration;
  /** How long a request may wait that came to an overloaded queue. */
  readonly timeout: Duration;
  readonly dropLate: boolean;
}

class AdaptiveLifo extends PathOrder {
  override readonly dropsLate: boolean;
  readonly #options: AdaptiveLifoOptions;
  // By rank.
  readonly #emptyAt: Float64Array;
  /** 1 where the last goes first. */
  readonly #isTurned: Uint8Array;
  /** By request: when it is not worth starting any more. */
  #lateAt: Float64Array = new Float64Array(0);

  constructor(options: AdaptiveLifoOptions, ranks: readonly number[]) {
    super(ranks, ranks);
    this.#options = options;
    this.dropsLate = options.dropLate;
    this.#emptyAt = new Float64Array(this.queue.rankCount).fill(START);
    this.#isTurned = new Uint8Array(this.queue.rankCount);
  }

  override join(request: number, lane: number, _account: number, now: Instant): void {
    const { queue } = this;
    const { window, timeout } = this.#options;
    const rank = queue.rankOf(lane);
    if (queue.countOfRank(rank) === 0) this.#emptyAt[rank] = now;
    const isTurned = since(now, this.#emptyAt[rank]! as Instant) >= window && queue.countOfRank(rank) > 0;
    this.#isTurned[rank] = isTurned ? 1 : 0;
    if (this.dropsLate) {
      if (request >= this.#lateAt.length) this.#grow(request);
      this.#lateAt[request] = now + (isTurned ? timeout : window);
    }
    queue.join(request, lane);
  }

  override next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy): number {
    const { queue } = this;
    const { ranks } = queue;
    let next = NO_REQUEST;
    let nextRank = 0;
    for (let lane = 0; lane < ranks.length; lane++) {
      const rank = ranks[lane]!;
      const isTurned = this.#isTurned[rank] === 1;
      const first = isTurned ? queue.tailOf(lane) : queue.headOf(lane);
      if (first === NO_REQUEST) continue;
      if (next !== NO_REQUEST) {
        if (rank > nextRank) continue;
        if (rank === nextRank && queue.ticketOf(first) < queue.ticketOf(next) === isTurned) continue;
      }
      if (!policy.mayStart(waiting.pathOf(first), waiting.inputTokensOf(first), occupancy)) continue;
      next = first;
      nextRank = rank;
    }
    return next;
  }

  /** Where the last goes first, the first has waited longest and is the last to start. */
  override lastBelow(rank: number): number {
    const { queue } = this;
    const youngest = queue.lastBelow(rank);
    if (youngest === NO_REQUEST) return NO_REQUEST;
    const lowest = queue.rankOf(queue.laneOf(youngest));
    return this.#isTurned[lowest] === 1 ? this.#oldestOf(lowest) : youngest;
  }

  override isLate(request: number, _waiting: WaitingView, now: Instant): boolean {
    return now > this.#lateAt[request]!;
  }

  #oldestOf(rank: number): number {
    const { queue } = this;
    let oldest = NO_REQUEST;
    for (let lane = 0; lane < queue.ranks.length; lane++) {
      const head = queue.headOf(lane);
      if (head === NO_REQUEST || queue.ranks[lane] !== rank) continue;
      if (oldest === NO_REQUEST || queue.ticketOf(head) < queue.ticketOf(oldest)) oldest = head;
    }
    return oldest;
  }

  #grow(request: number): void {
    this.#lateAt = grown(this.#lateAt, Math.max(request + 1, 2 * this.#lateAt.length, 64));
  }
}

export const adaptiveLifo = defineQueueRule({
  name: "adaptive-lifo",
  summary: "By rank, then by arrival, the last first once the queue has not been empty for long.",
  options: {
    window: duration()
      .prefault("5s")
      .describe(
        "A queue that has not been empty for this long is overloaded: the last to come starts first.",
      ),
    dropLate: z
      .boolean()
      .prefault(false)
      .describe("Whether a request is shed that could start, but has waited too long."),
    timeout: duration()
      .prefault("250ms")
      .describe(
        "With dropLate: how long is too long for what came to an overloaded queue; else it is window.",
      ),
  },
  sources: [{ text: 'Maurer, "Fail at scale", ACM Queue 13(8), 2015', date: "2026-11" }],
  defaults: { window: "ours", dropLate: "ours", timeout: "ours" },
  check(part, at, _around, report) {
    if (!Object.hasOwn(part, "timeout") || part["dropLate"] === true) return;
    report([...at, "timeout"], "only dropLate: true uses this", { at: "key" });
  },
  create: (options, context) => new AdaptiveLifo(options, ranksOfLanes(context)),
});
