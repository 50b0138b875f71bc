// LAW-3 of the clocks of callers: what a client gives up after a stated time it gives up at that very time, by the clock
// of its own side, and waits for nothing any longer. Knows attempts and what their clients state.
import { REASONS } from "../../../src/core/base/outcome.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Attempt } from "./books.js";
import type { RequestBook } from "./requests.js";
import type { Violations } from "./violations.js";

interface Due {
  /** Infinity where its client waits for ever. */
  readonly client_timeout: number;
  readonly attempt_timeout: number;
  readonly request_timeout: number;
}

export class Deadlines {
  readonly #engine: Engine;
  readonly #found: Violations;

  constructor(engine: Engine, found: Violations) {
    this.#engine = engine;
    this.#found = found;
  }

  /** Its caller knows how it ended. Called before the books say so. */
  ended(attempt: Attempt, book: RequestBook, reason: number, now: number): void {
    const { name } = REASONS[reason]!;
    const due = this.#dueOf(attempt, book);
    if (name in due) {
      const at = due[name as keyof Due];
      this.#expect(now === at, attempt, now, () => `ended (${name}) when that was due at ${at / 1e6} s`);
    }
    this.#isInTime(attempt, due, now, now);
  }

  /** Of an attempt that its caller still waits for when the run is over: nothing of `now` itself need have happened. */
  finish(attempt: Attempt, book: RequestBook, now: number): void {
    this.#isInTime(attempt, this.#dueOf(attempt, book), now - 1, now);
  }

  #isInTime(attempt: Attempt, due: Due, seen: number, now: number): void {
    for (const [name, at] of Object.entries(due)) {
      // Once a first token has come, the time for that is over.
      if (name === "client_timeout" && attempt.firstTokenAt <= at) continue;
      this.#expect(seen <= at, attempt, now, () => `is waited for beyond ${at / 1e6} s (${name})`);
    }
  }

  #dueOf({ arrivedAt }: Attempt, { source, account, offeredAt }: RequestBook): Due {
    const client = this.#engine.demand.callers[source]!.clients.of(account);
    const { timeout, attemptTimeout, requestTimeout } = client;
    const after = (from: number, time: number | undefined) => from + (time ?? Number.POSITIVE_INFINITY);
    return {
      client_timeout: after(arrivedAt, timeout),
      attempt_timeout: after(arrivedAt, attemptTimeout),
      // What falls back at the very end of that time is over at once.
      request_timeout: Math.max(arrivedAt, after(offeredAt, requestTimeout)),
    };
  }

  #expect(condition: boolean, { request }: Attempt, now: number, what: () => string): void {
    this.#found.expect(condition, "LAW-3", now, () => `request ${request} ${what()}`);
  }
}
