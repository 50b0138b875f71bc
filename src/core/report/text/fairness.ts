// How fairly accounts were treated, in a line or two: Jain's index of all of them and of each tier, and the accounts
// that fared worst. Nothing where there is one account alone.
import type { FairnessResult } from "../../results/metrics/fairness.js";
import type { RunResult } from "../../results/shape/result.js";
import { wrapped } from "./caveats.js";
import * as format from "./format.js";

type Told = Pick<RunResult, "tiers" | "all" | "replications">;

export function fairnessLines({ tiers, all, replications }: Told, width: number): string[] {
  const { fairness } = all;
  if (!hasSeveral(fairness)) return [];
  const parts = tiers.flatMap((tier) =>
    hasSeveral(tier.fairness) ? [`${tier.tier} ${indexText(tier.fairness.service)}`] : [],
  );
  const byTier = parts.length > 1 ? `; ${parts.join(", ")}` : "";
  const { accounts, service, maxMin } = fairness;
  const both = `fairness ${indexText(service)} (Jain), ${indexText(maxMin)} (max-min)`;
  const index = `${both} between ${format.count(accounts)} accounts${byTier}`;
  const worst = worstTexts(fairness, replications.length > 1);
  return [index, ...(worst.length === 0 ? [] : [`worst accounts: ${worst.join(", ")}`])].flatMap((text) =>
    wrapped(text, width),
  );
}

export function hasSeveral(fairness: FairnessResult | null): fairness is FairnessResult {
  return fairness !== null && fairness.accounts > 1;
}

const MOST_DECIMALS = 6;

/** With two digits of what is missing to 1, since where little is shed all of it lies there: 0.931, 0.99987. */
export function indexText(index: number | null): string {
  if (index === null) return "unknown";
  if (index === 1) return "1";
  // Rounded first: 1 - 0.9 is a little less than 0.1.
  const decimals = 1 - format.magnitude(Number((1 - index).toPrecision(MOST_DECIMALS)));
  return index.toFixed(Math.min(MOST_DECIMALS, decimals));
}

/** Over several seeds the rate is their mean, and the account that of most of them. */
function worstTexts(
  { worstOverloadedRate, worstOverloadedAccount, worstService, worstServiceAccount }: FairnessResult,
  areSeveral: boolean,
): string[] {
  const whose = (name: string) => `(${areSeveral ? "most often " : ""}${name})`;
  const text = (share: number | null, name: string | null, what: string) =>
    share === null || name === null ? [] : [`${format.percent(share)} of ${what} ${whose(name)}`];
  return [
    ...text(worstOverloadedRate, worstOverloadedAccount, "attempts shed"),
    ...text(worstService, worstServiceAccount, "tokens served"),
  ];
}
