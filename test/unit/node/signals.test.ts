import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchInterrupt } from "../../../src/node/run/interrupt.js";
import { holdSignals } from "../../../src/node/signals.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let now = 0;
beforeEach(() => {
  // Long after what an earlier test has sent.
  now += 1e6;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const exit = () => vi.spyOn(process, "exit").mockImplementation(() => undefined as never);

it.each(SIGNALS)("%s ends the process with 130 while something is held", async (signal) => {
  const ended = exit();
  const release = holdSignals();
  process.emit(signal);
  expect(ended).toHaveBeenCalledExactlyOnceWith(130);
  release();
  await setImmediate();
});

it.each(SIGNALS)("%s asks a run to stop first, and the second one abandons it", async (signal) => {
  const ended = exit();
  const abandon = vi.fn();
  const interrupt = watchInterrupt(abandon);
  expect(interrupt.isRequested()).toBe(false);
  process.emit(signal);
  expect([interrupt.isRequested(), ended.mock.calls, abandon.mock.calls]).toEqual([true, [], []]);
  now += 600;
  process.emit("SIGTERM");
  expect([ended.mock.calls, abandon.mock.calls]).toEqual([[[130]], [[]]]);
  interrupt.release();
  await setImmediate();
});

it("gives the signals back when nothing is held, but not before those that came meanwhile were told", async () => {
  const counts = () => SIGNALS.map((signal) => process.listenerCount(signal));
  const before = counts();
  const releases = [holdSignals(), holdSignals()];
  const during = counts();
  for (const release of releases) release();
  const after = counts();
  await setImmediate();
  expect(during).toEqual(before.map((count) => count + 1));
  expect(after).toEqual(during);
  expect(counts()).toEqual(before);
});

it("takes two within milliseconds for one, also where the run has stopped in between", async () => {
  const ended = exit();
  const interrupt = watchInterrupt(() => {});
  process.emit("SIGINT");
  now += 30;
  process.emit("SIGINT");
  interrupt.release();
  await setImmediate();
  const release = holdSignals();
  now += 400;
  process.emit("SIGTERM");
  expect([interrupt.isRequested(), ended.mock.calls]).toEqual([true, []]);
  now += 200;
  process.emit("SIGTERM");
  expect(ended.mock.calls).toEqual([[130]]);
  release();
  await setImmediate();
});

it("does not let a second one that comes at once end a process whose run has just stopped", async () => {
  const before = process.listenerCount("SIGINT");
  const interrupt = watchInterrupt(() => {});
  process.emit("SIGINT");
  interrupt.release();
  await setImmediate();
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  now += 600;
  await expect.poll(() => process.listenerCount("SIGINT")).toBe(before);
});
