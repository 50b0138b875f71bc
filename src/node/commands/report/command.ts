// `surgefleet report`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { allowCode } from "../../flags/shared.js";
import { defineCommand } from "../define.js";
import { OPEN_CHOICES, reportCommand } from "./run.js";

const HELP = `
The page is one file that loads nothing: mail it, archive it, open it in ten years. The result is inside.

Examples:
  surgefleet report results/quickstart
  surgefleet report results/quickstart --scenario quickstart.yaml --out quickstart.html --open never
  surgefleet report ci/summary.json --out ci.html

docs/report.md says what is on it.
`;

export const command = defineCommand({
  name: "report",
  summary: "make one HTML page of a result",
  description: "Makes one self-contained HTML page of a result that run has written.",
  help: HELP,
  words: (words) =>
    words
      .argument("<result>", "result folder, its summary.json, or an earlier report.html")
      .option("--out <file>", "where to write it (default: report.html beside the result)")
      .option("--scenario <file>", "show this scenario on the page; it must be the one that was run")
      .addOption(allowCode())
      .addOption(
        new Option("--open <when>", "open it in a browser; auto: where a terminal is watching")
          .choices(OPEN_CHOICES)
          .default("auto" as const),
      ),
  run: ([path], flags, terminal) => reportCommand(path, flags, terminal),
});
