// A bounded line with a deadline: whoever finds it full is shed, unless someone of a lower rank can be displaced.
import type { Duration } from "../../../base/units.js";
import type { AdmissionPolicy, Occupancy } from "../policy.js";
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
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
  readonly displaceLower: boolean;
  readonly watchesKv: boolean = false;

  constructor(options: TailDropOptions) {
    this.maxQueue = options.maxQueue;
    this.queueTimeout = options.queueTimeout;
    this.displaceLower = options.displaceLower;
  }

  decide(facts: RequestFacts, signals: PoolSignals): Verdict {
    const isNext = signals.openings > 0 && signals.queuedAhead(facts.rank) === 0;
    if (isNext && this.hasRoom(facts, signals)) return ADMIT;
    if (signals.queued < this.maxQueue) return WAIT;
    if (this.displaceLower && signals.queuedBelow(facts.rank) > 0) return DISPLACE;
    return OVERLOADED_CAPACITY;
  }

  mayStart(_path: number, _inputTokens: number, _occupancy: Occupancy): boolean {
    return true;
  }

  settle(): void {
    // Keeps no account of who is inside.
  }

  /** Whether the request may take one of the openings; subclasses may keep some for others. */
  protected hasRoom(_facts: RequestFacts, _signals: PoolSignals): boolean {
    return true;
  }
}
