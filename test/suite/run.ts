// `npm test` and `npm run nightly`: runs the stages one after another, prints what each took beside what it may take,
// and fails when one of them fails or all together take far too much. Nothing here is limited in time on the clock.
//
//   tsx test/suite/run.ts            what `npm test` runs; names of stages run only those
//   tsx test/suite/run.ts --nightly  the long runs, summarised in results/nightly.md
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { type Measured, measured, slowness } from "./measure.js";
import { chosen, nightly, type Stage, TEST } from "./stages.js";

/**
 * So many times their budgets the stages may take together, on a machine as slow as this one was meanwhile: processor
 * time is not the same twice. So a test that has become slow fails here, and a loaded machine does not.
 */
const PATIENCE = 1.5;
const SUMMARY = "results/nightly.md";
const DAY_MS = 86_400_000;

interface Row extends Measured {
  readonly stage: Stage;
}

const words = process.argv.slice(2);
const isNightly = words.includes("--nightly");
const names = words.filter((word) => word !== "--nightly");
const now = new Date();
const all = isNightly ? nightly(Math.floor(now.getTime() / DAY_MS)) : TEST;
const unknown = names.filter((name) => !all.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`no stage ${unknown.join(", ")}; there are ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const stages = chosen(all, names);

const rows: Row[] = [];
const slownesses = [slowness()];
for (const stage of stages) {
  console.log(`\n== ${stage.name}`);
  const took = await measured(stage.command, stage.env);
  rows.push({ stage, ...took });
  slownesses.push(slowness());
  // The night runs to its end, whatever it finds on the way.
  if (took.code !== 0 && !isNightly) break;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const [cpu, wall] = [sum(rows.map((row) => row.cpu)), sum(rows.map((row) => row.wall))];
/** The first one was not compiled yet. */
const slow = Math.max(1, sum(slownesses.slice(1)) / (slownesses.length - 1));
const budget = sum(rows.map(({ stage }) => stage.budget));
const failed = rows.filter(({ code }) => code !== 0);
const isOver = cpu > PATIENCE * slow * budget;
console.log(`\n${table()}\n`);
if (slow > 1.1) console.log(`This machine was ${slow.toFixed(1)} times slower than the one of the budgets.`);
if (isOver) {
  console.log(
    `Far over budget: a test has become slow. Budgets are in test/suite/stages.ts; a test that has to`,
  );
  console.log("be long belongs in the nightly gear (test/support/mode.ts).");
}
for (const { stage } of failed) console.log(`Failed: ${stage.name}`);
if (isNightly && names.length === 0) writeFileSync(SUMMARY, summary());
process.exitCode = failed.length > 0 || isOver ? 1 : 0;

function table(): string {
  const line = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map(({ stage, ...row }) =>
    line(
      stage.name.padEnd(20),
      row.code === 0 ? "passed" : "FAILED",
      row.cpu.toFixed(1).padStart(7),
      `${stage.budget}`.padStart(6),
      row.wall.toFixed(0).padStart(7),
    ),
  );
  return [
    line("stage".padEnd(20), "      ", "  CPU s", "budget", "clock s"),
    "| --- | --- | ---: | ---: | ---: |",
    ...body,
    line(
      "all".padEnd(20),
      "      ",
      cpu.toFixed(1).padStart(7),
      `${budget}`.padStart(6),
      wall.toFixed(0).padStart(7),
    ),
  ].join("\n");
}

function summary(): string {
  const git = (...args: readonly string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const commit = git("rev-parse", "--short", "HEAD");
  const isClean = git("status", "--porcelain", "--untracked-files=no") === "";
  return `# The last nightly run

\`npm run nightly\` wrote this at its end: what is too long for \`npm test\`, on random worlds that were never tried before.

- begun ${now.toISOString().slice(0, 16).replace("T", " ")} UTC on Node ${process.version}
- commit ${commit}${isClean ? "" : ", with changes that were not committed"}
- worlds from ${stages.find(({ name }) => name === "swarm")?.env?.["SURGEFLEET_SWARM_FROM"]} on
- ${failed.length === 0 ? "everything passed" : `FAILED: ${failed.map(({ stage }) => stage.name).join(", ")}`}

${table()}
`;
}
