import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "surgefleet-trace-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function surgefleet(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await runProgram(words, {
    output: { write: (text) => (stdout += text), columns: 100 },
    errors: { write: (text) => (stderr += text), columns: 100 },
    env: {},
  });
  return { code, stdout, stderr };
}

/** Two requests a second, alternately of two accounts. */
function genericTrace(path: string, rows = 400): string {
  const lines = Array.from(
    { length: rows },
    (_, row) => `${row / 2},${100 + row},20,${row % 2 === 0 ? "ann" : "bob"}\n`,
  );
  writeFileSync(path, `timestamp,input_tokens,output_tokens,account\n${lines.join("")}`);
  return path;
}

describe("trace inspect", () => {
  it("prints statistics for people, and the same for programs", async () => {
    const path = genericTrace(join(folder(), "t.csv"));
    const text = await surgefleet("trace", "inspect", path, "--ascii");
    expect([text.code, text.stderr]).toEqual([0, ""]);
    expect(text.stdout).toMatch(/400 requests, 2 accounts over 3m20s, 2\.005\/s/);
    expect(text.stdout).toMatch(/counts in 10s +IDC 0 +eta -0\.0500 /);
    expect(text.stdout).toMatch(/largest 50%/);
    expect(text.stdout).not.toMatch(/[^\n -~]/);
    const json = await surgefleet("trace", "inspect", path, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ rows: 400, accounts: 2, report: { format: "generic" } });
  });

  it("looks at a window of the trace, and says so of an empty one", async () => {
    const path = genericTrace(join(folder(), "t.csv"));
    const part = await surgefleet("trace", "inspect", path, "--json", "--from", "10s", "--to", "1m");
    expect(JSON.parse(part.stdout)).toMatchObject({
      rows: 100,
      report: { findings: [{ kind: "dropped", what: "before the window", count: 20 }, { kind: "assumed" }] },
    });
    const none = await surgefleet("trace", "inspect", path, "--from", "1h");
    expect([none.code, none.stdout]).toEqual([2, ""]);
    expect(none.stderr).toMatch(/no rows are left/);
  });

  it("exits 2 for a bad row, a missing file and a bad flag, and says what is wrong", async () => {
    const path = join(folder(), "bad.csv");
    writeFileSync(path, "timestamp,input_tokens,output_tokens\n0,5,5\n1,x,5\n");
    const told = await Promise.all([
      surgefleet("trace", "inspect", path),
      surgefleet("trace", "inspect", "missing.csv"),
      surgefleet("trace", "inspect", path, "--sample", "200%"),
      surgefleet("trace", "inspect", path, "--from", "ten"),
      surgefleet("trace", "inspect", path, "--format", "azur"),
    ]);
    expect(told.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    const wanted = [
      /bad\.csv:3:3 /,
      /no such file/,
      /--sample .*'200%' is invalid/,
      /--from .*'ten' is invalid/,
      /--format .*'azur' is invalid. Allowed choices are .*azure/,
    ];
    for (const [index, { stderr }] of told.entries()) expect(stderr).toMatch(wanted[index]!);
  });
});

describe("trace convert", () => {
  it("writes by the name of the file, and what is written reads the same", async () => {
    const here = folder();
    const path = genericTrace(join(here, "t.csv"));
    const json = join(here, "out/t.jsonl");
    const back = join(here, "back.csv");
    const first = await surgefleet("trace", "convert", path, json, "--to", "generic");
    const unit = "assumed: times are numbers without a unit, taken for seconds (unit: s)\n";
    expect([first.code, first.stderr]).toEqual([0, unit]);
    expect(first.stdout).toMatch(/t\.jsonl: 400 requests, generic\n$/);
    await surgefleet("trace", "convert", json, back, "--to", "generic");
    expect(readFileSync(back, "utf8")).toBe(readFileSync(path, "utf8"));
  });

  it("thins, cuts, speeds up and repeats, and says what is lost", async () => {
    const here = folder();
    const path = genericTrace(join(here, "t.csv"));
    const out = join(here, "m.jsonl");
    const words = [
      "--to",
      "mooncake-session",
      "--from",
      "10s",
      "--until",
      "60s",
      "--rate-scale",
      "2",
      "--repeat",
      "3",
    ];
    const { code, stdout, stderr } = await surgefleet("trace", "convert", path, out, ...words);
    expect([code, stdout]).toEqual([0, `wrote ${out}: 300 requests, mooncake-session\n`]);
    expect(stderr).toMatch(/lost in mooncake-session: accounts/);
  });

  it("writes nothing where something is wrong", async () => {
    const here = folder();
    const path = genericTrace(join(here, "t.csv"));
    writeFileSync(join(here, "bad.csv"), `${readFileSync(path, "utf8")}1,1,1,x\n`);
    writeFileSync(
      join(here, "mixed.jsonl"),
      '{"timestamp":0,"input_tokens":5,"output_tokens":1,"cached_tokens":1}\n{"timestamp":1,"input_tokens":5,"output_tokens":1}\n',
    );
    const to = (input: string, output: string, format = "generic") =>
      surgefleet("trace", "convert", join(here, input), join(here, output), "--to", format);
    const told = [
      await to("bad.csv", "o.csv"),
      await to("t.csv", "t.csv"),
      await to("t.csv", "o.csv", "weka"),
      await to("t.csv", "o.txt"),
      await to("t.csv", "o.csv", "parquet"),
      await to("mixed.jsonl", "o.csv"),
    ];
    expect(told.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
    const wanted = [
      /bad\.csv:402:1 /,
      /read or written by this command/,
      /ends in \.jsonl/,
      /\.csv or \.jsonl/,
      /--to .*'parquet' is invalid. Allowed choices are generic, mooncake-session, weka/,
      /mixed\.jsonl: some rows .*write to a \.jsonl/,
    ];
    for (const [index, { stderr }] of told.entries()) expect(stderr).toMatch(wanted[index]!);
    expect(readdirSync(here).sort()).toEqual(["bad.csv", "mixed.jsonl", "t.csv"]);
  });
});

describe("trace fit", () => {
  it("refuses too few rows and writes nothing", async () => {
    const here = folder();
    const out = join(here, "fit.yaml");
    const { code, stderr } = await surgefleet(
      "trace",
      "fit",
      genericTrace(join(here, "t.csv"), 50),
      "--out",
      out,
    );
    expect([code, existsSync(out)]).toEqual([2, false]);
    expect(stderr).toMatch(/50 requests: a fit needs at least 200/);
  });
});

describe("trace generate", () => {
  it("refuses a length under the flag that gave it", async () => {
    const out = join(folder(), "t.csv");
    const { code, stderr } = await surgefleet(
      ...["trace", "generate", "scenarios/quickstart.yaml", "--out", out, "--duration", "50000d"],
    );
    expect([code, existsSync(out)]).toEqual([2, false]);
    expect(stderr).toMatch(/^--duration duration: .* is out of range/);
  });
});

describe("help", () => {
  it("stands behind every command on traces", async () => {
    for (const command of ["inspect", "convert", "fit", "generate"]) {
      const { code, stdout } = await surgefleet("trace", command, "--help");
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}surgefleet trace /);
    }
  });
});
