// API priority and fairness: fair queuing between many queues in each rank, with accounts spread over the queues by
// shuffle sharding. A request joins the shortest queue of its account's hand. Each queue has a virtual start: what it
// would have been served by now if all that are active were served alike, and the one with the least goes first. A
// request counts a guess of its service when it starts, and what it took instead when it is over. A queue that was idle
// begins at the progress of the others, and no request starts virtually before it came, so that nothing is saved up. A
// full queue refuses the newest. Source: Kubernetes (KEP-1040), of which queueset.go at 0039f24d was read in 2026-11;
// the bounds, hands, ties of equal length and the correction are theirs, and so are the defaults (at first 128, 6 and
// 100). Three things are not: there each level has a share of the seats, here ranks go before one another, and progress
// is the service that a rank has really had, by active queue; of queues with equal starts the one with the oldest
// request goes first, not the next in a round; and the guess is on the pace of inference, where theirs is 3 ms.
import { grown } from "../../../base/grown.js";
import { NONE } from "../../../base/none.js";
import { type Duration, type Instant, NEVER, START, since } from "../../../base/units.js";
import { count, duration } from "../../../document/units.js";
import { FlowOrder } from "./flow-order.js";
import { NO_REQUEST } from "./queue.js";
import { defineQueueRule, ranksOfLanes } from "./rule.js";
import { ShuffleShard } from "./shuffle-shard.js";

interface FairQueuesOptions {
  /** Queues of each rank. */
  readonly queues: number;
  /** Those that one account may have requests in. */
  readonly handSize: number;
  /** Places in one queue. */
  readonly queueLengthLimit: number;
  readonly serviceGuess: Duration;
}

/** A flow is a queue of one rank, and its number its virtual start, in microseconds of service. */
class FairQueues extends FlowOrder {
  override readonly isBounded = true;
  readonly #options: FairQueuesOptions;
  readonly #shards: ShuffleShard;
  /** Where in a hand the look for the shortest begins: equally short ones take turns. */
  #turn = 0;
  /** Where an arrival is to go that was asked about, until something waits or leaves; NONE for none. */
  #found: number = NONE;
  #foundRank = 0;
  #foundAccount = 0;
  /** By flow: requests that wait or run. */
  readonly #inside: Int32Array;
  // By rank: microseconds of service that an active queue has had, since when it grows as it does, and by what.
  readonly #progress: Float64Array;
  readonly #progressAt: Float64Array;
  readonly #running: Int32Array;
  readonly #active: Int32Array;
  // By request: the progress when it came, and when it started; NEVER before.
  #cameAt: Float64Array = new Float64Array(0);
  #startedAt: Float64Array = new Float64Array(0);

