// `surgefleet schema`: its words. What it does is in run.ts.
import { defineCommand } from "../define.js";
import { schemaCommand } from "./run.js";

export const command = defineCommand({
  name: "schema",
  summary: "print the JSON Schema of a scenario file",
  description: "Prints the JSON Schema (draft 7) of a scenario file, for editors and other tools.",
  words: (words) => words,
  run: (_words, _flags, terminal) => schemaCommand(terminal),
});
