// What a refusal says: reason, status, code, and the headers that the gateway sends with it. One object, filled in
// anew. Only an attempt that a path takes is told when to come back.
import type { Refusal } from "../../api/wire.js";
import { NONE } from "../../base/none.js";
import type { Reason } from "../../base/outcome.js";
import type { Instant } from "../../base/units.js";
import type { StatedFacts } from "../attempts/stated/facts.js";
import type { StatedRows } from "../attempts/stated/rows.js";
import type { Gateway } from "../gateway/gateway.js";

export class Refusals {
  readonly #gateway: Gateway;
  readonly #stated: StatedRows;
  readonly #facts: StatedFacts;
  readonly #refusal: Refusal = {
    reason: 0,
    status: 0,
    code: "",
    retryAfter: undefined,
    shouldRetry: undefined,
  };

  constructor(gateway: Gateway, stated: StatedRows, facts: StatedFacts) {
    this.#gateway = gateway;
    this.#stated = stated;
    this.#facts = facts;
  }

  /** Of an attempt, or of a call that no path takes. Valid until the next. */
  of(reason: Reason, attempt: number | undefined, now: Instant): Refusal {
    const refusal = this.#refusal;
    const gateway = this.#gateway;
    const facts = attempt === undefined ? undefined : this.#facts.at(attempt);
    // It is answered as what its caller named, whatever it was to be served as.
    const path = attempt === undefined ? NONE : this.#stated.askedPath(attempt);
    const { status, code } = gateway.answers.of(reason, path);
    refusal.reason = reason;
    refusal.status = status;
    refusal.code = code;
    refusal.retryAfter = facts === undefined ? undefined : gateway.retryAfter(reason, facts, now);
    refusal.shouldRetry = gateway.shouldRetry(reason, path);
    return refusal;
  }
}
