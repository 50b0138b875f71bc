// `run` and what belongs to it through the whole command line: exit codes, what is printed and what is written.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { filesOf, named, OVERLOADED, temporaryFolder, writeScenario } from "../../../support/small-fleet.js";
import { surgefleet } from "./hosted.js";

const FAILING = `${OVERLOADED}thresholds: { overloaded_rate: "rate<1%", ttft: "p(50)<10s" }\n`;
const TRACED = OVERLOADED.replace("{ process: poisson, rate: 30/s }", "{ trace: trace.csv }").replace(
  /^ {4}(input|output): .*\n/gm,
  "",
);

/** A trace with this many good rows, ten a second, and then whatever is given. */
function writeTrace(folder: string, rows: number, rest = "", account = "acme"): void {
  const lines = Array.from({ length: rows }, (_, row) => `${row / 10},100,20,"${account}"\n`);
  writeFileSync(
    join(folder, "trace.csv"),
    `timestamp,input_tokens,output_tokens,account\n${lines.join("")}${rest}`,
  );
}

describe("run", () => {
  it("exits 99 where a threshold is not met, and says which", async () => {
    const cwd = temporaryFolder();
    const { code, stdout } = await surgefleet(["run", writeScenario(cwd, FAILING), "--no-out"], { cwd });
    expect(code).toBe(99);
    expect(stdout).toMatch(/✗ overloaded_rate +rate<1% +\d/);
    expect(stdout).toMatch(/✓ ttft +p\(50\)<10s +\d/);
  });

  it("exits 2 for a threshold on a tier that there is not", async () => {
    const cwd = temporaryFolder();
    const text = `${OVERLOADED}thresholds:\n  "ttft{tier:standart}": "p(99)<1s"\n`;
    const { code, stderr } = await surgefleet(["run", writeScenario(cwd, text)], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^scenario\.yaml:\d+:\d+ .*unknown tier "standart"; did you mean "standard"\?/);
  });

  it("writes files that agree with one another and with the manifest", async () => {
    const cwd = temporaryFolder();
    await surgefleet(["run", writeScenario(cwd, OVERLOADED), "--requests", "--out", "out"], { cwd });
    const files = filesOf(join(cwd, "out"));
    const summary = JSON.parse(files["summary.json"]!);
    const rows = csvParse(files["requests.csv"]!);
    expect(rows).toHaveLength(summary.all.requests.attempts);
    const { measured } = summary.time;
    const arrived = rows.filter((row) => Number(row["arrived_s"]) < measured);
    const overloaded = arrived.filter((row) => row["outcome"] === "overloaded");
    expect([arrived.length, overloaded.length]).toEqual([
      summary.all.attempts,
      summary.all.outcomes.overloaded,
    ]);
    // The history has what happened in the window: some of that was refused later.
    const bins = csvParse(files["timeseries.csv"]!);
    const binned = bins.reduce((sum, row) => sum + Number(row["overloaded"]), 0);
    expect(binned).toBe(overloaded.filter((row) => Number(row["ended_s"]) < measured).length);
    expect(binned).toBeLessThan(overloaded.length);
    const manifest = JSON.parse(files["manifest.json"]!);
    const sizes = Object.entries<{ bytes: number }>(manifest.files).map(([name, { bytes }]) => [name, bytes]);
    expect(sizes).toEqual(
      Object.entries(files)
        .filter(([name]) => name !== "manifest.json")
        .map(([name, text]) => [name, Buffer.byteLength(text)])
        .sort(),
    );
  });

  it("takes seed and folder from the environment, and flags before it", async () => {
    const cwd = temporaryFolder();
    const scenario = writeScenario(cwd, OVERLOADED);
    const env = { SURGEFLEET_SEED: "env", SURGEFLEET_OUT: "from-env" };
    const { stderr } = await surgefleet(["run", scenario], { cwd, env });
    await surgefleet(["run", scenario, "--seed", "flag", "--out", "from-flag"], { cwd, env });
    const seeds = ["from-env", "from-flag"].map(
      (folder) => JSON.parse(readFileSync(join(cwd, folder, "summary.json"), "utf8")).seed,
    );
    expect(seeds).toEqual(["env", "flag"]);
    expect(stderr).toMatch(/repeat {3}.* run scenario\.yaml --seed env --out from-env\n/);
  });

  it("prints the summary as JSON with --json, and nothing else with --quiet", async () => {
    const cwd = temporaryFolder();
    const words = ["run", writeScenario(cwd, OVERLOADED), "--json", "--quiet", "--set", "duration=5s"];
    const { code, stdout, stderr } = await surgefleet(words, { cwd });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(readFileSync(join(cwd, "results/overloaded/summary.json"), "utf8"));
    expect(JSON.parse(stdout).time.measured).toBe(5);
  });

  it("colours only what it is asked to, and prints only ASCII where the locale says so", async () => {
    const cwd = temporaryFolder();
    const words = ["run", writeScenario(cwd, FAILING), "--no-out", "--quiet"];
    const plain = await surgefleet(words, { cwd, env: { CI: "true" } });
    const colored = await surgefleet(words, { cwd, env: { FORCE_COLOR: "1" } });
    const ascii = await surgefleet([...words, "--no-color"], { cwd, env: { FORCE_COLOR: "1", LANG: "C" } });
    const controlCharacter = String.fromCharCode(27);
    expect([plain, colored, ascii].map(({ stdout }) => stdout.includes(controlCharacter))).toEqual([
      false,
      true,
      false,
    ]);
    expect([...ascii.stdout].every((character) => character.charCodeAt(0) < 128)).toBe(true);
  });
});

