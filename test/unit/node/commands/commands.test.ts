// Every folder of commands is a command of the program, and what all commands have in common.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../../src/node/commands/commands.js";
import { defineCommand, defineGroup } from "../../../../src/node/commands/define.js";
import { runProgram } from "../../../../src/node/program.js";

const FOLDER = join(import.meta.dirname, "../../../../src/node/commands");

function foldersIn(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function helpOf(...words: string[]): Promise<string> {
  let stdout = "";
  const output = { write: (text: string) => (stdout += text) };
  expect(await runProgram([...words, "--help"], { output, errors: { write: () => {} }, env: {} })).toBe(0);
  return stdout;
}

describe("the commands of the program", () => {
  it("are the folders, and all of them", () => {
    expect(COMMANDS.map(({ name }) => name).sort()).toEqual(foldersIn(FOLDER));
  });

  it("on traces are the folders there", async () => {
    const listed = [...(await helpOf("trace")).matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(foldersIn(join(FOLDER, "trace")));
  });

  it.each(COMMANDS.map(({ name }) => name))("%s has help", async (name) => {
    expect(await helpOf(name)).toMatch(new RegExp(`^Usage: surgefleet ${name} [\\s\\S]*\\n\\n[A-Z]`));
  });
});

describe("a command", () => {
  async function told(...words: string[]) {
    const seen: unknown[] = [];
    const command = defineCommand({
      name: "try",
      summary: "",
      description: "",
      needs: { margin: "baseline" },
      words: (given) =>
        given
          .argument("<file>", "")
          .argument("[more...]", "")
          .option("--margin <n>", "", "2")
          .option("--baseline <dir>", ""),
      run: ([file, more], flags) => {
        seen.push(file, more, flags);
        return 3;
      },
    });
    const program = new Command();
    const terminal = { output: { write: () => {} }, errors: { write: () => {} }, env: {} };
    let code: number | undefined;
    defineGroup({ name: "all", summary: "", description: "" }, [command]).addTo(
      program,
      terminal,
      (ended) => {
        code = ended;
      },
    );
    await program.parseAsync(["all", "try", ...words], { from: "user" });
    return { code, seen };
  }

  it("gets its words and flags, and tells how it ended", async () => {
    expect(await told("a", "b", "c", "--baseline", "d")).toEqual({
      code: 3,
      seen: ["a", ["b", "c"], { margin: "2", baseline: "d" }],
    });
  });

  it("is refused a flag that needs another one, and not for a default", async () => {
    await expect(told("a", "--margin", "3")).rejects.toThrow("--margin goes with --baseline: give both");
    expect((await told("a")).code).toBe(3);
  });
});
