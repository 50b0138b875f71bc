// How fairly accounts were treated, in a line or two: Jain's index of all of them and of each tier, and the accounts that
// fared worst. Nothing where there is one account alone.
import type { FairnessResult } from "../../results/metrics/fairness.js";
import type { RunResult } from "../../results/shape/result.js";
import { wrapped } from "./caveats.js";
import * as format from "./format.js";

type Told = Pick<RunResult, "tiers" | "all" | "replications">;

export function fairnessLines({ tiers, all, replications }: Told, width: number): string[] {
  const { fairness } = all;
  if (!hasSeveral(fairness)) return [];
  const parts = tiers.flatMap((tier) =>
    hasSeveral(tier.fairness) ? [`${tier.tier} ${indexText(tier.fairness)}`] : [],
  );
  const byTier = parts.length > 1 ? ` (${parts.join(", ")})` : "";
  const of = `${format.count(fairness.accounts)} accounts${byTier}`;
  const index = `fairness ${indexText(fairness)} between ${of}: Jain's index of tokens served / asked for`;
  const worst = worstTexts(fairness, replications.length > 1);
  return [index, ...(worst.length === 0 ? [] : [`worst account: ${worst.join(", ")}`])].flatMap((text) =>
    wrapped(text, width),
  );
}

export function hasSeveral(fairness: FairnessResult | null): fairness is FairnessResult {
  return fairness !== null && fairness.accounts > 1;
}

function indexText({ service }: FairnessResult): string {
  return service === null ? "unknown" : format.number(service);
}

/** Over several seeds the rate is their mean, and the account that of most of them. */
function worstTexts(
  { worstOverloadedRate, worstOverloadedAccount, worstService, worstServiceAccount }: FairnessResult,
  areSeveral: boolean,
): string[] {
  const whose = (name: string) => `(${areSeveral ? "most often " : ""}${name})`;
  const text = (share: number | null, name: string | null, what: string) =>
    share === null || name === null ? [] : [`${format.percent(share)} of its ${what} ${whose(name)}`];
  return [
    ...text(worstOverloadedRate, worstOverloadedAccount, "attempts shed"),
    ...text(worstService, worstServiceAccount, "tokens served"),
  ];
}
