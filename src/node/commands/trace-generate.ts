// `surgefleet trace generate`: writes the traffic of a scenario as a trace, without running its fleet.
import {
  Contents,
  format,
  generateTrace,
  MICROS_PER_SECOND,
  NOMINAL_SPEED,
  OWN_FORMAT,
  type TraceRow,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { writeLines } from "../files/write-lines.js";
import { traceReader } from "../run/trace-reader.js";
import { loadScenarioFile } from "../scenario-file.js";
import type { Terminal } from "../terminal.js";
import { checkWritable, formOf, tellLosses, writtenFormat } from "./trace-convert.js";
import { numberAbove0, timeOf, usage } from "./trace-input.js";

export interface GenerateFlags {
  readonly out: string;
  readonly to?: string;
  readonly duration?: string;
  readonly seed?: string;
  readonly set?: readonly string[];
  readonly ttft?: string;
  readonly tokensPerSecond?: string;
  readonly instant?: boolean;
}

type GenerateOptions = Parameters<typeof generateTrace>[1];

export function generateCommand(path: string, flags: GenerateFlags, terminal: Terminal): ExitCode {
  const target = flags.to === undefined ? OWN_FORMAT : writtenFormat(flags.to);
  const form = formOf(flags.out, target);
  // The scenario has to know how long it is: some sources draw all they need up to its end.
  const length = flags.duration === undefined ? [] : [`duration=${flags.duration}`];
  if (flags.duration !== undefined) timeOf("--duration", flags.duration);
  const { scenario, traces } = loadScenarioFile(path, [...(flags.set ?? []), ...length]);
  const until = scenario.duration;
  if (until === undefined)
    throw usage(`${path}: the scenario has no duration: add --duration, as in --duration 1h`);
  const rows = (): Iterable<TraceRow> =>
    generateTrace(scenario, {
      seed: flags.seed ?? scenario.seed,
      speed: speedOf(flags),
      until: until as number as GenerateOptions["until"],
      readTrace: traceReader(traces),
    });
  // Generated twice: what the rows say decides how they are written.
  const contents = new Contents();
  for (const row of rows()) contents.add(row);
  if (contents.rows === 0)
    throw usage(`${path}: the scenario asks for nothing in ${flags.duration ?? "its duration"}`);
  checkWritable(contents, target, form);
  writeLines(flags.out, target.writer.lines(rows(), contents, form), [
    path,
    ...traces.map((trace) => trace.path),
  ]);
  tellLosses(contents, target, terminal);
  const over = `over ${format.span(until / MICROS_PER_SECOND)}`;
  terminal.output.write(
    `wrote ${flags.out}: ${format.count(contents.rows)} requests ${over}, ${target.name}\n`,
  );
  return ExitCode.ok;
}

function speedOf({ instant, ttft, tokensPerSecond }: GenerateFlags): GenerateOptions["speed"] {
  if (instant === true) {
    if (ttft === undefined && tokensPerSecond === undefined) {
      return { ttft: 0 as typeof NOMINAL_SPEED.ttft, tokensPerSecond: Number.POSITIVE_INFINITY };
    }
    throw usage("--instant says how fast answers are: leave out --ttft and --tokens-per-second");
  }
  return {
    ttft: ttft === undefined ? NOMINAL_SPEED.ttft : timeOf("--ttft", ttft),
    tokensPerSecond:
      tokensPerSecond === undefined
        ? NOMINAL_SPEED.tokensPerSecond
        : numberAbove0("--tokens-per-second", tokensPerSecond),
  };
}
