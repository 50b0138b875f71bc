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
duration: 120s
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
      /threshold not met: overloaded_rate rate<0\.1%: \S+% \[\S+, \S+\] {2}n=8 {2}\S+bad\.yaml:14/,
    );
  });

  it("runs a scenario as long as it says for a check, and --set as long as that says", async () => {
    const path = scenario("cut", 'overloaded_rate: ["rate<60%"]\ncheck: { duration: 61s, replications: 2 }');
    const threshold = async (...words: string[]) => {
      const { code, stdout } = await check([path, "--json", ...words]);
      expect(code).toBe(0);
      return JSON.parse(stdout)[0].thresholds[0];
    };
    const [cut, given] = [await threshold(), await threshold("--set", "duration=61s")];
    expect(cut).toEqual(given);
    expect(await threshold("--set", "duration=120s")).not.toEqual(given);
  });

  it("leaves open what it cannot tell, and exits with 3 only where asked to", async () => {
    const { code, stdout } = await check([open, "--replications", "3"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("threshold undecided")]);
    expect((await check([open, "--replications", "3", "--fail-on-undecided"])).code).toBe(3);
  });

  it("tells every problem of every scenario before it runs anything", async () => {
    const broken = [
      scenario("one", "overloaded_rat: rate<1%"),
      scenario("two", "overloaded_rate: rate<1000"),
    ];
    const { code, stdout, stderr } = await check([good, ...broken]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/one\.yaml:14:.*did you mean "overloaded_rate"/);
    expect(stderr).toMatch(/two\.yaml:14:/);
  });

  it.each([
    [["--update"], "--update goes with --baseline"],
    [["--margin", "2", "--baseline", folder], "'2' is invalid. Write a percentage"],
    [["--margin", "2%"], "--margin goes with --baseline"],
    [["--replications", "0"], "--replications <n>.* Write a whole number"],
    [["--most", "5"], "--most goes with --replications until"],
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
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining("measures against the baseline")]);
    const worse = await check([good, "--baseline", baseline, "--set", "pools.shared.replica.slots=7"]);
    expect(worse.code).toBe(99);
    expect(worse.stdout).toMatch(
      /worse than the baseline: overloaded_rate\{tier:standard,per:attempt\} rate: /,
    );
    const better = await check([good, "--baseline", baseline, "--set", "pools.shared.replica.slots=9"]);
    expect([better.code, better.stdout]).toEqual([0, expect.stringContaining("better than the baseline")]);
  });

  it("says where seeds are others, and what of a file it cannot read", async () => {
    const other = await check([good, "--baseline", baseline, "--seed", "other"]);
    expect([other.code, other.stdout]).toEqual([0, expect.stringContaining("compared unpaired")]);
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
    const one = ["--replications", "7"];
    const update = await check([good, "--baseline", baseline, "--update", ...one]);
    expect([update.code, existsSync(file)]).toEqual([2, false]);
    expect(update.stderr).toContain("--baseline needs at least 8 replications, and this is 7");
    expect((await check([good, "--baseline", baseline, "--update"])).code).toBe(0);
    expect(await check([good, "--baseline", baseline, ...one])).toMatchObject({ code: 2, stdout: "" });
    const until = await check([good, "--baseline", baseline, "--replications", "until"]);
    expect([until.code, until.stderr]).toEqual([
      2,
      expect.stringContaining("needs a number of replications"),
    ]);
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

describe("what CI servers read", () => {
  it("annotates the threshold's own line on GitHub, and adds to the step's summary", async () => {
    const summary = join(folder, "summary.md");
    writeFileSync(summary, "earlier\n");
    const { stdout } = await check([bad], { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary });
    expect(stdout).toMatch(
      /^::error file=\S*bad\.yaml,line=14,col=\d+,title=bad%3A threshold not met::overloaded_rate rate<0\.1%25: /m,
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
