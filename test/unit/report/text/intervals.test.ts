import { describe, expect, it } from "vitest";
import { basis, estimateText, intervalBlock } from "../../../../src/core/report/text/intervals.js";
import { ASCII_MARKS, PLAIN } from "../../../../src/core/report/text/style.js";
import { type IntervalMethod, methodText } from "../../../../src/core/results/shape/interval-method.js";
import type { Estimate } from "../../../../src/core/results/shape/result.js";
import { runResult } from "../../../support/run-result.js";

const options = { style: PLAIN, marks: ASCII_MARKS, width: 118 };

function estimate(changes: Partial<Estimate>): Estimate {
  return {
    metric: "overloaded_rate{tier:standard,per:attempt}",
    aggregation: "rate",
    unit: "share",
    better: "lower",
    value: 0.15,
    low: 0.12,
    high: 0.18,
    n: 8,
    method: "batches",
    oneRun: null,
    ...changes,
  };
}

const seeds = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ seed: `7/${index + 1}`, values: [], weights: [] }));

describe("an estimate in print", () => {
  it.each<[Partial<Estimate>, string]>([
    [{}, "15% [12, 18]"],
    [{ value: null, low: null, high: null }, ""],
    [{ low: null, high: null, method: "one-seed" }, "15%"],
    [{ low: null }, "15% [?, 18]"],
    [{ high: null }, "15% [12, ?]"],
    [{ value: 0, low: 0, high: 0.0000123, method: "zero-events" }, "0, <0.0012%"],
    [{ value: 50.25, low: 49.5, high: 51, unit: "tokens_per_second" }, "50.25 tok/s [49.5, 51]"],
    [{ value: 1.5, low: 1.25, high: 1.75, unit: "seconds" }, "1.5s [1.25, 1.75]"],
  ])("%o", (changes, wanted) => {
    expect(estimateText(estimate(changes))).toBe(wanted);
  });

  it("leaves the unit of a speed to the heading of its column, and of nothing else", () => {
    const speed = estimate({ value: 50, low: 49, high: 51, unit: "tokens_per_second" });
    expect(estimateText(speed, { bare: true })).toBe("50 [49, 51]");
    expect(estimateText(estimate({}), { bare: true })).toBe("15% [12, 18]");
  });
});

describe("what intervals rest on", () => {
  it("is seeds where there are several, and how they were chosen", () => {
    const replications = seeds(1200);
    expect(basis(runResult({ replications }))).toBe("Student's t over 1,200 seeds");
    const strata = { blocks: [] };
    expect(basis(runResult({ replications, strata }))).toBe("Student's t over 1,200 seeds, by strata");
  });

  it("is batches of one run, from the fewest to the most", () => {
    const told = (...counts: number[]) => basis(runResult({ estimates: counts.map((n) => estimate({ n })) }));
    expect(told(9, 30, 12)).toMatch(/^Student's t over 9 to 30 batches of the only run there is/);
    expect(told(9, 9)).toMatch(/^Student's t over 9 batches of the only run there is/);
  });

  it("is one seed where it has no batches", () => {
    expect(basis(runResult({ estimates: [estimate({ method: "zero-events" })] }))).toMatch(/^one seed: /);
  });
});

describe("the block of intervals", () => {
  it("has a row per tier and one for all, and a mark where nothing is known", () => {
    const lines = intervalBlock(runResult(), options);
    const row = (tier: string) => lines.find((line) => line.startsWith(tier));
    expect(lines[0]).toMatch(/^INTERVALS {2}95%, Student's t over 8 to 12 batches of the only run there is/);
    expect(row("standard")).toMatch(/^standard +15% \[12, 18\] +- +- +1s \[0.92, 1.08\] +-$/);
    expect(row("priority")).toMatch(/^priority +0, <3% +- +- +1.00s +-$/);
    expect(row("all")).toMatch(/^all +5% \[4, 6\] /);
  });

  it("says once below the table what bounds that of which none was seen, and only there", () => {
    const notes = (lines: readonly string[]) => lines.filter((line) => line.includes("0, <x: none seen"));
    expect(notes(intervalBlock(runResult(), options))).toHaveLength(1);
    expect(notes(intervalBlock(runResult({ estimates: [estimate({})] }), options))).toEqual([]);
  });

  it("tells what is of attempts from what is of requests", () => {
    const metric = "overloaded_rate{tier:standard,per:request}";
    const lines = intervalBlock(runResult({ estimates: [estimate({ metric })] }), options);
    const columns = lines.find((line) => line.startsWith("standard"))!.indexOf("15%");
    const heading = lines[2]!.slice(0, columns + "15% [12, 18]".length);
    expect(heading).toMatch(/of requests$/);
  });

  it("says why where nothing has an interval", () => {
    const bare = (method: IntervalMethod, n: number) => [estimate({ low: null, high: null, n, method })];
    const one = intervalBlock(runResult({ estimates: bare("one-seed", 1) }), options);
    expect(one).toEqual([`INTERVALS  none: ${methodText("one-seed")}`]);
    const several = runResult({ estimates: bare("too-few", 2), replications: seeds(2) });
    expect(intervalBlock(several, options)).toEqual([`INTERVALS  none: ${methodText("too-few")}`]);
  });

  it("is there where the only interval is open below", () => {
    const open = estimate({ low: null, high: 0.18, method: "replications" });
    const [heading] = intervalBlock(runResult({ estimates: [open], replications: seeds(5) }), options);
    expect(heading).toBe("INTERVALS  95%, Student's t over 5 seeds");
  });
});
