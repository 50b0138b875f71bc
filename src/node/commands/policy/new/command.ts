// `surgefleet policy new`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { moduleTemplates } from "../../../package-files.js";
import { defineCommand } from "../../define.js";
import { newCommand } from "./run.js";

const HELP = `
Examples:
  surgefleet policy new mine                      writes mine.ts, an admission policy with comments, to edit
  surgefleet policy new shortest --kind queue-rule
  surgefleet policy test ./mine.ts
`;

export const command = defineCommand({
  name: "new",
  summary: "write the template of one of your own",
  description: "Writes NAME.ts: a commented module of your own that passes policy test. docs/own-policy.md",
  help: HELP,
  words: (words) =>
    words
      .argument("<name>", "name or path of the module")
      .addOption(
        new Option("--kind <kind>", "what it is").choices(moduleTemplates()).default("policy" as string),
      )
      .option("--force", "overwrite a file that is there"),
  run: ([name], flags, terminal) => newCommand(name, flags, terminal),
});
