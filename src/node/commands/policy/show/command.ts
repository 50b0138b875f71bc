// `surgefleet policy show`: its words. What it does is in run.ts.
import { json } from "../../../flags/shared.js";
import { defineCommand } from "../../define.js";
import { showCommand } from "./run.js";

const HELP = `
A name may be of several kinds: all are shown. "from" says where a default comes from: read in the source itself,
excerpted (seen quoted), from memory, or ours. Of a provider, answers are shown as callers are sent them. A path such as
./mine.ts shows a module of your own, which is to load it.

Examples:
  surgefleet policy show saturation
  surgefleet policy show aimd --json
  surgefleet policy show gemini
  surgefleet policy show ./mine.ts
`;

export const command = defineCommand({
  name: "show",
  summary: "show the options of one, and where each default comes from",
  description:
    "Shows what a policy, limit, queue rule, autoscaler, placement, client or provider is and may be told.",
  help: HELP,
  words: (words) =>
    words.argument("<name>", "a name of policy list, or the path of a module").addOption(json()),
  run: ([name], flags, terminal) => showCommand(name, flags, terminal),
});
