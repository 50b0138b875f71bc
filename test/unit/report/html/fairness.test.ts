import { expect, it } from "vitest";
import { fairnessTable } from "../../../../src/core/report/html/fairness.js";
import { html } from "../../../../src/core/report/html/markup.js";
import { runResult, tierRow } from "../../../support/run-result.js";

const fairness = (accounts: number) => ({
  ...{ accounts, service: 0.9312, maxMin: 0.875, worstOverloadedRate: 0.125, worstOverloadedAccount: "<b>" },
  ...{ worstService: null, worstServiceAccount: null },
});

const tableOf = (accounts: number) => {
  const tiers = [tierRow("standard", { fairness: fairness(accounts) }), tierRow("idle")];
  const result = runResult({ tiers, all: tierRow("all", { fairness: fairness(accounts) }) });
  return html`${fairnessTable(result)}`.text;
};

it("the page has a row of fairness for every tier with accounts, and escapes their names", () => {
  const text = tableOf(20);
  expect([...text.matchAll(/<th scope="row"/g)]).toHaveLength(2);
  for (const part of ["0.931", "0.88", "12.5%", "&lt;b&gt;"]) expect(text).toContain(part);
  expect(text).not.toContain("idle");
  expect(text).not.toContain("<b>");
});

it("the page says nothing of fairness where there is one account alone", () => {
  expect(tableOf(1)).toBe("");
});
