import { describe, expect, it } from "vitest";
import { caveatBlock, sharedCaveats } from "../../../../src/core/report/text/caveats.js";
import { stabilityText } from "../../../../src/core/report/text/stability-text.js";
import { PLAIN } from "../../../../src/core/report/text/style.js";
import { textReport } from "../../../../src/core/report/text/text.js";
import type { Caveat } from "../../../../src/core/results/shape/caveat-kinds.js";
import { seedOutcome, stabilityOf } from "../../../../src/core/results/verdict/stability.js";
import { runResult } from "../../../support/run-result.js";

const SHORT: Caveat = { kind: "short", text: "the run is too short to tell" };
const OPEN: Caveat = { kind: "open", text: "5 % of the requests of standard had not ended when the run did" };
const ESTIMATE: Caveat = { kind: "estimate", text: "the step times of shared are an estimate" };

describe("caveats in print", () => {
  it("are a heading and a line each, and nothing without any", () => {
    const page = { style: PLAIN, width: 118 };
    expect(caveatBlock([SHORT, OPEN], page)).toEqual(["CAVEATS", `  ${SHORT.text}`, `  ${OPEN.text}`]);
    expect(caveatBlock([], page)).toEqual([]);
  });

  it("take another line, further in, where the page is narrow; a word longer than it stays whole", () => {
    const lines = caveatBlock([OPEN], { style: PLAIN, width: 40 });
    expect(lines.slice(1)).toEqual([
      "  5 % of the requests of standard had",
      "    not ended when the run did",
    ]);
    const word = "x".repeat(50);
    expect(caveatBlock([{ text: word }], { style: PLAIN, width: 40 })).toEqual(["CAVEATS", `  ${word}`]);
  });

  it("of several results are said once where all have them, else of which", () => {
    const told = sharedCaveats([
      { name: "a", caveats: [SHORT, ESTIMATE] },
      { name: "b", caveats: [ESTIMATE, OPEN] },
    ]);
    expect(told.map(({ text }) => text)).toEqual([`a: ${SHORT.text}`, ESTIMATE.text, `b: ${OPEN.text}`]);
  });

  it("stand in a report behind the thresholds, but for that it is partial, which is said with the numbers", () => {
    const text = textReport(
      runResult({ partial: true, caveats: [{ kind: "partial", text: "cut off" }, SHORT] }),
    );
    expect(text).toMatch(/THRESHOLDS[\s\S]*\n\nCAVEATS\n {2}the run is too short to tell\n\nPARTIAL/);
    expect(text).not.toContain("cut off");
  });

  it("stand below the stability of a fleet where every seed has them, but for that a seed is one", () => {
    const outcome = (...caveats: Caveat[]) => seedOutcome(runResult({ caveats }));
    const one: Caveat = { kind: "one-seed", text: "one seed" };
    const stability = stabilityOf("fleet", [outcome(one, ESTIMATE, OPEN), outcome(one, ESTIMATE)]);
    expect(stability.caveats).toEqual([ESTIMATE]);
    expect(stabilityText(stability)).toMatch(/\n\nCAVEATS\n {2}the step times of shared are an estimate\n$/);
    expect(stabilityText(stabilityOf("fleet", []))).not.toContain("CAVEATS");
  });
});
