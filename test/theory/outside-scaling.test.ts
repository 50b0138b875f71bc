// Autoscaling runs that others measured, against this simulator: the sign of each effect and the order of events, which
// no setting was chosen for. The figures themselves stand beside the published ones in docs/validation.md, whose tables
// are written here.
import { describe, expect, test } from "vitest";
import { expectOnPage } from "../support/doc-tables.js";
import { gear } from "../support/mode.js";
import { once } from "../support/oracle.js";
import {
  type SmallRun,
  STAGES,
  STEPS,
  type StepRun,
  smallRun,
  stageOf,
  stepRun,
} from "../support/outside-scaling.js";

const SEEDS = gear(["1"], ["1", "2", "3", "4", "5", "6", "7", "8"]);

const COMMAND = "UPDATE_BASELINE=1 npx vitest run --project theory test/theory/outside-scaling.test.ts";

const whole = (value: number) => Math.round(value).toLocaleString("en-US");
const seconds = (value: number) => (value < 10 ? value.toFixed(2) : whole(value));
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

describe("one replica of Qwen3-32B, stage by stage", () => {
  const PREFILL_HEAVY = 4000;
  const SYMMETRICAL = 1000;
  const stages = (promptTokens: number, seed = "1") =>
    STAGES.map((rate) => stageOf(rate, promptTokens, seed));
  const measured = {
    [PREFILL_HEAVY]: once(() => stages(PREFILL_HEAVY)),
    [SYMMETRICAL]: once(() => stages(SYMMETRICAL)),
  };

  test.each([PREFILL_HEAVY, SYMMETRICAL] as const)(
    "prompts of %i tokens: first the wait jumps, then throughput is at its most, then calls fail",
    (promptTokens) => {
      for (const seed of SEEDS) {
        const all = seed === "1" ? measured[promptTokens]!() : stages(promptTokens, seed);
        const knee = all.findIndex(
          ({ ttftP99 }, index) => index > 0 && ttftP99 > 10 * all[index - 1]!.ttftP99,
        );
        // The first on a plateau, on which a seed decides which is the highest.
        const most = Math.max(...all.map((one) => one.throughput));
        const peak = all.findIndex(({ throughput }) => throughput > 0.99 * most);
        const failing = all.findIndex(({ failed }) => failed > 0);
        expect(knee).toBeGreaterThan(0);
        expect(peak).toBeGreaterThanOrEqual(knee);
        expect(failing).toBeGreaterThan(peak);
        // Beyond, more load gives no more, and ever more of it fails.
        for (const [index, { throughput, failed }] of all.slice(failing).entries()) {
          expect(throughput).toBeLessThan(1.01 * all[peak]!.throughput);
          expect(failed).toBeGreaterThan(all[failing + index - 1]!.failed);
        }
      }
    },
  );

  test("long prompts: nobody waits at 1/s, all do at 2/s, and at 4/s calls fail, as measured", () => {
    const at = (rate: number) => measured[PREFILL_HEAVY]!().find((stage) => stage.rate === rate)!;
    expect(at(1).ttftP99).toBeLessThan(1);
    expect(at(2).ttftP99).toBeGreaterThan(10);
    expect([at(2).failed, at(4).failed > 0.05]).toEqual([0, true]);
  });

  test("figures", () => {
    const published: Readonly<Record<number, readonly string[]>> = {
      2: ["18.8 (before: 0.136)", "", ""],
      3: ["", "1,901", "0 %"],
      4: ["", "", "5.9 %"],
    };
    const cells = (promptTokens: keyof typeof measured) =>
      measured[promptTokens]!().map(({ ttftP99, throughput, failed }) => [
        seconds(ttftP99),
        whole(throughput),
        percent(failed),
      ]);
    const [long, short] = [cells(PREFILL_HEAVY), cells(SYMMETRICAL)];
    const head = ["requests/s", "published: TTFT p99, s", "tokens/s", "failed"];
    const simulated = (tokens: string) => [`simulated, ${tokens} in: TTFT p99, s`, "tokens/s", "failed"];
    expectOnPage("one replica", COMMAND, [
      [...head, ...simulated("4,000"), ...simulated("1,000")],
      ...STAGES.map((rate, index) => [
        String(rate),
        ...(published[rate] ?? ["", "", ""]),
        ...long[index]!,
        ...short[index]!,
      ]),
    ]);
  });
});

