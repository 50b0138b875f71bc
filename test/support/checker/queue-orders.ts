// The order of each queue rule as the checker knows it, from the attempts themselves: who is at the head of what, who goes
// before whom, and who would be the last. Written for eyes: plain lists and maps, and nothing of the rules' own.
import type { Attempt } from "./books.js";

export interface QueueOrder {
  /** Those that may be first, of the waiting by lane. */
  heads(waiting: readonly Attempt[][]): readonly Attempt[];
  isBefore(one: Attempt, other: Attempt): boolean;
  /** Whether `one` of the same rank as `other` is to be displaced after it. */
  isAfterAll(one: Attempt, others: readonly Attempt[]): boolean;
  /** Called before the books move it. */
  joining?(attempt: Attempt, waiting: readonly Attempt[][]): void;
  leaving?(attempt: Attempt, waiting: readonly Attempt[][]): void;
  served?(attempt: Attempt, tokens: { readonly input: number; readonly output: number }): void;
}

const isLatest = (one: Attempt, others: readonly Attempt[]) =>
  others.every(({ ticket }) => ticket <= one.ticket);
const firstOfEach = (waiting: readonly Attempt[][]) => waiting.flatMap(([first]) => first ?? []);

const PRIORITY: QueueOrder = {
  heads: firstOfEach,
  isBefore: (one, other) => one.rank < other.rank || (one.rank === other.rank && one.ticket < other.ticket),
  isAfterAll: isLatest,
};

const FIFO: QueueOrder = {
  heads: firstOfEach,
  isBefore: (one, other) => one.ticket < other.ticket,
  isAfterAll: isLatest,
};

/** A virtual token counter, by account and rank. */
class FairOrder implements QueueOrder {
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
    return waiting.flatMap((lane) => {
      const accounts = new Map<number, Attempt>();
      for (const attempt of [...lane].reverse()) accounts.set(attempt.account, attempt);
      return [...accounts.values()];
    });
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

  served(attempt: Attempt, { input, output }: { readonly input: number; readonly output: number }): void {
    const counter = this.#counterOf(attempt) + this.#weights.input * input + this.#weights.output * output;
    this.#counters.set(flowOf(attempt), counter);
  }
}

const flowOf = ({ account, rank }: Attempt) => `${account} in rank ${rank}`;

type Rule =
  | { readonly rule: "priority" | "fifo" }
  | { readonly rule: "vtc"; readonly inputWeight: number; readonly outputWeight: number };

export function orderOf(rule: Rule): QueueOrder {
  if (rule.rule === "vtc") return new FairOrder({ input: rule.inputWeight, output: rule.outputWeight });
  return rule.rule === "fifo" ? FIFO : PRIORITY;
}
