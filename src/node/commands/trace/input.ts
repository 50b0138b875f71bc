// What the commands on traces have in common: which file, in which format, how much of it and how thinned.
import { type Command, Option } from "@commander-js/extra-typings";
import {
  type Duration,
  SurgefleetError,
  type TraceFormatName,
  type TraceReport,
  type TraceRow,
} from "../../../core/index.js";
import {
  findingsOf,
  findingText,
  openTrace,
  TIME_UNITS,
  type TimeUnit,
  TRACE_FORMATS,
} from "../../../core/internal.js";
import { readTextChunks } from "../../files/read-text.js";
import { seed } from "../../flags/shared.js";
import { numberAbove0, partOf, time, wholeNumber, wrong } from "../../flags/values.js";
import type { Terminal } from "../../terminal.js";

/** But for the end of the window. */
type InputFlags = {
  format: TraceFormatName | "auto";
  from?: Duration | undefined;
  sample?: number | undefined;
  dequantize?: Duration | undefined;
  sessionStarts?: SessionStarts | undefined;
  limit?: number | undefined;
  seed?: string | undefined;
  unit?: TimeUnit | undefined;
  column?: Readonly<Record<string, string>> | undefined;
  ignore?: readonly string[] | undefined;
  zeroOutput?: (typeof ZERO_OUTPUT)[number] | undefined;
  inversions?: (typeof INVERSIONS)[number] | undefined;
};

const ZERO_OUTPUT = ["error", "drop", "keep"] as const;
const INVERSIONS = ["error", "sort"] as const;

export interface TraceInputFlags extends Readonly<InputFlags> {
  readonly to?: Duration | undefined;
  readonly rateScale?: number | undefined;
  readonly repeat?: number | undefined;
}

type ReadOptions = Parameters<typeof openTrace>[1];
type SessionStarts = NonNullable<ReadOptions["sessionStarts"]>;

export const MOST_ROWS = 1e15;

/** The flags that say what is read. `end` names the one for the end of the window, where --to means a format. */
export function inputFlags<Words extends unknown[], End extends "to" | "until">(
  command: Command<Words>,
  end: End,
): Command<Words, InputFlags & { [Name in End]?: Duration | undefined }> {
  // As far as types go it is --to in here: they cannot follow a name that is put together.
  const window = `--${end} <time>` as "--to <time>";
  const whole: Command<Words, InputFlags & { to?: Duration | undefined }> = command
    .addOption(
      new Option("--format <id>", "format of the file; auto: by its first record")
        .choices(["auto", ...TRACE_FORMATS.map(({ name }) => name)])
        .default("auto" as const),
    )
    .addOption(
      new Option("--from <time>", "leave out rows before this time after the first, as in 10m").argParser(
        time,
      ),
    )
    .addOption(new Option(window, "leave out rows from this time on").argParser(time))
    .addOption(
      new Option(
        "--sample <share>",
        "keep this share of the sessions, or of the rows without one, as in 10%",
      ).argParser(partOf),
    )
    .addOption(
      new Option(
        "--dequantize <time>",
        "spread rows of equal time over this long, 3s for Mooncake's traces",
      ).argParser(time),
    )
    .addOption(
      new Option(
        "--session-starts <process>",
        "for sessions on clocks of their own: concurrency:N or poisson:RATE",
      ).argParser(sessionStarts),
    )
    .addOption(new Option("--limit <rows>", "stop after so many rows").argParser(wholeNumber(MOST_ROWS)))
    .addOption(
      new Option("--unit <unit>", "unit of the file's numbers of time; default: that of the format").choices(
        TIME_UNITS,
      ),
    )
    .addOption(
      new Option(
        "--column <name=column>",
        "a column or key of the file that is one of the format's, as in input_tokens=prompt_len; may be repeated",
      ).argParser(column),
    )
    .addOption(
      new Option("--ignore <column>", "a column or key to leave out, as in model; may be repeated").argParser(
        several,
      ),
    )
    .addOption(
      new Option(
        "--zero-output <how>",
        "requests without output: error, drop or keep; default: as the format's",
      ).choices(ZERO_OUTPUT),
    )
    .addOption(
      new Option(
        "--inversions <how>",
        "rows whose time goes back: error or sort; default: as the format's",
      ).choices(INVERSIONS),
    )
    .addOption(seed("seed of sampling and of session starts (default: 1)"));
  return whole as unknown as ReturnType<typeof inputFlags<Words, End>>;
}

/** Opens the rows that the flags ask for. */
export function readRows(path: string, flags: TraceInputFlags, report?: TraceReport): Iterable<TraceRow> {
  const { format, dequantize, sessionStarts, unit, column: columns, ignore, zeroOutput, inversions } = flags;
  const read: ReadOptions = {
    file: path,
    ...(format === "auto" ? {} : { format }),
    ...(dequantize === undefined ? {} : { dequantize }),
    ...(sessionStarts === undefined ? {} : { sessionStarts }),
    ...(unit === undefined ? {} : { unit }),
    ...(columns === undefined ? {} : { columns }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(zeroOutput === undefined ? {} : { zeroOutput }),
    ...(inversions === undefined ? {} : { inversions }),
  };
  const { from, to, sample, rateScale, repeat, limit } = flags;
  const transform = {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(sample === undefined ? {} : { sample }),
    ...(rateScale === undefined ? {} : { rateScale }),
    ...(repeat === undefined ? {} : { repeat }),
    ...(limit === undefined ? {} : { limit }),
  };
  return openTrace(() => readTextChunks(path), read, transform, flags.seed ?? "1", report);
}

function sessionStarts(text: string): SessionStarts {
  const [, kind, value = ""] = /^(poisson|concurrency):(.+)$/.exec(text.trim()) ?? [];
  if (kind === "poisson") return { rate: numberAbove0(value.replace(/\/s$/, "")) };
  if (kind === "concurrency") return { concurrency: wholeNumber(MOST_ROWS)(value) };
  return wrong("Write poisson:RATE, per second, or concurrency:NUMBER.");
}

function column(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, written] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || written === undefined)
    return wrong("Write NAME=COLUMN, as in input_tokens=prompt_len.");
  return { ...before, [name]: written };
}

function several(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** What reading did, on stderr: where results go to stdout or to a file. */
export function tellFindings(report: TraceReport, { errors }: Terminal): void {
  for (const finding of findingsOf(report)) errors.write(`${finding.kind}: ${findingText(finding)}\n`);
}

export function usage(message: string): SurgefleetError {
  return new SurgefleetError("USAGE", message);
}
