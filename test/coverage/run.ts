// `npm run coverage`: how often intervals cover and gates err, over all models. Ends with 1 where a cell fails.
//
//   npm run coverage -- --model agents,tiny --n 8,20 --experiments 400 --plan plain --only cells
//
// --only gates leaves the cells out, and the other way round; --gate takes those whose name matches. Pools of runs are
// kept in .cache/coverage.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Cell, type Choice, cellsOf } from "./experiments.js";
import { type Gate, gates } from "./gates.js";
import { MODELS, type Model } from "./models.js";
import { type Pool, poolOf } from "./pools.js";
import { cellTable, gateTable, summaryOf } from "./table.js";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    n: { type: "string", default: "1,5,8,20" },
    plan: { type: "string", default: "plain,strata" },
    experiments: { type: "string", default: "400" },
    only: { type: "string" },
    gate: { type: "string" },
  },
});

const list = (text: string) => text.split(",").map((word) => word.trim());
const wanted =
  values.model === undefined ? MODELS : MODELS.filter(({ name }) => list(values.model!).includes(name));
const counts = list(values.n).map(Number);
const choices = list(values.plan) as Choice[];
const experiments = Number(values.experiments);

/** One at a time is kept: together they are large. */
let last: { readonly model: Model; readonly pool: Pool } | undefined;
function pool(model: Model): Pool {
  if (last?.model !== model) last = { model, pool: poolOf(model, (text) => console.error(text)) };
  return last.pool;
}

let isFailed = false;
const said: string[] = [];
function say(text: string): void {
  said.push(text);
  console.log(`${text}\n\n${seconds()} s of processor time\n`);
}
const seconds = () => (process.cpuUsage().user / 1e6).toFixed(0);

if (values.only !== "gates") {
  const cells: Cell[] = [];
  for (const model of wanted) {
    for (const choice of choices) {
      for (const n of counts) cells.push(...cellsOf(model, pool(model), { n, choice, experiments }));
    }
  }
  const hasStrata = new Set(cells.filter(({ choice }) => choice === "strata").map(({ model }) => model));
  const summary = summaryOf(cells, ({ model, n, choice }) =>
    hasStrata.has(model) ? n === 20 && choice === "strata" : n === 8 && choice === "plain",
  );
  say(`${cellTable(cells)}\n\n${summary.text}`);
  isFailed ||= summary.isFailed;
}

if (values.only !== "cells" && values.model === undefined) {
  const found: Gate[] = [];
  for await (const gate of gates(pool, experiments, new RegExp(values.gate ?? "^"))) {
    found.push(gate);
    console.error(`${gate.name}, ${gate.plan}: ${gate.hits} of ${gate.tries}, ${seconds()} s`);
  }
  say(gateTable(found));
  isFailed ||= found.some(({ isMet }) => !isMet);
}

// What all of it found is committed; a part of it is only told.
if (process.argv.length <= 2) {
  const date = new Date().toISOString().slice(0, 10);
  const head = `# Coverage and gates, measured\n\n\`npm run coverage\` wrote this on ${date}: see docs/statistics.md.`;
  writeFileSync("results/coverage.md", `${[head, ...said].join("\n\n")}\n`);
}

process.exitCode = isFailed ? 1 : 0;
