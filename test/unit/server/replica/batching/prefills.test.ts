import { describe, expect, it } from "vitest";
import { openStream } from "../../../../../src/core/random/stream.js";
import { type PrefillLoad, Prefills } from "../../../../../src/core/server/replica/batching/prefills.js";
import { Sequence } from "../../../../../src/core/server/replica/batching/sequence.js";
import { aloneWork } from "../../../../conformance/replica-run.js";
import { EVEN } from "./forms.js";

function sequence(prompt: number, cached = 0): Sequence {
  const made = new Sequence();
  made.begin(0, 0, aloneWork({ inputTokens: prompt, outputTokens: 5 }), EVEN, openStream("1", "acceptance"));
  made.prompt = prompt;
  made.restart(cached);
  return made;
}

const nothing = (): PrefillLoad => ({ tokens: 0, area: 0, prior: 0, loading: 0 });

describe("prefills", () => {
  it("share out the budget in order, in chunks, and say what the step computes", () => {
    const prefills = new Prefills();
    const [first, second, third] = [sequence(70, 20), sequence(60), sequence(10)];
    for (const each of [first, second, third]) prefills.add(each);
    const load = nothing();
    prefills.plan(80, load);
    expect([first, second, third].map(({ chunk }) => chunk)).toEqual([50, 30, 0]);
    expect(load).toEqual({ tokens: 80, area: 50 * (20 + 25.5) + 30 * 15.5, prior: 20, loading: 0 });
    expect(prefills.contextTokens).toBe(71 + 61 + 11);
  });

  it("bring back what the host kept of those that get a chunk, once", () => {
    const prefills = new Prefills();
    const [first, second] = [sequence(70, 20), sequence(60, 40)];
    for (const each of [first, second]) {
      each.loading = each.prefilled;
      prefills.add(each);
    }
    const load = nothing();
    const loads = [50, 30, 30].map((budget) => {
      prefills.plan(budget, load);
      prefills.plan(budget, load);
      const { loading } = load;
      if (prefills.count > 0) prefills.endStep([]);
      return loading;
    });
    expect(loads).toEqual([20, 40, 0]);
  });

  it("may be planned anew before the step ends", () => {
    const prefills = new Prefills();
    const [first, second] = [sequence(70), sequence(60)];
    prefills.add(first);
    prefills.plan(100, nothing());
    prefills.add(second);
    const load = nothing();
    prefills.plan(50, load);
    expect([first.chunk, second.chunk, load.tokens]).toEqual([50, 0, 50]);
  });

  it("end when their prompt is done, in order, and keep the others", () => {
    const prefills = new Prefills();
    const [first, second, third] = [sequence(30), sequence(60), sequence(10)];
    for (const each of [first, second, third]) prefills.add(each);
    const finished: Sequence[] = [];
    prefills.plan(80, nothing());
    prefills.endStep(finished);
    expect([finished, prefills.sequences, second.prefilled]).toEqual([[first], [second, third], 50]);
    prefills.plan(80, nothing());
    prefills.endStep(finished);
    expect([finished, prefills.count, prefills.contextTokens]).toEqual([[first, second, third], 0, 0]);
    expect(second.chunk).toBe(0);
  });

  it("let go of a sequence that is taken out", () => {
    const prefills = new Prefills();
    const [first, second] = [sequence(30), sequence(60)];
    prefills.add(first);
    prefills.add(second);
    prefills.remove(first);
    expect([prefills.sequences, prefills.contextTokens]).toEqual([[second], 61]);
  });

  it("need some room in the budget", () => {
    const prefills = new Prefills();
    prefills.add(sequence(3));
    expect(() => prefills.plan(0, nothing())).toThrow("room in the token budget");
  });
});
