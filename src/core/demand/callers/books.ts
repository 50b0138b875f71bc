// What callers enter in the books of a run: every request and every attempt, as its caller saw it. What attempts took
// of the server is entered by the server.
import { readAs } from "../../api/reading.js";
import type { Refusal, Usage } from "../../api/wire.js";
import { outcomeOf, type Reason, reasonCode } from "../../base/outcome.js";
import { type Instant, NEVER } from "../../base/units.js";
import type { CompletedAttempt, Ledger } from "../../results/ledger/ledger.js";
import { Role } from "./request-lines.js";
import { RequestState, type RequestTable } from "./request-table.js";

const COMPLETED = reasonCode("none");

/** Of the history of a run: attempts as they come and go, by path. */
export interface AttemptHistory {
  attemptArrived(tier: number, now: Instant): void;
  attemptEnded(tier: number, reason: Reason, generated: number, now: Instant): void;
}

type Writable<View> = { -readonly [Key in keyof View]: View[Key] };

export class CallersBooks {
  readonly #requests: RequestTable;
  readonly #ledger: Ledger;
  readonly #history: AttemptHistory;
  // Reused, so that nothing is allocated per attempt.
  readonly #completion: Writable<CompletedAttempt> = {
    arrivedAt: 0 as Instant,
    firstTokenAt: 0 as Instant,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    servedTier: 0,
  };

  constructor(requests: RequestTable, ledger: Ledger, history: AttemptHistory) {
    this.#requests = requests;
    this.#ledger = ledger;
    this.#history = history;
  }

  offered(request: number, now: Instant): void {
    this.#ledger.requestOffered(this.#requests.home(request), now, this.#requests.cohort(request));
  }

  arrived(request: number, now: Instant): void {
    const requests = this.#requests;
    const tier = requests.tier(request);
    const cohort = requests.cohort(request);
    this.#ledger.attemptArrived(tier, now, requests.account(request), cohort);
    this.#ledger.requestAttempted(requests.home(request), requests.offeredAt(request), cohort);
    this.#history.attemptArrived(tier, now);
  }

  rejectedLocally(request: number, now: Instant): void {
    this.#ledger.clientRejected(this.#requests.tier(request), now, this.#requests.cohort(request));
  }

  hedged(request: number, now: Instant): void {
    this.#ledger.hedged(this.#requests.tier(request), now, this.#requests.cohort(request));
  }

  firstToken(request: number, now: Instant): void {
    const requests = this.#requests;
    const tier = requests.tier(request);
    this.#ledger.firstToken(tier, requests.arrivedAt(request), now, requests.cohort(request));
  }

  /** Served whole, and its caller does not want it any more. */
  unwanted(request: number, { computedTokens, outputTokens }: Usage): void {
    const requests = this.#requests;
    this.#ledger.wasted(requests.tier(request), computedTokens, outputTokens, requests.cohort(request));
  }

  /** `failure` is what its client sees of one that was not answered whole; undefined where that is not its business. */
  ended(
    request: number,
    reason: Reason,
    failure: Refusal | undefined,
    generated: number,
    now: Instant,
  ): void {
    const requests = this.#requests;
    const tier = requests.tier(request);
    const account = requests.account(request);
    const cohort = requests.cohort(request);
    this.#history.attemptEnded(tier, reason, generated, now);
    if (reason === COMPLETED) {
      this.#ledger.attemptCompleted(tier, this.completionOf(request, generated), now, account, cohort);
      return;
    }
    // A stream that broke off has answered 200.
    const isRefused = failure !== undefined && requests.firstTokenAt(request) === NEVER;
    const status = isRefused ? failure.status : 0;
    const isMisread = isRefused && readAs(status, failure.code) !== outcomeOf(reason);
    this.#ledger.attemptFailed(tier, requests.arrivedAt(request), reason, account, cohort, status, isMisread);
  }

  retried(request: number, reason: Reason): void {
    const requests = this.#requests;
    const offeredAt = requests.offeredAt(request);
    this.#ledger.retried(requests.home(request), offeredAt, reason, requests.cohort(request));
  }

  requestEnded(request: number, reason: Reason): void {
    const requests = this.#requests;
    const offeredAt = requests.offeredAt(request);
    const tokens = requests.inputTokens(request) + requests.outputTokens(request);
    const account = requests.account(request);
    const cohort = requests.cohort(request);
    this.#ledger.requestEnded(requests.home(request), offeredAt, reason, account, cohort, tokens);
  }

  /** What its caller has got; one object, reused. */
  completionOf(request: number, outputTokens: number): CompletedAttempt {
    const requests = this.#requests;
    const completion = this.#completion;
    completion.arrivedAt = requests.arrivedAt(request);
    completion.firstTokenAt = requests.firstTokenAt(request);
    completion.inputTokens = requests.inputTokens(request);
    completion.cachedTokens = requests.cachedTokens(request);
    completion.outputTokens = outputTokens;
    completion.servedTier = requests.servedPath(request);
    return completion;
  }

  /** Enters everything that is still open. Call once. */
  close(): void {
    const requests = this.#requests;
    for (let request = 0; request < requests.capacity; request++) {
      const role = requests.role(request);
      if (requests.state(request) === RequestState.free || role === Role.abandoned) continue;
      const cohort = requests.cohort(request);
      if (role === Role.main) {
        this.#ledger.requestOpen(requests.home(request), requests.offeredAt(request), cohort);
      }
      if (requests.state(request) === RequestState.resting) continue;
      this.#ledger.attemptInFlight(requests.tier(request), requests.arrivedAt(request), cohort);
    }
  }
}
