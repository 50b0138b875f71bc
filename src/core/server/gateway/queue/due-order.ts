// Queue rules that go by a date that each request has from its arrival on: so long after it, as its path has it. What
// is due first starts first, whatever its rank. As the dates do not change, neither does the order: the rule looks at
// the head of each lane and at nothing else.
import { grown } from "../../../base/grown.js";
import type { Duration, Instant } from "../../../base/units.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import { PathOrder } from "./path-order.js";
import { NO_REQUEST } from "./queue.js";
import type { WaitingView } from "./rule.js";

export class DueOrder extends PathOrder {
  override readonly dropsLate: boolean;
  /** By lane: how long after its arrival a request is due. */
  readonly #terms: readonly Duration[];
  /** By request. */
  #dueAt: Float64Array = new Float64Array(0);

  constructor(ranks: readonly number[], terms: readonly Duration[], dropsLate = false) {
    super(ranks, ranks);
    this.#terms = terms;
    this.dropsLate = dropsLate;
  }

  override join(request: number, lane: number, _account: number, now: Instant): void {
    if (request >= this.#dueAt.length) this.#grow(request);
    this.#dueAt[request] = now + this.#terms[lane]!;
    this.queue.join(request, lane);
  }

  override next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy): number {
    let next = NO_REQUEST;
    for (let lane = 0; lane < this.#terms.length; lane++) {
      const head = this.queue.headOf(lane);
      if (head === NO_REQUEST || (next !== NO_REQUEST && !this.#isBefore(head, next))) continue;
      if (policy.mayStart(waiting.pathOf(head), waiting.inputTokensOf(head), occupancy)) next = head;
    }
    return next;
  }

  override lastBelow(rank: number): number {
    const { queue } = this;
    const { ranks } = queue;
    let last = NO_REQUEST;
    let lowest = rank;
    for (let lane = 0; lane < ranks.length; lane++) {
      const tail = queue.tailOf(lane);
      if (tail === NO_REQUEST || ranks[lane]! <= rank || ranks[lane]! < lowest) continue;
      if (last !== NO_REQUEST && ranks[lane] === lowest && this.#isBefore(tail, last)) continue;
      last = tail;
      lowest = ranks[lane]!;
    }
    return last;
  }

  override isLate(request: number, _waiting: WaitingView, now: Instant): boolean {
    return now > this.#dueAt[request]!;
  }

  #isBefore(one: number, other: number): boolean {
    const difference = this.#dueAt[one]! - this.#dueAt[other]!;
    return difference === 0 ? this.queue.ticketOf(one) < this.queue.ticketOf(other) : difference < 0;
  }

  #grow(request: number): void {
    this.#dueAt = grown(this.#dueAt, Math.max(request + 1, 2 * this.#dueAt.length, 64));
  }
}