  constructor(options: FairQueuesOptions, ranks: readonly number[]) {
    super(ranks, options.queues);
    const { rankCount } = this.queue;
    this.#options = options;
    this.#shards = new ShuffleShard(options.queues, options.handSize);
    this.#inside = new Int32Array(options.queues * rankCount);
    this.#progress = new Float64Array(rankCount);
    this.#progressAt = new Float64Array(rankCount).fill(START);
    this.#running = new Int32Array(rankCount);
    this.#active = new Int32Array(rankCount);
    this.makeRoom(this.#inside.length - 1);
  }

  override hasPlace(rank: number, account: number): boolean {
    return this.waiting[this.#shortestOf(rank, account)]! < this.#options.queueLengthLimit;
  }

  override join(request: number, path: number, account: number, now: Instant): void {
    const flow = this.#flowFor(request, path, account, now);
    this.enter(request, this.rowOf(flow) + path, flow);
    this.#holdBound(flow);
  }

  override passed(request: number, path: number, account: number, inputTokens: number, now: Instant): void {
    const flow = this.#flowFor(request, path, account, now);
    this.queue.pass(request, this.rowOf(flow) + path);
    // As `#holdBound` for the one that waits, which is this one.
    this.setNumber(flow, Math.max(this.numbers[flow]!, this.#cameAt[request]!));
    this.started(request, inputTokens, now);
  }

  /** The queue that takes a request which comes now. */
  #flowFor(request: number, path: number, account: number, now: Instant): number {
    const rank = this.queue.rankOf(path);
    const flow = this.#shortestOf(rank, account);
    this.#found = NONE;
    this.#turn = this.#turn + 1 === this.#options.handSize ? 0 : this.#turn + 1;
    this.#advance(rank, now);
    if (this.#inside[flow] === 0) {
      this.setNumber(flow, this.#progress[rank]!);
      this.#active[rank]!++;
    }
    this.#inside[flow]!++;
    if (request >= this.#cameAt.length) this.#grow(request);
    this.#cameAt[request] = this.#progress[rank]!;
    this.#startedAt[request] = NEVER;
    return flow;
  }

  override leave(request: number): void {
    this.#found = NONE;
    super.leave(request);
  }

  override started(request: number, _inputTokens: number, now: Instant): void {
    const lane = this.queue.laneOf(request);
    const rank = this.queue.rankOf(lane);
    const flow = this.flowOf(lane);
    this.#advance(rank, now);
    this.#running[rank]!++;
    this.#startedAt[request] = now;
    this.setNumber(flow, this.numbers[flow]! + this.#options.serviceGuess);
    this.#holdBound(flow);
  }

  override settled(request: number, _outputTokens: number, now: Instant): void {
    const lane = this.queue.laneOf(request);
    const rank = this.queue.rankOf(lane);
    const flow = this.flowOf(lane);
    const startedAt = this.#startedAt[request]! as Instant;
    this.#advance(rank, now);
    if (startedAt !== NEVER) {
      this.#running[rank]!--;
      const correction = since(now, startedAt) - this.#options.serviceGuess;
      this.setNumber(flow, this.numbers[flow]! + correction);
    }
    this.#inside[flow]!--;
    if (this.#inside[flow] === 0) this.#active[rank]!--;
    this.#holdBound(flow);
  }

  /** Of the lowest rank the queue that would be last to start all that it has, as far as is guessed. */
  protected override lastNumberOf(flow: number): number {
    return this.numbers[flow]! + this.waiting[flow]! * this.#options.serviceGuess;
  }

  /** The queue of a rank that an account joins: of its hand, where the fewest wait. */
  #shortestOf(rank: number, account: number): number {
    if (this.#found === NONE || this.#foundRank !== rank || this.#foundAccount !== account) {
      this.#found = this.#shortest(rank, account);
      this.#foundRank = rank;
      this.#foundAccount = account;
    }
    return this.#found;
  }

  #shortest(rank: number, account: number): number {
    const { rankCount } = this.queue;
    const { hands } = this.#shards;
    const from = this.#shards.deal(account);
    const to = from + this.#options.handSize;
    let place = from + this.#turn;
    let shortest = 0;
    let fewest = NONE;
    for (let looked = from; looked < to; looked++) {
      const flow = hands[place]! * rankCount + rank;
      const length = this.waiting[flow]!;
      if (fewest === NONE || length < fewest) {
        shortest = flow;
        fewest = length;
      }
      place = place + 1 === to ? from : place + 1;
    }
    return shortest;
  }

  /** Before anything changes: what a rank was served since then is shared by the queues that were active. */
  #advance(rank: number, now: Instant): void {
    const passed = now - this.#progressAt[rank]!;
    const active = this.#active[rank]!;
    this.#progressAt[rank] = now;
    if (active > 0) this.#progress[rank]! += (passed * this.#running[rank]!) / active;
  }

  /** Nothing starts before it came, virtually either: a queue that could not use its share has not saved it up. */
  #holdBound(flow: number): void {
    if (this.waiting[flow] === 0) return;
    const { queue } = this;
    const { ranks, rankCount } = queue;
    const row = this.rowOf(flow);
    const rank = flow % rankCount;
    let oldest = Number.POSITIVE_INFINITY;
    for (let path = 0; path < ranks.length; path++) {
      if (ranks[path] !== rank) continue;
      const head = queue.headOf(row + path);
      if (head !== NO_REQUEST) oldest = Math.min(oldest, this.#cameAt[head]!);
    }
    if (oldest > this.numbers[flow]!) this.setNumber(flow, oldest);
  }

  #grow(request: number): void {
    const size = Math.max(request + 1, 2 * this.#cameAt.length, 64);
    this.#cameAt = grown(this.#cameAt, size);
    this.#startedAt = grown(this.#startedAt, size);
  }
}

export const apf = defineQueueRule({
  name: "apf",
  summary: "By rank, then by fair turns of queues that accounts are spread over: API priority and fairness.",
  starves: "lower",
  options: {
    queues: count(1, 4096).prefault(64).describe("Queues of each rank."),
    handSize: count(1, 64).prefault(8).describe("Queues that one account is dealt; it joins the shortest."),
    queueLengthLimit: count(1, 10_000_000)
      .prefault(50)
      .describe("Places in one queue; a request that finds its queue full is shed."),
    serviceGuess: duration()
      .prefault("10s")
      .describe("What a request counts while it runs; then it counts the time that it took."),
  },
  refine({ queues, handSize }, context) {
    if (handSize <= queues) return;
    const message = `a hand of ${handSize} cannot be dealt from ${queues} queues`;
    context.addIssue({ code: "custom", path: ["handSize"], message, input: handSize });
  },
  sources: [
    { text: "kubernetes/enhancements, KEP-1040, priority and fairness", date: "2026-11" },
    {
      text: "kubernetes/kubernetes at 0039f24d: queueset.go, and the defaults of flowcontrol v1",
      date: "2026-11",
    },
  ],
  defaults: { queues: "read", handSize: "read", queueLengthLimit: "read", serviceGuess: "ours" },
  create: (options, context) => new FairQueues(options, ranksOfLanes(context)),
});
