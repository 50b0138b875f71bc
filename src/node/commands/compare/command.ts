// `surgefleet compare`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { metric } from "../../flags/metrics.js";
import { formerSeeds, MOST_REPLICATIONS } from "../../flags/replications.js";
import { allowCode, ascii, json, margin, noColor, quiet, seed, set, workers } from "../../flags/shared.js";
import { each, wholeNumber, wrong } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { choicesOf } from "./choices.js";
import { compareCommand, DEFAULT_PAIRS } from "./run.js";
import type { Variant } from "./sides.js";

const HELP = `
The first one is what the others are compared with. Scenarios and variants run on the same seeds, so that demand and
chance are the same on all sides as far as the scenarios allow it; results that share their seeds are compared in pairs
too. Results are what run writes: a folder, a summary.json or a report.html. docs/compare.md

Examples:
  surgefleet compare results/monday results/tuesday
  surgefleet compare fleet.yaml other-fleet.yaml --seeds 20
  surgefleet compare fleet.yaml --variant pools.shared.replicas=5 --variant pools.shared.replicas=6
  surgefleet compare fleet.yaml --variant "pools.shared.replicas=6; retryAfter.overloaded=10s"
  surgefleet compare fleet.yaml --variant pools.shared.admission.maxQueue=20 --metric overloaded_rate --all
  surgefleet compare fleet.yaml --policies tail-drop,trunk-reservation,saturation --html policies.html
  surgefleet compare fleet.yaml --policies "saturation;queueDepth=3,saturation;queueDepth=8" --pool shared
  surgefleet compare fleet.yaml --limits none,aimd,"fixed;most=40"
  surgefleet compare fleet.yaml --rules priority,vtc --allow-code --policies tail-drop,./mine.ts
`;

function pairs(text: string): number {
  if (text === "until") wrong("Write a number: each side would stop at its own thresholds.");
  return wholeNumber(MOST_REPLICATIONS)(text);
}

function variant(text: string): Variant {
  return { name: text, changes: text.split(";").map((one) => one.trim()) };
}

export const command = defineCommand({
  name: "compare",
  summary: "tell how results, scenarios or variants differ, and whether that is chance",
  description: "Compares results, scenarios, or variants of one, with an interval around every difference.",
  help: HELP,
  needs: { margin: "failOnRegression" },
  words: (words) =>
    words
      .argument("<what...>", "results or scenario files; the first is what the others are compared with")
      .addOption(
        new Option(
          "--variant <changes>",
          "the first scenario with path=value changed, several by ;",
        ).argParser(each(variant)),
      )
      .addOption(
        new Option(
          "--policies <names>",
          "admission policies instead of the first scenario's, as a,b or a;key=value,b",
        ).argParser(choicesOf("policies")),
      )
      .addOption(new Option("--limits <names>", "concurrency limits likewise").argParser(choicesOf("limits")))
      .addOption(new Option("--rules <names>", "queue rules likewise").argParser(choicesOf("rules")))
      .option("--pool <name>", "change only this pool by these three (default: all)")
      .addOption(
        new Option("--seeds <n>", `how many of each scenario (default: ${DEFAULT_PAIRS})`).argParser(pairs),
      )
      .addOption(formerSeeds())
      .addOption(workers())
      .addOption(seed("from which seeds are made (default: the first scenario's)"))
      .addOption(set("change a value of every scenario; may be given again"))
      .addOption(allowCode())
      .addOption(metric())
      .option("--all", "show every measure, not only those that matter and the five largest changes")
      .option(
        "--fail-on-regression",
        "exit with 99 where something is worse by more than --margin, as check judges",
      )
      .addOption(margin())
      .option("--html <file>", "write a page with tables and a picture of each trade-off as well")
      .addOption(json("print one JSON document instead of tables"))
      .addOption(quiet())
      .addOption(noColor())
      .addOption(ascii()),
  run: ([targets], flags, terminal) => compareCommand(targets, flags, terminal),
});