describe("20 requests a second onto a replica that has room for five", () => {
  const START = 180;
  const runsOf = (seed: string) => ({
    blind: smallRun("blind", START, seed),
    queue: smallRun("queue", START, seed),
    saturation: smallRun("saturation", START, seed),
  });
  const first = once(() => runsOf("1"));

  test("an HPA that does not see the queue stays at one; saturation goes to four, and completes about twice as much", () => {
    for (const seed of SEEDS) {
      const { blind, saturation } = seed === "1" ? first() : runsOf(seed);
      expect([blind.most, saturation.most]).toEqual([1, 4]);
      for (const key of ["completed", "throughput"] as const) {
        expect(saturation[key] / blind[key]).toBeGreaterThan(1.6);
        expect(saturation[key] / blind[key]).toBeLessThan(3);
      }
      expect(saturation.queuePerReplica).toBeLessThan(0.75 * blind.queuePerReplica);
    }
  });

  test("the KV cache is all but empty, and the median wait is what callers wait at the most, in both", () => {
    const { blind, saturation } = first();
    for (const { kvUsed, ttftP50, ttftP99 } of [blind, saturation]) {
      expect(kvUsed).toBeLessThan(0.1);
      expect(ttftP50).toBeGreaterThan(50);
      expect(ttftP99).toBeLessThan(60);
    }
  });

  test("an HPA that sees the queue goes to its maximum", () => expect(first().queue.most).toBe(10));

  test("figures", () => {
    const { blind, queue, saturation } = first();
    const quick = smallRun("saturation", 110, "1");
    const row = (name: string, published: readonly [string, string], of: (run: SmallRun) => string) => [
      name,
      ...published,
      ...[blind, saturation, quick, queue].map(of),
    ];
    expectOnPage("20 requests a second", COMMAND, [
      ["", "published: HPA", "WVA", "simulated: HPA", "saturation", "starts in 110 s", "HPA on the queue"],
      row("most replicas", ["1", "4"], ({ most }) => String(most)),
      row("mean replicas", ["1.00", "2.17"], ({ mean }) => mean.toFixed(2)),
      row("completed", ["225", "511"], ({ completed }) => whole(completed)),
      row("against the HPA", ["", "2.27"], ({ completed }) => (completed / blind.completed).toFixed(2)),
      row("output tokens/s", ["378", "849"], ({ throughput }) => whole(throughput)),
      row("waiting, by replica", ["432", "251"], ({ queuePerReplica }) => whole(queuePerReplica)),
      row("KV cache in use", ["4.0 %", "4.3 %"], ({ kvUsed }) => percent(kvUsed)),
      row("TTFT p50, s", ["57.8", "58.8"], ({ ttftP50 }) => ttftP50.toFixed(1)),
      row("TTFT p99, s", ["60.0", "60.0"], ({ ttftP99 }) => ttftP99.toFixed(1)),
      row("time per token, ms", ["11.3", "10.2"], ({ perToken }) => (1000 * perToken).toFixed(1)),
    ]);
  });
});

describe("steps of 2, 3, 5 and 6 requests a second, 20 min each", () => {
  const STARTS = [110, 300] as const;
  const runsOf = (seed: string) =>
    STARTS.map((start) => ({ hpa: stepRun("queue", start, seed), wva: stepRun("saturation", start, seed) }));
  const first = once(() => runsOf("1"));
  const alone = once(() => stepRun(undefined, STARTS[0], "1"));

  test("one replica carries 2 a second and nothing above: hundreds wait", () => {
    const { mostQueued, ttftMean } = alone();
    expect(mostQueued[0]).toBeLessThan(10);
    expect(mostQueued[1]).toBeGreaterThan(150);
    expect(ttftMean).toBeGreaterThan(600);
  });

  test("the HPA acts on a queue of more than a hundred, and has more replicas then than it needs; saturation acts first", () => {
    // By length of a start: at one seed in eight bursts have one more or less asked for.
    const most = STARTS.map(() => ({ hpa: [] as number[], wva: [] as number[] }));
    for (const seed of SEEDS) {
      for (const [start, { hpa, wva }] of (seed === "1" ? first() : runsOf(seed)).entries()) {
        expect(hpa.mostQueued[0]).toBeLessThan(10);
        expect(hpa.mostQueued[1]).toBeGreaterThan(100);
        expect(wva.secondAt).toBeLessThan(hpa.secondAt);
        expect(wva.secondAt).toBeGreaterThan(0);
        most[start]!.hpa.push(hpa.mostReady[1]!);
        most[start]!.wva.push(wva.mostReady[1]!);
        expect(hpa.meanReady).toBeGreaterThan(wva.meanReady);
      }
    }
    const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
    for (const { hpa, wva } of most) {
      // Two carry 3 a second.
      expect(middle(wva)).toBe(2);
      expect(middle(hpa)).toBeGreaterThan(2);
    }
  });

  test("the longer a start takes, the more it asks for before the first of them is there", () => {
    const [quick, slow] = first().map(({ hpa }) => Math.max(...hpa.mostReady));
    expect(slow).toBeGreaterThan(quick!);
  });

  test("figures", () => {
    const [quick, slow] = first();
    const row = (name: string, of: (run: StepRun) => string) => [
      name,
      ...[alone(), quick!.hpa, quick!.wva, slow!.hpa, slow!.wva].map(of),
    ];
    const steps = (values: readonly number[]) => values.map(whole).join(", ");
    const head = ["HPA, starts in 110 s", "saturation", "HPA, starts in 300 s", "saturation"];
    expectOnPage("steps of load", COMMAND, [
      ["", "one replica", ...head],
      row("second replica ready, min", ({ secondAt }) => (secondAt < 0 ? "" : (secondAt / 60).toFixed(1))),
      row(`most ready in the step at ${STEPS.join(", ")}/s`, ({ mostReady }) => steps(mostReady)),
      row("most waiting", ({ mostQueued }) => steps(mostQueued)),
      row("mean replicas", ({ meanReady }) => meanReady.toFixed(2)),
      row("TTFT mean, s", ({ ttftMean }) => seconds(ttftMean)),
      row("TTFT p99, s", ({ ttftP99 }) => seconds(ttftP99)),
    ]);
  });
});
