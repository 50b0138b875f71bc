import { describe, expect, it } from "vitest";
import { validateStages } from "../../../../src/core/internal.js";
import { profile, source } from "./recording.js";
import { HEADER, KNOWN, OPEN } from "./stages.js";

const validate = (
  text: string,
  more: Omit<Parameters<typeof validateStages>[0], "profile" | "stages"> = {},
) => validateStages({ profile, stages: [source("stages.csv", HEADER + text)], ...more });

describe("validateStages", () => {
  it("has recorded beside simulated, with the summary's settings", () => {
    const { schemaVersion, stages } = validate(KNOWN);
    expect([schemaVersion, stages.length]).toEqual([1, 1]);
    const [stage] = stages;
    expect(stage!.settings).toMatchObject({ maxSequences: 16, maxBatchedTokens: 2048 });
    const [bound, ...others] = stage!.bounds;
    expect(others).toEqual([]);
    expect(bound!.succeeded).toEqual({ recorded: 40, simulated: 40, error: 0 });
    expect(bound!.tpot.mean.error).toBeLessThan(0);
    expect(bound!.e2e.p90).toMatchObject({ recorded: null, error: null });
    expect(bound!.capacity).toEqual({ recorded: null, simulated: null, error: null });
  });

  it("shows both ends of what is open, and says that it decides", () => {
    const [stage] = validate(OPEN).stages;
    expect(stage!.bounds.map(({ cached }) => cached)).toEqual([
      "system prompt cached",
      "whole prompt cached",
    ]);
    expect(stage!.findings[0]?.part).toBe("cached prompts");
  });

  it("knows how many tokens a full batch makes, where the batch is full", () => {
    const full = KNOWN.replace(",2,20,", ",80,20,").replace("0.007", "0.01");
    const [bound] = validate(full, { timeout: 5 }).stages[0]!.bounds;
    expect(bound!.batch).toBeGreaterThan(14.4);
    expect(bound!.capacity.recorded).toBeCloseTo(1600, 6);
    expect(bound!.failed.simulated).toBeGreaterThan(0);
  });

  it("names what is off where both ends agree", () => {
    const slow = validate(KNOWN.replace("0.007", "0.02").replace("0.02,0.02", "0.09,0.09")).stages[0]!;
    expect(slow.findings.map(({ part }) => part)).toEqual(["time per token", "time to first token"]);
    expect(slow.findings[1]!.next).toMatch(/outside the engine.*engineVersion=vllm-0\.15$/);
  });

  it("says what engine a stage was simulated on", () => {
    const overrides = [{ path: "pools.engine.replica.engineVersion", value: "vllm-0.15", origin: "test" }];
    const notes = [{}, { overrides }].map((more) => validate(KNOWN, more).stages[0]!.notes.at(-1));
    expect(notes).toEqual([
      expect.stringMatching(/synchronous.*engineVersion=vllm-0\.15$/),
      expect.stringMatching(/schedules a step ahead.*\(engineVersion vllm-0\.15\)$/),
    ]);
  });

  it("asks which model is meant", () => {
    const two = KNOWN + KNOWN.replace("m,", "n,");
    expect(() => validate(two)).toThrow(/several models.*--model: m, n/);
    expect(validate(two, { model: "n" }).stages.map(({ model }) => model)).toEqual(["n"]);
    expect(() => validate(two, { model: "o" })).toThrow(/no stage of \S+ is of the model o: there are m, n/);
  });
});
