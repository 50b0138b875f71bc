// `surgefleet validate`: its words. What it does is in run.ts.
import { allowCode, set } from "../../flags/shared.js";
import { defineCommand } from "../define.js";
import { validateCommand } from "./run.js";

export const command = defineCommand({
  name: "validate",
  summary: "check scenarios and their traces without running them",
  description: "Checks scenarios, and reads their trace files to the end. Prints every problem found.",
  words: (words) => words.argument("<scenario...>", "scenario files").addOption(set()).addOption(allowCode()),
  run: ([paths], flags, terminal) => validateCommand(paths, flags, terminal),
});
