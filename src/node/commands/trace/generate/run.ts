// `surgefleet trace generate`: writes the traffic of a scenario as a trace, without running its fleet.
import type { Duration, TraceRow } from "../../../../core/index.js";
import {
  Contents,
  format,
  generateTrace,
  MICROS_PER_SECOND,
  NOMINAL_SPEED,
} from "../../../../core/internal.js";
import { ExitCode } from "../../../exit-code.js";
import { assertWritable } from "../../../files/output-path.js";
import { writeLines } from "../../../files/write-lines.js";
import { traceReader } from "../../../run/trace-reader.js";
import { inputsOf, loadScenarioFile } from "../../../scenario-file.js";
import type { Terminal } from "../../../terminal.js";
import { usage } from "../input.js";
import { checkWritable, formOf, tellLosses, writtenFormat } from "../written.js";

export interface GenerateFlags {
  readonly allowCode?: boolean | undefined;
  readonly out: string;
  readonly to: string;
  readonly duration?: Duration | undefined;
  readonly seed?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly ttft?: Duration | undefined;
  readonly tokensPerSecond?: number | undefined;
  readonly instant?: boolean | undefined;
}

type GenerateOptions = Parameters<typeof generateTrace>[1];

export async function generateCommand(
  path: string,
  flags: GenerateFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { duration } = flags;
  const target = writtenFormat(flags.to);
  const form = formOf(flags.out, target);
  // The scenario has to know how long it is: some sources draw all they need up to its end.
  // Its warm-up says only what a fleet's results leave out, and must not be longer than what is asked for here.
  const length = duration === undefined ? [] : [`duration=${duration}us`, "warmup=0s"];
  const loaded = loadScenarioFile(path, flags.set, {
    flag: "--duration",
    overrides: length,
    allowCode: flags.allowCode,
  });
  const { scenario, traces } = loaded;
  const inputs = inputsOf(loaded);
  assertWritable([{ flag: "--out", path: flags.out }], inputs);
  const until = scenario.duration;
  if (until === undefined)
    throw usage(`${path}: the scenario has no duration: add --duration, as in --duration 1h`);
  let lostPrefixes = 0;
  const rows = (): Iterable<TraceRow> =>
    generateTrace(scenario, {
      seed: flags.seed ?? scenario.seed,
      speed: speedOf(flags),
      until: until as number as GenerateOptions["until"],
      readTrace: traceReader(traces),
      blockTokens: target.writer.blockTokens,
      onLostPrefix: () => lostPrefixes++,
    });
  // Generated twice: what the rows say decides how they are written.
  const contents = new Contents();
  for (const row of rows()) contents.add(row);
  const over = `over ${format.span(until / MICROS_PER_SECOND)}`;
  if (contents.rows === 0) throw usage(`${path}: the scenario asks for nothing ${over}`);
  checkWritable(path, contents, target, form);
  const lost = lostPrefixes;
  await writeLines(flags.out, target.writer.lines(rows(), contents, form), inputs);
  tellLosses(contents, target, terminal);
  if (lost > 0) {
    const what =
      "that prompts begin with the prefix of their application: replayed, they find nothing of it cached";
    terminal.errors.write(`lost in ${target.name}: ${what} (${format.count(lost)} requests)\n`);
  }
  terminal.output.write(
    `wrote ${flags.out}: ${format.count(contents.rows)} requests ${over}, ${target.name}\n`,
  );
  return ExitCode.ok;
}

function speedOf({ instant, ttft, tokensPerSecond }: GenerateFlags): GenerateOptions["speed"] {
  if (instant === true) return { ttft: 0 as Duration, tokensPerSecond: Number.POSITIVE_INFINITY };
  return {
    ttft: ttft ?? NOMINAL_SPEED.ttft,
    tokensPerSecond: tokensPerSecond ?? NOMINAL_SPEED.tokensPerSecond,
  };
}
