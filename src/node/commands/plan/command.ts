// `surgefleet plan`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { COMPARED, type Range, readRange } from "../../../core/internal.js";
import { MOST_REPLICATIONS } from "../../flags/replications.js";
import { allowCode, ascii, json, noColor, quiet, seed, set, workers } from "../../flags/shared.js";
import { by, each, properShare, wholeNumber, wrong } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { better, demand, spare, step, survey } from "./find-flags.js";
import { type GpuCost, planCommand } from "./run.js";

const DEFAULT_MOST = 64;
const LOAD_RANGE = "load=0.1..10";

const HELP = `
A search finds the way on a quarter of --most replications of a value, all on the same seeds. What it finds is certified
on seeds of its own until every threshold is decided, or --most are spent: what is undecided then does not count.
"replicas" is pools.NAME.replicas of the only pool, and the inventory grows with the pools. Of a pool that an autoscaler
scales they are refused: search its autoscaler. docs/planning.md says what the confidence covers.

Examples:
  surgefleet plan fleet.yaml --find replicas=8..512
  surgefleet plan fleet.yaml --find pools.shared.replicas=1..64 --demand 0.8,1,1.5
  surgefleet plan fleet.yaml --find replicas=8..512 --spare 1
  surgefleet plan fleet.yaml --find pools.shared.admission.queueTimeout=100ms..10s --step 50ms
  surgefleet plan fleet.yaml --find pools.shared.autoscaler.min=1..8
  surgefleet plan fleet.yaml --maximise load=0.5..4 --tolerance 1%
  surgefleet plan fleet.yaml --minimise cost --over pools.shared.replicas=1..20 --over pools.fast.replicas=1..8
  surgefleet plan fleet.yaml --best pools.shared.admission.reserve.standard=0%..20% \\
    --objective "overloaded_rate{tier:standard,per:attempt}"

Exit codes: 0 found, 3 no search decides, since the key is not monotone or nothing tells which values are better, 99
nothing in the range was shown to meet the thresholds, 2 wrong usage or an invalid scenario, 130 interrupted: what was
seen so far is printed, marked partial.
`;

const range = by(readRange);

function load(text: string): Range {
  const given = range(text === "load" ? LOAD_RANGE : text);
  return given.path === "load" ? given : wrong("Write load, or load=0.5..4.");
}

function gpuCost(text: string): GpuCost {
  const [, pool, cost] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (pool !== undefined && Number(cost) > 0) return { pool, cost: Number(cost) };
  return wrong("Write pool=cost of one of its GPUs, as in fast=2.5.");
}

export const command = defineCommand({
  name: "plan",
  summary: "find the least fleet, the value of a key, or the largest load, that meets the thresholds",
  description: "Finds by simulation what meets every threshold of a scenario, with a stated confidence.",
  help: HELP,
  needs: {
    over: "minimise",
    objective: "best",
    demand: "find",
    better: "find",
    survey: "find",
    step: "find",
    spare: "find",
  },
  words: (words) =>
    words
      .argument("<scenario>", "scenario file with thresholds, YAML or JSON")
      .addOption(
        new Option("--find <path=range>", "least value that meets them, or greatest: replicas=8..512")
          .argParser(range)
          .conflicts(["maximise", "minimise", "best"]),
      )
      .addOption(
        new Option(
          "--maximise <load>",
          `largest factor on all arrivals, as in load=0.5..4 (or ${LOAD_RANGE})`,
        )
          .argParser(load)
          .conflicts(["minimise", "best"]),
      )
      .addOption(
        new Option("--minimise <cost>", "cheapest mix of the replicas of two pools, each given with --over")
          .choices(["cost"])
          .conflicts("best"),
      )
      .addOption(
        new Option("--over <path=range>", "with --minimise: replicas of a pool; given twice").argParser(
          each(range),
        ),
      )
      .addOption(
        new Option(
          "--gpu-cost <pool=cost>",
          "what a GPU of a pool costs (default: 1); may be given again",
        ).argParser(each(gpuCost)),
      )
      .addOption(
        new Option(
          "--best <path=range>",
          "value with the best --objective among those that meet them",
        ).argParser(range),
      )
      .option(
        "--objective <measure>",
        'with --best: a metric, and its aggregation, as in "ttft{tier:fast} p(99)"',
      )
      .addOption(
        new Option("--confidence <share>", "of the answer").argParser(properShare).default(0.95, "95%"),
      )
      .addOption(
        new Option("--most <n>", `most replications of a value (--best compares ${COMPARED} of each)`)
          .argParser(wholeNumber(MOST_REPLICATIONS))
          .default(DEFAULT_MOST),
      )
      .addOption(
        new Option(
          "--tolerance <share>",
          "steps of load: of the value (2%); of what has a unit or decimals: of the range (5%)",
        ).argParser(properShare),
      )
      .addOption(demand())
      .addOption(better())
      .addOption(survey())
      .addOption(step())
      .addOption(spare())
      .addOption(seed("from which seeds are made (default: the scenario's)"))
      .addOption(set())
      .addOption(allowCode())
      .addOption(workers())
      .addOption(json())
      .addOption(quiet())
      .addOption(noColor())
      .addOption(ascii()),
  run: ([path], flags, terminal) => planCommand(path, flags, terminal),
});
