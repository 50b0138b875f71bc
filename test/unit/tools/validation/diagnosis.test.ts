import { describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../src/core/internal.js";
import { diagnose } from "../../../../src/core/tools/validation/diagnosis.js";
import { replay } from "../../../../src/core/tools/validation/replay.js";
import { compareRun } from "../../../../src/core/tools/validation/run-comparison.js";
import type { RunRequest } from "../../../../src/core/tools/validation/run-request.js";
import { settingsOf } from "../../../../src/core/tools/validation/settings.js";
import type { StepErrors } from "../../../../src/core/tools/validation/step-errors.js";
import { request, served } from "./requests.js";

const PROFILE = profileFileByName("llama-3.1-8b-h100");
const SETTINGS = settingsOf(PROFILE, {});
const asked = Array.from({ length: 60 }, (_, index) =>
  request({
    arrival: index < 20 ? index : 20 + (index - 20) / 100,
    promptTokens: 200 + 50 * (index % 20),
    outputTokens: 100,
  }),
);
const REPLAY = replay(served(asked), PROFILE, SETTINGS);

/** What is said where an engine had differed from the simulator like this. */
function saidOf(change: (one: RunRequest) => Partial<RunRequest>, settings = SETTINGS) {
  const recorded = served(REPLAY.served.map((one) => ({ ...one, ...change(one) })));
  const again = settings === SETTINGS ? REPLAY : replay(recorded, PROFILE, settings);
  return diagnose(compareRun(recorded, again, settings, undefined), null).map(
    ({ part, seen, next }) => `${part}: ${seen} -> ${next}`,
  );
}

const tokenTime = (one: RunRequest) => one.finish - one.firstToken;

describe("diagnose", () => {
  it("finds nothing where nothing is off", () => {
    expect(saidOf(() => ({}))).toEqual([]);
  });

  it("takes a constant that is missing in every time to first token for time outside the engine", () => {
    const said = saidOf((one) => ({ firstToken: one.firstToken + 0.03, finish: one.finish + 0.03 }));
    expect(said).toEqual([
      expect.stringMatching(/^time to first token: .*30\.0ms too low.*outside the engine/),
    ]);
  });

  it("says to name the version of the engine where none is, and to state more where one is", () => {
    const late = served(
      REPLAY.served.map((one) => ({ ...one, firstToken: one.firstToken + 0.03, finish: one.finish + 0.03 })),
    );
    const [bare, named] = [true, false].map((isBare) => {
      const run = compareRun(late, REPLAY, SETTINGS, undefined);
      return diagnose(run, null, { isBare, note: "" })[0]!.next;
    });
    expect(bare).toMatch(/a step more.*--set pools\.engine\.replica\.engineVersion=vllm-0\.15$/);
    expect(named).toMatch(/more time outside the engine .* than is stated \(frontEnd\)$/);
  });

  it("takes one that grows with the prompt for time of prefill", () => {
    const said = saidOf((one) => ({
      firstToken: one.firstToken + one.promptTokens / 10_000,
      finish: one.finish + one.promptTokens / 10_000,
    }));
    expect(said[0]).toMatch(/too low.*grows with the prompt: time of prefill/);
  });

  it("guesses at cached prompts where the engine was quicker the longer they were", () => {
    const said = saidOf((one) => ({
      firstToken: one.arrival + 0.9 * (one.firstToken - one.arrival) - one.promptTokens / 1e5,
    }));
    expect(said.join("\n")).toMatch(/too high.*found in the cache/);
  });

  it("tells time per token that is off at every batch from one at a large batch", () => {
    const all = saidOf((one) => ({ finish: one.firstToken + 1.1 * tokenTime(one) }));
    expect(all[0]).toMatch(/^time per token: .*the same at every batch/);
    const large = saidOf((one) =>
      one.arrival < 20 ? {} : { finish: one.firstToken + 1.15 * tokenTime(one) },
    );
    expect(large[0]).toMatch(/more at a large batch: the slope/);
    const small = saidOf((one) =>
      one.arrival < 20 ? { finish: one.firstToken + 1.15 * tokenTime(one) } : {},
    );
    expect(small[0]).toMatch(/more at a small batch: the fixed part/);
  });

  it("looks at KV and batch where a replica at full load makes more than the engine did", () => {
    const burst = replay(served(asked.map((one) => ({ ...one, arrival: 0 }))), PROFILE, {
      ...SETTINGS,
      maxSequences: 4,
    });
    const settings = { ...SETTINGS, maxSequences: 5 };
    const run = compareRun(burst, replay(burst, PROFILE, settings), settings, undefined);
    expect(diagnose(run, null)[0]).toMatchObject({
      part: "capacity",
      next: expect.stringMatching(/--kv-tokens.*--max-sequences/),
    });
  });

  it("takes a gap between tokens that is much longer for a larger budget of a step", () => {
    const said = saidOf((one) => ({ longestGap: 2 * (one.longestGap ?? 0) }));
    expect(said).toEqual([expect.stringMatching(/^longest step: .*-50.*more prefill.*--max-batched-tokens/)]);
  });

  it("counts those that were lost", () => {
    const gone = REPLAY.served.slice(0, 6).map((one) => ({
      ...one,
      outcome: "timed_out" as const,
      ended: undefined,
    }));
    const run = compareRun({ served: REPLAY.served.slice(6), lost: gone }, REPLAY, SETTINGS, undefined);
    expect(diagnose(run, null)[0]?.seen).toBe("6 of 60 requests were lost, simulated 0");
  });

  it("names the kind of step that is furthest off", () => {
    const error = (bias: number) => ({ points: 10, bias, mean: bias, p90: bias, max: bias });
    const steps: StepErrors = {
      gpu: { all: error(0.01), byRegime: { mixed: error(0.04), "decode 65+": error(-0.06) } },
      host: null,
      notes: [],
    };
    const run = compareRun(REPLAY, REPLAY, SETTINGS, undefined);
    expect(diagnose(run, steps)).toEqual([
      expect.objectContaining({ seen: expect.stringMatching(/"decode 65\+" come out -6/) }),
    ]);
  });
});
