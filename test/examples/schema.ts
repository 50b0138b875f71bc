// The JSON Schema (draft 7) of a scenario file, for an editor or another tool.
import { scenarioJsonSchema } from "../../src/core/index.js";

const { required } = scenarioJsonSchema() as { required: readonly string[] };
console.log(required.join(", "));
