// The record of what the program gave before it was rebuilt: `npm run record` compares today's worlds and outputs with it,
// `npm run record -- --update` takes it anew, `-- --show NAME` prints what stands behind one hash, so that two commits can
// be compared with diff, and `-- worlds` or `-- outputs` looks at one half only. canonical.ts says what is compared and
// what never is, renames.ts which names have changed since. Runs from the repository alone.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { outputEntries } from "./outputs.js";
import { type Entry, worldEntries } from "./worlds.js";

const MOST_TOLD = 40;

/** Of each half its file, and what makes its entries. */
const HALVES = {
  worlds: { file: join(import.meta.dirname, "worlds.txt"), entries: worldEntries },
  outputs: { file: join(import.meta.dirname, "outputs.txt"), entries: outputEntries },
} as const;

type Half = keyof typeof HALVES;

const rowOf = ({ name, hash }: Entry) => `${name}: ${hash}`;

async function rowsOf(half: Half): Promise<string[]> {
  const rows: string[] = [];
  for await (const entry of HALVES[half].entries()) rows.push(rowOf(entry));
  return rows;
}

async function show(name: string): Promise<boolean> {
  for (const half of Object.keys(HALVES) as Half[]) {
    for await (const entry of HALVES[half].entries(name)) {
      if (entry.name !== name) continue;
      process.stdout.write(`${entry.content()}\n`);
      return true;
    }
  }
  process.stderr.write(`nothing of the record is called ${JSON.stringify(name)}\n`);
  return false;
}

/** What differs, a line each: changed, gone or new. */
function differences(recorded: readonly string[], today: readonly string[]): string[] {
  const nameOf = (row: string) => row.slice(0, row.lastIndexOf(": "));
  const known = new Map(recorded.map((row) => [nameOf(row), row]));
  const seen = new Set(today.map(nameOf));
  const changed = today.flatMap((row) => {
    const before = known.get(nameOf(row));
    if (before === row) return [];
    return [before === undefined ? `  new      ${nameOf(row)}` : `  differs  ${nameOf(row)}`];
  });
  return [
    ...changed,
    ...[...known.keys()].filter((name) => !seen.has(name)).map((name) => `  gone     ${name}`),
  ];
}

async function compare(half: Half): Promise<boolean> {
  const recorded = readFileSync(HALVES[half].file, "utf8").split("\n").filter(Boolean);
  const today = await rowsOf(half);
  const found = differences(recorded, today);
  const count = `${today.length} ${half}`;
  process.stdout.write(
    found.length === 0
      ? `${count}: as recorded\n`
      : `${count}, of which ${found.length} are not as recorded:\n${found.slice(0, MOST_TOLD).join("\n")}\n`,
  );
  return found.length === 0;
}

const { values, positionals } = parseArgs({
  options: { update: { type: "boolean", default: false }, show: { type: "string" } },
  allowPositionals: true,
});
const halves = (Object.keys(HALVES) as Half[]).filter(
  (half) => positionals.length === 0 || positionals.includes(half),
);
let isSame = true;
if (values.show !== undefined) {
  isSame = await show(values.show);
} else {
  for (const half of halves) {
    if (values.update) writeFileSync(HALVES[half].file, `${(await rowsOf(half)).join("\n")}\n`);
    else isSame = (await compare(half)) && isSame;
  }
}
process.exitCode = isSame ? 0 : 1;
