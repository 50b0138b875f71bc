// The command line as people meet it, where it takes a process to see it: its exit code, its bytes, its threads, signals
// and pipes. Everything else is in test/unit/node/command-line.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { csvParse } from "d3-dsv";
import { describe, expect, it } from "vitest";
import { quoted } from "../../src/node/shell.js";
import { gear } from "../support/mode.js";
import {
  type Finished,
  filesOf,
  named,
  OVERLOADED,
  temporaryFolder,
  writeScenario,
} from "../support/small-fleet.js";
import { finished, NODE_WORDS, start, surgefleet } from "./run-cli.js";

describe("run", () => {
  it("runs the quickstart without a scenario, and writes nothing with --no-out", async () => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await surgefleet(["run", "--set", "duration=5m", "--no-out"], { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^THRESHOLDS {2}(\d+) of \1 met\n/);
    expect(stderr).toMatch(/repeat {3}node .*cli\.js run --set duration=5m --seed 1 --no-out\n/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("exits 2 for an invalid scenario, with every problem at its place, and writes nothing", async () => {
    const cwd = temporaryFolder();
    const text = OVERLOADED.replace("replicas: 1", "replicsa: 1").replace(
      "duration: 20s",
      "duration: 20 parsecs",
    );
    const { code, stdout, stderr } = await surgefleet(["run", writeScenario(cwd, text)], { cwd });
    expect([code, stdout, readdirSync(cwd)]).toEqual([2, "", ["scenario.yaml"]]);
    expect(stderr).toMatch(/^scenario\.yaml:3:\d+ duration: /m);
    expect(stderr).toMatch(/^scenario\.yaml:7:\d+ pools\.shared.*"replicsa"/m);
  });

  it("gives the same bytes twice, and other bytes for another seed", async () => {
    const cwd = temporaryFolder();
    const scenario = writeScenario(cwd, OVERLOADED);
    const run = (...words: string[]) => surgefleet(["run", scenario, "--requests", ...words], { cwd });
    const told = [await run("--out", "a"), await run("--out", "b"), await run("--out", "c", "--seed", "2")];
    const [a, b, c] = ["a", "b", "c"].map((name) => filesOf(join(cwd, name)));
    expect(named(Object.keys(a!))).toEqual([
      "callers.csv",
      "estimates.csv",
      "manifest.json",
      "replications.csv",
      "requests.csv",
      "summary.csv",
      "summary.json",
      "timeseries.csv",
    ]);
    expect(b).toEqual(a);
    expect(told[1]!.stdout).toBe(told[0]!.stdout);
    const differing = Object.keys(a!).filter((name) => a![name] !== c![name]);
    expect(named(differing)).toHaveLength(7);
  });

  it("gives the same bytes on one thread as on two", async () => {
    const cwd = temporaryFolder();
    const scenario = writeScenario(cwd, OVERLOADED);
    const results = ["1", "2"].map(async (workers) => {
      const words = ["run", scenario, "--seeds", "3", "--workers", workers, "--json", "--no-out"];
      return await surgefleet(words, { cwd });
    });
    const [one, two] = await Promise.all(results);
    expect([one!.code, two!.stdout]).toEqual([0, one!.stdout]);
    expect(JSON.parse(one!.stdout).replications).toHaveLength(3);
  });
});

describe("an interrupted run", () => {
  it("writes what it has, marked partial, and exits 130", async () => {
    const cwd = temporaryFolder();
    const scenario = writeScenario(
      cwd,
      OVERLOADED.replace("duration: 20s", "duration: 3650d\nsampling: { interval: 1h }"),
    );
    const child = start([...NODE_WORDS, "run", scenario, "--requests", "--out", "out"], { cwd });
    const end = finished(child);
    // The first rows show that the run is under way.
    while (!existsSync(join(cwd, "out")) && child.exitCode === null) await setTimeout(20);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await end;
    expect(code, stderr).toBe(130);
    expect(stdout).toMatch(/^PARTIAL {2}interrupted after .* of simulated time\n/m);
    const { "summary.json": summary, "manifest.json": manifest, ...rest } = filesOf(join(cwd, "out"));
    expect([JSON.parse(summary!).partial, JSON.parse(manifest!).partial]).toEqual([true, true]);
    expect(named(Object.keys(rest))).toEqual([
      "callers.csv",
      "estimates.csv",
      "replications.csv",
      "requests.csv",
      "summary.csv",
      "timeseries.csv",
    ]);
    expect(csvParse(rest["requests.csv"]!).length).toBe(JSON.parse(summary!).all.attempts);
  });
});

it("a signal while a file is written ends with 130 and leaves nothing", async () => {
  const { cwd, code, stdout, stderr } = await hungUpWhileWriting(200_000);
  expect([code, stdout, stderr]).toEqual([130, "", ""]);
  expect(readdirSync(cwd)).toEqual(["long.csv"]);
});

/** Where all those rows were written before the signal came, once more with twice as many: machines differ. */
async function hungUpWhileWriting(count: number): Promise<Finished & { readonly cwd: string }> {
  const cwd = temporaryFolder();
  const rows = Array.from({ length: count }, (_, row) => `${row},10,10\n`);
  writeFileSync(join(cwd, "long.csv"), `timestamp,input_tokens,output_tokens\n${rows.join("")}`);
  const words = ["trace", "convert", "long.csv", "new/long.jsonl", "--to", "generic"];
  const child = start([...NODE_WORDS, ...words], { cwd });
  const end = finished(child);
  while (!existsSync(join(cwd, "new")) && child.exitCode === null) await setTimeout(5);
  child.kill("SIGHUP");
  const told = await end;
  return told.code === 0 ? hungUpWhileWriting(2 * count) : { cwd, ...told };
}

describe("a pipe", () => {
  it("ends quietly when its reader has seen enough", async () => {
    const command = `${[...NODE_WORDS, "schema"].map(quoted).join(" ")} | head -c 1; exit \${PIPESTATUS[0]}`;
    const { code, stdout, stderr } = await finished(
      start(["bash", "-c", command], { cwd: temporaryFolder() }),
    );
    expect([code, stdout, stderr]).toEqual([0, "{", ""]);
  });
});

describe("plan", () => {
  it("ends as it should though threads still answer what is no longer waited for", async () => {
    const cwd = temporaryFolder();
    const text = OVERLOADED.replace(/$/, 'thresholds: { overloaded_rate: "rate<90%" }\n');
    const words = [
      "plan",
      writeScenario(cwd, text),
      "--find",
      "replicas=1..3",
      "--demand",
      "1",
      "--workers",
      "2",
    ];
    // It is a matter of instants: of eight, four used to crash.
    for (let time = 0; time < gear(2, 8); time++) {
      const { code, stderr } = await surgefleet([...words, "--quiet", "--seed", `${time}`], { cwd });
      expect([code, stderr]).toEqual([0, ""]);
    }
  });
});
