import { expect, it } from "vitest";
import { REASONS, type ReasonName } from "../../../../src/core/base/outcome.js";
import { tierSection } from "../../../../src/core/report/html/tiers.js";
import { answerText, seenText } from "../../../../src/core/report/text/statuses.js";
import { textReport } from "../../../../src/core/report/text/text.js";
import { runResult, tierRow } from "../../../support/run-result.js";

const reasons = { requests: 5, overloaded_capacity: 15 };
const spec = (name: ReasonName) => REASONS.find((one) => one.name === name)!;
const seenUnder = (statuses: object, misread = 0) => ({
  reasons,
  statuses,
  misread,
  misreadRate: misread / 20,
});

it("says the status of a reason where that is what was seen", () => {
  const usual = seenUnder({ 429: 5, 503: 15 });
  expect([answerText(spec("requests"), usual), answerText(spec("queue_timeout"), usual)]).toEqual([
    "429",
    "503",
  ]);
  expect(answerText(spec("client_timeout"), usual)).toBe("timed out");
  expect(seenText(usual)).toBeUndefined();
});

it.each([
  [seenUnder({ 429: 20 }, 15), "429 20; 75% of them name another cause"],
  [seenUnder({ 429: 5, 529: 1500 }), "429 5, 529 1,500"],
])("says what was seen where that is something else, and of a reason only what it is", (all, text) => {
  expect(seenText(all)).toBe(text);
  expect([answerText(spec("requests"), all), answerText(spec("displaced"), all)]).toEqual([
    "rate limited",
    "overloaded",
  ]);
});

it("is in both reports", () => {
  const all = tierRow("all", { ...seenUnder({ 429: 20 }, 15) });
  const result = runResult({ all });
  expect(textReport(result)).toContain("callers saw 429 20; 75% of them name another cause");
  expect(textReport(runResult())).not.toContain("callers saw");
  expect(tierSection(result).text).toContain("Callers saw 429 20; 75% of them name another cause");
});
