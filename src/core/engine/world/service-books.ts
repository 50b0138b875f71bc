// What a server enters, as the ledger has it: in the cohort of the callers, which only they know, by the reference of
// their call. The server knows none of it.
import type { Instant } from "../../base/units.js";
import type { Ledger } from "../../results/ledger/ledger.js";
import type { ServiceLedger } from "../../server/service/books.js";

export class ServiceBooks implements ServiceLedger {
  readonly #ledger: Ledger;
  readonly #cohortOf: (reference: number) => number;

  constructor(ledger: Ledger, cohortOf: (reference: number) => number) {
    this.#ledger = ledger;
    this.#cohortOf = cohortOf;
  }

  attemptStarted(path: number, arrivedAt: Instant, now: Instant, reference: number): void {
    this.#ledger.attemptStarted(path, arrivedAt, now, this.#cohortOf(reference));
  }

  demoted(path: number, arrivedAt: Instant, reference: number): void {
    this.#ledger.demoted(path, arrivedAt, this.#cohortOf(reference));
  }

  spilled(path: number, arrivedAt: Instant, reference: number): void {
    this.#ledger.spilled(path, arrivedAt, this.#cohortOf(reference));
  }

  tokensGenerated(path: number, tokens: number, reference: number): void {
    this.#ledger.tokensGenerated(path, tokens, this.#cohortOf(reference));
  }

  wasted(path: number, promptTokens: number, outputTokens: number, reference: number): void {
    this.#ledger.wasted(path, promptTokens, outputTokens, this.#cohortOf(reference));
  }
}
