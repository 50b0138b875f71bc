import { expect, it } from "vitest";
import { checkInRun } from "../../../src/core/scenario/run-length.js";

const told = (duration: unknown, time: unknown): string[] => {
  const all: string[] = [];
  checkInRun({ duration }, time, ["faults", "one", "at"], (path, message) =>
    all.push(`${path.join(".")}: ${message}`),
  );
  return all;
};

it("what is timed comes before the run ends", () => {
  expect(told("5m", "5m")).toEqual(["faults.one.at: the run ends before that (duration is 5m)"]);
  expect(told("5m", "299s")).toEqual([]);
});

it("a malformed time, and a run without a length, are others' business", () => {
  for (const [duration, time] of [
    ["5m", "soon"],
    ["5m", undefined],
    [undefined, "9m"],
    ["0s", "9m"],
  ])
    expect(told(duration, time)).toEqual([]);
});
