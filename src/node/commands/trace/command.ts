// `surgefleet trace`: the commands on traces, each in a folder beside this file.
import { defineGroup } from "../define.js";
import { command as convert } from "./convert/command.js";
import { command as fit } from "./fit/command.js";
import { command as generate } from "./generate/command.js";
import { command as inspect } from "./inspect/command.js";

export const command = defineGroup(
  {
    name: "trace",
    summary: "look at traces, convert, fit and generate them",
    description: "Commands on traces: recorded or generated requests, in any format that surgefleet reads.",
  },
  [inspect, convert, generate, fit],
);
