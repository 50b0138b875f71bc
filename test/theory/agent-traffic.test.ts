// Agent sessions as they are generated against recorded ones: the distances between their distributions. The recording
// is not part of the repository; skipped by name where absent.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { AgentPlan } from "../../src/core/demand/traffic/sessions/agent-plan.js";
import { drawNormal } from "../../src/core/demand/traffic/sessions/draws.js";
import { AGENT } from "../../src/core/demand/traffic/sessions/spec.js";
import { openStream } from "../../src/core/random/stream.js";
import { sharedFile } from "../support/shared-data.js";

const WEKA = sharedFile("data/traces/weka/weka_dev.jsonl");
const SESSIONS = 1500;
/** The recording finds prefixes in whole blocks of this many tokens, and never an answer. */
const BLOCK = 64;

class Sample {
  readonly requests: number[] = [];
  readonly turns: number[] = [];
  readonly input: number[] = [];
  readonly output: number[] = [];
  /** What is new beyond the answer before; nothing where a prompt is shorter. */
  readonly growth: number[] = [];
  readonly uncached: number[] = [];
  readonly toolGaps: number[] = [];
  readonly humanGaps: number[] = [];

  get hitRate(): number {
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return 1 - sum(this.uncached) / sum(this.input);
  }
}

type Row = [at: number, agent: number, input: number, output: number, cached: number, kind: string];
const isMain = (row: readonly unknown[]): boolean => row[0] !== "sa" && row[1] === 0;

function recorded(path: string): Sample {
  const sample = new Sample();
  for (const line of readFileSync(path, "utf8").trim().split("\n")) {
    const { ty, rows } = JSON.parse(line) as { ty: string; rows: Row[] };
    if (ty !== "n") continue;
    const main = rows.filter(isMain);
    sample.requests.push(main.length);
    sample.turns.push(main.filter(([, , , , , kind]) => kind === "H").length);
    main.forEach(([, , input, output, cached], index) => {
      sample.input.push(input);
      sample.output.push(output);
      sample.uncached.push(input - cached);
      const before = main[index - 1];
      if (before !== undefined) sample.growth.push(Math.max(0, input - before[2] - before[3]));
    });
  }
  return sample;
}

/** Every session of an account of its own: whose recorded sessions are whose is not known. */
function generated(): Sample {
  const sample = new Sample();
  for (let session = 0; session < SESSIONS; session++) {
    const stream = openStream("agent-traffic", `session-${session}`);
    const limits = {
      maxInput: 1_000_000,
      maxOutput: 64_000,
      inputOffset: AGENT.accountOffsets.input * drawNormal(stream),
      outputOffset: AGENT.accountOffsets.output * drawNormal(stream),
      prefixTokens: AGENT.prefix.tokens,
    };
    addPlan(sample, new AgentPlan(AGENT, stream, limits));
  }
  return sample;
}

function addPlan(sample: Sample, plan: AgentPlan): void {
  let [requests, turns, input, output] = [0, 0, 0, 0];
  while (plan.next()) {
    if (plan.byHuman) turns++;
    if (requests > 0) {
      sample.growth.push(Math.max(0, plan.inputTokens - input - output));
      (plan.byHuman ? sample.humanGaps : sample.toolGaps).push(plan.gap);
    }
    // A part of what was there before is what a bust leaves.
    const found = plan.restarts ? (requests > 0 ? plan.prefixTokens : 0) : Math.min(plan.sharedTokens, input);
    sample.uncached.push(plan.inputTokens - BLOCK * Math.floor(found / BLOCK));
    ({ inputTokens: input, outputTokens: output } = plan);
    sample.input.push(input);
    sample.output.push(output);
    requests++;
  }
  sample.requests.push(requests);
  sample.turns.push(turns);
}

/** Largest distance between the two empirical distribution functions, ties taken together. */
function distance(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [Float64Array.from(one).sort(), Float64Array.from(other).sort()];
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (a[i] === value) i++;
    while (b[j] === value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

const quantile = (values: readonly number[], p: number) =>
  Float64Array.from(values).sort()[Math.floor(p * values.length)]!;
const above = (values: readonly number[], limit: number) =>
  values.filter((value) => value > limit).length / values.length;

let model: Sample;
beforeAll(() => {
  model = generated();
});

describe.skipIf(WEKA === undefined)(
  `agent sessions against WEKA's${WEKA ? "" : " (skipped: not here)"}`,
  () => {
    let data: Sample;
    beforeAll(() => {
      data = recorded(WEKA!);
    });

    test.each([
      ["requests", 0.15],
      ["turns", 0.15],
      ["input", 0.12],
      ["output", 0.06],
      ["growth", 0.1],
      ["uncached", 0.1],
    ] as const)("%s within %d", (what, limit) => {
      expect(data[what].length).toBeGreaterThan(200);
      expect(distance(model[what], data[what])).toBeLessThanOrEqual(limit);
    });

    test("token-weighted prefix hit of an infinite cache", () => {
      expect(Math.abs(data.hitRate - 0.964)).toBeLessThan(0.001);
      expect(Math.abs(model.hitRate - 0.964)).toBeLessThanOrEqual(0.015);
    });
  },
);

describe("gaps of agent sessions", () => {
  test("after a tool: p50, p90 and the share above a minute, as TraceLab has them", () => {
    const { toolGaps } = model;
    expect(Math.abs(quantile(toolGaps, 0.5) - 1)).toBeLessThanOrEqual(0.2);
    expect(Math.abs(quantile(toolGaps, 0.9) - 18.5)).toBeLessThanOrEqual(5.5);
    expect(Math.abs(above(toolGaps, 60) - 0.04)).toBeLessThanOrEqual(0.01);
  });

  test("of a person: p50 and the share above five minutes, between WEKA and TraceLab", () => {
    const { humanGaps } = model;
    expect(Math.abs(quantile(humanGaps, 0.5) - 105)).toBeLessThanOrEqual(25);
    expect(Math.abs(above(humanGaps, 300) - 0.255)).toBeLessThanOrEqual(0.055);
  });
});
