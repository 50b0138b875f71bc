import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { isStageTable, readStageTable } from "../../../../src/core/tools/validation/stage-table.js";
import { HEADER, KNOWN, OPEN } from "./stages.js";

const read = (...rows: readonly string[]) => readStageTable([HEADER, ...rows], "stages.csv");

describe("readStageTable", () => {
  it("takes rate, lengths, settings and figures, and leaves null what is not told", () => {
    const [stage] = read(KNOWN);
    expect(stage).toMatchObject({
      name: "m chat",
      model: "m",
      arrivals: { kind: "constant", rate: 2 },
      seconds: 20,
      promptTokens: 300,
      outputTokens: 50,
      cached: [{ label: "as recorded", tokens: 100 }],
      settings: { maxSequences: 16 },
      recorded: { sent: 40, failed: 0, ttft: { mean: 0.02, p50: 0.02, p90: null, p99: null } },
    });
  });

  it("tells what a cache cannot have had, and cuts it to the prompt", () => {
    expect(read(KNOWN)[0]!.notes).toEqual([]);
    const [stage] = read(KNOWN.replace(",300,100,", ",300,301,"));
    expect(stage).toMatchObject({
      cached: [{ tokens: 300 }],
      notes: ["cached_tokens_mean is above the prompt of 300 tokens, and cut to it"],
    });
    const [open] = read(OPEN.replace(",100,3,2,", ",400,3,2,"));
    expect(open!.notes).toEqual(["system_prompt_tokens is above the prompt of 300 tokens, and cut to it"]);
  });

  it("has both ends of what may have been cached where the table does not say", () => {
    expect(read(OPEN)[0]!.cached).toEqual([
      { label: "system prompt cached", tokens: 100, applications: 3 },
      { label: "whole prompt cached", tokens: 300, applications: 6 },
    ]);
    const bare = "rate_per_s,duration_s,output_tokens,prompt_tokens_mean\n1,10,5,80\n";
    const [stage] = readStageTable([bare], "s.csv");
    expect(stage!.name).toBe("stage of line 2");
    expect(stage!.cached.map(({ label, tokens }) => [label, tokens])).toEqual([
      ["nothing cached", 0],
      ["all cached", 80],
    ]);
  });

  it.each<[string, string, RegExp]>([
    [
      "a rate of nothing",
      KNOWN.replace("chat,2,", "chat,0,"),
      /2:8 rate_per_s is "0", but must be a number above 0/,
    ],
    ["a word", KNOWN.replace("0.36", "soon"), /e2e_p50_s is "soon"/],
    ["an empty length", KNOWN.replace("20,50,300", "20,,300"), /output_tokens is ""/],
    ["a missing field", "1\n", /1 fields, not 18/],
  ])("refuses %s, with its place", (_, row, wanted) => {
    try {
      read(row);
      expect.unreachable();
    } catch (error) {
      const [issue] = error instanceof SurgefleetError ? error.issues : [];
      expect(`${issue?.line}:${issue?.column} ${issue?.path} ${issue?.message}`).toMatch(wanted);
    }
  });

  it("names columns that are missing or stand there twice, and wants a stage", () => {
    expect(() => readStageTable(["rate_per_s,rate_per_s\n"], "s.csv")).toThrow(
      /second time[\s\S]*"duration_s" is missing/,
    );
    expect(() => read()).toThrow(/no stages/);
  });

  it("is known by its columns", () => {
    expect(isStageTable(["model", "rate_per_s"])).toBe(true);
    expect(isStageTable(["arrival_s"])).toBe(false);
  });
});
