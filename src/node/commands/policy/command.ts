// `surgefleet policy`: the commands on what decides, each in a folder beside this file.
import { defineGroup } from "../define.js";
import { command as list } from "./list/command.js";
import { command as create } from "./new/command.js";
import { command as show } from "./show/command.js";
import { command as test } from "./test/command.js";

export const command = defineGroup(
  {
    name: "policy",
    summary: "list what decides - policies, limits, queue rules ... - and write your own",
    description:
      "Commands on what decides: admission policies, limits, queue rules, autoscalers and clients.",
  },
  [list, show, create, test],
);
