// `surgefleet rare`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { RARE_EVENTS } from "../../../core/internal.js";
import { allowCode, json, seed, set } from "../../flags/shared.js";
import { wholeNumber } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { rareCommand } from "./run.js";

const MOST_TRIALS = 100_000_000;

const HELP = `
A run of the window is split into copies each time it comes nearer to the event, and every copy counts for its share.
Keep the window short: a copy repeats its run from the start. docs/rare-events.md says how to choose it.

Examples:
  surgefleet rare fleet.yaml --tier priority
  surgefleet rare fleet.yaml --tier priority --warmup 10m --window 10m --until 20% --json

Ctrl-C stops it and prints what the trials say so far, marked partial (exit code 130).
`;

export const command = defineCommand({
  name: "rare",
  summary: "estimate a shed rate that is too small for a plain run",
  description: "Estimates by splitting how rarely a tier is shed, and what a plain run would have taken.",
  help: HELP,
  words: (words) =>
    words
      .argument("<scenario>", "scenario file, YAML or JSON")
      .requiredOption("--tier <path>", "path whose attempts are counted")
      .addOption(
        new Option("--event <name>", "how they end").choices(RARE_EVENTS).default("overloaded" as const),
      )
      .option(
        "--until <share>",
        "go on until the interval is as narrow as this to either side (default: 10%)",
      )
      .addOption(
        new Option("--trials <n>", "run so many trials instead")
          .argParser(wholeNumber(MOST_TRIALS))
          .conflicts("until"),
      )
      .option("--warmup <time>", "time before the measured window (default: the scenario's)")
      .option("--window <time>", "length of the measured window (default: as long as the warm-up)")
      .addOption(seed("seed of every stream of chance (default: the scenario's, or 1)"))
      .addOption(set())
      .addOption(allowCode())
      .addOption(json()),
  run: ([path], flags, terminal) => rareCommand(path, flags, terminal),
});
