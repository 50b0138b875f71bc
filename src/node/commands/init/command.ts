// `surgefleet init`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { oneOf } from "../../flags/values.js";
import { QUICKSTART, templateNames } from "../../package-files.js";
import { defineCommand } from "../define.js";
import { initCommand } from "./run.js";

export const command = defineCommand({
  name: "init",
  summary: "write a scenario to start from",
  description: "Writes a commented scenario to start from. Never overwrites a file unless told to.",
  words: (words) =>
    words
      .argument("[target]", "folder, or a file that ends in .yaml (default: this folder)")
      .addOption(
        new Option("--template <name>", "which scenario to copy")
          .argParser(oneOf(templateNames))
          .default(QUICKSTART),
      )
      .option("--list", "list the scenarios that can be copied")
      .option("--force", "overwrite the file if it exists"),
  run: ([target], flags, terminal) => initCommand(target, flags, terminal),
});
