import { expect, it } from "vitest";
import { emptyCall } from "../../../../src/core/api/wire.js";
import { instant } from "../../../../src/core/base/units.js";
import { buildNetwork } from "../../../../src/core/engine/world/build-network.js";
import { parseScenario } from "../../../../src/core/index.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { AnswerLog } from "../../../support/by-hand.js";
import { tinyScenario } from "../tiny.js";

const slots = (frontEnd: object) => ({
  replica: { engine: "slots", slots: 1, tokensPerSecond: 1, frontEnd } as const,
});

function build(frontEnd: object) {
  const scenario = parseScenario({ ...tinyScenario({ pool: slots(frontEnd) }), duration: "1m" });
  const calls = { receive: () => 1, cancel: () => undefined, progress: () => 0 };
  const ledger = { wasted: () => undefined, behind: () => undefined };
  return buildNetwork(scenario, { seed: "1", events: new EventQueue(), calls, ledger });
}

it("is there only where calls take time", () => {
  expect([build({}), build({ token: "0s" })]).toEqual([undefined, undefined]);
  expect(build({ token: "1us" })).toBeDefined();
});

it("takes a call the time that the pool of its path states, drawn anew for each", () => {
  const network = build({ prompt: { median: "10ms", p90: "20ms" }, perPromptToken: "0.4us" })!;
  network.answerTo(new AnswerLog());
  const wayIn = (reference: number, route: number, inputTokens: number) => {
    network.receive({ ...emptyCall(), reference, route, inputTokens }, instant(0));
    return network.wayIn(reference);
  };
  const drawn = Array.from({ length: 400 }, (_, reference) => wayIn(reference, reference % 2, 0));
  const quick = drawn.filter((time) => time < 10_000).length;
  expect(new Set(drawn).size).toBeGreaterThan(300);
  expect([quick > 160, quick < 240]).toEqual([true, true]);
  // Three standard deviations of the longest of all, and 40 seconds on top.
  expect(wayIn(1000, 1, 100_000_000)).toBeGreaterThan(40_000_000);
  // A path of another pool, and one that is none.
  expect([wayIn(1001, 2, 1000), wayIn(1002, -1, 1000)]).toEqual([0, 0]);
});
