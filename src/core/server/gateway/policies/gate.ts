// A bounded queue behind a gate: some arrivals are refused though there may be room, so that what is left serves the
// others. Whom the gate is closed to is a policy's; that it is never closed to one while a request of a lower rank
// waits that goes first (LAW-9) is said here, once.
import type { Instant } from "../../../base/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import type { Verdict } from "../verdict.js";
import { TailDrop, type TailDropOptions } from "./tail-drop.js";

export abstract class Gate extends TailDrop {
  readonly #refusal: Verdict;

  /** `refusal`: what those are told whom it is closed to. */
  constructor(options: TailDropOptions, refusal: Verdict) {
    super(options);
    this.#refusal = refusal;
  }

  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    const isClosed = this.isClosedTo(facts, signals, now);
    const comesBefore = isClosed && this.displaceLower && signals.queuedBelow(facts.rank) > 0;
    return isClosed && !comesBefore ? this.#refusal : super.decide(facts, signals, now);
  }

  /** Asked once about each arrival. */
  protected abstract isClosedTo(facts: RequestFacts, signals: PoolSignals, now: Instant): boolean;
}

/** Whether none waits and none is inside, as the copy has it: gates that learn are open then, whatever they learnt. */
export function isIdle({ slotsBusy, queued }: PoolSignals): boolean {
  return slotsBusy === 0 && queued === 0;
}
