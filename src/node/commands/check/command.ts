// `surgefleet check`: its words. What it does is in run.ts.
import { metric } from "../../flags/metrics.js";
import { formerSeeds, maxTime, most, seeds } from "../../flags/replications.js";
import { allowCode, ascii, json, margin, noColor, quiet, seed, set, workers } from "../../flags/shared.js";
import { defineCommand } from "../define.js";
import { checkCommand } from "./run.js";

const HELP = `
A scenario passes when the interval around every threshold's metric, over its seeds, lies on the right side of the
bound, and fails when it lies on the wrong one. Where neither is known the threshold is undecided, which fails the
check as well, with a code of its own: more seeds would tell. With --baseline it also fails when a measure is worse
than the committed one by more than the margin and not by chance: Wilcoxon's signed ranks on pairs of equal seeds,
the measures of thresholds before all others (Holm). A committed result without a scenario in a folder that is
checked fails, too. docs/ci.md

Examples:
  surgefleet check                                   all of scenarios/
  surgefleet check fleet.yaml --seeds until --most 50
  surgefleet check scenarios --baseline results/baseline --junit check.xml
  surgefleet check scenarios --baseline results/baseline --update

Exit codes: 0 all met, 99 one is not or has no data, or is worse than the baseline, 3 none of these but one is
undecided, 2 wrong usage or an invalid scenario, 130 interrupted.
`;

export const command = defineCommand({
  name: "check",
  summary: "judge scenarios by their thresholds and committed results, for CI",
  description: "Runs scenarios on several seeds each, quietly, and judges their thresholds.",
  help: HELP,
  needs: { margin: "baseline", metric: "baseline", update: "baseline" },
  words: (words) =>
    words
      .argument("[scenario...]", "scenario files, or folders of them (default: scenarios)")
      .addOption(
        seeds('how many of each, or "until" decided (default: 8; 20 by strata where accounts swing)'),
      )
      .addOption(formerSeeds())
      .addOption(most())
      .addOption(maxTime("with until: no new seed of a scenario after this long, as in 10m"))
      .addOption(workers())
      .addOption(seed("from which seeds are made (default: each scenario's)"))
      .addOption(set("change a value of every scenario; may be given again"))
      .addOption(allowCode())
      .option("--baseline <dir>", "compare with the results committed there")
      .addOption(margin())
      .addOption(metric("compare only measures that begin so; may be given again"))
      .option("--update", "write the results to --baseline instead of comparing")
      .option("--junit <file>", "write JUnit XML")
      .option("--markdown <file>", "write Markdown")
      .option("--github", "print GitHub annotations (default: where GITHUB_ACTIONS is true)")
      .option("--no-github", "print none")
      .addOption(json("print one JSON document instead of lines"))
      .option("--allow-undecided", "exit with 0 where nothing failed and a threshold is undecided")
      .addOption(quiet())
      .addOption(noColor())
      .addOption(ascii()),
  run: ([targets], flags, terminal) => checkCommand(targets, flags, terminal),
});
