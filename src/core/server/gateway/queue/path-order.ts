// Queue rules that know paths alone: a lane per path, and a fixed order of the lanes. Where two lanes stand alike, the
// request that came first goes first. They keep no account of what was served.
import type { Instant } from "../../../base/units.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import { NO_REQUEST, RequestQueue } from "./queue.js";
import type { QueueRule, WaitingView } from "./rule.js";

export class PathOrder implements QueueRule {
  readonly queue: RequestQueue;
  readonly seesAll = false;
  readonly isBounded = false;
  readonly dropsLate: boolean = false;
  /** By lane: its place in the order, the lowest first. */
  readonly #places: readonly number[];

  constructor(ranks: readonly number[], places: readonly number[]) {
    this.queue = new RequestQueue(ranks);
    this.#places = places;
  }

  join(request: number, lane: number, _account: number, _now: Instant): void {
    this.queue.join(request, lane);
  }

  leave(request: number): void {
    this.queue.leave(request);
  }

  next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy, _now: Instant): number {
    const { queue } = this;
    const places = this.#places;
    let next = NO_REQUEST;
    let nextPlace = 0;
    for (let lane = 0; lane < places.length; lane++) {
      const head = queue.headOf(lane);
      if (head === NO_REQUEST) continue;
      if (!policy.mayStart(waiting.pathOf(head), waiting.inputTokensOf(head), occupancy)) continue;
      const place = places[lane]!;
      const isSooner = place === nextPlace ? queue.ticketOf(head) < queue.ticketOf(next) : place < nextPlace;
      if (next !== NO_REQUEST && !isSooner) continue;
      next = head;
      nextPlace = place;
    }
    return next;
  }

  lastBelow(rank: number): number {
    return this.queue.lastBelow(rank);
  }

  hasPlace(): boolean {
    return true;
  }

  isLate(_request: number, _waiting: WaitingView, _now: Instant): boolean {
    return false;
  }

  passed(): void {
    // It counts none.
  }

  started(): void {
    // What was served makes no difference here.
  }

  settled(): void {
    // Nor does what was generated.
  }
}
