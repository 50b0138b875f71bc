// `surgefleet trace inspect`: its words. What it does is in run.ts.
import { ascii, json, noColor } from "../../../flags/shared.js";
import { defineCommand } from "../../define.js";
import { inputFlags } from "../input.js";
import { inspectCommand } from "./run.js";

const HELP = `
Examples:
  surgefleet trace inspect AzureLLMInferenceTrace_conv.csv
  surgefleet trace inspect mooncake_trace.jsonl --dequantize 3s
  surgefleet trace inspect sessions.jsonl --from 1h --to 2h --json | jq .burstiness

eta = (Var N - E N) / (E N)^2 of the counts in a window is 0 for Poisson and does not change with the rate.
docs/trace-commands.md explains every number.
`;

export const command = defineCommand({
  name: "inspect",
  summary: "print the statistics of a trace, with plots",
  description:
    "Reads a trace once, in bounded memory, and prints rates, burstiness, lengths, sessions, accounts.",
  help: HELP,
  words: (words) =>
    inputFlags(words.argument("<file>", "trace, .gz or not"), "to")
      .addOption(json())
      .addOption(noColor())
      .addOption(ascii("only ASCII characters in the report")),
  run: ([path], flags, terminal) => inspectCommand(path, flags, terminal),
});
