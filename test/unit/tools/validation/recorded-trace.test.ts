import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { readRecordedTrace } from "../../../../src/core/tools/validation/recorded-trace.js";

const HEADER =
  "invocation_id,function_name,chute_id,user_id,instance_id,started_at,completed_at,it,ot,ct,ttft\n";
const chute = (from: string, to: string, [input, output, cached]: readonly number[], ttft: string) =>
  `i,f,c,u,n,2025-01-01 00:00:${from},2025-01-01 00:00:${to},${input},${output},${cached},${ttft}\n`;

describe("readRecordedTrace", () => {
  it("takes first tokens and ends from the rows of any format that tells them", () => {
    const text = HEADER + chute("01", "03", [100, 20, 60], "0.5") + chute("02", "05.5", [80, 10, 0], "1");
    const { served, lost, notes } = readRecordedTrace([text], "chutes.csv");
    expect(served).toEqual([
      expect.objectContaining({
        arrival: 0,
        firstToken: 0.5,
        finish: 2,
        promptTokens: 100,
        cachedTokens: 60,
      }),
      expect.objectContaining({ arrival: 1, firstToken: 2, finish: 4.5, outputTokens: 10 }),
    ]);
    expect(lost).toEqual([]);
    expect(notes[0]).toBe("read as chutes");
  });

  it("refuses a trace of demand, and says what would do", () => {
    try {
      readRecordedTrace(["timestamp,input_tokens,output_tokens\n0,1,1\n"], "demand.csv");
      expect.unreachable();
    } catch (error) {
      const issues = error instanceof SurgefleetError ? error.issues : [];
      expect(issues[0]?.message).toMatch(/read as generic: no row tells when its first token/);
      expect(issues[0]?.hint).toMatch(/--stages/);
    }
  });
});
