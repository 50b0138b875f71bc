// The orders of the queue rules that are fair between flows, as the checker knows them: a virtual token counter by
// account, and fair queuing between queues that accounts are spread over. Beside queue-orders.ts, and in its way.
import { mixed } from "../../../src/core/base/mixed.js";
import type { Attempt } from "./books.js";
import type { QueueOrder } from "./queue-orders.js";

/** Of each lane the attempts of each flow, in the order in which they joined. */
function byFlow<Key>(waiting: readonly Attempt[][], keyOf: (attempt: Attempt) => Key): Attempt[][] {
  return waiting.flatMap((lane) => {
    const flows = new Map<Key, Attempt[]>();
    for (const attempt of lane) flows.set(keyOf(attempt), [...(flows.get(keyOf(attempt)) ?? []), attempt]);
    return [...flows.values()];
  });
}

/** A virtual token counter, by account and rank. */
export class FairOrder implements QueueOrder {
  readonly #weights: { readonly input: number; readonly output: number };
  readonly #counters = new Map<string, number>();
  readonly #lastToLeave = new Map<number, string>();

  constructor(weights: { readonly input: number; readonly output: number }) {
    this.#weights = weights;
  }

  #counterOf(attempt: Attempt): number {
    return this.#counters.get(flowOf(attempt)) ?? 0;
  }

  heads(waiting: readonly Attempt[][]): readonly Attempt[] {
    return byFlow(waiting, ({ account }) => account).map(([first]) => first!);
  }

  isBefore(one: Attempt, other: Attempt): boolean {
    if (one.rank !== other.rank) return one.rank < other.rank;
    const difference = this.#counterOf(one) - this.#counterOf(other);
    return difference === 0 ? one.ticket < other.ticket : difference < 0;
  }

  isAfterAll(one: Attempt, others: readonly Attempt[]): boolean {
    const lasts = others.filter((other) => {
      const isAlike = (each: Attempt) => each.account === other.account && each.lane === other.lane;
      return others.every((each) => !isAlike(each) || each.ticket <= other.ticket);
    });
    return lasts.includes(one) && lasts.every((other) => other === one || this.isBefore(other, one));
  }

  joining(attempt: Attempt, waiting: readonly Attempt[][]): void {
    const peers = waiting.flat().filter(({ rank }) => rank === attempt.rank);
    if (peers.some(({ account }) => account === attempt.account)) return;
    const last = this.#lastToLeave.get(attempt.rank);
    const least =
      peers.length > 0
        ? Math.min(...peers.map((peer) => this.#counterOf(peer)))
        : ((last === undefined ? undefined : this.#counters.get(last)) ?? 0);
    this.#counters.set(flowOf(attempt), Math.max(this.#counterOf(attempt), least));
  }

  leaving(attempt: Attempt, waiting: readonly Attempt[][]): void {
    const own = waiting.flat().filter((other) => flowOf(other) === flowOf(attempt));
    if (own.length === 1) this.#lastToLeave.set(attempt.rank, flowOf(attempt));
  }

  starting(attempt: Attempt): void {
    this.#count(attempt, this.#weights.input * attempt.inputTokens);
  }

  over(attempt: Attempt, generated: number): void {
    this.#count(attempt, this.#weights.output * generated);
  }

  #count(attempt: Attempt, tokens: number): void {
    this.#counters.set(flowOf(attempt), this.#counterOf(attempt) + tokens);
  }
}

const flowOf = ({ account, rank }: Attempt) => `${account} in rank ${rank}`;

interface FairQueuesOptions {
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
  readonly serviceGuess: number;
}

/** A queue of a rank. */
interface FairQueue {
  readonly members: Set<Attempt>;
  start: number;
}

/** Fair queuing between queues, each account with a hand of them. */
export class FairQueueOrder implements QueueOrder {
  readonly #options: FairQueuesOptions;
  /** By rank, in the order of hands. */
  readonly #queues = new Map<number, FairQueue[]>();
  readonly #progress = new Map<number, { value: number; at: number }>();
  /** Of an attempt inside: its queue, the progress when it joined and when it started. */
  readonly #stays = new Map<Attempt, { queue: FairQueue; cameAt: number; startedAt?: number }>();
  #joined = 0;

  constructor(options: FairQueuesOptions) {
    this.#options = options;
  }

  #queuesOf(rank: number): FairQueue[] {
    const { queues } = this.#options;
    const all =
      this.#queues.get(rank) ?? Array.from({ length: queues }, () => ({ members: new Set(), start: 0 }));
    this.#queues.set(rank, all as FairQueue[]);
    return all as FairQueue[];
  }

  #queueOf(attempt: Attempt): FairQueue {
    return this.#stays.get(attempt)!.queue;
  }

  /** The cards that are left lie in order, and each is drawn from among them. */
  #handOf(account: number): number[] {
    const { queues, handSize } = this.#options;
    const deck = Array.from({ length: queues }, (_, card) => card);
    const hand: number[] = [];
    let hash = mixed(Math.imul(account + 1, 0x9e3779b1));
    while (hand.length < handSize) {
      hash = mixed(hash ^ Math.imul(hand.length + 1, 0x85ebca77));
      const share = (hash < 0 ? hash + 2 ** 32 : hash) / 2 ** 32;
      hand.push(...deck.splice(Math.floor(share * deck.length), 1));
    }
    return hand.sort((one, other) => one - other);
  }

  #waitingIn(queue: FairQueue): Attempt[] {
    return [...queue.members].filter((each) => this.#stays.get(each)!.startedAt === undefined);
  }

  /** Of the hand, from where its turn is, the first with the fewest waiting. */
  #queueFor({ account, rank }: Attempt): FairQueue {
    const hand = this.#handOf(account);
    const turn = this.#joined % hand.length;
    const queues = [...hand.slice(turn), ...hand.slice(0, turn)].map((card) => this.#queuesOf(rank)[card]!);
    const lengths = queues.map((queue) => this.#waitingIn(queue).length);
    return queues[lengths.indexOf(Math.min(...lengths))]!;
  }

  #progressOf(rank: number, now: number): number {
    const progress = this.#progress.get(rank) ?? { value: 0, at: 0 };
    const active = this.#queuesOf(rank).filter(({ members }) => members.size > 0);
    const running =
      active.flatMap(({ members }) => [...members]).length -
      active.flatMap((one) => this.#waitingIn(one)).length;
    if (active.length > 0) progress.value += ((now - progress.at) * running) / active.length;
    progress.at = now;
    this.#progress.set(rank, progress);
    return progress.value;
  }

  #holdBound(queue: FairQueue): void {
    const arrivals = this.#waitingIn(queue).map((each) => this.#stays.get(each)!.cameAt);
    if (arrivals.length > 0) queue.start = Math.max(queue.start, Math.min(...arrivals));
  }

  heads(waiting: readonly Attempt[][]): readonly Attempt[] {
    return byFlow(waiting, (attempt) => this.#queueOf(attempt)).map(([first]) => first!);
  }

  isBefore(one: Attempt, other: Attempt): boolean {
    if (one.rank !== other.rank) return one.rank < other.rank;
    const difference = this.#queueOf(one).start - this.#queueOf(other).start;
    return difference === 0 ? one.ticket < other.ticket : difference < 0;
  }

  isAfterAll(one: Attempt, others: readonly Attempt[]): boolean {
    const { serviceGuess } = this.#options;
    const lastStart = (attempt: Attempt) => {
      const queue = this.#queueOf(attempt);
      return queue.start + this.#waitingIn(queue).length * serviceGuess;
    };
    const goesBefore = (other: Attempt) =>
      lastStart(other) === lastStart(one) ? other.ticket < one.ticket : lastStart(other) < lastStart(one);
    const isOfOneLane = (other: Attempt) =>
      other.lane === one.lane && this.#queueOf(other) === this.#queueOf(one);
    // What is not the last of its lane goes before that.
    return others.every(
      (other) =>
        other === one ||
        (isOfOneLane(other) ? other.ticket < one.ticket : goesBefore(other) || !this.#isTail(other, others)),
    );
  }

  #isTail(attempt: Attempt, others: readonly Attempt[]): boolean {
    return others.every(
      (other) =>
        other.lane !== attempt.lane ||
        this.#queueOf(other) !== this.#queueOf(attempt) ||
        other.ticket <= attempt.ticket,
    );
  }

  hasPlace(attempt: Attempt): boolean {
    return this.#waitingIn(this.#queueFor(attempt)).length < this.#options.queueLengthLimit;
  }

  joining(attempt: Attempt, _waiting: readonly Attempt[][], now: number): void {
    const queue = this.#queueFor(attempt);
    this.#joined++;
    const cameAt = this.#progressOf(attempt.rank, now);
    if (queue.members.size === 0) queue.start = cameAt;
    queue.members.add(attempt);
    this.#stays.set(attempt, { queue, cameAt });
    this.#holdBound(queue);
  }

  starting(attempt: Attempt, _waiting: readonly Attempt[][], now: number): void {
    this.#progressOf(attempt.rank, now);
    const stay = this.#stays.get(attempt)!;
    stay.startedAt = now;
    stay.queue.start += this.#options.serviceGuess;
    this.#holdBound(stay.queue);
  }

  over(attempt: Attempt, _generated: number, _waiting: readonly Attempt[][], now: number): void {
    const stay = this.#stays.get(attempt);
    if (stay === undefined) return;
    this.#progressOf(attempt.rank, now);
    if (stay.startedAt !== undefined) stay.queue.start += now - stay.startedAt - this.#options.serviceGuess;
    stay.queue.members.delete(attempt);
    this.#stays.delete(attempt);
    this.#holdBound(stay.queue);
  }
}
