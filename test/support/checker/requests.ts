// LAW-1 and LAW-3 of requests, which have attempts one after another and, hedged, two at a time: a request ends once,
// and nothing is sent for it afterwards; a hedge goes beside one attempt that has not answered, exactly when its client
// said; two attempts never both answer.
import { REASONS } from "../../../src/core/base/outcome.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Attempt } from "./books.js";
import type { Violations } from "./violations.js";

export interface RequestBook {
  readonly number: number;
  readonly home: number;
  readonly source: number;
  readonly account: number;
  readonly offeredAt: number;
  /** That it asks for: prompt and output. */
  readonly tokens: number;
  /** Attempts that have arrived. */
  attempts: number;
  /** Those under way that their caller waits for. */
  readonly live: Set<Attempt>;
  /** When an attempt began to answer; Infinity before. */
  answeredAt: number;
  /** Whether its caller knows how it ended. */
  isOver: boolean;
}

export class Requests {
  readonly all = new Map<number, RequestBook>();
  readonly #engine: Engine;
  readonly #found: Violations;

  constructor(engine: Engine, found: Violations) {
    this.#engine = engine;
    this.#found = found;
  }

  /** The request of a slot that is in use. */
  of(slot: number): RequestBook {
    const { requests } = this.#engine;
    const number = requests.number(slot);
    const known = this.all.get(number);
    if (known !== undefined) return known;
    const book: RequestBook = {
      number,
      home: requests.home(slot),
      source: requests.source(slot),
      account: requests.account(slot),
      offeredAt: requests.offeredAt(slot),
      tokens: requests.inputTokens(slot) + requests.outputTokens(slot),
      attempts: 0,
      live: new Set(),
      answeredAt: Number.POSITIVE_INFINITY,
      isOver: false,
    };
    this.all.set(number, book);
    return book;
  }

  arrived(attempt: Attempt, book: RequestBook): void {
    const { arrivedAt: now, slot } = attempt;
    this.#expect(!book.isOver, "LAW-1", book, now, "was over, and another attempt came");
    this.#expect(book.offeredAt <= now, "LAW-3", book, now, "had an attempt before it came up");
    const told = this.#engine.requests.attempt(slot);
    this.#expect(
      told === attempt.count,
      "LAW-1",
      book,
      now,
      () => `calls attempt ${attempt.count} its ${told}`,
    );
    if (book.live.size > 0) this.#hedged(attempt, book);
    book.live.add(attempt);
  }

  #hedged(hedge: Attempt, book: RequestBook): void {
    const [first] = book.live;
    const { requests, demand } = this.#engine;
    const source = requests.source(hedge.slot);
    const { hedgeAfter } = demand.callers[source]!.clients.of(requests.account(hedge.slot));
    const isDue = hedgeAfter !== undefined && first!.arrivedAt + hedgeAfter === hedge.arrivedAt;
    this.#expect(book.live.size === 1, "LAW-3", book, hedge.arrivedAt, "had three attempts at a time");
    this.#expect(isDue, "LAW-3", book, hedge.arrivedAt, "was hedged when its client had not said so");
    const isSilent = first!.firstTokenAt === Number.POSITIVE_INFINITY;
    this.#expect(isSilent, "LAW-3", book, hedge.arrivedAt, "was hedged although it had an answer");
  }

  /** The first to answer wins: what the other does is not reported. */
  answered(attempt: Attempt, book: RequestBook): void {
    book.answeredAt = attempt.firstTokenAt;
    for (const other of book.live) {
      if (other !== attempt) other.isLost = true;
    }
  }

  /** Its caller waits no longer for this attempt. */
  leftAlone(attempt: Attempt, book: RequestBook): void {
    book.live.delete(attempt);
  }

  /** An attempt that its caller waited for is over: says whether the request goes on in another that is under way. */
  ended(attempt: Attempt, book: RequestBook, reason: number, now: number): boolean {
    book.live.delete(attempt);
    const { name } = REASONS[reason]!;
    if (name === "none") {
      this.#over(book, now);
      // Where the whole answer comes in one instant, the other is called off at the end of that.
      const isAlone = book.live.size === 0 || attempt.firstTokenAt === now;
      this.#expect(isAlone, "LAW-1", book, now, "was answered and still has an attempt under way");
      return false;
    }
    const [other] = book.live;
    if (name === "hedge_lost") {
      const isAnswered = other === undefined ? book.isOver : other.firstTokenAt === now;
      this.#expect(isAnswered, "LAW-3", book, now, "called off an attempt though no other had answered");
    }
    // A fault of the very instant takes along the answer that has begun and the attempt that lost against it.
    return attempt.isLost || name === "hedge_lost" || (other !== undefined && !other.isLost);
  }

  gaveUp(book: RequestBook, now: number): void {
    const isAlone = book.live.size === 0 || book.answeredAt === now;
    this.#expect(isAlone, "LAW-1", book, now, "was given up with an attempt under way");
    this.#over(book, now);
  }

  #over(book: RequestBook, now: number): void {
    this.#expect(!book.isOver, "LAW-1", book, now, "ended twice");
    book.isOver = true;
  }

  #expect(
    condition: boolean,
    law: "LAW-1" | "LAW-3",
    book: RequestBook,
    now: number,
    what: string | (() => string),
  ): void {
    this.#found.expect(
      condition,
      law,
      now,
      () => `request ${book.number} ${typeof what === "string" ? what : what()}`,
    );
  }
}
