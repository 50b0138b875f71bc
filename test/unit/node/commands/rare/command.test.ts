import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";
import { everyLookTakes } from "../../../../support/clock.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, "reserved.yaml");
writeFileSync(
  path,
  `schemaVersion: 1
duration: 1h
warmup: 5s
inventory: { gpus: 1 }
pools:
  shared:
    replicas: 1
    replica: { engine: slots, slots: 6, tokensPerSecond: 100 }
    admission: { policy: trunk-reservation, maxQueue: 0, reserve: { standard: 20% } }
paths:
  priority: { model: m, pool: shared, rank: 0 }
  standard: { model: m, pool: shared, rank: 1, serviceTier: standard }
traffic:
  calls:
    arrivals: { process: poisson, rate: 10 }
    input: 1
    output: { dist: exponential, mean: 100 }
    maxOutput: 10000
    mix: { priority: 20%, standard: 80% }
`,
);

async function told(words: readonly string[], tty = false, onTalk = (_text: string) => {}) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const talk = (text: string) => {
    stderr += text;
    onTalk(text);
  };
  const errors = { write: talk, isTTY: tty };
  const code = await runProgram(["rare", ...words], { output, errors, env: {} });
  return { code, stdout, stderr };
}

/** The last that is written there: erase the line, and to its beginning. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor
const ERASED = /\u001b\[2K\u001b\[G(\u001b\[\?\d+[hl])*$/;

/** Beside Poisson calls the rows of a trace, over and over: open loop, and as sessions that wait for answers. */
function traced(name: string, arrivals: string, rows = "0,1,100\n1,1,80\n2,1,100\n"): string {
  const file = join(folder, `${name}.yaml`);
  const trace = `  old: { arrivals: { trace: ${name}.csv, unit: s${arrivals} }, mix: { priority: 1 } }\n`;
  writeFileSync(join(folder, `${name}.csv`), `timestamp,input_tokens,output_tokens\n${rows}`);
  writeFileSync(file, readFileSync(path, "utf8") + trace);
  return file;
}
const FEW = [path, "--tier", "priority", "--trials", "8"];

describe("surgefleet rare", () => {
  it("prints the rate, the levels and the work, the same every time, and nothing else", async () => {
    const [one, two] = [await told(FEW), await told(FEW)];
    expect([one.code, one.stderr]).toEqual([0, ""]);
    expect(two).toEqual(one);
    expect(one.stdout).toMatch(/^overloaded_rate\{tier:priority,per:attempt\} = [\d.]+%/);
    expect(one.stdout).toMatch(/^window {3}5s, after 5s of warm-up$/m);
    expect(one.stdout).toMatch(/^trials {3}8, /m);
  });

  it("is one JSON document when asked, and takes seed, window and overrides", async () => {
    const words = [
      "--seed",
      "9",
      "--warmup",
      "3s",
      "--window",
      "4s",
      "--set",
      "pools.shared.replica.slots=7",
      "--json",
    ];
    const { code, stdout } = await told([...FEW, ...words]);
    const result = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(result).toMatchObject({
      schemaVersion: 1,
      scenario: "reserved",
      seed: "9",
      trials: 8,
      partial: false,
    });
    expect(result.window).toEqual({ warmup: 3, length: 4 });
  });

  it.each([
    ["open", ", repeat: 1000000"],
    ["closed", ", repeat: 1000000, replay: think-time"],
  ])("goes with a trace, %s loop, whose attempts count, the same every time", async (name, arrivals) => {
    const words = [traced(name, arrivals), "--tier", "priority", "--trials", "8", "--json"];
    const [one, two] = [await told(words), await told(words)];
    expect([one.code, one.stderr]).toEqual([0, ""]);
    expect(two).toEqual(one);
    const { value, trials } = JSON.parse(one.stdout);
    expect(trials).toBe(8);
    expect(value).toBeGreaterThan(0);
    const alone = await told([path, ...words.slice(1)]);
    expect(value).not.toBe(JSON.parse(alone.stdout).value);
  });

  it("refuses a trace with the place of what is wrong in it", async () => {
    const bad = traced("bad", "", "0,1,100\n1,one,80\n");
    const { code, stdout, stderr } = await told([bad, "--tier", "priority", "--trials", "8"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/bad\.csv:3:3 /);
  });

  it("tells people on a terminal how far it is, and wipes that away", async () => {
    everyLookTakes(1000);
    const { stderr, stdout } = await told(FEW, true);
    expect(stderr).toMatch(/placing level \d|trials, /);
    expect(stderr).toMatch(ERASED);
    expect(stdout).not.toContain("\r");
  });

  it("stops on Ctrl-C with what it has, marked partial", async () => {
    everyLookTakes(1000);
    let stopped = false;
    const { code, stdout } = await told([path, "--tier", "priority", "--until", "0.1%"], true, (text) => {
      if (stopped || !text.includes("trials, ")) return;
      stopped = true;
      process.emit("SIGINT");
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^overloaded_rate.* = .*\(partial: interrupted\)$/m);
  });

  it.each([
    [[path], "required option '--tier <path>'"],
    [[path, "--tier", "prio"], 'no path "prio"; did you mean "priority"?'],
    [[...FEW, "--until", "10%"], "cannot be used with option '--until"],
    [[path, "--tier", "priority", "--trials", "many"], "Write a whole number from 1 to"],
    [[path, "--tier", "priority", "--until", "0"], "until: "],
    [[...FEW, "--window", "soon"], 'window: "soon" is not a duration'],
    [[...FEW, "--event", "lost"], "Allowed choices are overloaded, timed_out"],
    [[...FEW, "--seed", ""], "Write a text of 1 to 256 characters"],
    [[join(folder, "missing.yaml"), "--tier", "priority"], "missing.yaml"],
  ])("refuses %j", async (words, problem) => {
    const { code, stdout, stderr } = await told(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
  });
});
