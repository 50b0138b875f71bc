// Counts under names of a closed list: of attempts by outcome, by reason, or by status. Knows the lists.
import { OUTCOMES, type OutcomeName, REASONS, type ReasonName } from "../../base/outcome.js";
import { REFUSAL_STATUSES, type RefusalStatus } from "../../base/status.js";

/** Every outcome has its count. */
export type ByOutcome = Readonly<Record<OutcomeName, number>>;
/** Reasons that did not occur are left out. */
export type ByReason = Readonly<Partial<Record<ReasonName, number>>>;

export function byOutcome(counts: Float64Array): ByOutcome {
  const entries = OUTCOMES.map((name, code) => [name, counts[code]!] as const);
  return Object.fromEntries(entries) as ByOutcome;
}

export function byReason(counts: Float64Array): ByReason {
  const entries = REASONS.map((spec, code) => [spec.name, counts[code]!] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

/** Statuses that did not occur are left out. */
export type ByStatus = Readonly<Partial<Record<`${RefusalStatus}`, number>>>;

export function byStatus(counts: Float64Array): ByStatus {
  const entries = REFUSAL_STATUSES.map((status, place) => [String(status), counts[place]!] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

export function totalOf(counts: ByReason | ByStatus): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
