// Files that are written from the program and committed, so that people and editors can read them: never by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { format } from "node:util";
import { expect, test, vi } from "vitest";
import { CLIENTS } from "../../src/core/demand/clients/registry.js";
import {
  parseScenario,
  Simulation,
  scenarioJsonSchema,
  summaryJsonSchema,
  textReport,
} from "../../src/core/index.js";
import { SUMMARY_COLUMNS } from "../../src/node/results/summary-files.js";
import { architecture, libraryTable, roomTable } from "../support/architecture-text.js";
import { clientTable } from "../support/client-reference.js";
import {
  autoscalerTable,
  coldStartTable,
  gpuPriceTable,
  weightSourceTable,
} from "../support/elastic-reference.js";
import { faultTable } from "../support/fault-reference.js";
import { EXAMPLES, exampleSection } from "../support/library-examples.js";
import { meterTable } from "../support/limit-reference.js";
import { matrixTable, policyMatrix, policyTable } from "../support/policy-reference.js";
import { answerTable, headerTable, sourceTable, waitTable } from "../support/provider-reference.js";
import { queueRuleTable } from "../support/queue-rule-reference.js";
import { withResultsTables } from "../support/results-tables.js";
import { scenarioReference } from "../support/scenario-reference.js";
import { ignoredTable, traceTable } from "../support/trace-reference.js";
import { workloadTable } from "../support/workload-reference.js";

const isUpdating = process.env["UPDATE_BASELINE"] === "1";

function expectFile(path: string, content: string): void {
  if (isUpdating) writeFileSync(path, content);
  expect(readFileSync(path, "utf8"), `${path} is out of date: run "npm run baseline"`).toBe(content);
}

test("schema/scenario.schema.json is the schema of this version", () => {
  expectFile("schema/scenario.schema.json", `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
});

test("schema/summary.schema.json is the schema of what results hold", () => {
  expectFile("schema/summary.schema.json", `${JSON.stringify(summaryJsonSchema(), null, 2)}\n`);
});

test("docs/results.md lists every metric as its row has it", () => {
  expectFile("docs/results.md", withResultsTables(readFileSync("docs/results.md", "utf8")));
});

test("columns of summary.csv are only ever appended", () => {
  const path = "test/golden/summary-columns.txt";
  const published = readFileSync(path, "utf8").trim().split("\n");
  const names = SUMMARY_COLUMNS.map(({ name }) => name);
  expect(names.slice(0, published.length), "a new column takes a place above all others").toEqual(published);
  expectFile(path, `${names.join("\n")}\n`);
});

test("docs/scenario.md has every key of the schema", () => {
  expectFile("docs/scenario.md", scenarioReference(scenarioJsonSchema()));
});

/** A part of a page that is written by hand: what stands between a comment that names it and an empty line. */
function expectPart(path: string, name: string, content: string): void {
  const mark = `<!-- written from ${name} by: npm run baseline -->\n`;
  const [before = "", rest = ""] = readFileSync(path, "utf8").split(mark);
  const after = rest.slice(rest.indexOf("\n\n"));
  expectFile(path, `${before}${mark}${content}${after}`);
}

test("docs/architecture.md has the rooms and libraries that the import rules know", () => {
  expectPart("docs/architecture.md", "the rooms of architecture.json", roomTable(architecture));
  expectPart("docs/architecture.md", "the libraries of architecture.json", libraryTable(architecture));
});

test("docs/clients.md has every client", () => {
  expectPart("docs/clients.md", "the definitions of clients", clientTable());
});

test("docs/elastic.md has the autoscalers, cold starts and prices", () => {
  expectPart("docs/elastic.md", "the prices of GPUs", gpuPriceTable());
  expectPart("docs/elastic.md", "the presets of cold starts", coldStartTable());
  expectPart("docs/elastic.md", "the sources of weights", weightSourceTable());
  expectPart("docs/elastic.md", "the definitions of autoscalers", autoscalerTable());
});

test("docs/faults.md has every kind of fault", () => {
  expectPart("docs/faults.md", "the definitions of faults", faultTable());
});

test("docs/providers.md has the answers, waits, tiers, headers and sources of every provider", () => {
  expectPart("docs/providers.md", "the answers of providers", answerTable());
  expectPart("docs/providers.md", "the waits and tiers of providers", waitTable());
  expectPart("docs/providers.md", "the headers of providers", headerTable());
  expectPart("docs/providers.md", "the sources of providers", sourceTable());
});

test("docs/gateway.md has every queue rule, and what it promises", () => {
  expectPart("docs/gateway.md", "the definitions of queue rules", queueRuleTable());
});

test("docs/gateway.md has every kind of account limit", () => {
  expectPart("docs/gateway.md", "the kinds of account limits", meterTable());
});

test("docs/gateway.md has every policy, and what each makes of three logs: no two alike", () => {
  expectPart("docs/gateway.md", "the definitions of policies", policyTable());
  const matrix = policyMatrix();
  expectPart("docs/gateway.md", "runs of every policy on three logs", matrixTable(matrix));
  const columns = matrix.cells.map(([, cells]) => cells.join());
  expect(new Set(columns).size).toBe(columns.length);
});

test("docs/traces.md has every format", () => {
  expectPart("docs/traces.md", "the definitions of formats", traceTable());
});

test("docs/traces.md says of every format what of it is ignored", () => {
  expectPart("docs/traces.md", "the fields that formats ignore", ignoredTable());
});

test("docs/traffic.md has every workload", () => {
  expectPart("docs/traffic.md", "the definitions of workloads", workloadTable());
});

test("docs/clients.md says of every client where its numbers are from", () => {
  const [, sources = ""] = readFileSync("docs/clients.md", "utf8").split("\n## Sources\n");
  expect(CLIENTS.filter(({ name }) => !sources.includes(`\`${name}\``))).toEqual([]);
});

test("docs/library.md shows the examples as they run", async () => {
  const sections: string[] = [];
  for (const { name, run } of EXAMPLES) {
    let printed = "";
    const log = vi.spyOn(console, "log").mockImplementation((...words) => {
      printed += `${format(...words)}\n`;
    });
    await run().finally(() => log.mockRestore());
    sections.push(exampleSection(name, printed));
  }
  const [before = "", rest = ""] = readFileSync("docs/library.md", "utf8").split("<!-- examples -->\n");
  const after = rest.slice(rest.indexOf("\n<!-- end of examples -->"));
  expectFile("docs/library.md", `${before}<!-- examples -->\n\n${sections.join("\n\n")}\n${after}`);
});

test("the README shows what the program prints", () => {
  const simulation = new Simulation(parseScenario(readFileSync("scenarios/quickstart.yaml", "utf8")));
  simulation.run();
  const report = textReport(simulation.result()).trim();
  const readme = readFileSync("README.md", "utf8");
  const [before = "", rest = ""] = readme.split("<!-- printed by: surgefleet run -->\n");
  const after = rest.slice(rest.indexOf("\n```\n", 3));
  const block = `<!-- printed by: surgefleet run -->\n\`\`\`text\n${report}`;
  expectFile("README.md", `${before}${block}${after}`);
});
