// Queue rules that are fair between flows: the requests of one rank are parted into flows, each flow has a number, and
// by rank the flow with the least goes first, within it the request that came first. What a flow is, and what its
// number counts, is the rule's own. Who starts is looked for among the lanes that have a request waiting, so what it
// takes does not grow with the length of the queue.
import { grown } from "../../../base/grown.js";
import type { Instant } from "../../../base/units.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import { NO_REQUEST, RequestQueue } from "./queue.js";
import type { QueueRule, WaitingView } from "./rule.js";

export abstract class FlowOrder implements QueueRule {
  readonly queue: RequestQueue;
  readonly seesAll = true;
  readonly isBounded: boolean = false;
  readonly dropsLate = false;
  // By flow: the requests of one row of lanes in one rank, whatever their paths.
  protected numbers: Float64Array = new Float64Array(0);
  protected waiting: Int32Array = new Int32Array(0);
  /** Lanes with a request waiting: how many there are, and by lane its place among them, which are in no order. */
  #backlog = 0;
  #placeOf: Int32Array = new Int32Array(0);
  // By place: the lane, with what would have to be divided for each time that it is looked at.
  #laneAt: Int32Array = new Int32Array(0);
  #flowAt: Int32Array = new Int32Array(0);
  #rankAt: Int32Array = new Int32Array(0);

  constructor(ranks: readonly number[], rows = 1) {
    this.queue = new RequestQueue(ranks, rows);
  }

  abstract join(request: number, lane: number, account: number, now: Instant): void;
  abstract started(request: number, inputTokens: number, now: Instant): void;
  abstract settled(request: number, outputTokens: number, now: Instant): void;

  /** For one that is displaced: the greater, the later the last of a flow starts. */
  protected abstract lastNumberOf(flow: number): number;

  hasPlace(_rank: number, _account: number): boolean {
    return true;
  }

  isLate(): boolean {
    return false;
  }

  protected flowOf(lane: number): number {
    const width = this.queue.ranks.length;
    return Math.floor(lane / width) * this.queue.rankCount + this.queue.rankOf(lane);
  }

  /** Makes room for what is kept of a lane and of its flow. */
  protected makeRoom(lane: number, flow: number): void {
    if (lane < this.#placeOf.length && flow < this.numbers.length) return;
    const lanes = Math.max(lane + 1, 2 * this.#placeOf.length);
    const flows = Math.max(flow + 1, 2 * this.numbers.length);
    this.#placeOf = grown(this.#placeOf, lanes);
    this.#laneAt = grown(this.#laneAt, lanes);
    this.#flowAt = grown(this.#flowAt, lanes);
    this.#rankAt = grown(this.#rankAt, lanes);
    this.numbers = grown(this.numbers, flows);
    this.waiting = grown(this.waiting, flows);
  }

  protected enter(request: number, lane: number, flow: number): void {
    const { queue } = this;
    this.waiting[flow]!++;
    queue.join(request, lane);
    if (queue.countOf(lane) > 1) return;
    const place = this.#backlog++;
    this.#placeOf[lane] = place;
    this.#laneAt[place] = lane;
    this.#flowAt[place] = flow;
    this.#rankAt[place] = queue.rankOf(lane);
  }

  leave(request: number): void {
    const { queue } = this;
    queue.leave(request);
    const lane = queue.laneOf(request);
    this.waiting[this.flowOf(lane)]!--;
    if (queue.countOf(lane) > 0) return;
    const last = --this.#backlog;
    const place = this.#placeOf[lane]!;
    const moved = this.#laneAt[last]!;
    this.#placeOf[moved] = place;
    this.#laneAt[place] = moved;
    this.#flowAt[place] = this.#flowAt[last]!;
    this.#rankAt[place] = this.#rankAt[last]!;
  }

  next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy): number {
    const { queue } = this;
    let next = NO_REQUEST;
    let nextRank = 0;
    let nextNumber = 0;
    for (let place = 0; place < this.#backlog; place++) {
      const rank = this.#rankAt[place]!;
      if (next !== NO_REQUEST && rank > nextRank) continue;
      const number = this.numbers[this.#flowAt[place]!]!;
      if (next !== NO_REQUEST && rank === nextRank && number > nextNumber) continue;
      const head = queue.headOf(this.#laneAt[place]!);
      const isLevel = next !== NO_REQUEST && rank === nextRank && number === nextNumber;
      if (isLevel && queue.ticketOf(head) > queue.ticketOf(next)) continue;
      if (!policy.mayStart(waiting.pathOf(head), waiting.inputTokensOf(head), occupancy)) continue;
      next = head;
      nextRank = rank;
      nextNumber = number;
    }
    return next;
  }

  lastBelow(rank: number): number {
    const { queue } = this;
    let last = NO_REQUEST;
    let lowest = rank;
    let most = 0;
    for (let place = 0; place < this.#backlog; place++) {
      const laneRank = this.#rankAt[place]!;
      if (laneRank <= rank || laneRank < lowest) continue;
      const number = this.lastNumberOf(this.#flowAt[place]!);
      const tail = queue.tailOf(this.#laneAt[place]!);
      if (last !== NO_REQUEST && laneRank === lowest) {
        if (number < most) continue;
        if (number === most && queue.ticketOf(tail) < queue.ticketOf(last)) continue;
      }
      last = tail;
      lowest = laneRank;
      most = number;
    }
    return last;
  }

  /** The least number of the flows of a rank that have a request waiting; infinity for none. */
  protected leastOf(rank: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let place = 0; place < this.#backlog; place++) {
      if (this.#rankAt[place] === rank) least = Math.min(least, this.numbers[this.#flowAt[place]!]!);
    }
    return least;
  }
}
