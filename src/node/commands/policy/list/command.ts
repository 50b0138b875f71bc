// `surgefleet policy list`: its words. What it does is in run.ts.
import { json } from "../../../flags/shared.js";
import { defineCommand } from "../../define.js";
import { listCommand } from "./run.js";

export const command = defineCommand({
  name: "list",
  summary: "list everything that may be named, by kind",
  description:
    "Lists policies, limits, queue rules, autoscalers, placements, clients, providers and the settings around them.",
  words: (words) => words.addOption(json("print one JSON document instead of lines")),
  run: (_, flags, terminal) => listCommand(flags, terminal),
});
