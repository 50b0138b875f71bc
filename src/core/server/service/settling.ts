// What an attempt leaves behind when it stops waiting or is out: its timer, its account with the gateway, and what it
// has used, in the books. Who is told of its end is the service's.
import { type Instant, NEVER } from "../../base/units.js";
import { type EventQueue, NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import type { AttemptTable } from "../attempts/attempt-table.js";
import type { StatedFacts } from "../attempts/stated/facts.js";
import type { Gateway } from "../gateway/gateway.js";
import type { Settlement } from "../gateway/policies/policy.js";
import type { ServiceLedger } from "./books.js";
import { ServerEvent } from "./event-kinds.js";

export class Settling {
  /** Of the attempt that is being settled: prompt tokens computed, and tokens generated. */
  readonly usage = { computedTokens: 0, outputTokens: 0 };
  readonly #attempts: AttemptTable;
  readonly #facts: StatedFacts;
  readonly #gateway: Gateway;
  readonly #events: EventQueue;
  readonly #ledger: ServiceLedger;

  constructor(
    attempts: AttemptTable,
    facts: StatedFacts,
    gateway: Gateway,
    { events, ledger }: { readonly events: EventQueue; readonly ledger: ServiceLedger },
  ) {
    this.#attempts = attempts;
    this.#facts = facts;
    this.#gateway = gateway;
    this.#events = events;
    this.#ledger = ledger;
  }

  /** It waits until then at most. */
  limitWait(attempt: number, at: Instant): void {
    if (at === NEVER) return;
    const timer = this.#events.schedule(at, Phase.timeout, ServerEvent.queueTimeout, attempt);
    this.#attempts.work.setQueueTimer(attempt, timer);
  }

  endWait(attempt: number): void {
    const { work } = this.#attempts;
    const timer = work.queueTimer(attempt);
    if (timer === NO_EVENT) return;
    this.#events.cancel(timer);
    work.setQueueTimer(attempt, NO_EVENT);
  }

  /** It has all its tokens. */
  whole(attempt: number, now: Instant): void {
    const { stated, work } = this.#attempts;
    const { usage } = this;
    usage.outputTokens = work.outputTokens(attempt);
    usage.computedTokens = stated.inputTokens(attempt) - stated.cachedTokens(attempt);
    this.#settle(attempt, "completed", now);
    this.#ledger.tokensGenerated(stated.path(attempt), usage.outputTokens);
  }

  /** It ends on the way, called off by its caller or not, and has used what is in `usage`. */
  unfinished(attempt: number, isCalledOff: boolean, now: Instant): void {
    const { computedTokens, outputTokens } = this.usage;
    this.#settle(attempt, outputTokens > 0 || isCalledOff ? "cut" : "shed", now);
    const path = this.#attempts.stated.path(attempt);
    this.#ledger.tokensGenerated(path, outputTokens);
    this.#ledger.wasted(path, computedTokens, outputTokens);
  }

  #settle(attempt: number, settlement: Settlement, now: Instant): void {
    this.endWait(attempt);
    this.#gateway.settle(attempt, this.#facts.at(attempt), settlement, this.usage.outputTokens, now);
  }
}
