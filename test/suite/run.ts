// `npm test` and `npm run nightly`: runs the stages, side by side on as many lanes as there are processors, prints what
// each took beside what it may take, and fails when one of them fails or takes far too much. Nothing here is limited in
// time on the clock.
//
//   tsx test/suite/run.ts            what `npm test` runs; names of stages run only those
//   tsx test/suite/run.ts --nightly  the long runs, summarised in results/nightly.md
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type Measured, measured, slowness } from "./measure.js";
import { chosen, nightly, type Stage, TEST } from "./stages.js";

/**
 * So many times its budget a stage may take, on a machine as slow as this one was meanwhile: processor time is not the
 * same twice. So a test that has become slow fails here, and a loaded machine does not.
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
/** What the night began with: files may change before it ends. */
const commit = isNightly ? committed() : "";

const rows: Row[] = [];
const slownesses = [slowness()];
const began = performance.now();
for (const stage of stages.filter(({ isFirst }) => isFirst === true)) await run(stage);
// The longest first: then the lanes end at about the same time.
const left = stages.filter(({ isFirst }) => isFirst !== true).sort((a, b) => b.budget - a.budget);
await Promise.all(Array.from({ length: availableParallelism() }, lane));

async function lane(): Promise<void> {
  for (let stage = next(); stage !== undefined; stage = next()) await run(stage);
}

/** The night runs to its end, whatever it finds on the way. */
function next(): Stage | undefined {
  return isNightly || rows.every(({ code }) => code === 0) ? left.shift() : undefined;
}

async function run(stage: Stage): Promise<void> {
  console.log(`.. ${stage.name} begins`);
  const took = await measured(stage.command, stage.env);
  rows.push({ stage, ...took });
  console.log(`\n== ${stage.name}\n${took.printed}`);
  slownesses.push(slowness());
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const [cpu, wall] = [sum(rows.map((row) => row.cpu)), (performance.now() - began) / 1000];
/** The first one was not compiled yet. */
const slow = Math.max(1, sum(slownesses.slice(1)) / (slownesses.length - 1));
const budget = sum(rows.map(({ stage }) => stage.budget));
const failed = rows.filter(({ code }) => code !== 0);
const over = rows.filter((row) => row.cpu > PATIENCE * slow * row.stage.budget);
console.log(`\n${table()}\n`);
if (slow > 1.1) console.log(`This machine was ${slow.toFixed(1)} times slower than the one of the budgets.`);
for (const { stage } of over) {
  console.log(
    `Far over budget: ${stage.name}. A test has become slow. Budgets are in test/suite/stages.ts; a test`,
  );
  console.log("that has to be long belongs in the nightly gear (test/support/mode.ts).");
}
for (const { stage } of failed) console.log(`Failed: ${stage.name}`);
if (isNightly && names.length === 0) writeFileSync(SUMMARY, summary());
process.exitCode = failed.length > 0 || over.length > 0 ? 1 : 0;

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

function committed(): string {
  const git = (...args: readonly string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const isClean = git("status", "--porcelain", "--untracked-files=no") === "";
  return `${git("rev-parse", "--short", "HEAD")}${isClean ? "" : ", with changes that were not committed"}`;
}

function summary(): string {
  return `# The last nightly run

\`npm run nightly\` wrote this at its end: what is too long for \`npm test\`, on random worlds that were never tried before.

- begun ${now.toISOString().slice(0, 16).replace("T", " ")} UTC on Node ${process.version}
- commit ${commit}
- worlds from ${stages.find(({ name }) => name === "swarm")?.env?.["SURGEFLEET_SWARM_FROM"]} on
- ${failed.length === 0 ? "everything passed" : `FAILED: ${failed.map(({ stage }) => stage.name).join(", ")}`}

${table()}
`;
}
