// Which HTTP statuses callers saw of what was refused. A reason has the status that the default provider answers it
// with; where another has answered, reports say what was seen, and a reason only what it is. Knows counts, no provider.
import { OUTCOMES, REASONS } from "../../base/outcome.js";
import { REFUSAL_STATUSES } from "../../base/status.js";
import type { SliceResult } from "../../results/metrics/tier.js";
import * as format from "./format.js";

type Refused = Pick<SliceResult, "statuses" | "misread" | "misreadRate" | "reasons">;

/** Whether all that was seen are the statuses of the reasons themselves, and none of them names another cause. */
function isUsual({ statuses, misread, reasons }: Refused): boolean {
  const own = REASONS.filter(({ name }) => (reasons[name] ?? 0) > 0).map(({ status }) => String(status));
  return misread === 0 && Object.keys(statuses).every((status) => own.includes(status));
}

/** What is said of a reason beside its name: its status, or its outcome where there was no answer, or another's. */
export function answerText({ status, outcome }: (typeof REASONS)[number], all: Refused): string {
  return status === 0 || !isUsual(all) ? OUTCOMES[outcome]!.replace("_", " ") : String(status);
}

/** `429 9,201, 529 12; 69% of them name another cause`; undefined where the reasons say as much. */
export function seenText(all: Refused): string | undefined {
  const { statuses, misread, misreadRate } = all;
  if (isUsual(all)) return undefined;
  const seen = REFUSAL_STATUSES.flatMap((status) => {
    const count = statuses[`${status}`];
    return count === undefined ? [] : [`${status} ${format.count(count)}`];
  });
  const words = misread > 0 ? `; ${format.percent(misreadRate ?? 0)} of them name another cause` : "";
  return `${seen.join(", ")}${words}`;
}