describe("a run that cannot write", () => {
  it("says so before it starts where the folder is impossible", async () => {
    const cwd = temporaryFolder();
    const words = ["run", writeScenario(cwd, OVERLOADED), "--out", "scenario.yaml/out"];
    const { code, stdout, stderr } = await surgefleet(words, { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/cannot write scenario\.yaml\/out/);
  });

  it("changes nothing where a file cannot get its name", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "out/summary.csv"), { recursive: true });
    writeFileSync(join(cwd, "out/summary.json"), "old");
    const manifest = { surgefleet: "0.1.0", files: { "summary.json": {}, "summary.csv": {} } };
    writeFileSync(join(cwd, "out/manifest.json"), JSON.stringify(manifest));
    const words = ["run", writeScenario(cwd, OVERLOADED), "--out", "out", "--requests"];
    const { code, stderr } = await surgefleet(words, { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/summary\.csv: a directory is in the way/);
    expect(readdirSync(join(cwd, "out")).sort()).toEqual(["manifest.json", "summary.csv", "summary.json"]);
    expect(readFileSync(join(cwd, "out/summary.json"), "utf8")).toBe("old");
  });

  it.each([
    ["requests.csv", "a trace of mine"],
    ["manifest.json", '{"name": "my web app", "files": {}}'],
    ["manifest.json", "not JSON"],
  ])("leaves a folder alone whose %s is not an earlier result", async (file, content) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, file), content);
    const { code, stderr } = await surgefleet(["run", writeScenario(cwd, OVERLOADED), "--out", "."], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(`${file} is there, and no manifest.json`);
    expect(readdirSync(cwd).sort()).toEqual([file, "scenario.yaml"]);
    expect(readFileSync(join(cwd, file), "utf8")).toBe(content);
  });

  it("replaces an earlier result, and takes away the list of requests that it no longer has", async () => {
    const cwd = temporaryFolder();
    const words = ["run", writeScenario(cwd, OVERLOADED), "--out", "out"];
    await surgefleet([...words, "--requests"], { cwd });
    expect(readdirSync(join(cwd, "out"))).toContain("requests.csv");
    expect((await surgefleet(words, { cwd })).code).toBe(0);
    expect(named(readdirSync(join(cwd, "out")))).toEqual([
      "callers.csv",
      "estimates.csv",
      "manifest.json",
      "replications.csv",
      "summary.csv",
      "summary.json",
      "timeseries.csv",
    ]);
  });
});

