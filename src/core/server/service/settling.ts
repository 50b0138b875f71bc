// What an attempt leaves behind when it stops waiting or is out: its timer, its account with the gateway, and what it
// has used, in the books. Who is told of its end is the service's.
import { type Instant, NEVER } from "../../base/units.js";
import { type EventQueue, NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { AttemptState, type AttemptTable } from "../attempts/attempt-table.js";
import type { StatedFacts } from "../attempts/stated/facts.js";
import type { Fleet } from "../fleet/fleet.js";
import type { Pool } from "../fleet/pool.js";
import type { Gateway } from "../gateway/gateway.js";
import type { Settlement } from "../gateway/policies/policy.js";
import type { ServiceLedger } from "./books.js";
import { ServerEvent } from "./event-kinds.js";

interface SettledParts {
  readonly gateway: Gateway;
  readonly fleet: Fleet;
  readonly pools: readonly Pool[];
}

export class Settling {
  /** Of the attempt that is being settled: prompt tokens computed, and tokens generated. */
  readonly usage = { computedTokens: 0, outputTokens: 0 };
  readonly #attempts: AttemptTable;
  readonly #facts: StatedFacts;
  readonly #parts: SettledParts;
  readonly #events: EventQueue;
  readonly #ledger: ServiceLedger;

  constructor(
    attempts: AttemptTable,
    facts: StatedFacts,
    parts: SettledParts,
    { events, ledger }: { readonly events: EventQueue; readonly ledger: ServiceLedger },
  ) {
    this.#attempts = attempts;
    this.#facts = facts;
    this.#parts = parts;
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

  /** Takes an attempt out of its pool and settles it. Returns the pool. */
  takeOut(attempt: number, isCancelled: boolean, now: Instant): number {
    const { stated, work } = this.#attempts;
    const { fleet, pools } = this.#parts;
    const index = stated.pool(attempt);
    const pool = pools[index]!;
    const { usage } = this;
    usage.outputTokens = 0;
    usage.computedTokens = 0;
    if (work.state(attempt) === AttemptState.queued) pool.leave(attempt, now);
    else {
      const instance = work.instance(attempt);
      const replica = fleet.instances.replicaOf(instance);
      pool.renewCopy(now);
      usage.computedTokens = replica.prefilled(attempt, now);
      usage.outputTokens = replica.cancel(attempt, now);
      pool.left(attempt);
      fleet.changed(instance, now);
    }
    this.unfinished(attempt, isCancelled, now);
    return index;
  }

  /** It has all its tokens. */
  whole(attempt: number, now: Instant): void {
    const { stated, work } = this.#attempts;
    const { usage } = this;
    usage.outputTokens = work.outputTokens(attempt);
    usage.computedTokens = stated.inputTokens(attempt) - stated.cachedTokens(attempt);
    this.#settle(attempt, "completed", now);
    this.#ledger.tokensGenerated(stated.askedPath(attempt), usage.outputTokens, work.reference(attempt));
  }

  /** It ends on the way, cancelled by its caller or not, and has used what is in `usage`. */
  unfinished(attempt: number, isCancelled: boolean, now: Instant): void {
    const { computedTokens, outputTokens } = this.usage;
    this.#settle(attempt, outputTokens > 0 || isCancelled ? "cut" : "shed", now);
    const { stated, work } = this.#attempts;
    const path = stated.askedPath(attempt);
    const reference = work.reference(attempt);
    this.#ledger.tokensGenerated(path, outputTokens, reference);
    this.#ledger.wasted(path, computedTokens, outputTokens, reference);
  }

  #settle(attempt: number, settlement: Settlement, now: Instant): void {
    this.endWait(attempt);
    const decidedAt = this.#attempts.work.arrivedAt(attempt);
    const { outputTokens } = this.usage;
    this.#parts.gateway.settle(attempt, this.#facts.at(attempt), settlement, outputTokens, decidedAt, now);
  }
}
