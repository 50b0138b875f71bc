// `surgefleet calibrate`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { type CalibrateOptions, parseRowSizes } from "../../../core/internal.js";
import { ascii, json, noColor } from "../../flags/shared.js";
import { by, each, numberAbove0, partOf, wrong } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { calibrateCommand } from "./run.js";

const MOST_ERROR = 0.1;

const HELP = `
Steps are CSV with a header, one step a row: n_decode, sum_context, prefill_tokens, gpu_ms or step_ms_p50, and where
they are known prefill_context, prefill_area, rows_T, duration_ms. vLLM's own names are understood too.
docs/calibration.md has all of them.

Examples:
  surgefleet calibrate steps.csv --out profile.json
  surgefleet calibrate bench.csv --run engine.csv --score other.csv --rows "decode=1,2,4,8:256:8 mixed=64:512:64"

A fit is refused, with exit code 2, where the steps do not say enough or its mean error is above --max-error.
`;

function experts(text: string): NonNullable<CalibrateOptions["experts"]> {
  const [, active, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const [chosen, all] = [Number(active), Number(count)];
  if (chosen >= 1 && all > chosen) return { active: chosen, count: all };
  return wrong("Write how many of how many a token is sent to, as in 8/128.");
}

export const command = defineCommand({
  name: "calibrate",
  summary: "fit a step-time profile to an engine's step log",
  description: "Fits a profile to the timed steps of an engine and tells how far off it is, by regime.",
  help: HELP,
  words: (words) =>
    words
      .argument("<steps...>", "step logs of one model on one GPU, CSV; each weighs the same")
      .option("--out <file>", "write the profile, JSON")
      .option("--svg <file>", "write a picture of the errors")
      .option("--name <name>", "name of the profile (default: the first log's)")
      .option("--source <text>", "what the profile says about where its numbers come from")
      .addOption(
        new Option(
          "--run <steps>",
          "log of an engine's run: its CPU part, padding, time by size and after pauses; may be given again",
        ).argParser(each(String)),
      )
      .addOption(
        new Option(
          "--score <steps>",
          "log to tell the error on without fitting it; may be given again",
        ).argParser(each(String)),
      )
      .addOption(
        new Option(
          "--rows <sizes>",
          "sizes that rows are padded to, as in the example (default: what the logs show)",
        ).argParser(by(parseRowSizes)),
      )
      .addOption(
        new Option(
          "--experts <active/count>",
          "experts that a token is sent to, of how many, as in 8/128",
        ).argParser(experts),
      )
      .addOption(
        new Option(
          "--kv-tokens <n>",
          "tokens that the KV cache holds, for logs that say only its usage",
        ).argParser(numberAbove0),
      )
      .addOption(
        new Option("--max-error <share>", "largest mean error that is let through")
          .argParser(partOf)
          .default(MOST_ERROR, "10%"),
      )
      .addOption(json("print profile and errors as JSON instead of the report"))
      .addOption(noColor())
      .addOption(ascii("only ASCII characters in the report")),
  run: ([paths], flags, terminal) => calibrateCommand(paths, flags, terminal),
});
