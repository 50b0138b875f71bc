// Counts under names of a closed list: of attempts by outcome, or by reason. Knows the lists.
import { OUTCOMES, type OutcomeName, REASONS, type ReasonName } from "../../base/outcome.js";

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

export function totalOf(counts: ByReason): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
