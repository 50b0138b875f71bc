import { expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { instant, NEVER, START, seconds } from "../../../../src/core/base/units.js";
import { buildLedger } from "../../../../src/core/engine/world/build-ledger.js";
import { parseScenario } from "../../../../src/core/index.js";
import { ALL_ALIKE } from "../../../../src/core/results/ledger/ledger.js";
import { tinyScenario } from "../tiny.js";

it("has a tier for each path and one for calls that none takes, with its price and objective", () => {
  const tiny = tinyScenario();
  const price = { input: 1, cached: 1, output: 1 };
  const standard = { ...tiny.paths["standard"]!, price, objective: { ttft: "2s" } };
  const scenario = parseScenario({ ...tiny, paths: { ...tiny.paths, standard } });
  const book = buildLedger(scenario, { from: START, until: NEVER }, ALL_ALIKE, false);
  expect(book.table.tiers).toBe(4);
  for (const ttft of [2, 3]) {
    book.attemptArrived(0, START);
    const times = { arrivedAt: START, firstTokenAt: instant(seconds(ttft)) };
    const tokens = { inputTokens: 1e6, cachedTokens: 0, outputTokens: 7, servedTier: 0 };
    book.attemptCompleted(0, { ...times, ...tokens }, instant(seconds(9)));
  }
  book.attemptArrived(3, START);
  book.attemptFailed(3, START, reasonCode("unknown_model"));
  const { objectivesMet, goodTokens } = book.table.at(0, 0);
  expect([objectivesMet, goodTokens]).toEqual([1, 7]);
  expect(book.accounts.total("cost")).toBeCloseTo(2, 4);
  book.assertConserved();
});
