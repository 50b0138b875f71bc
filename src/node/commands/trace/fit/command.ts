// `surgefleet trace fit`: its words. What it does is in run.ts.
import { json } from "../../../flags/shared.js";
import { defineCommand } from "../../define.js";
import { inputFlags } from "../input.js";
import { fitCommand } from "./run.js";

const HELP = `
Examples:
  surgefleet trace fit AzureLLMInferenceTrace_conv.csv --out conv.yaml
  surgefleet trace generate conv.yaml --out like-it.csv && surgefleet trace inspect like-it.csv

Prints the trace's value beside the fitted one, and for distributions the largest difference between the two (KS).
A trace of too few requests or sessions is refused with exit code 2.
`;

export const command = defineCommand({
  name: "fit",
  summary: "fit traffic to a trace, as a scenario",
  description:
    "Fits rates, accounts, sessions, lengths and gaps to a trace, and writes a scenario that draws them.",
  help: HELP,
  words: (words) =>
    inputFlags(words.argument("<file>", "trace, .gz or not"), "to")
      .option("--out <file>", "scenario to write, YAML")
      .addOption(json("print the fit as JSON instead of the table")),
  run: ([path], flags, terminal) => fitCommand(path, flags, terminal),
});
