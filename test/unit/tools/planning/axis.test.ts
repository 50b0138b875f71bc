import { describe, expect, it } from "vitest";
import {
  axisOf,
  readRange,
  readStep,
  type Spacing,
  turned,
} from "../../../../src/core/tools/planning/axis.js";

const axis = (text: string, spacing: Spacing) => axisOf(readRange(text), spacing);

describe("an axis", () => {
  it("lays out whole, even and relative steps, with their unit", () => {
    expect(axis("replicas=3..6", { kind: "whole" }).values).toEqual([3, 4, 5, 6]);
    expect(axis("a.b=0%..20%", { kind: "even", tolerance: 0.25 }).texts).toEqual([
      "0%",
      "5%",
      "10%",
      "15%",
      "20%",
    ]);
    expect(axis("maxQueue=0..32", { kind: "even", tolerance: 0.1 }).values).toEqual([
      ...[0, 3, 6, 10, 13, 16, 19, 22, 26, 29, 32],
    ]);
    expect(axis("reserve=0.5..1.5", { kind: "even", tolerance: 0.25 }).values).toEqual([
      0.5, 0.75, 1, 1.25, 1.5,
    ]);
    const { values } = axis("load=0.5..4", { kind: "ratio", tolerance: 0.02 });
    expect([values[0], values.at(-1)]).toEqual([0.5, 4]);
    expect(Math.max(...values.slice(1).map((value, index) => value / values[index]!))).toBeLessThan(1.0201);
  });

  it("says how far its values lie apart", () => {
    expect(axis("replicas=3..6", { kind: "whole" }).step).toBe("1");
    expect(axis("a.b=0%..20%", { kind: "even", tolerance: 0.05 }).step).toBe("1%");
    expect(axis("load=0.5..4", { kind: "ratio", tolerance: 0.02 }).step).toBe("2% of the value");
  });

  it("lays out round steps of what has a unit, and both ends", () => {
    const round = (text: string) => axis(text, { kind: "round", tolerance: 0.05 });
    const { texts, step } = round("queueTimeout=50ms..30s");
    expect([texts.length, texts.slice(0, 3), texts.at(-1), step]).toEqual([
      ...[31, ["50ms", "1000ms", "2000ms"], "30000ms", "1000ms"],
    ]);
    expect(round("wait=8s..12s").texts).toEqual(["8s", "9s", "10s", "11s", "12s"]);
    expect(round("tokens=1k..100k").values.slice(0, 4)).toEqual([1, 2, 4, 6]);
    expect(round("wait=100ms..1700ms").values.slice(0, 3)).toEqual([100, 150, 200]);
    expect(round("wait=3s..3s").texts).toEqual(["3s"]);
    expect(() => round("wait=1.5s..3s")).toThrow("whole numbers");
  });

  const stepped = (text: string, step: string) => axis(text, { kind: "step", step: readStep(step) });

  it("takes steps of any size, in the smaller of two units of a kind", () => {
    expect(stepped("wait=100ms..1s", "300ms")).toMatchObject({
      ...{ step: "300ms", texts: ["100ms", "400ms", "700ms", "1000ms"] },
    });
    expect(stepped("wait=1m..2m", "25s").texts).toEqual(["60s", "85s", "110s", "120s"]);
    expect(stepped("requests=2/s..4/s", "60/min").texts).toEqual(["120/min", "180/min", "240/min"]);
    expect(stepped("tokens=8k..1M", "248k").texts).toEqual(["8k", "256k", "504k", "752k", "1000k"]);
    expect(stepped("share=0%..0.3%", "0.1").texts).toEqual(["0%", "0.1%", "0.2%", "0.3%"]);
    expect(axis("window=90s..2m", { kind: "whole" }).texts.slice(0, 2)).toEqual(["90s", "91s"]);
  });

  it.each([
    ["wait=1s..2s", "10%", "of another kind"],
    ["wait=1us..2s", "1us", "more than 1000000 steps"],
    ["tokens=1k..2k", "500", "a step of 500k is longer than the range"],
  ])("refuses %s in steps of %s", (text, step, problem) => {
    expect(() => stepped(text, step)).toThrow(problem);
  });

  it.each(["0", "-1", "1 s", "ms", ""])("takes no step of %j", (step) => {
    expect(() => readStep(step)).toThrow("above 0");
  });

  it("can be turned round", () => {
    expect(turned(axis("a=1s..3s", { kind: "whole" }))).toEqual({
      ...{ path: "a", values: [3, 2, 1], texts: ["3s", "2s", "1s"], step: "1s" },
    });
  });

  it.each(["replicas", "replicas=9..3", "replicas=1.5..3", "a=1s..2%", "a=1s..2/s", "a=1k..2s"])(
    "refuses %s",
    (text) => {
      expect(() => axis(text, { kind: "whole" })).toThrow(`${text}: `);
    },
  );
});
