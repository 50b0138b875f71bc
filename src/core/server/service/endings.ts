// How the server ends attempts: refused on arrival, shed while they wait, evicted while they run, broken by outages and
// faults. Whatever the way, an attempt is taken out and settled, its end is told, and its slot is free. What may start
// in the room that it leaves is the service's to say.
import type { Handle } from "../../api/wire.js";
import { NO_HANDLE } from "../../api/wire.js";
import { type Reason, reasonCode } from "../../base/outcome.js";
import type { Instant } from "../../base/units.js";
import type { AttemptTable } from "../attempts/attempt-table.js";
import type { HaltedSequence } from "../replica/replica.js";
import type { Refusals } from "./refusals.js";
import type { ServiceParts } from "./service-parts.js";
import type { Settling } from "./settling.js";
import type { Told } from "./told.js";

const DISPLACED = reasonCode("displaced");
const EVICTED = reasonCode("evicted");
const OUTAGE = reasonCode("outage");

interface EndingParts {
  readonly attempts: AttemptTable;
  readonly parts: Pick<ServiceParts, "pools">;
  readonly settling: Settling;
  readonly refusals: Refusals;
  readonly told: Told;
}

export class Endings {
  /** Attempts and calls that have ended. */
  count = 0;
  readonly #attempts: AttemptTable;
  readonly #pools: ServiceParts["pools"];
  readonly #settling: Settling;
  readonly #refusals: Refusals;
  readonly #told: Told;

  constructor({ attempts, parts, settling, refusals, told }: EndingParts) {
    this.#attempts = attempts;
    this.#pools = parts.pools;
    this.#settling = settling;
    this.#refusals = refusals;
    this.#told = told;
  }

  /** A call that cannot even be decided about. */
  turnAway(reference: number, reason: Reason, now: Instant): Handle {
    this.count++;
    this.#tellRefusal(reference, reason, undefined, now);
    return NO_HANDLE;
  }

  /** An attempt is refused on arrival. */
  refuse(attempt: number, reason: Reason, now: Instant): void {
    this.#tellRefusal(this.#attempts.work.reference(attempt), reason, attempt, now);
    this.close(attempt);
  }

  /** An attempt that waits or runs, wherever it stands. Returns its pool. */
  end(attempt: number, reason: Reason, now: Instant): number {
    const pool = this.#settling.takeOut(attempt, false, now);
    this.#tell(attempt, reason, now);
    return pool;
  }

  /** A running attempt, for one of a higher rank. Returns its pool. */
  evict(attempt: number, now: Instant): number {
    const pool = this.#settling.takeOut(attempt, false, now);
    // Before its first token there was no 200 yet: it is refused like one that waits.
    this.#tell(attempt, this.#settling.usage.outputTokens > 0 ? EVICTED : DISPLACED, now);
    return pool;
  }

  /** What was inside instances that are gone, in the order in which it came. */
  break(halted: readonly HaltedSequence[], now: Instant): void {
    const { work } = this.#attempts;
    const settling = this.#settling;
    const inOrder = [...halted].sort((one, other) => work.serial(one.sequence) - work.serial(other.sequence));
    for (const { sequence: attempt, prefilled, generated } of inOrder) {
      settling.usage.computedTokens = prefilled;
      settling.usage.outputTokens = generated;
      settling.unfinished(attempt, false, now);
      this.#tell(attempt, OUTAGE, now);
    }
  }

  /** An attempt whose end has been told. */
  close(attempt: number): void {
    this.#told.ends();
    this.#attempts.close(attempt);
    this.count++;
  }

  /** It is out, and has used what is in `usage`. */
  #tell(attempt: number, reason: Reason, now: Instant): void {
    const { stated, work } = this.#attempts;
    const { usage } = this.#settling;
    const reference = work.reference(attempt);
    this.#pools[stated.pool(attempt)]!.counts.ends(reason);
    if (usage.outputTokens > 0) this.#told.begins().broken(reference, reason, usage, now);
    else this.#tellRefusal(reference, reason, attempt, now);
    this.close(attempt);
  }

  #tellRefusal(reference: number, reason: Reason, attempt: number | undefined, now: Instant): void {
    this.#told.begins().refused(reference, this.#refusals.of(reason, attempt, now), now);
    this.#told.ends();
  }
}
