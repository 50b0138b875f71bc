import { expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { priority } from "../../../../../src/core/server/gateway/queue/priority.js";
import { lanesOf, occupancy, startsAll, waitingView } from "../../../../support/gateway-views.js";

it("asks lanes in the order of their ranks", () => {
  const rule = priority.create({}, lanesOf([1, 0]));
  rule.join(5, 0, 0, START);
  rule.join(6, 1, 0, START);
  const waiting = waitingView({ pathOf: (request: number) => request - 5, inputTokensOf: () => 1 });
  expect([rule.next(startsAll, waiting, occupancy(), START), rule.lastBelow(0)]).toEqual([6, 5]);
});
