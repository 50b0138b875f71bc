// The table of how fairly accounts were treated: a row per tier and one for all of them. Nothing where there is one
// account alone.
import type { TierResult } from "../../results/metrics/tier.js";
import type { RunResult } from "../../results/shape/result.js";
import { hasSeveral, indexText } from "../text/fairness.js";
import * as format from "../text/format.js";
import { html, type Part } from "./markup.js";
import { MISSING, shown, table } from "./tables.js";

export function fairnessTable({ tiers, all, replications }: RunResult): Part {
  if (!hasSeveral(all.fairness)) return "";
  const rows = table<TierResult>({
    caption: "Fairness between accounts",
    head: "tier",
    name: ({ tier }) => tier,
    columns: [
      { head: "accounts", cell: ({ fairness }) => shown(fairness?.accounts ?? null, format.count) },
      { head: "Jain's index", cell: ({ fairness }) => shown(fairness?.service ?? null, indexText) },
      { head: "of max-min shares", cell: ({ fairness }) => shown(fairness?.maxMin ?? null, indexText) },
      {
        head: "most shed",
        cell: ({ fairness }) => shown(fairness?.worstOverloadedRate ?? null, format.percent),
      },
      {
        head: "account",
        isText: true,
        cell: ({ fairness }) => fairness?.worstOverloadedAccount ?? MISSING,
      },
      {
        head: "least served",
        cell: ({ fairness }) => shown(fairness?.worstService ?? null, format.percent),
      },
      { head: "account", isText: true, cell: ({ fairness }) => fairness?.worstServiceAccount ?? MISSING },
    ],
    rows: [...tiers.filter(({ fairness }) => fairness !== null), all],
  });
  const seeds =
    replications.length > 1 ? " Over several seeds: means, and the account that is it most often." : "";
  const note =
    "Jain's index is of the share that each account was served of the tokens it asked for: 1 where all get the same " +
    "share, 1 / n where one of n gets all. That of max-min shares is of what it was served by what it would have " +
    "been, had the tokens that were served in all been given out so that the least part is as large as can be. The " +
    "worst accounts are of those with enough attempts, or requests, to tell.";
  return html`${rows}<p class="quiet">${note}${seeds}</p>`;
}
