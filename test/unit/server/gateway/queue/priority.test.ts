import { expect, it } from "vitest";
import { priority } from "../../../../../src/core/server/gateway/queue/priority.js";
import { occupancy, startsAll } from "../../../../support/gateway-views.js";

it("asks lanes in the order of their ranks", () => {
  const rule = priority.create({}, [1, 0]);
  rule.join(5, 0, 0);
  rule.join(6, 1, 0);
  const waiting = { pathOf: (request: number) => request - 5, inputTokensOf: () => 1 };
  expect([rule.next(startsAll, waiting, occupancy()), rule.lastBelow(0)]).toEqual([6, 5]);
});
