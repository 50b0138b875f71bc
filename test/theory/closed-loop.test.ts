// Callers who think, send and wait: machine repair on a delay system, Engset on a loss system. Golden values were
// computed apart from this project; the closed forms are checked against them first, the simulator second.
import { describe, expect, test } from "vitest";
import type { MeanInterval, RunResult, ScenarioInput } from "../../src/core/index.js";
import { engsetCongestion, machineRepair } from "../support/closed-forms.js";
import { gear } from "../support/mode.js";
import { expectCovers, lossSystem, measured, once, SLOW } from "../support/oracle.js";

const SERVERS = 10;
const THINK = 8;
const SERVICE = 2;

type Admission = NonNullable<ScenarioInput["pools"][string]["admission"]>;

/** N callers in front of ten servers, all times exponential. */
function closedLoop(callers: number, admission: Admission, seconds: number): ScenarioInput {
  const scenario = lossSystem({
    slots: SERVERS,
    rates: { standard: 1 },
    admission,
    service: { dist: "exponential", mean: SERVICE * 1e6 },
    duration: `${seconds}s`,
    warmup: "100s",
  });
  const arrivals = { process: "closed", callers, think: { dist: "exponential", mean: THINK } } as const;
  return { ...scenario, traffic: { callers: { ...scenario.traffic["callers"]!, arrivals } } };
}

const throughput = (run: RunResult) => run.all.attempts / run.time.measured;
const response = (run: RunResult) => run.all.latency.mean!;

describe("machine repair: ten servers, thinking for 8 s, served for 2 s", () => {
  test.each([
    [50, 4.660521842, 2.728412334, 1400, 4000],
    [80, 4.9999956, 8.0000142, 1400, 3000],
  ])("%i callers", (callers, goldenThroughput, goldenResponse, short, long) => {
    const exact = machineRepair(callers, THINK, SERVERS, SERVICE);
    expect(exact.throughput).toBeCloseTo(goldenThroughput, 7);
    expect(exact.response).toBeCloseTo(goldenResponse, 6);
    const run = measured(closedLoop(callers, { policy: "none" }, gear(short, long)), {
      throughput,
      response,
      // The identity R = N / X - Z holds whatever the distributions; a run's edges blur it a little.
      identity: (result) => callers / throughput(result) - THINK - response(result),
    });
    const slow = machineRepair(callers, THINK, SERVERS, SERVICE * SLOW);
    expectCovers(run.throughput, goldenThroughput, slow.throughput);
    expectCovers(run.response, goldenResponse, slow.response);
    expect(Math.abs(run.identity.mean)).toBeLessThan(0.01 * goldenResponse + run.identity.halfWidth);
    expect(run.identity.halfWidth).toBeLessThan(0.05 * goldenResponse);
    const bound = Math.min(callers / (THINK + SERVICE), SERVERS / SERVICE);
    expect(run.throughput.low).toBeLessThan(bound);
  });
});

describe("Engset: ten servers without a line, the refused think again", () => {
  const GOLDEN = 0.2286405499;
  const congestion = (callers: number) =>
    measured(closedLoop(callers, { policy: "tail-drop", maxQueue: 0 }, gear(1900, 3000)), {
      refused: (run) => run.all.overloadedRate!,
    }).refused;
  const ofFifty = once(() => congestion(50));

  test("call congestion of 50 callers", () => {
    expect(engsetCongestion(50, SERVERS, SERVICE / THINK)).toBeCloseTo(GOLDEN, 9);
    expectCovers(ofFifty(), GOLDEN, engsetCongestion(50, SERVERS, (SERVICE / THINK) * SLOW));
  });

  test("a golden value 5 % off fails, either way, and so does one caller too few", () => {
    const fails = (refused: MeanInterval, golden: number) =>
      expect(() => expectCovers(refused, golden, 2 * golden));
    fails(ofFifty(), 1.05 * GOLDEN).toThrow(/is above/);
    fails(ofFifty(), 0.95 * GOLDEN).toThrow(/is below/);
    fails(congestion(47), GOLDEN).toThrow(/is above/);
  });
});
