import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { sleep, waitFor } from "../../../../src/node/files/waiting.js";
import { holdSignals } from "../../../../src/node/signals.js";
import { everyLookTakes } from "../../../support/clock.js";

const pause = () => sleep(1);
const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");

it("looks once without patience, and until there is something with it", () => {
  let looks = 0;
  everyLookTakes(10);
  const third = () => (++looks === 3 ? "there" : undefined);
  expect([waitFor(third, { patienceMs: 0, pause }), looks]).toEqual([undefined, 1]);
  expect([waitFor(third, { patienceMs: 5000, pause }), looks]).toEqual(["there", 3]);
});

it("lets signals end the process where it takes long, since it cannot be told of one", async () => {
  // What an earlier test has sent is listened for a while longer, unless another run begins.
  holdSignals(() => true)();
  await setImmediate();
  everyLookTakes(10);
  const before = listeners();
  const release = holdSignals();
  const seen = new Set<number>();
  waitFor(() => (seen.add(listeners()).size === 2 ? true : undefined), { patienceMs: 10_000, pause });
  expect([[...seen], listeners()]).toEqual([[before + 2, before], before + 2]);
  release();
  await setImmediate();
});
