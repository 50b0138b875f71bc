// The order of each queue rule as the checker knows it, from the attempts themselves: who is at the head of what, who
// goes before whom, who would be the last, and who is late or finds no place. Written for eyes: plain lists and maps,
// and nothing of the rules' own.
import type { Scenario } from "../../../src/core/scenario/schema.js";
import type { Attempt } from "./books.js";
import { FairOrder, FairQueueOrder } from "./fair-orders.js";

export interface QueueOrder {
  /** Those that may be first, of the waiting by lane. */
  heads(waiting: readonly Attempt[][]): readonly Attempt[];
  isBefore(one: Attempt, other: Attempt): boolean;
  /** Whether `one` of the same rank as `other` is to be displaced after it. */
  isAfterAll(one: Attempt, others: readonly Attempt[]): boolean;
  /** Whether there is a place for an arrival; left out: always. */
  hasPlace?(attempt: Attempt, waiting: readonly Attempt[][]): boolean;
  /** Whether it is shed where it could start; left out: never. */
  isLate?(attempt: Attempt, now: number): boolean;
  // Called before the books move it; it leaves the queue before it starts, and before it is over if it never did.
  joining?(attempt: Attempt, waiting: readonly Attempt[][], now: number): void;
  leaving?(attempt: Attempt, waiting: readonly Attempt[][]): void;
  starting?(attempt: Attempt, waiting: readonly Attempt[][], now: number): void;
  over?(attempt: Attempt, generated: number, waiting: readonly Attempt[][], now: number): void;
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

/** By a date that is so long after an attempt joined. */
function byDate(termOf: (attempt: Attempt) => number, dropsLate = false): QueueOrder {
  const dateOf = (attempt: Attempt) => attempt.queuedAt + termOf(attempt);
  const isBefore = (one: Attempt, other: Attempt) =>
    dateOf(one) === dateOf(other) ? one.ticket < other.ticket : dateOf(one) < dateOf(other);
  return {
    heads: firstOfEach,
    isBefore,
    isAfterAll: (one, others) => others.every((other) => other === one || isBefore(other, one)),
    isLate: (attempt, now) => dropsLate && now > dateOf(attempt),
  };
}

/** Last in, first out in the ranks that have had someone waiting all along for long. */
class TurningOrder implements QueueOrder {
  readonly #window: number;
  readonly #timeout: number;
  readonly #dropsLate: boolean;
  readonly #waitsSince = new Map<number, number>();
  readonly #turned = new Set<number>();
  readonly #patience = new Map<Attempt, number>();

  constructor({ window, timeout, dropLate }: { window: number; timeout: number; dropLate: boolean }) {
    this.#window = window;
    this.#timeout = timeout;
    this.#dropsLate = dropLate;
  }

  heads(waiting: readonly Attempt[][]): readonly Attempt[] {
    return waiting.flatMap((lane) => {
      const place = this.#turned.has(lane[0]?.rank ?? -1) ? -1 : 0;
      return lane.at(place) ?? [];
    });
  }

  isBefore(one: Attempt, other: Attempt): boolean {
    if (one.rank !== other.rank) return one.rank < other.rank;
    return this.#turned.has(one.rank) ? one.ticket > other.ticket : one.ticket < other.ticket;
  }

  isAfterAll(one: Attempt, others: readonly Attempt[]): boolean {
    return others.every((other) => other === one || this.isBefore(other, one));
  }

  isLate(attempt: Attempt, now: number): boolean {
    return this.#dropsLate && now - attempt.queuedAt > this.#patience.get(attempt)!;
  }

  joining(attempt: Attempt, waiting: readonly Attempt[][], now: number): void {
    const { rank } = attempt;
    const isFirst = waiting.flat().every((other) => other.rank !== rank);
    if (isFirst) {
      this.#waitsSince.set(rank, now);
      this.#turned.delete(rank);
    } else if (now - this.#waitsSince.get(rank)! >= this.#window) this.#turned.add(rank);
    this.#patience.set(attempt, this.#turned.has(rank) ? this.#timeout : this.#window);
  }

  over(attempt: Attempt): void {
    this.#patience.delete(attempt);
  }
}

/** `paths` are the names of paths, in their order. */
export function orderOf(rule: Scenario["pools"][string]["discipline"], paths: readonly string[]): QueueOrder {
  switch (rule.rule) {
    case "priority":
      return PRIORITY;
    case "fifo":
      return FIFO;
    case "priority-aging":
      return byDate(({ rank }) => rank * rule.agingTime);
    case "edf": {
      const deadlineOf = ({ tier, rank }: Attempt) =>
        (rule.deadlines as Readonly<Record<string, number>> | undefined)?.[paths[tier]!] ??
        1_000_000 * 5 ** rank;
      return byDate(deadlineOf, rule.dropLate);
    }
    case "adaptive-lifo":
      return new TurningOrder(rule);
    case "vtc":
      return new FairOrder({ input: rule.inputWeight, output: rule.outputWeight });
    case "apf":
      return new FairQueueOrder(rule);
    case "custom":
      throw new Error("no random world has a queue rule of its own");
  }
}
