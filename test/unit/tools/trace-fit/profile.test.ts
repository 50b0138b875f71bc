import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { SizeBins, TimeBins } from "../../../../src/core/tools/trace-fit/bins.js";
import { TraceProfile } from "../../../../src/core/tools/trace-fit/profile.js";
import { sharedFile } from "../../../support/shared-data.js";
import { type RowChanges, row } from "./rows.js";

function profiled(rows: readonly RowChanges[]) {
  const profile = new TraceProfile();
  for (const each of rows) profile.add(row(each));
  return { profile, statistics: profile.close() };
}

describe("the statistics of a trace", () => {
  it("count requests, tokens and what they have in common by sessions", () => {
    const { statistics } = profiled([
      { at: 0, session: "a", inputTokens: 100, outputTokens: 50 },
      { at: 1, session: "a", inputTokens: 200, outputTokens: 10 },
      { at: 4, inputTokens: 300, outputTokens: 40 },
    ]);
    expect(statistics).toMatchObject({
      rows: 3,
      sessions: 1,
      span: 4,
      rate: 0.75,
      inputTokens: 600,
      outputTokens: 100,
      inOutRatio: 6,
      prefix: { by: "sessions", tokenHit: 150 / 600, blockHit: null },
      skew: null,
    });
    expect(statistics.uncached.max).toBe(300);
  });

  it("go by blocks before sessions, and by what is stated before both", () => {
    const blocks = { session: "a", blockTokens: 10, inputTokens: 20 };
    const byBlocks = profiled([
      { ...blocks, at: 0, blocks: [1, 2] },
      { ...blocks, at: 1, blocks: [1, 3] },
    ]).statistics.prefix;
    expect(byBlocks).toEqual({ by: "blocks", tokenHit: 0.25, blockHit: 0.25 });
    const stated = profiled([
      { ...blocks, blocks: [1, 2], cachedTokens: 5 },
      { ...blocks, at: 2, cachedTokens: 15 },
    ]);
    expect(stated.statistics.prefix).toEqual({ by: "stated", tokenHit: 0.5, blockHit: null });
  });

  it("tell user turns, tool gaps and human gaps apart, and sub-agents from the main thread", () => {
    const ann = { session: "a" } as const;
    const { profile, statistics } = profiled([
      { ...ann, at: 0, kind: "human", ended: 1 },
      { ...ann, at: 3, kind: "tool", ended: 5 },
      { ...ann, agent: "x", at: 6, kind: "tool", ended: 7 },
      { ...ann, agent: "x", at: 8, kind: "tool" },
      { ...ann, at: 10, kind: "tool", think: 4, ended: 12 },
      { ...ann, at: 72, kind: "human" },
    ]);
    expect([statistics.turns.p50, statistics.requestsPerTurn.max, statistics.requestsPerTurn.min]).toEqual([
      2, 3, 1,
    ]);
    expect([statistics.toolGap.min, statistics.toolGap.max, statistics.toolGap.count]).toEqual([2, 4, 2]);
    expect([statistics.humanGap.p50, statistics.subAgents]).toEqual([60, 1]);
    const { agentGap, agentGroups, agentRequests } = profile.sessions;
    expect([agentGap.sketch.mean, agentGroups.sketch.mean, agentRequests.sketch.mean]).toEqual([1, 1, 2]);
  });

  it("tell compaction from growth", () => {
    const { profile } = profiled([
      { session: "a", at: 0, inputTokens: 50_000, outputTokens: 100 },
      { session: "a", at: 1, inputTokens: 50_500, outputTokens: 100 },
      { session: "a", at: 2, inputTokens: 9000, outputTokens: 100 },
      { session: "a", at: 3, inputTokens: 8900, outputTokens: 100 },
    ]);
    const { growth, compactedFrom, compactedTo, cuts } = profile.sessions;
    expect([growth.sketch.count, growth.sketch.mean]).toEqual([1, 400]);
    expect([compactedFrom.sketch.mean, compactedTo.sketch.mean, cuts]).toEqual([50_500, 9000, 1]);
  });

  it("say how unequal accounts are", () => {
    const accounts = ["a", "a", "a", "b", "b", "c"];
    const { skew } = profiled(accounts.map((account, at) => ({ account, at }))).statistics;
    expect(skew).toEqual({ top1: 0.5, top5: 1, top10: 1, hhi: expect.closeTo(14 / 36) });
  });

  it("judge no window by a clock that ticks as slowly", () => {
    const { statistics } = profiled(
      Array.from({ length: 300 }, (_, index) => ({ at: 3 * Math.floor(index / 4) })),
    );
    expect([statistics.quantum, statistics.gapCv]).toEqual([3, null]);
    expect(statistics.burstiness.map(({ eta }) => eta === null)).toEqual([true, false, false, true]);
  });
});

describe("bins", () => {
  it("widen over time and keep their counts", () => {
    const bins = new TimeBins(4);
    for (let second = 0; second < 10; second++) bins.add((second * 1e6) as never);
    expect([bins.width, bins.counts]).toEqual([4, [4, 4, 2]]);
  });

  it("double in size", () => {
    const bins = new SizeBins(4);
    for (const value of [5, 3, 4, 15]) bins.add(value);
    expect(bins.bars.map(({ from, to, count }) => [from, to, count])).toEqual([
      [0, 4, 1],
      [4, 8, 2],
      [8, 16, 1],
    ]);
  });
});

describe("published traces", () => {
  const cases = [
    {
      file: "AzureLLMInferenceTrace_conv_2023.csv",
      wanted: [19_366, "5.530", "1.094", "16.41", "1154.7", "211.13"],
    },
  ];
  for (const { file, wanted } of cases) {
    const path = sharedFile(`data/traces/${file}`);
    const title = `${file}: rate, spread of the gaps, IDC in 60 s and mean lengths are those known`;
    it.skipIf(path === undefined)(
      path === undefined ? `${title} (skipped: the trace is not here)` : title,
      () => {
        const profile = new TraceProfile();
        for (const each of readTrace([readFileSync(path!, "utf8")], { file })) profile.add(each);
        const { rows, rate, gapCv, burstiness, input, output } = profile.close();
        const idc = burstiness.find(({ window }) => window === 60)!.idc!;
        const found = [
          rate!.toFixed(3),
          gapCv!.toFixed(3),
          idc.toFixed(2),
          input.mean!.toFixed(1),
          output.mean!.toFixed(2),
        ];
        expect([rows, ...found]).toEqual(wanted);
      },
    );
  }

  const weka = sharedFile("data/traces/weka/weka_dev.jsonl");
  const title = "weka_dev: sessions, requests, sub-agents and tokens are those known";
  it.skipIf(weka === undefined)(
    weka === undefined ? `${title} (skipped: the trace is not here)` : title,
    () => {
      const profile = new TraceProfile();
      for (const each of readTrace([readFileSync(weka!, "utf8")], { file: "weka_dev.jsonl" }))
        profile.add(each);
      const { sessions, rows, subAgents, inputTokens, outputTokens, prefix } = profile.close();
      expect([sessions, rows, subAgents, inputTokens, outputTokens]).toEqual([
        343, 22_659, 42, 2_530_004_323, 10_042_698,
      ]);
      expect(Math.abs(prefix.tokenHit! - 0.964)).toBeLessThan(0.015);
    },
  );
});
