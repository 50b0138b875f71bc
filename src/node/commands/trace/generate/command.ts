// `surgefleet trace generate`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { OWN_FORMAT } from "../../../../core/internal.js";
import { allowCode, seed, set } from "../../../flags/shared.js";
import { numberAbove0, time } from "../../../flags/values.js";
import { defineCommand } from "../../define.js";
import { to } from "../written.js";
import { generateCommand } from "./run.js";

const HELP = `
Examples:
  surgefleet trace generate agents.yaml --out agents.jsonl --to mooncake-session --duration 1h
  surgefleet trace generate agents.yaml --out agents.csv --seed 7 --set traffic.agents.arrivals.rate=5/s

Sources whose callers wait for answers get them at one speed, whatever the load: the first token after --ttft, the
others at --tokens-per-second; nothing is refused. The same scenario, seed and speed give the same bytes.
`;

export const command = defineCommand({
  name: "generate",
  summary: "write the traffic of a scenario as a trace",
  description: "Writes what the sources of a scenario ask for as a trace for other tools. Runs no fleet.",
  help: HELP,
  words: (words) =>
    words
      .argument("<scenario>", "scenario file, YAML or JSON")
      .requiredOption("--out <file>", "file to write, all of it or nothing")
      .addOption(to().default(OWN_FORMAT.name))
      .addOption(new Option("--duration <time>", "length, in place of the scenario's").argParser(time))
      .addOption(seed("seed, in place of the scenario's"))
      .addOption(set())
      .addOption(allowCode())
      .addOption(
        new Option("--ttft <time>", "time to the first token of every answer (default: 1s)").argParser(time),
      )
      .addOption(
        new Option("--tokens-per-second <n>", "speed of every answer after that (default: 60)").argParser(
          numberAbove0,
        ),
      )
      .addOption(
        new Option("--instant", "answers take no time at all").conflicts(["ttft", "tokensPerSecond"]),
      ),
  run: ([path], flags, terminal) => generateCommand(path, flags, terminal),
});
