// The half of the record that is outputs: of each command of commands.ts its exit code, what it prints on stdout, and
// every file that it writes. Commands run in this process, one after the other, in a temporary folder that goes away.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportCommand } from "../../src/node/commands/report/run.js";
import { runProgram } from "../../src/node/program.js";
import { facetsOf, oldName } from "./canonical.js";
import { COMMANDS, type RecordedCommand } from "./commands.js";
import { type Entry, shortHash } from "./worlds.js";

/** The page's own script is no output, and is there only after a build: the record's pages come from `report`, without it. */
const CLIENT = { script: "", style: "" };
const LEFT_OUT = "report.html";

export async function* outputEntries(): AsyncGenerator<Entry> {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-record-"));
  try {
    for (const command of COMMANDS) yield* entriesOf(command, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* entriesOf({ name, words }: RecordedCommand, folder: string): AsyncGenerator<Entry> {
  const folderOf = (command: string) => join(folder, command.replaceAll(" ", "-"));
  const own = folderOf(name);
  mkdirSync(own);
  const placed = words.map((word) =>
    word.replace(/OUT:([\w-]+)/, (_, other: string) => folderOf(other)).replace(/^OUT/, own),
  );
  let [stdout, stderr] = ["", ""];
  const terminal = {
    output: { write: (text: string) => (stdout += text) },
    errors: { write: (text: string) => (stderr += text) },
    env: {},
  };
  const code =
    words[0] === "report"
      ? reportCommand(placed[1]!, reportFlags(placed), terminal, CLIENT)
      : await runProgram(placed, terminal);
  if (code === 1 || code === 2) process.stderr.write(`${name}: exit code ${code}\n${stderr}`);
  yield { name: `${name}: exit code`, hash: String(code), content: () => String(code) };
  const print = stdout.replaceAll(folder, "");
  for (const [facet, text] of Object.entries(facetsOf("stdout", print)))
    yield entry(`${name}: ${facet}`, text);
  for (const file of filesIn(own)) {
    const facets = facetsOf(file, readFileSync(join(own, file), "utf8").replaceAll(folder, ""));
    for (const [facet, text] of Object.entries(facets)) yield entry(`${name}: ${oldName(facet)}`, text);
  }
}

function entry(name: string, text: string): Entry {
  return { name, hash: shortHash(text), content: () => text };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(
      (file) => statSync(join(folder, file)).isFile() && (file !== LEFT_OUT || folder.includes("report")),
    )
    .sort();
}

/** The words of `report` as the command's flags. */
function reportFlags(words: readonly string[]) {
  const after = (flag: string) => words[words.indexOf(flag) + 1]!;
  const scenario = words.includes("--scenario") ? { scenario: after("--scenario") } : {};
  return { out: after("--out"), open: after("--open") as "never", ...scenario };
}
