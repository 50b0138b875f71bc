import { expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { fifo } from "../../../../../src/core/server/gateway/queue/fifo.js";
import { lanesOf, occupancy, startsAll, waitingView } from "../../../../support/gateway-views.js";

it("asks lanes by who came first, and displaces by rank all the same", () => {
  const rule = fifo.create({}, lanesOf([1, 0]));
  rule.join(5, 0, 0, START);
  rule.join(6, 1, 0, START);
  const waiting = waitingView({ pathOf: (request: number) => request - 5, inputTokensOf: () => 1 });
  expect([rule.next(startsAll, waiting, occupancy(), START), rule.lastBelow(0)]).toEqual([5, 5]);
});
