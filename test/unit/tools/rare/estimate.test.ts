import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/index.js";
import { estimateRare, RareEstimation, type RareOptions } from "../../../../src/core/tools/rare/estimate.js";
import { trunkReservation } from "../../../support/closed-forms.js";
import { gear, NIGHTLY } from "../../../support/mode.js";
import { smallPool, smallPoolInput } from "./small-pool.js";

const POOL = gear({ slots: 6, reserved: 1 }, { slots: 10, reserved: 2 });
const OPTIONS = { tier: "priority", trials: gear(6, 12) } as const;

describe("estimating a rare event", () => {
  it("gives the same result for the same seed and another for another", () => {
    const [one, again, other] = ["1", "1", "2"].map((seed) =>
      estimateRare(smallPoolInput(POOL), { ...OPTIONS, seed }),
    );
    expect(JSON.stringify(one)).toBe(JSON.stringify(again));
    expect(other!.value).not.toBe(one!.value);
    expect(one!.trials).toBe(OPTIONS.trials);
  });

  it.runIf(NIGHTLY)("is right on average: many small estimates, each with levels of its own", () => {
    const golden = trunkReservation(POOL.slots, POOL.reserved, 2, 8).priority;
    const values = Array.from({ length: 16 }, (_, seed) => {
      return estimateRare(smallPoolInput(POOL), { ...OPTIONS, trials: 20, seed: `many/${seed}` }).value!;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    // Student's quantile for 99.9 % at 15 degrees of freedom.
    const half = 4.073 * Math.sqrt(variance / values.length);
    expect(Math.abs(mean - golden), `${mean} +- ${half}, seeds many/0 to 15`).toBeLessThan(half);
    expect(half / golden).toBeLessThan(0.8);
  });

  it("goes on until the interval is as narrow as asked", () => {
    const { low, high, value, trials, trialsWithEvent } = estimateRare(smallPoolInput(POOL), {
      tier: "priority",
      until: "60%",
    });
    expect((high! - value!) / value!).toBeLessThanOrEqual(0.6);
    expect(low!).toBeLessThan(value!);
    expect(trials).toBeGreaterThanOrEqual(50);
    expect(trialsWithEvent).toBeGreaterThanOrEqual(30);
  });

  it("can be stopped on the way and says so", () => {
    const estimation = new RareEstimation(smallPool(POOL), OPTIONS);
    while (estimation.trials < 5) estimation.advance();
    const stopped = estimation.result({ partial: true });
    expect([stopped.trials, stopped.partial]).toEqual([5, true]);
  });

  it("says which step times are estimates, and that it was stopped", () => {
    const input = smallPoolInput();
    const replica = { engine: "batching", profile: "kimi-k2.6-b200x8" } as const;
    const pools = { shared: { ...input.pools["shared"]!, replica } };
    const onEstimates = parseScenario({ ...input, inventory: { gpus: 8 }, pools });
    const estimation = new RareEstimation(onEstimates, { tier: "priority" });
    const told = (partial: boolean) => estimation.result({ partial }).caveats.map(({ kind }) => kind);
    expect([told(false), told(true)]).toEqual([["estimate"], ["partial", "estimate"]]);
    const measured = new RareEstimation(parseScenario(input), { tier: "priority" });
    expect(measured.result().caveats).toEqual([]);
  });

  // That there are none takes the pilot long to see.
  it.runIf(NIGHTLY)("counts timeouts too", () => {
    const result = estimateRare(smallPoolInput(POOL), {
      ...OPTIONS,
      trials: 2,
      event: "timed_out",
    });
    expect(result).toMatchObject({ value: 0, metric: "timed_out_rate{tier:priority,per:attempt}" });
  });

  it.each([
    [{ tier: "prioriti" }, 'no path "prioriti"; did you mean "priority"?'],
    [{ event: "hedged" as "overloaded" }, 'unknown event "hedged"; it is one of overloaded, timed_out'],
    [{ trials: 1 }, "trials is a whole number from 2 up, got 1"],
    [{ until: "20%" }, "give one of the two"],
    [{ trials: undefined, until: 1.5 }, "until: "],
    [{ confidence: 1 }, "confidence must be above 0"],
  ] satisfies [Partial<RareOptions>, string][])("refuses %j", (options, problem) => {
    expect(() => new RareEstimation(smallPool(), { ...OPTIONS, ...options })).toThrow(problem);
  });

  it("refuses a queue without limit or deadline, where no request is ever shed", () => {
    const input = smallPoolInput();
    const pools = { shared: { ...input.pools["shared"]!, admission: { policy: "none" as const } } };
    expect(() => estimateRare({ ...input, pools }, OPTIONS)).toThrow(/queue of pool "shared" has no limit/);
  });
});