describe("a trace", () => {
  it("is named in the manifest by hash, and its account names cannot run as formulas", async () => {
    const cwd = temporaryFolder();
    writeTrace(cwd, 30, "", "=HYPERLINK(1)");
    const words = ["run", writeScenario(cwd, TRACED), "--requests", "--out", "out"];
    const { code, stderr } = await surgefleet(words, { cwd });
    expect(code, stderr).toBe(0);
    const files = filesOf(join(cwd, "out"));
    expect(JSON.parse(files["manifest.json"]!).traces["trace.csv"].sha256).toMatch(/^[0-9a-f]{64}$/);
    const accounts = new Set(csvParse(files["requests.csv"]!).map((row) => row["account"]));
    expect([...accounts]).toEqual(["'=HYPERLINK(1)"]);
  });

  it("is found beside the scenario, wherever the command is given", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "sub"));
    writeTrace(join(cwd, "sub"), 30);
    writeScenario(join(cwd, "sub"), TRACED);
    const { code, stderr } = await surgefleet(["run", "sub/scenario.yaml", "--no-out"], { cwd });
    expect(code, stderr).toBe(0);
  });

  it.each([0, 150])("with an error after %i rows leaves no results", async (rows) => {
    const cwd = temporaryFolder();
    writeTrace(cwd, rows, `${rows / 10},100,minus one,acme\n`);
    const words = ["run", writeScenario(cwd, TRACED), "--requests", "--out", "out"];
    const { code, stdout, stderr } = await surgefleet(words, { cwd });
    expect([code, stdout, readdirSync(cwd).sort()]).toEqual([2, "", ["scenario.yaml", "trace.csv"]]);
    expect(stderr).toMatch(new RegExp(`trace\\.csv:${rows + 2}:\\d+ .*minus one`));
  });
});

describe("validate", () => {
  it("tells every problem of every file, traces included, and exits 2", async () => {
    const cwd = temporaryFolder();
    writeTrace(cwd, 20, "2.0,0,20,acme\n");
    const good = writeScenario(cwd, OVERLOADED, "good.yaml");
    const bad = writeScenario(cwd, OVERLOADED.replace("20s", "20x"), "bad.yaml");
    const traced = writeScenario(cwd, TRACED, "traced.yaml");
    const { code, stdout, stderr } = await surgefleet(["validate", bad, good, traced, "missing.yaml"], {
      cwd,
    });
    expect(code).toBe(2);
    expect(stdout).toBe("ok  good.yaml  overloaded: 1 path, 1 pool, 1 traffic source, 0 thresholds\n");
    expect(stderr).toMatch(
      /^bad\.yaml:3:\d+ duration: .*\ntrace\.csv:22:\d+ .*\n.*missing\.yaml: there is no such file\n$/,
    );
  });

  it("counts the rows of good traces", async () => {
    const cwd = temporaryFolder();
    writeTrace(cwd, 601);
    const { code, stdout } = await surgefleet(["validate", writeScenario(cwd, TRACED)], { cwd });
    expect(code).toBe(0);
    // As far as a run of 20 s, followed for as long, may want requests.
    expect(stdout).toContain("trace trace.csv: 401 rows over 39.9s, generic\n");
  });
});

describe("init", () => {
  it("writes a scenario that runs, and never overwrites it unless told to", async () => {
    const cwd = temporaryFolder();
    const first = await surgefleet(["init", "fleet"], { cwd });
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^wrote fleet\/quickstart\.yaml\n[\s\S]*run fleet\/quickstart\.yaml\n/);
    const path = join(cwd, "fleet/quickstart.yaml");
    expect(readFileSync(path, "utf8")).toMatch(/^# yaml-language-server: \$schema=/);
    expect((await surgefleet(["validate", "fleet/quickstart.yaml"], { cwd })).code).toBe(0);
    writeFileSync(path, "mine");
    const second = await surgefleet(["init", "fleet"], { cwd });
    expect([second.code, readFileSync(path, "utf8")]).toEqual([2, "mine"]);
    expect(second.stderr).toMatch(/exists already; --force overwrites it/);
    expect((await surgefleet(["init", "fleet", "--force"], { cwd })).code).toBe(0);
    expect(readFileSync(path, "utf8")).not.toBe("mine");
  });
});
