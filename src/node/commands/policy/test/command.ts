// `surgefleet policy test`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { json } from "../../../flags/shared.js";
import { each } from "../../../flags/values.js";
import { defineCommand } from "../../define.js";
import { testCommand } from "./run.js";

const HELP = `
Naming a module here allows it to run. Each law is tried on drawn histories, the same ones every time: a law that is
broken is broken again by the command that is printed with it.

Examples:
  surgefleet policy test ./mine.ts
  surgefleet policy test ./mine.ts --option spare=30%

Exit codes: 0 every law is met, 1 one is broken or the module failed, 2 wrong usage or a module that does not load.
`;

export const command = defineCommand({
  name: "test",
  summary: "hold one of your own to the laws of its kind",
  description: "Runs the contract of policies, limits, queue rules, autoscalers or clients on a module.",
  help: HELP,
  words: (words) =>
    words
      .argument("<module>", "the path of a module, as ./mine.ts, or pkg:NAME")
      .addOption(
        new Option(
          "--option <name=value>",
          "an option of it, as a scenario writes it; may be given again",
        ).argParser(each((text: string) => text)),
      )
      .addOption(
        new Option("--law <words>", "only laws whose text has these words; may be given again").argParser(
          each((text: string) => text),
        ),
      )
      .addOption(json()),
  run: ([module], flags, terminal) => testCommand(module, flags, terminal),
});
