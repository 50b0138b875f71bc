// A bounded line with a deadline: whoever finds it full is shed, unless someone of a lower rank can be displaced.
import type { Duration } from "../../base/units.js";
import type { AdmissionPolicy } from "../policy.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { ADMIT, DISPLACE, OVERLOADED_CAPACITY, type Verdict, WAIT } from "../verdict.js";

export interface TailDropOptions {
  /** Places in line; 0 makes a loss system. */
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
  /** Whether an arrival that finds the line full takes the place of the youngest lower-ranked one. */
  readonly displaceLower: boolean;
}

export class TailDrop implements AdmissionPolicy {
  readonly name: string = "tail-drop";
  readonly queueTimeout: Duration | undefined;
  readonly #maxQueue: number;
  readonly #displaceLower: boolean;

  constructor(options: TailDropOptions) {
    this.#maxQueue = options.maxQueue;
    this.#displaceLower = options.displaceLower;
    this.queueTimeout = options.queueTimeout;
  }

  decide(facts: RequestFacts, signals: PoolSignals): Verdict {
    if (this.mayStart(facts.path, signals) && signals.queuedAhead(facts.rank) === 0) return ADMIT;
    if (signals.queued < this.#maxQueue) return WAIT;
    if (this.#displaceLower && signals.queuedBelow(facts.rank) > 0) return DISPLACE;
    return OVERLOADED_CAPACITY;
  }

  mayStart(_path: number, signals: PoolSignals): boolean {
    return signals.slotsBusy < signals.slots;
  }

  settle(): void {
    // Keeps no account of who is inside.
  }
}
