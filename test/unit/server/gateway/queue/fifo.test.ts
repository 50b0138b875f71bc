import { expect, it } from "vitest";
import { fifo } from "../../../../../src/core/server/gateway/queue/fifo.js";
import { occupancy, startsAll } from "../../../../support/gateway-views.js";

it("asks lanes by who came first, and displaces by rank all the same", () => {
  const rule = fifo.create({}, [1, 0]);
  rule.join(5, 0, 0);
  rule.join(6, 1, 0);
  const waiting = { pathOf: (request: number) => request - 5, inputTokensOf: () => 1 };
  expect([rule.next(startsAll, waiting, occupancy()), rule.lastBelow(0)]).toEqual([5, 5]);
});
