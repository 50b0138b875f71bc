// Virtual token counter: fair between accounts, rank by rank. Each account has a counter of what it was served in a
// rank, weighted tokens of prompts and of answers, and the one with the least goes first. An account that comes back to
// the queue is lifted to the least of those that wait, so that it saves nothing up while it is away. Source: Sheng et
// al., "Fairness in serving large language models", OSDI 2024, whose rule, weights and lift these are. There answers
// count token by token; here, as at a gateway, a prompt counts when it starts and an answer when it ends. So two
// accounts that both wait are never further apart than one prompt and what one of them can have inside at once.
import { grown } from "../../../base/grown.js";
import { real } from "../../../document/units.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import { NO_REQUEST, RequestQueue } from "./queue.js";
import { defineQueueRule, type QueueRule, ranksOfLanes, type WaitingView } from "./rule.js";

/** What a token counts. */
export interface TokenWeights {
  readonly input: number;
  readonly output: number;
}

const NO_FLOW = -1;

export class VirtualTokenCounter implements QueueRule {
  readonly queue: RequestQueue;
  readonly seesAll = true;
  readonly isBounded = false;
  readonly dropsLate = false;
  readonly #weights: TokenWeights;
  /** Lanes with a request waiting, in no order, and how many; by lane its place there. */
  #backlogged: Int32Array = new Int32Array(0);
  #backlog = 0;
  #placeOf: Int32Array = new Int32Array(0);
  // By flow: the requests of an account in one rank, whatever their paths.
  #counters: Float64Array = new Float64Array(0);
  #waiting: Int32Array = new Int32Array(0);
  /** By rank: of the flows that have none waiting, the last that had. */
  readonly #lastFlow: Int32Array;

  constructor(weights: TokenWeights, ranks: readonly number[]) {
    this.queue = new RequestQueue(ranks);
    this.#weights = weights;
    this.#lastFlow = new Int32Array(this.queue.rankCount).fill(NO_FLOW);
  }

  join(request: number, path: number, account: number): void {
    const { queue } = this;
    const lane = account * queue.ranks.length + path;
    const flow = this.#flowOf(lane);
    if (lane >= this.#placeOf.length || flow >= this.#counters.length) this.#grow(lane, flow);
    if (this.#waiting[flow] === 0) this.#lift(flow, queue.rankOf(lane));
    this.#waiting[flow]!++;
    queue.join(request, lane);
    if (queue.countOf(lane) > 1) return;
    this.#placeOf[lane] = this.#backlog;
    this.#backlogged[this.#backlog++] = lane;
  }

  leave(request: number): void {
    const { queue } = this;
    queue.leave(request);
    const lane = queue.laneOf(request);
    const flow = this.#flowOf(lane);
    this.#waiting[flow]!--;
    if (this.#waiting[flow] === 0) this.#lastFlow[queue.rankOf(lane)] = flow;
    if (queue.countOf(lane) > 0) return;
    const last = this.#backlogged[--this.#backlog]!;
    this.#backlogged[this.#placeOf[lane]!] = last;
    this.#placeOf[last] = this.#placeOf[lane]!;
  }

  next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy): number {
    const { queue } = this;
    let next = NO_REQUEST;
    let nextRank = 0;
    let nextCounter = 0;
    for (let place = 0; place < this.#backlog; place++) {
      const lane = this.#backlogged[place]!;
      const rank = queue.rankOf(lane);
      if (next !== NO_REQUEST && rank > nextRank) continue;
      const counter = this.#counters[this.#flowOf(lane)]!;
      const head = queue.headOf(lane);
      if (next !== NO_REQUEST && rank === nextRank) {
        if (counter > nextCounter) continue;
        if (counter === nextCounter && queue.ticketOf(head) > queue.ticketOf(next)) continue;
      }
      if (!policy.mayStart(waiting.pathOf(head), waiting.inputTokensOf(head), occupancy)) continue;
      next = head;
      nextRank = rank;
      nextCounter = counter;
    }
    return next;
  }

  /** Of the lowest rank the account that was served most. */
  lastBelow(rank: number): number {
    const { queue } = this;
    let last = NO_REQUEST;
    let lowest = rank;
    let most = 0;
    for (let place = 0; place < this.#backlog; place++) {
      const lane = this.#backlogged[place]!;
      const laneRank = queue.rankOf(lane);
      if (laneRank <= rank || laneRank < lowest) continue;
      const counter = this.#counters[this.#flowOf(lane)]!;
      const tail = queue.tailOf(lane);
      if (last !== NO_REQUEST && laneRank === lowest) {
        if (counter < most) continue;
        if (counter === most && queue.ticketOf(tail) < queue.ticketOf(last)) continue;
      }
      last = tail;
      lowest = laneRank;
      most = counter;
    }
    return last;
  }

  hasPlace(): boolean {
    return true;
  }

  isLate(): boolean {
    return false;
  }

  started(request: number, inputTokens: number): void {
    this.#counters[this.#flowOf(this.queue.laneOf(request))]! += this.#weights.input * inputTokens;
  }

  settled(request: number, outputTokens: number): void {
    this.#counters[this.#flowOf(this.queue.laneOf(request))]! += this.#weights.output * outputTokens;
  }

  #flowOf(lane: number): number {
    const width = this.queue.ranks.length;
    return Math.floor(lane / width) * this.queue.rankCount + this.queue.rankOf(lane);
  }

  /** A flow that comes to the queue begins where the others of its rank are. */
  #lift(flow: number, rank: number): void {
    const { queue } = this;
    let least = Number.POSITIVE_INFINITY;
    if (queue.countOfRank(rank) === 0) {
      const last = this.#lastFlow[rank]!;
      least = last === NO_FLOW ? 0 : this.#counters[last]!;
    } else {
      for (let place = 0; place < this.#backlog; place++) {
        const lane = this.#backlogged[place]!;
        if (queue.rankOf(lane) === rank) least = Math.min(least, this.#counters[this.#flowOf(lane)]!);
      }
    }
    this.#counters[flow] = Math.max(this.#counters[flow]!, least);
  }

  #grow(lane: number, flow: number): void {
    const lanes = Math.max(lane + 1, 2 * this.#placeOf.length);
    const flows = Math.max(flow + 1, 2 * this.#counters.length);
    this.#backlogged = grown(this.#backlogged, lanes);
    this.#placeOf = grown(this.#placeOf, lanes);
    this.#counters = grown(this.#counters, flows);
    this.#waiting = grown(this.#waiting, flows);
  }
}

const weight = () => real({ from: 0, to: 1000 });

export const vtc = defineQueueRule({
  name: "vtc",
  summary: "By rank, then the account that was served least: a virtual token counter.",
  options: {
    inputWeight: weight().prefault(1).describe("What a prompt token counts."),
    outputWeight: weight().prefault(2).describe("What a generated token counts."),
  },
  create: ({ inputWeight, outputWeight }, context) =>
    new VirtualTokenCounter({ input: inputWeight, output: outputWeight }, ranksOfLanes(context)),
});
