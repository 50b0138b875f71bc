// `surgefleet run`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { formerSeeds, maxTime, most, seeds } from "../../flags/replications.js";
import { allowCode, ascii, json, noColor, quiet, seed, set, workers } from "../../flags/shared.js";
import { text } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { runCommand } from "./run.js";

const HELP = `
Examples:
  surgefleet run fleet.yaml --seed 7
  surgefleet run fleet.yaml --set pools.shared.replicas=5 --out results/five
  surgefleet run fleet.yaml --no-out --json | jq .all.overloadedRate
  surgefleet run fleet.yaml --seeds 20
  surgefleet run fleet.yaml --seeds until --max-time 10m --fail-on-undecided

Results:
  DIR/summary.json    everything but the history: counts, rates, distributions, cost, thresholds
  DIR/summary.csv     the same, one row per tier and one for all
  DIR/callers.csv     the same, one row per source and per account that is measured by itself
  DIR/timeseries.csv  the history, one row per bin and tier or pool
  DIR/estimates.csv   every measure with its interval; DIR/replications.csv what each seed says of it
  DIR/requests.csv    one row per attempt, with --requests
  DIR/manifest.json   seed, overrides and hashes of all inputs and outputs
  The same scenario, seed and overrides give the same bytes. The report goes to stdout, the rest to stderr.

Environment (a flag wins over it, it wins over the scenario):
  SURGEFLEET_SEED     as --seed
  SURGEFLEET_OUT      as --out
  NO_COLOR            as --no-color
  SURGEFLEET_DEBUG=1  print the stack of an internal error
`;

export const command = defineCommand({
  name: "run",
  summary: "run a scenario and report what happened",
  description: "Runs a scenario and reports what happened to each tier. Without a scenario: the quickstart.",
  help: HELP,
  words: (words) =>
    words
      .argument("[scenario]", "scenario file, YAML or JSON")
      .addOption(set())
      .addOption(allowCode())
      .addOption(seed("seed of every stream of chance (default: the scenario's, or 1)"))
      .addOption(
        new Option("--out <dir>", "folder for the results (default: results/<scenario name>)").argParser(
          text("the name of a folder"),
        ),
      )
      .option("--no-out", "write no files")
      .addOption(
        seeds(
          'run n of them, or "until" every threshold is decided, and pool them (default: 8; 20 where accounts swing)',
        ),
      )
      .addOption(formerSeeds())
      .addOption(most())
      .addOption(maxTime("with until: no new seed after this long, as in 10m"))
      .addOption(workers("threads (default: one for each processor)"))
      .option("--fail-on-undecided", "exit with 3 where a threshold could not be decided")
      .addOption(new Option("--requests", "also write requests.csv, one row per attempt").conflicts("seeds"))
      .addOption(json("print the summary as JSON instead of the report"))
      .option("--step-by-step", "work through every step of every replica: the same results, slower")
      .addOption(quiet("no progress and no notes, only the report"))
      .addOption(noColor())
      .addOption(ascii("only ASCII characters in the report")),
  run: ([path], flags, terminal) => runCommand(path, flags, terminal),
});
