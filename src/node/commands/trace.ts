// `surgefleet trace`: which commands on traces there are, their flags and their help. What they do is in the files
// beside this one.
import type { Command } from "commander";
import { choices, OWN_FORMAT, WRITTEN_FORMATS } from "../../core/index.js";
import type { ExitCode } from "../exit-code.js";
import { collect } from "../flags.js";
import type { Terminal } from "../terminal.js";
import { type ConvertFlags, convertCommand } from "./trace-convert.js";
import { type FitFlags, fitCommand } from "./trace-fit.js";
import { type GenerateFlags, generateCommand } from "./trace-generate.js";
import { type InspectFlags, inspectCommand } from "./trace-inspect.js";

const INSPECT_HELP = `
Examples:
  surgefleet trace inspect AzureLLMInferenceTrace_conv.csv
  surgefleet trace inspect mooncake_trace.jsonl --dequantize 3s
  surgefleet trace inspect sessions.jsonl --from 1h --to 2h --json | jq .burstiness

eta = (Var N - E N) / (E N)^2 of the counts in a window is 0 for Poisson and does not change with the rate.
docs/trace-commands.md explains every number.
`;

const CONVERT_HELP = `
Examples:
  surgefleet trace convert mooncake_trace.jsonl out.csv --to generic
  surgefleet trace convert weka_dev.jsonl out.jsonl --to mooncake-session --sample 10%
  surgefleet trace convert trace.csv double.csv --to generic --rate-scale 2 --repeat 3

CSV or JSON lines by the name of the file. What the format cannot say is told on stderr.
`;

const GENERATE_HELP = `
Examples:
  surgefleet trace generate agents.yaml --out agents.jsonl --to mooncake-session --duration 1h
  surgefleet trace generate agents.yaml --out agents.csv --seed 7 --set traffic.agents.arrivals.rate=5/s

Sources whose callers wait for answers get them at one speed, whatever the load: the first token after --ttft, the
others at --tokens-per-second; nothing is refused. The same scenario, seed and speed give the same bytes.
`;

const FIT_HELP = `
Examples:
  surgefleet trace fit AzureLLMInferenceTrace_conv.csv --out conv.yaml
  surgefleet trace generate conv.yaml --out like-it.csv && surgefleet trace inspect like-it.csv

Prints the trace's value beside the fitted one, and for distributions the largest difference between the two (KS).
A trace of too few requests or sessions is refused with exit code 2.
`;

const WRITTEN = choices(WRITTEN_FORMATS.map(({ name }) => name));

const collectInput = (command: Command, end: string): Command =>
  command
    .option("--format <id>", "format of the file (default: auto, by its first record)")
    .option("--from <time>", "leave out rows before this time after the first, as in 10m")
    .option(`--${end} <time>`, "leave out rows from this time on")
    .option("--sample <share>", "keep this share of the sessions, or of the rows without one, as in 10%")
    .option("--dequantize <time>", "spread rows of equal time over this long, 3s for Mooncake's traces")
    .option(
      "--session-starts <process>",
      "for sessions on clocks of their own: concurrency:N or poisson:RATE",
    )
    .option("--limit <rows>", "stop after so many rows")
    .option("--seed <text>", "seed of sampling and of session starts (default: 1)");

export function addTrace(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const trace = program
    .command("trace")
    .summary("look at traces, convert, fit and generate them")
    .description("Commands on traces: recorded or generated requests, in any format that surgefleet reads.");
  collectInput(trace.command("inspect"), "to")
    .summary("print the statistics of a trace, with plots")
    .description(
      "Reads a trace once, in bounded memory, and prints rates, burstiness, lengths, sessions, accounts.",
    )
    .argument("<file>", "trace, .gz or not")
    .option("--json", "print one JSON document instead of the report")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters in the report")
    .addHelpText("after", INSPECT_HELP)
    .action((path: string, flags: InspectFlags) => finish(inspectCommand(path, flags, terminal)));
  collectInput(trace.command("convert"), "until")
    .summary("write a trace in a format that other tools read")
    .description(`Reads a trace of any format and writes it as ${WRITTEN}.`)
    .argument("<input>", "trace, .gz or not")
    .argument("<output>", "file to write, all of it or nothing")
    .requiredOption("--to <format>", WRITTEN)
    .option("--rate-scale <factor>", "how many times as many requests a second")
    .option("--repeat <times>", "play the trace so often, one after the other")
    .addHelpText("after", CONVERT_HELP)
    .action((input: string, output: string, flags: ConvertFlags) =>
      finish(convertCommand(input, output, flags, terminal)),
    );
  trace
    .command("generate")
    .summary("write the traffic of a scenario as a trace")
    .description("Writes what the sources of a scenario ask for as a trace for other tools. Runs no fleet.")
    .argument("<scenario>", "scenario file, YAML or JSON")
    .requiredOption("--out <file>", "file to write, all of it or nothing")
    .option("--to <format>", `${WRITTEN} (default: ${OWN_FORMAT.name})`)
    .option("--duration <time>", "length, in place of the scenario's")
    .option("--seed <text>", "seed, in place of the scenario's")
    .option("--set <path=value>", "change a value of the scenario; may be given again", collect)
    .option("--ttft <time>", "time to the first token of every answer (default: 1s)")
    .option("--tokens-per-second <n>", "speed of every answer after that (default: 60)")
    .option("--instant", "answers take no time at all")
    .addHelpText("after", GENERATE_HELP)
    .action((path: string, flags: GenerateFlags) => finish(generateCommand(path, flags, terminal)));
  collectInput(trace.command("fit"), "to")
    .summary("fit traffic to a trace, as a scenario")
    .description(
      "Fits rates, accounts, sessions, lengths and gaps to a trace, and writes a scenario that draws them.",
    )
    .argument("<file>", "trace, .gz or not")
    .option("--out <file>", "scenario to write, YAML")
    .option("--json", "print the fit as JSON instead of the table")
    .addHelpText("after", FIT_HELP)
    .action((path: string, flags: FitFlags) => finish(fitCommand(path, flags, terminal)));
}
