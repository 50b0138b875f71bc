// Files that are written from the program and committed, so that people and editors can read them: never by hand.
import { readFileSync, writeFileSync } from "node:fs";
import { format } from "node:util";
import { expect, test, vi } from "vitest";
import { parseScenario, Simulation, scenarioJsonSchema, textReport } from "../../src/core/index.js";
import { architecture, libraryTable, roomTable, withPart } from "../support/architecture-text.js";
import { EXAMPLES, exampleSection } from "../support/library-examples.js";
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
  const page = readFileSync("docs/library.md", "utf8");
  expectFile("docs/library.md", withPart(page, "examples", `\n${sections.join("\n\n")}\n`));
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
