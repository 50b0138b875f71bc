import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";
import { PLANNED } from "../../../../support/planned.js";
import { TWO_POOLS } from "../../../../support/two-pools.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "fleet.json");
writeFileSync(path, JSON.stringify(PLANNED[7]!.scenario));

/** Runs enough, and long enough, to tell what is far apart. */
const SHORT = ["--set", "duration=24s"];
const FEW = ["--demand", "1", "--json", "--most", "8", ...SHORT];

const told = (...words: string[]) => toldOf(path, ...words);

async function toldOf(scenario: string, ...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(["plan", scenario, "--workers", "1", ...words], { output, errors, env: {} });
  return { code, stdout, stderr };
}

describe("surgefleet plan", () => {
  it("finds the least fleet, or says that there is none", async () => {
    const found = await told("--find", "replicas=1..16", ...FEW);
    expect([found.code, found.stderr]).toEqual([0, ""]);
    expect(Math.abs(JSON.parse(found.stdout).answer.values[0].value - 6)).toBeLessThanOrEqual(1);
    const none = await told("--find", "replicas=1..2", "--demand", "1", "--most", "8", ...SHORT);
    expect([none.code, none.stdout.slice(0, 13)]).toEqual([99, "nothing found"]);
  });

  it("finds the least fleet with replicas to spare, which are counted beside it", async () => {
    const found = await told(
      "--find",
      "replicas=6..8",
      "--demand",
      "1",
      "--most",
      "8",
      "--spare",
      "1",
      ...SHORT,
    );
    expect([found.code, found.stderr]).toEqual([0, ""]);
    expect(found.stdout).toMatch(/^[67] \+ 1 spare replicas of shared \([78] GPUs\)/);
  });

  const SIX = ["--set", "pools.shared.replicas=6", "--set", "inventory.gpus=6"];
  const rate = "traffic.calls.arrivals.rate";

  it("finds the greatest value of a key of which lower ones are better", async () => {
    const found = await told("--find", `${rate}=10..50`, "--survey", "3", ...SIX, ...FEW);
    expect([found.code, found.stderr]).toEqual([0, ""]);
    const { kind, order, answer } = JSON.parse(found.stdout);
    expect([kind, order.better, order.isBroken]).toEqual(["greatest", "lower", false]);
    expect(answer.values[0].value).toBeGreaterThan(20);
    expect(answer.values[0].value).toBeLessThan(45);
  });

  const SCALED = [
    "--set",
    "pools.shared.autoscaler={algorithm: hpa, min: 1, max: 12}",
    "--set",
    "inventory.gpus=12",
  ];

  it("tells the GPUs that there were on average where an autoscaler decides", async () => {
    const min = ["--find", "pools.shared.autoscaler.min=5..9", "--better", "higher", "--survey", "0"];
    const found = await told(...min, ...SCALED, ...FEW);
    expect([found.code, found.stderr]).toEqual([0, ""]);
    const { answer } = JSON.parse(found.stdout);
    expect(answer.gpus).toBe(1);
    expect(answer.held.gpus).toBeGreaterThanOrEqual(answer.values[0].value);
    expect(answer.held.gpus).toBeLessThan(12);
  });

  it.each([
    [["--find", "replicas=1..9"], "search pools.shared.autoscaler.min or pools.shared.autoscaler.max"],
    [
      ["--find", "pools.shared.replicas=1..9", "--spare", "1"],
      "--find pools.shared.replicas: its autoscaler (hpa)",
    ],
    [
      ["--find", "pools.shared.autoscaler.min=1..9", "--spare", "2"],
      "state the loss instead, as in --set 'outages=[{pool: shared, from: 0s, for: 365d, instances: 2}]'",
    ],
    [
      ["--best", "pools.shared.replicas=1..9", "--objective", "cost_per_month"],
      "--best pools.shared.replicas: its",
    ],
    [
      ["--minimise", "cost", "--over", "replicas=1..9", "--over", "pools.b.replicas=1..9"],
      "--over pools.shared.replicas: its",
    ],
  ])("refuses %j of a pool that an autoscaler scales", async (words, problem) => {
    const { code, stdout, stderr } = await told(...words, ...SCALED);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
  });

  it.each([
    [
      ["--find", "pools.shared.autoscaler.min=1..40"],
      "--find pools.shared.autoscaler.min=40: ",
      "\n--find pools.shared.autoscaler.min: there is room for 12",
    ],
    [
      ["--best", "pools.shared.autoscaler.min=1..40", "--objective", "cost_per_month"],
      "--best pools.shared.autoscaler.min=40: ",
      "\n--best pools.shared.autoscaler.min: there is room for 12",
    ],
    // The problem is told at a line of the file, which none of the words names.
    [["--find", "duration=8..90"], "--find duration=8: ", " warmup: warmup must be shorter than duration"],
  ])("names the words that ask for what the scenario cannot be: %j", async (words, asked, problem) => {
    const { code, stdout, stderr } = await told(...words, ...SCALED);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`error: ${asked}${path} is not valid with that\n`);
    expect(stderr).toContain(problem);
    expect(stderr).not.toContain("--set");
  });

  it("names --over and --maximise likewise, the values and the factor that were tried", async () => {
    const over = ["--over", "pools.shared.replicas=1..100001", "--over", "pools.b.replicas=1..2"];
    const b = ["--set", "pools.b={replicas: 1, replica: {engine: slots, slots: 1, tokensPerSecond: 9}}"];
    const most = await told("--minimise", "cost", ...over, ...b, "--set", "inventory.gpus=12");
    expect(most.stderr).toMatch(
      /^error: --over pools\.shared\.replicas=100001: .*\n--over pools\.shared\.repl/,
    );
    const closed = ["--set", "traffic.calls.arrivals={process: closed, callers: 9000, think: 1}"];
    const load = await told("--maximise", "load=20..30", ...closed, "--set", "duration=9s");
    expect(load.stderr).toMatch(
      /^error: --maximise load=\d+\S*: .*\n--maximise traffic\.calls\.arrivals\.callers: /,
    );
  });

  describe("of which a threshold is left undecided", () => {
    const two = join(folder, "two.json");
    writeFileSync(two, JSON.stringify(TWO_POOLS));
    const FEW_TEXT = ["--demand", "1", "--most", "8"];

    it("names the one that the key does not change, and advises no range that would change nothing", async () => {
      const found = await toldOf(two, "--find", "pools.a.replicas=2..5", ...FEW_TEXT);
      expect([found.code, found.stderr]).toEqual([99, ""]);
      expect(found.stdout).toContain(
        "\n  undecided: overloaded_rate{tier:batch,per:attempt} rate<1%: pools.a.replicas does not change it;",
      );
      expect(found.stdout).not.toContain("begins lower");
    });

    it("advises a range that begins lower only where one can", async () => {
      const advised = async (range: string) => {
        const one = await toldOf(two, "--find", `pools.b.replicas=${range}`, ...FEW_TEXT, ...RARE);
        expect(one.code).toBe(99);
        return one.stdout.replaceAll(/\s+/g, " ").includes(LOWER);
      };
      const LOWER =
        "per:attempt} rate<1%: not one event of it was seen at any value; a range that begins lower,";
      const RARE = ["--set", "traffic.twos.arrivals.rate=0.05"];
      expect([await advised("2..3"), await advised("1..3")]).toEqual([true, false]);
    });
  });

  it("says with a code of its own that a key is not in the order that it was told", async () => {
    const words = ["--find", `${rate}=10..50`, "--better", "higher", "--survey", "3"];
    const found = await told(...words, ...SIX, ...FEW);
    expect([found.code, found.stderr]).toEqual([3, ""]);
    expect(JSON.parse(found.stdout)).toMatchObject({
      answer: null,
      order: { basis: "told", isBroken: true },
    });
  });

  it.each([
    [[], "exactly one of"],
    [["--find", "seed=1..3", "--survey", "0"], "--survey 0 needs --better"],
    [["--find", "seed=1..3", "--survey", "1"], "Write 0, or a whole number from 2"],
    [["--find", "seed=1..3", "--spare", "1"], "--spare goes with --find replicas"],
    [["--find", "replicas=1..3", "--step", "0"], "write a number above 0"],
    [["--find", "pools.shared.replica.speed=1..3"], 'unknown key "speed"'],
    [["--find", "pools.shared.admission.queueTimeout=1d..50000d"], "out of range"],
    [["--maximise", "load", "--better", "lower"], "--better goes with --find"],
    [["--find", "replicas=9..3"], "is above"],
    [["--find", "pools.other.replicas=1..3"], 'there is no pool "other" (known: shared)'],
    [["--maximise", "speed"], "--maximise <load>"],
    [["--find", "replicas=1..3", "--maximise", "load"], "cannot be used with option '--maximise"],
    [["--minimise", "money"], "Allowed choices are cost"],
    [["--maximise", "load", "--gpu-cost", "other=2"], "the pools are shared"],
    [["--minimise", "cost"], "needs two --over"],
    [["--best", "a=1..2"], "needs --objective"],
    [["--maximise", "load", "--demand", "1"], "--demand goes with --find"],
  ])("refuses %j", async (words, problem) => {
    const { code, stdout, stderr } = await told(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
  });
});
