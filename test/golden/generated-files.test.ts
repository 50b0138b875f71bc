// Files that are written from the program and committed, so that people and editors can read them: never by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseScenario, Simulation, scenarioJsonSchema, textReport } from "../../src/core/index.js";
import { architecture, libraryTable, roomTable, withPart } from "../support/architecture-text.js";
import { scenarioReference } from "../support/scenario-reference.js";

const isUpdating = process.env["UPDATE_BASELINE"] === "1";

function expectFile(path: string, content: string): void {
  if (isUpdating) writeFileSync(path, content);
  expect(readFileSync(path, "utf8"), `${path} is out of date: run "npm run baseline"`).toBe(content);
}

test("schema/scenario.schema.json is the schema of this version", () => {
  expectFile("schema/scenario.schema.json", `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
});

test("docs/scenario.md has every key of the schema", () => {
  expectFile("docs/scenario.md", scenarioReference(scenarioJsonSchema()));
});

test("docs/architecture.md has the rooms and libraries that the import rules know", () => {
  const page = readFileSync("docs/architecture.md", "utf8");
  const withRooms = withPart(page, "rooms", `\n${roomTable(architecture)}\n`);
  expectFile("docs/architecture.md", withPart(withRooms, "libraries", `\n${libraryTable(architecture)}\n`));
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
