// What a server enters, as the ledger has it: in the cohort of the callers, which only they know, by the reference of
// their call. The server knows none of it.
import type { Instant } from "../../base/units.js";
import type { Ledger } from "../../results/ledger/ledger.js";
import type { ServiceLedger } from "../../server/service/books.js";

/** How long a call was under way when the server received it. */
interface WaysIn {
  wayIn(reference: number): number;
}

export class ServiceBooks implements ServiceLedger {
  readonly #ledger: Ledger;
  readonly #cohortOf: (reference: number) => number;
  #waysIn: WaysIn | undefined;

  constructor(ledger: Ledger, cohortOf: (reference: number) => number) {
    this.#ledger = ledger;
    this.#cohortOf = cohortOf;
  }

  /** Calls take time before the server receives them; they belong to when they were made. */
  behind(ways: WaysIn): void {
    this.#waysIn = ways;
  }

  attemptStarted(path: number, arrivedAt: Instant, now: Instant, reference: number): void {
    const wayIn = this.#wayIn(reference);
    const sentAt = (arrivedAt - wayIn) as Instant;
    this.#ledger.attemptStarted(path, sentAt, (now - wayIn) as Instant, this.#cohortOf(reference));
  }

  demoted(path: number, arrivedAt: Instant, reference: number): void {
    const sentAt = (arrivedAt - this.#wayIn(reference)) as Instant;
    this.#ledger.demoted(path, sentAt, this.#cohortOf(reference));
  }

  spilled(path: number, arrivedAt: Instant, reference: number): void {
    const sentAt = (arrivedAt - this.#wayIn(reference)) as Instant;
    this.#ledger.spilled(path, sentAt, this.#cohortOf(reference));
  }

  tokensGenerated(path: number, tokens: number, reference: number): void {
    this.#ledger.tokensGenerated(path, tokens, this.#cohortOf(reference));
  }

  wasted(path: number, promptTokens: number, outputTokens: number, reference: number): void {
    this.#ledger.wasted(path, promptTokens, outputTokens, this.#cohortOf(reference));
  }

  #wayIn(reference: number): number {
    return this.#waysIn === undefined ? 0 : this.#waysIn.wayIn(reference);
  }
}
