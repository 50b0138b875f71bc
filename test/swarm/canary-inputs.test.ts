// What judges changed inputs, judged: a fault is planted in the program for every check, and the check must cry out.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { drawCase, judge, type Program } from "../support/hostile/case.js";
import type { Input } from "../support/hostile/inputs.js";
import { problemsOf } from "../support/hostile/judge.js";
import { judgedCases } from "../support/hostile/watch.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const INPUT: Input = {
  file: "in.csv",
  kind: "table",
  bytes: Buffer.from("a,b\n1,2\n3,4\n"),
  beside: {},
  lines: ["read in.csv"],
  unknown: true,
  packed: false,
  ordered: false,
};

async function judged(keeps: boolean, content: string, program: Program): Promise<string> {
  const one = {
    title: "planted",
    files: { "in.csv": Buffer.from(content) },
    words: ["read", "in.csv"],
    input: INPUT,
    keeps,
  };
  const { problems, folder } = await judge(one, program);
  if (folder !== undefined) folders.push(folder);
  return problems.join("\n");
}
const refusal = "in.csv:2:1 a: must be a number\n";

describe("of a refused input is told", () => {
  test.each<[string, RegExp, Program]>([
    [
      "an error that goes through",
      /exit code 1[\s\S]*a message that nobody wrote/,
      () => Promise.reject(new Error("oh")),
    ],
    ["another exit code", /exit code 7/, () => Promise.resolve(7)],
    ["an internal error", /exit code 1[\s\S]*internal error/, says(1, "internal error, please report it: x")],
    ["a stack", /nobody wrote: +at/, says(2, `${refusal}    at read (a.js:1:2)\n`)],
    [
      "a value of JavaScript's",
      /nobody wrote: undefined/,
      says(2, "in.csv:2:1 expected number, got undefined"),
    ],
    ["a control character", /a terminal acts on/, says(2, `${refusal}\u001b[31m`)],
    ["a mark of direction", /a terminal acts on/, says(2, `${refusal}\u202e`)],
    ["silence", /without a word/, says(2, "")],
    ["another file", /does not name in\.csv/, says(2, "other.csv:2:1 must be a number")],
    ["no place", /no place in in\.csv/, says(2, "in.csv: it is wrong")],
    ["a result beside it", /refused, and yet on stdout/, says(2, refusal, "result")],
    ["endless text", /characters on stderr/, says(2, refusal.repeat(10_000))],
    ["half a file", /refused, and yet written: out\.json/, writes(2, "out.json")],
    ["a temporary file", /left behind: \.surgefleet-x\.1\.tmp/, writes(0, ".surgefleet-x.1.tmp")],
    ["a changed input", /refused, and yet written: in\.csv/, writes(2, "in.csv")],
  ])("%s", async (_, wanted, program) => {
    expect(await judged(false, "a,b\nx,2\n", program)).toMatch(wanted);
  });

  test("nothing where it is refused as it should be, or read", async () => {
    expect(await judged(false, "a,b\nx,2\n", says(2, refusal))).toBe("");
    expect(await judged(false, "a,b\nx,2\n", says(0, "", "fine\n"))).toBe("");
  });

  test("what it took", () => {
    const ended = { code: 0, stdout: "", stderr: "", written: {}, cpuSeconds: 21, peakBytes: 2 * 1024 ** 3 };
    expect(problemsOf(ended, [], undefined).join()).toMatch(/21 s of processor time.*bytes at most/);
  });
});

function says(code: number, stderr: string, stdout = ""): Program {
  return (_, { output, errors }) => {
    output.write(stdout);
    errors.write(stderr);
    return Promise.resolve(code);
  };
}

function writes(code: number, name: string): Program {
  return (_, { errors }) => {
    writeFileSync(name, "half a fi");
    if (code === 2) errors.write(refusal);
    return Promise.resolve(code);
  };
}

/** Counts lines, with a fault or none. */
const reader =
  (text: (from: string) => string): Program =>
  async (_, { output }) => {
    const { readFileSync } = await import("node:fs");
    output.write(text(readFileSync("in.csv", "utf8")));
    return 0;
  };

describe("of an input that means the same is told", () => {
  const CRLF = "a,b\r\n1,2\r\n3,4\r\n";
  test("that it is read otherwise, and that it is refused", async () => {
    expect(
      await judged(
        true,
        CRLF,
        reader((text) => `${text.length}`),
      ),
    ).toMatch(/stdout differs/);
    const strict: Program = async (words, terminal) => {
      const { readFileSync } = await import("node:fs");
      const isStrange = readFileSync("in.csv", "utf8").includes("\r");
      return isStrange
        ? says(2, "in.csv:1:4 a carriage return")(words, terminal)
        : says(0, "", "12")(words, terminal);
    };
    // The outcome without a change is kept by words, so that these are others.
    const one = {
      title: "",
      files: { "in.csv": Buffer.from(CRLF) },
      words: ["strict", "in.csv"],
      input: INPUT,
      keeps: true,
    };
    const { problems, folder } = await judge(one, strict);
    if (folder !== undefined) folders.push(folder);
    expect(problems.join()).toMatch(/exit code 2 in place of 0/);
  });
});

test("a case is its number", () => {
  const written = (number: number) => JSON.stringify(drawCase(number, [INPUT]));
  expect(written(4)).toBe(written(4));
  expect(new Set([1, 2, 3, 4, 5, 6].map(written)).size).toBe(6);
});

describe("of a process is told", () => {
  const script = (body: string) => {
    const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
    folders.push(folder);
    const path = join(folder, "script.mjs");
    writeFileSync(
      path,
      `console.log(JSON.stringify({ number: Number(process.argv[2]), title: "t" }));\n${body}`,
    );
    return path;
  };

  test("at which case it stood still, and where it ended", async () => {
    const still = await judgedCases(
      5,
      6,
      script("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"),
      2000,
    );
    expect(still).toMatchObject([{ number: 5, problems: [expect.stringMatching(/stood still/)] }]);
    const dead = await judgedCases(8, 9, script('process.stdout.write("", () => process.exit(134));'));
    expect(dead).toMatchObject([
      { number: 8, problems: [expect.stringMatching(/ended the process with 134/)] },
    ]);
  });
});
