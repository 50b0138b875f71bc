// docs/own-policy.md is followed to the letter: its files are written as it has them, and its commands are run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";

const PAGE = readFileSync("docs/own-policy.md", "utf8");
/** Blocks of code with the name of a file behind the language. */
const FILES = [...PAGE.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(
  ([, name, text]) => [name!, text!] as const,
);
const COMMANDS = [...PAGE.matchAll(/^```sh\n(.*?)^```$/gms)]
  .flatMap(([, text]) => text!.replaceAll("\\\n", " ").split("\n"))
  .map((line) => line.replace(/ +#.*$/, "").trim())
  .filter((line) => line.startsWith("surgefleet "));

/** Words of a command as a shell has them. */
const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!).slice(1);

it("docs/own-policy.md can be followed: its policy loads, keeps its contract and compares as it says", async () => {
  expect(FILES.map(([name]) => name)).toEqual(["fleet.yaml", "small-first.ts"]);
  expect(COMMANDS.map((line) => line.split(" ")[2])).toEqual(
    expect.arrayContaining(["list", "show", "new", "test"]),
  );
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of FILES) writeFileSync(join(folder, name), text);
  // By full paths in place of a working directory.
  const within = (word: string) =>
    word.replace(
      /(^|[ ])(?:\.\/)?(fleet\.yaml|small-first\.ts|shortest)(?=$|,)/g,
      (_, before, name) => before + join(folder, name),
    );
  const told: Record<string, string> = {};
  for (const line of new Set(COMMANDS)) {
    let [stdout, stderr] = ["", ""];
    const words = wordsOf(line).map(within);
    // The page takes eight seeds of ten minutes: here it is enough that the sign is right.
    const short =
      words[0] === "compare" ? ["--set", "duration=2m", "--workers", "1", "--json", "--seeds", "3"] : [];
    const law = words[1] === "test" ? ["--law", "LAW-9"] : [];
    const code = await runProgram([...words, ...short, ...law], {
      output: { write: (text) => (stdout += text), columns: 100 },
      errors: { write: (text) => (stderr += text), columns: 100 },
      env: {},
    });
    expect([line, code, code === 0 ? "" : stderr]).toEqual([line, 0, ""]);
    told[words[0]!] = stdout;
  }
  const { comparisons } = JSON.parse(told["compare"]!) as {
    readonly comparisons: readonly [{ readonly changes: readonly Change[] }];
  };
  const [{ changes }] = comparisons;
  const changeOf = (name: string) => changes.find(({ metric }) => metric.startsWith(name))!;
  for (const name of ["overloaded_rate{tier:standard", "ttft{tier:standard}"])
    expect(changeOf(name).after).toBeLessThan(changeOf(name).before);
});

interface Change {
  readonly metric: string;
  readonly before: number;
  readonly after: number;
}
