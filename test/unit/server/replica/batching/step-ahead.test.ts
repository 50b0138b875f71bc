import { describe, expect, it, test } from "vitest";
import { Phase } from "../../../../../src/core/kernel/phase.js";
import { Departed } from "../../../../../src/core/server/replica/batching/step-ahead.js";
import type { ReplicaRun, Told } from "../../../../conformance/replica-run.js";
import { type Changes, EVEN, FORMS, type Form, SIMPLE, start } from "./forms.js";

test("what has departed is in one step, and gone with the next that has any", () => {
  const departed = new Departed();
  departed.addRow(3, 100);
  departed.addRow(3, 20);
  departed.addPrefill(3, { ticket: 7, prefilled: 0, prompt: 5 });
  departed.addPrefill(3, { ticket: 2, prefilled: 1, prompt: 9 });
  expect([departed.rowsIn(3), departed.contextIn(3), departed.isIn(3)]).toEqual([2, 120, true]);
  expect(departed.prefillsIn(3).map(({ ticket }) => ticket)).toEqual([2, 7]);
  expect([departed.rowsIn(4), departed.contextIn(4), departed.isIn(4)]).toEqual([0, 0, false]);
  departed.addRow(5, 30);
  expect([departed.rowsIn(3), departed.rowsIn(5), departed.contextIn(5)]).toEqual([0, 1, 30]);
  expect([departed.prefillsIn(3), departed.prefillsIn(5)]).toEqual([[], []]);
});

/** When each was told that, in the order of their numbers. */
function times(run: ReplicaRun, what: Told["what"], ids: readonly number[]): readonly (number | undefined)[] {
  return ids.map((id) => run.timeOf(what, id));
}

function ahead(form: Form, changes: Changes = {}): ReplicaRun {
  return start(form, { stepAhead: true, ...changes });
}

describe.each(FORMS)("a step ahead, %s", (_, form) => {
  it("starts at once in an idle engine, and tells tokens and ends as without", () => {
    for (const stepAhead of [false, true]) {
      const run = start(form, { stepAhead, profile: EVEN });
      run.arrive(500, { inputTokens: 10, outputTokens: 3 });
      run.run();
      expect([times(run, "first", [0]), times(run, "completed", [0])]).toEqual([[1500], [3500]]);
    }
  });

  it("lets what comes while a step runs wait for the end of the next one: exactly one step more", () => {
    for (const at of [2300, 3000]) {
      const firsts = [false, true].map((stepAhead) => {
        const run = start(form, { stepAhead, profile: EVEN });
        run.arrive(0, { inputTokens: 10, outputTokens: 50 });
        run.arrive(at, { inputTokens: 10, outputTokens: 2 });
        run.run();
        expect(run.timeOf("completed", 0)).toBe(50_000);
        return run.timeOf("first", 1)!;
      });
      expect(firsts).toEqual([4000, 5000]);
    }
  });

  it("computes the row of one that has ended for one step more, unless that was known before", () => {
    // Of two tokens the prefill's step yields one; a step of n rows takes 1000 + 10 n + S / 10.
    const ends = [Number.POSITIVE_INFINITY, 3].map((maxTokens) => {
      const run = ahead(form, { profile: { ...SIMPLE, slope: () => 0 } });
      run.arrive(0, { inputTokens: 10, outputTokens: 9 });
      run.arrive(0, { inputTokens: 10, outputTokens: 3, maxTokens });
      run.run();
      return times(run, "completed", [1, 0]);
    });
    const both = 1000 + 40 + 2 * 1020;
    expect(ends).toEqual([
      [both, both + 1020 + 5 * 1010],
      [both, both + 6 * 1010],
    ]);
  });

  it("is busy for a step when the last one has ended, and what comes then waits for its end alone", () => {
    const run = ahead(form, { profile: EVEN });
    run.arrive(0, { inputTokens: 10, outputTokens: 2 });
    run.arrive(2300, { inputTokens: 10, outputTokens: 1 });
    run.arrive(9500, { inputTokens: 10, outputTokens: 1 });
    run.run();
    expect([times(run, "completed", [0, 1, 2]), run.replica.work.steps]).toEqual([[2000, 4000, 10_500], 7]);
  });

  it("computes what was cancelled for one step more: rows, and chunks where they were", () => {
    const run = ahead(form, { profile: { ...SIMPLE, slope: () => 0 }, maxBatchedTokens: 100 });
    run.arrive(0, { inputTokens: 10, outputTokens: 9 });
    run.arrive(0, { inputTokens: 300, outputTokens: 9 });
    run.arrive(0, { inputTokens: 50, outputTokens: 9 });
    // Steps: 90 tokens of the second beside the first's 10; 99; 99 beside the row of the first.
    run.cancelAt(1500, 1);
    run.run();
    const first = 1000 + 200;
    const second = 1010 + 2 * 99;
    // 111 tokens of the second are left, and 99 of them scheduled when it leaves: none of the third's is.
    const third = 1010 + 2 * 99;
    const fourth = 1010 + 2 * 50;
    expect(run.timeOf("first", 2)).toBe(first + second + third + fourth);
  });

  it("holds nothing for one that came and left between two steps", () => {
    const run = ahead(form, { profile: { ...SIMPLE, slope: () => 0 } });
    run.arrive(0, { inputTokens: 10, outputTokens: 9 });
    run.arrive(1500, { inputTokens: 10, outputTokens: 9 });
    run.cancelAt(1600, 1, Phase.timeout);
    run.run();
    expect(run.timeOf("completed", 0)).toBe(1020 + 8 * 1010);
  });
});
