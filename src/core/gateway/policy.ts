// The admission policy of one pool: who is admitted, who waits, who is shed, and who may start when room appears.
// It sees request facts and dated signals and nothing else. One file per policy under policies/, one line in
// registry.ts, and the contract suite test/conformance/policy.ts runs over all of them.
import type { Duration, Instant } from "../base/units.js";
import type { RequestFacts } from "./request-facts.js";
import type { PoolSignals } from "./signals.js";
import type { Verdict } from "./verdict.js";

/** How an admitted request left the pool. */
export type Settlement = "completed" | "refused" | "abandoned";

export interface AdmissionPolicy {
  readonly name: string;
  /** The verdict on a request that arrives at `now`. It must not depend on anything but its arguments and itself. */
  decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict;
  /** Whether the first waiting request of `path` may take a free slot. */
  mayStart(path: number, signals: PoolSignals): boolean;
  /** How long a request may wait before it is shed; undefined means as long as it takes. */
  readonly queueTimeout: Duration | undefined;
  /** Called exactly once for each request that `decide` did not reject (LAW-10). */
  settle(path: number, settlement: Settlement, now: Instant): void;
}
