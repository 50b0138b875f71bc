import { expect, it } from "vitest";
import { emptyCall } from "../../../src/core/api/wire.js";
import { instant } from "../../../src/core/base/units.js";
import { visitRunning } from "../../../src/core/engine/running-tokens.js";
import { buildService } from "../../../src/core/engine/world/build-service.js";
import { parseScenario } from "../../../src/core/index.js";
import { EventQueue } from "../../../src/core/kernel/event-queue.js";
import { AnswerLog } from "../../support/by-hand.js";
import { tinyScenario } from "./tiny.js";

it("tells of each attempt inside what it has generated, by its tier and its caller's number", () => {
  const service = buildService(parseScenario({ ...tinyScenario(), duration: "1m" }), {
    seed: "1",
    events: new EventQueue(),
  });
  service.answerTo(new AnswerLog());
  for (const [reference, route] of [
    [5, 0],
    [9, 2],
  ] as const)
    service.receive(
      { ...emptyCall(), reference, route, inputTokens: 1, outputTokens: 50, maxTokens: 50 },
      instant(0),
    );
  const seen: number[][] = [];
  visitRunning(service, instant(10_000_000), (...told) => seen.push(told));
  // At one token a second, and at two.
  expect(seen).toEqual([
    [0, 10, 5],
    [2, 20, 9],
  ]);
});
