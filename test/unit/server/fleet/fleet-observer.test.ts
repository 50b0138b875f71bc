import { expect, it } from "vitest";
import { START } from "../../../../src/core/base/units.js";
import { type FleetObserver, FleetObservers } from "../../../../src/core/server/fleet/fleet-observer.js";

it("observers of a fleet are told what they ask for, in turn, and by which fault something was done", () => {
  const told: unknown[] = [];
  const observers = new FleetObservers();
  const log = (name: string): NonNullable<FleetObserver["happened"]> => {
    return (kind, pool, _, detail) => told.push([name, kind, pool, detail]);
  };
  observers.add({ happened: log("a"), changed: (pool) => told.push(["a", pool]) });
  observers.add({ happened: log("b"), started: (pool, wantedAt) => told.push(["b", pool, wantedAt]) });
  observers.changed(3, START);
  observers.started(4, START, START);
  observers.cause = "faults.rack";
  observers.happened("node-lost", undefined, START, { name: "h100" });
  observers.cause = undefined;
  observers.happened("no-gpus", 1, START);
  const detail = { name: "h100", by: "faults.rack" };
  expect(told).toEqual([
    ["a", 3],
    ["b", 4, START],
    ["a", "node-lost", undefined, detail],
    ["b", "node-lost", undefined, detail],
    ["a", "no-gpus", 1, undefined],
    ["b", "no-gpus", 1, undefined],
  ]);
});
