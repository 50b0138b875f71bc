import { describe, expect, it } from "vitest";
import { UNKNOWN_LOAD } from "../../../../src/core/results/metrics/load.js";
import { CAVEAT_KINDS } from "../../../../src/core/results/shape/caveat-kinds.js";
import { caveatsOf, caveatsOfGrounds } from "../../../../src/core/results/shape/caveats.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { poolRow } from "../../../support/report-result.js";
import { runResult, summaryAround, tierRow } from "../../../support/run-result.js";

const base = runResult();
const seeds = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...base.replications[0]!, seed: `7/${index + 1}` }));
const by = (method: RunResult["estimates"][number]["method"]) =>
  base.estimates.map((estimate) => ({ ...estimate, method }));

/** Eight seeds of a steady fleet, of which nothing is to be told. */
const PLAIN = { replications: seeds(8), estimates: by("replications") };
const told = (changes: Partial<RunResult>) => caveatsOf(runResult({ ...PLAIN, ...changes }));
const kinds = (changes: Partial<RunResult>) => told(changes).map(({ kind }) => kind);
const texts = (changes: Partial<RunResult>) => told(changes).map(({ text }) => text);
const load = (changes: Partial<RunResult["load"]>) => ({ load: { ...UNKNOWN_LOAD, ...changes } });

describe("what to know besides the numbers", () => {
  it("is nothing of several seeds of a fleet that keeps up", () => {
    expect(told({})).toEqual([]);
  });

  it("is that a run was cut off", () => {
    expect(kinds({ partial: true })).toEqual(["partial"]);
  });

  it("is that there is one seed, or that there is only one run", () => {
    const replications = seeds(1);
    expect(texts({ replications, estimates: by("one-seed") })).toEqual([
      "one seed: no interval; more seeds would give one",
    ]);
    expect(kinds({ replications, estimates: by("batches") })).toEqual(["only-run"]);
    expect(kinds({ replications, estimates: by("too-few") })).toEqual(["only-run"]);
  });

  it("is that outputs ended where memory does", () => {
    const pool = { ...poolRow("p"), replicas: 2, kvTokens: 1856, cutOutputs: 1, cutTokens: 22 };
    expect(told({ pools: [{ ...pool, estimate: false }] })).toEqual([
      {
        kind: "cut",
        text:
          "1 output of p ended where the memory of 928 tokens of a replica does (finish reason length), 22 tokens " +
          "short of what they were to be: more kvTokens would hold them",
      },
    ]);
    expect(kinds({ pools: [{ ...pool, estimate: false, cutOutputs: 0 }] })).toEqual([]);
  });

  it("is that accounts swing where rates are silent for it, on how many seeds", () => {
    expect(texts({ estimates: by("swings") })).toEqual([
      "accounts swing: 8 seeds say too little of rates; 20 chosen by strata would tell",
    ]);
  });

  it("is what the fleet does with its load, and how fast what grows", () => {
    const growing = load({ verdict: "growing", where: "queue of shared", perSecond: 0.12345 });
    expect(texts(growing)).toEqual([
      "not sustainable: the queue of shared grows by 0.12/s, so that times depend on how long the run is",
    ]);
    expect(kinds(load({ verdict: "warming-up" }))).toEqual(["warming-up"]);
    const uneven = (more: object) => texts({ ...load({ verdict: "warming-up" }), ...more });
    const event = {
      at: 50,
      until: 50,
      kind: "launch",
      pool: "shared",
      count: 1,
      text: "launch of m",
    } as const;
    const { time } = runResult();
    expect(uneven({})[0]).toContain("a longer warm-up would tell more, unless the load is stated to change");
    expect(uneven({ timeline: [event], time: { ...time, warmup: 20 } })[0]).toContain(
      "averages are of this window",
    );
    // What came before the window, and what an autoscaler does, are no reason for it.
    expect(uneven({ timeline: [event], time: { ...time, warmup: 60 } })[0]).toContain("longer warm-up would");
    expect(uneven({ timeline: [{ ...event, kind: "scale-up" }] })[0]).toContain("longer warm-up would");
    expect(kinds(load({ verdict: "unknown" }))).toEqual(["short"]);
    expect(kinds(load({ verdict: "steady" }))).toEqual([]);
  });

  it("is how much had not ended, from more than 1 % up, of which tier and of which source", () => {
    const tier = (inFlight: number, open: number) =>
      tierRow("standard", {
        outcomes: { ...tierRow("standard").outcomes, completed: 1000 - inFlight, in_flight: inFlight },
        requests: { offered: 1000, attempts: 1000, completed: 1000 - open, failed: 0, givenUp: 0, open },
      });
    expect(kinds({ tiers: [tier(10, 10)] })).toEqual([]);
    const started = (count: number) => ({ ...tier(11, 0), queueWait: summaryAround(1, count) });
    expect(texts({ tiers: [tierRow("fast"), started(1000)] })).toEqual([
      "1.1 % of the attempts of standard had not ended when the run did",
    ]);
    // Of those that had not ended eight had started, or more are missing from the queue waits than that.
    const unserved = [997, 0].map((count) => texts({ tiers: [started(count)] })[0]!.replace(/^.*: /, ""));
    expect(unserved).toEqual(["at least 3 never started", "at least 11 never started"]);
    expect(texts({ tiers: [tier(0, 456)] })).toEqual([
      "46 % of the requests of standard had not ended when the run did",
    ]);
    const session = (source: string, openShare: number | null) => ({
      ...{ source, openShare, started: 9, finished: 1, abandoned: 0, open: 8 },
      ...{ duration: summaryAround(1), requests: summaryAround(1), costPerFinished: 1, abandonRate: 0 },
    });
    const sessions = [session("agents", 0.2), session("chat", 0.01), session("none", null)];
    expect(texts({ sessions })).toEqual(["20 % of the sessions of agents had not ended when the run did"]);
  });

  it("is of which pools the times are an estimate", () => {
    const pools = [poolRow("shared"), { ...poolRow("fast"), estimate: true }];
    expect(texts({ pools })).toEqual([
      "the step times of fast (llama-3.1-8b-h100) are an estimate, not measured",
    ]);
  });

  it("is how far cards of one make are apart, where a profile says so", () => {
    const pools = [poolRow("shared"), { ...poolRow("fast"), uncertainty: 0.05 }];
    expect(texts({ pools })).toEqual([
      "step times of fast (llama-3.1-8b-h100): +-5 % between cards of one make, which no interval here covers",
    ]);
    const known = { pool: "a", profile: "p", estimate: true, uncertainty: 0.05 };
    expect(caveatsOfGrounds(true, [known]).map(({ kind }) => kind)).toEqual(["partial", "estimate", "cards"]);
  });

  it("stands in the order of its kinds, in words that end a line", () => {
    const all = told({
      partial: true,
      ...load({ verdict: "unknown" }),
      pools: [{ ...poolRow("fast"), estimate: true, uncertainty: 0.05 }],
      replications: seeds(1),
      estimates: [...by("swings"), ...by("batches")],
    });
    expect(all.map(({ kind }) => kind)).toEqual([
      "partial",
      "only-run",
      "swings",
      "short",
      "estimate",
      "cards",
    ]);
    const places = all.map(({ kind }) => CAVEAT_KINDS.indexOf(kind));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    for (const { text } of all) expect(text).toMatch(/^[^A-Z].*[^.]$/);
  });
});
