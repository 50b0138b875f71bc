// What a replay must keep to for a profile to count as validated, and whether it did. Knows the comparison only.
import type { Compared } from "./compared.js";
import type { RunComparison } from "./run-comparison.js";

export interface BoundCheck {
  /** Dotted path of the measure in the comparison. */
  readonly measure: string;
  readonly error: number | null;
  /** Largest error allowed, as a share. */
  readonly limit: number;
  /** Seconds by which it may be off instead, whatever the share; null where there is no such leave. */
  readonly orSeconds: number | null;
  readonly verdict: "within" | "beyond" | "not judged";
}

/**
 * At full load and beyond, the time to first token adds up the error in capacity over the whole run: it is not judged
 * where most of it was waiting for a place.
 */
const MOST_WAITING = 0.75;

const LIMITS: readonly {
  readonly measure: string;
  readonly read: (run: RunComparison) => Compared;
  readonly limit: number;
  readonly orSeconds?: number;
  readonly notInOverload?: boolean;
}[] = [
  {
    measure: "throughput.outputTokensPerSecond",
    read: (run) => run.throughput.outputTokensPerSecond,
    limit: 0.01,
  },
  { measure: "tpot.p50", read: (run) => run.tpot.p50, limit: 0.025 },
  { measure: "tpot.p90", read: (run) => run.tpot.p90, limit: 0.025 },
  { measure: "e2e.p50", read: (run) => run.e2e.p50, limit: 0.025 },
  { measure: "e2e.p90", read: (run) => run.e2e.p90, limit: 0.025 },
  { measure: "ttft.p50", read: (run) => run.ttft.p50, limit: 0.1, orSeconds: 0.005, notInOverload: true },
  { measure: "ttft.p90", read: (run) => run.ttft.p90, limit: 0.1, orSeconds: 0.005, notInOverload: true },
];

export function checkBounds(run: RunComparison): BoundCheck[] {
  return LIMITS.map(({ measure, read, limit, orSeconds, notInOverload = false }) => {
    const value = read(run);
    const off = Math.abs((value.simulated ?? 0) - (value.recorded ?? 0));
    const within = value.error !== null && (Math.abs(value.error) <= limit || off <= (orSeconds ?? 0));
    const judged = value.error !== null && !(notInOverload && run.waitShare > MOST_WAITING);
    const verdict = !judged ? "not judged" : within ? "within" : "beyond";
    return { measure, error: value.error, limit, orSeconds: orSeconds ?? null, verdict };
  });
}
