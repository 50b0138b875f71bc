// What a server enters, as the ledger has it: in the cohort of the callers, which only they know, by the reference of
// their call. The server knows none of it.
import type { Instant } from "../../base/units.js";
import type { Ledger } from "../../results/ledger/ledger.js";
import type { ServiceLedger } from "../../server/service/books.js";

export class ServiceBooks implements ServiceLedger {
  readonly #ledger: Ledger;
  readonly #cohortOf: (reference: number) => number;
  readonly #wayIn: (reference: number) => number;

  /** `wayIn`: how long a call was under way when the server received it. Calls belong to when they were made. */
  constructor(
    ledger: Ledger,
    cohortOf: (reference: number) => number,
    wayIn: (reference: number) => number = () => 0,
  ) {
    this.#ledger = ledger;
    this.#cohortOf = cohortOf;
    this.#wayIn = wayIn;
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
}
