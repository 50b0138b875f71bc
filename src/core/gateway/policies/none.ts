// No admission control: everyone waits until there is room, or until the line is as long as memory allows.
import type { Duration } from "../../base/units.js";
import type { AdmissionPolicy } from "../policy.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { ADMIT, OVERLOADED_CAPACITY, type Verdict, WAIT } from "../verdict.js";

export interface NoneOptions {
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
}

export class None implements AdmissionPolicy {
  readonly name = "none";
  readonly queueTimeout: Duration | undefined;
  readonly #maxQueue: number;

  constructor(options: NoneOptions) {
    this.#maxQueue = options.maxQueue;
    this.queueTimeout = options.queueTimeout;
  }

  decide(facts: RequestFacts, signals: PoolSignals): Verdict {
    if (signals.slotsBusy < signals.slots && signals.queuedAhead(facts.rank) === 0) return ADMIT;
    return signals.queued < this.#maxQueue ? WAIT : OVERLOADED_CAPACITY;
  }

  mayStart(): boolean {
    return true;
  }

  settle(): void {
    // Keeps no account of who is inside.
  }
}
