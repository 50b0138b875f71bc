import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenario = (name: string, thresholds: string, slots = 8) => {
  const path = join(folder, `${name}.yaml`);
  const text = `schemaVersion: 1
duration: 130s
warmup: 10s
inventory: { gpus: 1 }
pools:
  shared:
    replicas: 1
    replica: { engine: slots, slots: ${slots}, tokensPerSecond: 50 }
    admission: { policy: tail-drop, maxQueue: 0 }
paths:
  standard: { model: m, pool: shared, rank: 0 }
traffic:
  calls: { arrivals: { process: poisson, rate: 3/s }, input: 10, output: 100, mix: { standard: 1 } }
thresholds:
  ${thresholds}
`;
  writeFileSync(path, text);
  return path;
};

async function check(words: readonly string[], env: Record<string, string> = {}) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(["check", "--workers", "1", ...words], { output, errors, env });
  return { code, stdout, stderr };
}

const good = scenario("good", 'overloaded_rate: ["rate<60%"]');
const bad = scenario("bad", 'overloaded_rate: ["rate<60%", "rate<0.1%"]');
const open = scenario("open", 'overloaded_rate: ["rate<11.5%"]');

describe("surgefleet check", () => {
  it("says little where all is well", async () => {
    const { code, stdout, stderr } = await check([good]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^✓ good {2}1 of 1 thresholds met, 8 seeds, \S+\n$/);
  });

  it("names what failed, with its interval and its line, and exits with 99", async () => {
    const { code, stdout } = await check([good, bad]);
    expect(code).toBe(99);
    expect(stdout).toMatch(/✗ bad {2}1 of 2 thresholds met/);
    expect(stdout).toMatch(
      /threshold not met: overloaded_rate rate<0\.1%: \S+% \[\S+, \S+\] {2}n=8 {2}\S+bad\.yaml:15/,
    );
  });

  it("runs a scenario as long as it says for a check, and --set as long as that says", async () => {
    const path = scenario("cut", 'overloaded_rate: ["rate<60%"]\ncheck: { duration: 61s, seeds: 9 }');
    const threshold = async (...words: string[]) => {
      const { code, stdout } = await check([path, "--json", ...words]);
      expect(code).toBe(0);
      return JSON.parse(stdout)[0].thresholds[0];
    };
    const [cut, given] = [await threshold(), await threshold("--set", "duration=61s")];
    expect(cut).toEqual(given);
    expect(await threshold("--set", "duration=120s")).not.toEqual(given);
  });

  it("fails with 3 for what it cannot tell, unless that is allowed, and with 99 where something failed too", async () => {
    const few = ["--seeds", "3"];
    const { code, stdout } = await check([open, ...few]);
    expect([code, stdout]).toEqual([3, expect.stringContaining("threshold undecided")]);
    expect((await check([open, ...few, "--allow-undecided"])).code).toBe(0);
    expect((await check([open, bad, ...few])).code).toBe(99);
    expect((await check([open, bad, ...few, "--allow-undecided"])).code).toBe(99);
    expect((await check([open, "--fail-on-undecided"])).code).toBe(2);
  });

  it("names what no threshold covers, and thresholds that rest on estimates", async () => {
    const path = scenario("silent", 'ttft: ["p(50)<100s"]');
    const { code, stdout } = await check([path, "--json"]);
    const [{ notes }] = JSON.parse(stdout);
    expect([code, notes]).toEqual([
      0,
      [expect.stringMatching(/^overloaded \d\S*% of standard: no threshold covers it$/)],
    ]);
    const replica = "{ engine: batching, profile: kimi-k2.6-b200x8 }";
    const set = ["--set", `pools.shared.replica=${replica}`, "--set", "inventory.gpus=8"];
    const estimated = await check([path, ...set]);
    expect(estimated.stdout).toContain(
      "    note: 1 of 1 thresholds rest on profiles that are estimates: kimi-k2.6-b200x8\n",
    );
  });

  it("tells every problem of every scenario before it runs anything", async () => {
    const broken = [
      scenario("one", "overloaded_rat: rate<1%"),
      scenario("two", "overloaded_rate: rate<1000"),
    ];
    const { code, stdout, stderr } = await check([good, ...broken]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/one\.yaml:15:.*did you mean "overloaded_rate"/);
    expect(stderr).toMatch(/two\.yaml:15:/);
  });

  it.each([
    [["--update"], "--update goes with --baseline"],
    [["--margin", "2", "--baseline", folder], "'2' is invalid. Write a percentage"],
    [["--margin", "2%"], "--margin goes with --baseline"],
    [["--metric", "ttft"], "--metric goes with --baseline"],
    [["--metric", "ttft", "--baseline", folder, "--update"], "--update compares nothing"],
    [["--seeds", "0"], "--seeds <n>.* Write a whole number"],
    [["--most", "5"], "--most goes with --seeds until"],
    [["--baseline", join(folder, "nowhere")], "nothing to compare|no .*check.json to compare with"],
  ])("refuses %j", async (words, problem) => {
    const { code, stdout, stderr } = await check([good, ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(new RegExp(problem));
  });

  it("refuses two scenarios of one name, whose baselines would be one", async () => {
    mkdirSync(join(folder, "other"));
    const twin = join(folder, "other", "good.yaml");
    writeFileSync(twin, readFileSync(good));
    expect(await check([good, twin])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('named "good": give each a name of its own'),
    });
  });
});

describe("check against a baseline", () => {
  const baseline = join(folder, "baseline");

  it("writes it, finds nothing worse on the same software, and what has become worse", async () => {
    const written = await check([good, "--baseline", baseline, "--update"]);
    expect([written.code, existsSync(join(baseline, "good", "check.json"))]).toEqual([0, true]);
    const same = await check([good, "--baseline", baseline]);
    expect(same.code).toBe(0);
    expect(same.stdout).toMatch(
      /^✓ good {2}1 of 1 thresholds met, 1 measure against the baseline \(\d+ more from \d+ seeds on\), 8 seeds, \S+\n$/,
    );
    const worse = await check([good, "--baseline", baseline, "--set", "pools.shared.replica.slots=7"]);
    expect(worse.code).toBe(99);
    expect(worse.stdout).toMatch(
      /note: the scenario changed since the baseline: what differs may be that\n.*worse than the baseline: overloaded_rate\{tier:standard,per:attempt\} rate: .*, p 0\.0043\n/,
    );
    const better = await check([good, "--baseline", baseline, "--set", "pools.shared.replica.slots=9"]);
    expect([better.code, better.stdout]).toEqual([0, expect.stringContaining("better than the baseline")]);
  });

  it("compares only what is asked for", async () => {
    const slower = ["--baseline", baseline, "--set", "pools.shared.replica.slots=7"];
    const other = await check([good, ...slower, "--metric", "ttft"]);
    expect([other.code, other.stdout]).toEqual([
      0,
      expect.stringContaining("2 measures against the baseline,"),
    ]);
    expect((await check([good, ...slower, "--metric", "ttft", "--metric", "overloaded_rate"])).code).toBe(99);
    expect(await check([good, ...slower, "--metric", "speed"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--metric speed: no measure begins so; there are overloaded_rate,"),
    });
  });

  it("runs the seeds of the baseline again, as many as they are", async () => {
    const more = join(folder, "more");
    const words = [good, "--baseline", more];
    expect((await check([...words, "--update", "--seeds", "10", "--seed", "other"])).code).toBe(0);
    const again = await check(words);
    expect(again.stdout).toContain(", 10 seeds,");
    expect(again.stdout).not.toContain("unpaired");
  });

  it("takes as many seeds as the thresholds' measures need, and refuses fewer", async () => {
    const names = [
      "overloaded_rate",
      "rate_limited_rate",
      "unavailable_rate",
      "timed_out_rate",
      "invalid_rate",
    ];
    const each = names.flatMap((name) =>
      ["attempt", "request"].map((per) => `"${name}{per:${per}}": rate<99%`),
    );
    const path = scenario(
      "twelve",
      [...each, "failure_rate: rate<99%", "give_up_rate: rate<99%"].join("\n  "),
    );
    const words = [path, "--baseline", join(folder, "twelve"), "--update", "--set", "duration=20s"];
    expect((await check(words)).stdout).toContain(", 9 seeds,");
    expect(await check([...words, "--seeds", "8"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("needs at least 9 seeds, and this is 8"),
    });
  });

  it("says where seeds are others, and what of a file it cannot read", async () => {
    const other = await check([good, "--baseline", baseline, "--seed", "other"]);
    expect([other.code, other.stdout]).toEqual([0, expect.stringContaining("compared unpaired")]);
    expect(other.stdout).not.toContain("changed since");
    writeFileSync(join(baseline, "good", "check.json"), "{");
    expect(await check([good, "--baseline", baseline])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("it is not JSON"),
    });
  });
});

describe("a gate that cannot compare", () => {
  const baseline = join(folder, "closed");
  const file = join(baseline, "good", "check.json");
  const record = () => JSON.parse(readFileSync(file, "utf8"));

  it("neither writes nor compares on few seeds, or on as many as thresholds take", async () => {
    const one = ["--seeds", "7"];
    const update = await check([good, "--baseline", baseline, "--update", ...one]);
    expect([update.code, existsSync(file)]).toEqual([2, false]);
    expect(update.stderr).toContain("--baseline needs at least 8 seeds, and this is 7");
    expect((await check([good, "--baseline", baseline, "--update"])).code).toBe(0);
    expect(await check([good, "--baseline", baseline, ...one])).toMatchObject({ code: 2, stdout: "" });
    const until = await check([good, "--baseline", baseline, "--seeds", "until"]);
    expect([until.code, until.stderr]).toEqual([2, expect.stringContaining("needs a number of seeds")]);
  });

  it("fails where no measure is left to compare", async () => {
    const silent = record();
    for (const replication of silent.replications) replication.values.fill(null);
    writeFileSync(file, JSON.stringify(silent));
    const { code, stdout } = await check([good, "--baseline", baseline]);
    expect([code, stdout]).toEqual([99, expect.stringContaining("no measure has 8 seeds on both sides")]);
  });

  it("fails where a measure is gone, and names it", async () => {
    expect((await check([good, "--baseline", baseline, "--update"])).code).toBe(0);
    const renamed = record();
    renamed.estimates[0].metric = "overloaded_rate{tier:gone,per:attempt}";
    writeFileSync(file, JSON.stringify(renamed));
    const junit = join(folder, "gone.xml");
    const { code, stdout } = await check([good, "--baseline", baseline, "--junit", junit, "--github"]);
    expect(code).toBe(99);
    expect(stdout).toContain(
      "overloaded_rate{tier:gone,per:attempt} rate: the baseline has it, the result has not",
    );
    expect(stdout).toMatch(/^::error .*not comparable with the baseline::/m);
    expect(readFileSync(junit, "utf8")).toContain('failures="1"');
  });
});

describe("a whole folder", () => {
  const [scenarios, baseline] = [join(folder, "whole"), join(folder, "whole-baseline")];
  const gone = join(baseline, "gone", "check.json");

  it("fails where a baseline belongs to no scenario of it, and says what to delete", async () => {
    mkdirSync(scenarios);
    for (const name of ["good", "gone"]) writeFileSync(join(scenarios, `${name}.yaml`), readFileSync(good));
    const words = [scenarios, "--baseline", baseline, "--set", "duration=20s"];
    expect((await check([...words, "--update"])).code).toBe(0);
    expect((await check(words)).code).toBe(0);
    rmSync(join(scenarios, "gone.yaml"));
    const { code, stdout } = await check(words);
    const text = `${gone} is the baseline of no scenario that was checked: delete ${join(baseline, "gone")}`;
    expect([code, stdout]).toEqual([99, expect.stringContaining(`✗ ${text}`)]);
    const document = JSON.parse((await check([...words, "--json"])).stdout);
    expect(document.at(-1)).toEqual({ path: gone, status: "orphan" });
    // One scenario by itself says nothing of the others, and an update deletes nothing.
    expect((await check([join(scenarios, "good.yaml"), ...words.slice(1)])).code).toBe(0);
    const update = await check([...words, "--update"]);
    expect([update.code, update.stderr]).toEqual([0, expect.stringContaining(`left alone: ${text}`)]);
    expect(existsSync(gone)).toBe(true);
  });
});

describe("a scenario in which nothing is drawn", () => {
  it("is not judged by its baseline: all seeds are one run", async () => {
    const path = scenario("copies", 'overloaded_rate: ["rate<60%"]');
    const calls = Array.from({ length: 40 }, (_, i) => `${i},100,100\n`);
    writeFileSync(join(folder, "calls.csv"), `timestamp,input_tokens,output_tokens\n${calls.join("")}`);
    const drawn = "{ process: poisson, rate: 3/s }, input: 10, output: 100,";
    writeFileSync(path, readFileSync(path, "utf8").replace(drawn, "{ trace: calls.csv },"));
    const words = [path, "--baseline", join(folder, "copies")];
    expect((await check([...words, "--update"])).code).toBe(0);
    const { code, stdout } = await check([...words, "--set", "pools.shared.replica.tokensPerSecond=49"]);
    expect(stdout).toContain("note: all seeds gave one and the same run: not judged by the baseline");
    expect(stdout).toMatch(/^✓ copies {2}1 of 1 thresholds met/);
    expect(code).toBe(0);
  });
});

describe("what CI servers read", () => {
  it("annotates the threshold's own line on GitHub, and adds to the step's summary", async () => {
    const summary = join(folder, "summary.md");
    writeFileSync(summary, "earlier\n");
    const { stdout } = await check([bad], { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary });
    expect(stdout).toMatch(
      /^::error file=\S*bad\.yaml,line=15,col=\d+,title=bad%3A threshold not met::overloaded_rate rate<0\.1%25: /m,
    );
    const text = readFileSync(summary, "utf8");
    expect(text).toMatch(/^earlier\n## surgefleet check: 1 of 1 failed\n/);
    expect(text).toContain("| ❌ fail | ` overloaded_rate rate<0.1% ` |");
  });

  it("writes JUnit with a failure for what failed, and one JSON document", async () => {
    const junit = join(folder, "out", "check.xml");
    const { stdout } = await check([good, bad, "--junit", junit, "--json"]);
    const xml = readFileSync(junit, "utf8");
    expect(xml).toContain('<testsuites tests="3" failures="1" errors="0" skipped="0">');
    expect(xml).toContain('<testcase classname="bad" name="overloaded_rate rate&lt;0.1%"');
    expect(JSON.parse(stdout).map(({ status }: { status: string }) => status)).toEqual(["pass", "fail"]);
  });
});
