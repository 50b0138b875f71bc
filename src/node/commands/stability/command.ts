// `surgefleet stability`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { allowCode, ascii, json, noColor, set } from "../../flags/shared.js";
import { wholeNumber } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { stabilityCommand } from "./run.js";

const DEFAULT_SEEDS = 20;
const MOST_SEEDS = 10_000;

const HELP = `
The scenario says with "trigger" when a disturbance begins and how long it lasts. A seed is stuck when goodput
stays below "share" of what it was before by more than chance explains, and its backlog is not on its way down: then a
longer run would tell. Over all seeds the scenario is

  stable      none stuck, and enough seeds to rule out that half of them would be
  metastable  some stuck, some recovered
  collapsed   all stuck
  unclear     none stuck, but too few seeds that could be judged

Examples:
  surgefleet stability storm.yaml
  surgefleet stability storm.yaml --seeds 100 --set traffic.agents.client=none --json

With --check, exit code 99 says that the scenario is not stable.
`;

export const command = defineCommand({
  name: "stability",
  summary: "tell over many seeds whether a fleet recovers from a trigger",
  description: "Runs a scenario with a trigger on many seeds: does goodput come back, and when?",
  help: HELP,
  words: (words) =>
    words
      .argument("<scenario>", "scenario file, YAML or JSON")
      .addOption(
        new Option("--seeds <n>", "how many seeds, each a run")
          .argParser(wholeNumber(MOST_SEEDS))
          .default(DEFAULT_SEEDS),
      )
      .addOption(set())
      .addOption(allowCode())
      .option("--check", "exit with 99 unless it is stable")
      .addOption(json("print one JSON document instead of the table"))
      .addOption(noColor())
      .addOption(ascii("only ASCII characters in the table")),
  run: ([path], flags, terminal) => stabilityCommand(path, flags, terminal),
});
