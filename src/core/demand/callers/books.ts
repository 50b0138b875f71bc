// What callers enter in the books of a run: every request and every attempt, as its caller saw it. What attempts took
// of the server is entered by the server.
import type { Usage } from "../../api/wire.js";
import { type Reason, reasonCode } from "../../base/outcome.js";
import type { Instant } from "../../base/units.js";
import type { CompletedAttempt, Ledger } from "../../results/ledger/ledger.js";
import { RequestState, type RequestTable, Role } from "./request-table.js";

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
  };

  constructor(requests: RequestTable, ledger: Ledger, history: AttemptHistory) {
    this.#requests = requests;
    this.#ledger = ledger;
    this.#history = history;
  }

  offered(request: number, now: Instant): void {
    this.#ledger.requestOffered(this.#requests.home[request]!, now);
  }

  arrived(request: number, now: Instant): void {
    const { tier, account } = this.#requests;
    this.#ledger.attemptArrived(tier[request]!, now, account[request]!);
    this.#history.attemptArrived(tier[request]!, now);
  }

  rejectedLocally(request: number, now: Instant): void {
    this.#ledger.clientRejected(this.#requests.tier[request]!, now);
  }

  hedged(request: number, now: Instant): void {
    this.#ledger.hedged(this.#requests.tier[request]!, now);
  }

  firstToken(request: number, now: Instant): void {
    const { tier, arrivedAt } = this.#requests;
    this.#ledger.firstToken(tier[request]!, arrivedAt[request]! as Instant, now);
  }

  /** Served whole, and its caller does not want it any more. */
  unwanted(request: number, { computedTokens, outputTokens }: Usage): void {
    this.#ledger.wasted(this.#requests.tier[request]!, computedTokens, outputTokens);
  }

  ended(request: number, reason: Reason, generated: number, now: Instant): void {
    const { tier, account, arrivedAt } = this.#requests;
    const [path, caller] = [tier[request]!, account[request]!];
    this.#history.attemptEnded(path, reason, generated, now);
    if (reason === COMPLETED) {
      this.#ledger.attemptCompleted(path, this.completionOf(request, generated), now, caller);
    } else this.#ledger.attemptFailed(path, arrivedAt[request]! as Instant, reason, caller);
  }

  retried(request: number, reason: Reason): void {
    const { home, offeredAt } = this.#requests;
    this.#ledger.retried(home[request]!, offeredAt[request]! as Instant, reason);
  }

  requestEnded(request: number, reason: Reason): void {
    const { home, offeredAt } = this.#requests;
    this.#ledger.requestEnded(home[request]!, offeredAt[request]! as Instant, reason);
  }

  /** What its caller has got; one object, reused. */
  completionOf(request: number, outputTokens: number): CompletedAttempt {
    const requests = this.#requests;
    const completion = this.#completion;
    completion.arrivedAt = requests.arrivedAt[request]! as Instant;
    completion.firstTokenAt = requests.firstTokenAt[request]! as Instant;
    completion.inputTokens = requests.inputTokens[request]!;
    completion.cachedTokens = requests.cachedTokens[request]!;
    completion.outputTokens = outputTokens;
    return completion;
  }

  /** Enters everything that is still open. Call once. */
  close(): void {
    const requests = this.#requests;
    for (let request = 0; request < requests.capacity; request++) {
      const role = requests.role[request];
      if (requests.state[request] === RequestState.free || role === Role.abandoned) continue;
      if (role === Role.main) {
        this.#ledger.requestOpen(requests.home[request]!, requests.offeredAt[request]! as Instant);
      }
      if (requests.state[request] === RequestState.resting) continue;
      this.#ledger.attemptInFlight(requests.tier[request]!, requests.arrivedAt[request]! as Instant);
    }
  }
}
