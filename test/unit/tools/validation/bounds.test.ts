import { describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../src/core/internal.js";
import { checkBounds } from "../../../../src/core/tools/validation/bounds.js";
import { compared } from "../../../../src/core/tools/validation/compared.js";
import { replay } from "../../../../src/core/tools/validation/replay.js";
import { compareRun, type RunComparison } from "../../../../src/core/tools/validation/run-comparison.js";
import { request, served } from "./requests.js";

const SETTINGS = {
  replicas: 1,
  maxSequences: 16,
  maxBatchedTokens: 512,
  maxPrefillSequences: 8,
  kvTokens: 400_000,
};
const PROFILE = profileFileByName("llama-3.1-8b-h100");

function run(change: Partial<RunComparison>): RunComparison {
  const requests = [request(), request({ arrival: 1 })];
  const same = replay(served(requests), PROFILE, SETTINGS);
  return { ...compareRun(same, same, SETTINGS, undefined), ...change };
}

function verdictOf(measure: string, change: Partial<RunComparison>): string | undefined {
  return checkBounds(run(change)).find((bound) => bound.measure === measure)?.verdict;
}

const ttft = (recorded: number, simulated: number) => ({
  ...run({}).ttft,
  p50: compared(recorded, simulated),
});

describe("bounds", () => {
  it("are all kept by a run that is its own replay", () => {
    const verdicts = checkBounds(run({})).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(new Array(7).fill("within"));
  });

  it.each<[string, Partial<RunComparison>, string]>([
    ["tpot.p50", { tpot: { ...run({}).tpot, p50: compared(100, 102.4) } }, "within"],
    ["tpot.p50", { tpot: { ...run({}).tpot, p50: compared(100, 102.6) } }, "beyond"],
    ["tpot.p50", { tpot: { ...run({}).tpot, p50: compared(100, 97.4) } }, "beyond"],
    ["tpot.p90", { tpot: { ...run({}).tpot, p90: compared(null, 1) } }, "not judged"],
    ["ttft.p50", { ttft: ttft(1, 1.099) }, "within"],
    ["ttft.p50", { ttft: ttft(1, 1.101) }, "beyond"],
    ["ttft.p50", { ttft: ttft(0.01, 0.0149) }, "within"],
    ["ttft.p50", { ttft: ttft(0.01, 0.0151) }, "beyond"],
    ["ttft.p50", { ttft: ttft(1, 2), waitShare: 0.9 }, "not judged"],
    ["ttft.p50", { ttft: ttft(1, 2), waitShare: 0.5 }, "beyond"],
  ])("judge %s of a run (case %#)", (measure, change, wanted) => {
    expect(verdictOf(measure, change)).toBe(wanted);
  });
});
