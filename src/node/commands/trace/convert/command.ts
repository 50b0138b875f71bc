// `surgefleet trace convert`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { numberAbove0, wholeNumber } from "../../../flags/values.js";
import { defineCommand } from "../../define.js";
import { inputFlags, MOST_ROWS } from "../input.js";
import { to, WRITTEN } from "../written.js";
import { convertCommand } from "./run.js";

const HELP = `
Examples:
  surgefleet trace convert mooncake_trace.jsonl out.csv --to generic
  surgefleet trace convert weka_dev.jsonl out.jsonl --to mooncake-session --sample 10%
  surgefleet trace convert trace.csv double.csv --to generic --rate-scale 2 --repeat 3

CSV or JSON lines by the name of the file. What the format cannot say is told on stderr.
`;

export const command = defineCommand({
  name: "convert",
  summary: "write a trace in a format that other tools read",
  description: `Reads a trace of any format and writes it as ${WRITTEN}.`,
  help: HELP,
  words: (words) =>
    inputFlags(
      words
        .argument("<input>", "trace, .gz or not")
        .argument("<output>", "file to write, all of it or nothing"),
      "until",
    )
      .addOption(to().makeOptionMandatory())
      .addOption(
        new Option("--rate-scale <factor>", "how many times as many requests a second").argParser(
          numberAbove0,
        ),
      )
      .addOption(
        new Option("--repeat <times>", "play the trace so often, one after the other").argParser(
          wholeNumber(MOST_ROWS),
        ),
      ),
  run: ([input, output], flags, terminal) => convertCommand(input, output, flags, terminal),
});
