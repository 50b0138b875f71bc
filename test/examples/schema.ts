// The JSON Schemas (draft 7) of a scenario file and of summary.json, for an editor or another tool.
import { scenarioJsonSchema, summaryJsonSchema } from "../../src/core/index.js";

for (const schema of [scenarioJsonSchema(), summaryJsonSchema()] as { required: readonly string[] }[]) {
  console.log(schema.required.slice(0, 5).join(", "));
}
