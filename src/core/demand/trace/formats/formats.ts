// The registry of trace formats and the choice among them by the first record. A new format is one file and one
// line in TRACE_FORMATS; nothing else knows the list.

import type { AnyShape } from "../../../document/any-options.js";
import type { Options } from "../../../document/definition.js";
import { csvValues } from "../../../text/csv.js";
import { shown } from "../../../text/shown.js";
import { FieldNames } from "../field-names.js";
import type { Complain, FirstRecord, TraceFormat, TraceWriter } from "../format.js";
import { aiperfRecords } from "./aiperf-records.js";
import { azureLlm, azureLmm } from "./azure-llm.js";
import { bailian } from "./bailian.js";
import { burstGpt } from "./burstgpt.js";
import { chatText } from "./chat-text.js";
import { chutes } from "./chutes.js";
import { generic } from "./generic.js";
import { guidellm } from "./guidellm.js";
import { inferencePerf } from "./inference-perf.js";
import { parseObject } from "./json-line.js";
import { mooncake } from "./mooncake.js";
import { mooncakeSession } from "./mooncake-session.js";
import { multiRound } from "./multi-round.js";
import { otelGenai } from "./otel-genai.js";
import { ragPulse } from "./ragpulse.js";
import { refusalOf } from "./refused.js";
import { servegenCsv } from "./servegen-csv.js";
import { sglangBench } from "./sglang-bench.js";
import { traceLab } from "./tracelab.js";
import { vidur } from "./vidur.js";
import { vidurMetrics } from "./vidur-metrics.js";
import { vllmBench } from "./vllm-bench.js";
import { weka } from "./weka.js";

export const TRACE_FORMATS = [
  aiperfRecords,
  azureLlm,
  azureLmm,
  bailian,
  burstGpt,
  chatText,
  chutes,
  generic,
  guidellm,
  inferencePerf,
  mooncake,
  mooncakeSession,
  multiRound,
  otelGenai,
  ragPulse,
  servegenCsv,
  sglangBench,
  traceLab,
  vidur,
  vidurMetrics,
  vllmBench,
  weka,
] as const;

/** Options that some formats have. */
export type FormatOptions = Readonly<Options<AnyShape<typeof TRACE_FORMATS>>>;

export type TraceFormatName = (typeof TRACE_FORMATS)[number]["name"];

/** A format that rows are written in as well. */
export type WrittenFormat = TraceFormat & { readonly writer: TraceWriter };

export const WRITTEN_FORMATS: readonly WrittenFormat[] = (TRACE_FORMATS as readonly TraceFormat[]).filter(
  (format): format is WrittenFormat => format.writer !== undefined,
);

/** The project's own, in which traces are written unless another is asked for. */
export const OWN_FORMAT: WrittenFormat = WRITTEN_FORMATS.find(({ name }) => name === generic.name)!;

/** A format by its name; undefined where there is none of that name. */
export function formatNamed(name: string): TraceFormat | undefined {
  return TRACE_FORMATS.find((format) => format.name === name);
}

/** `names` says under which names the format's fields stand in the file. */
export function firstRecord(text: string, names: FieldNames = new FieldNames()): FirstRecord {
  if (parseObject(text) === undefined) {
    const header = names.header(text);
    return { text: header, object: undefined, columns: csvValues(header) };
  }
  const named = names.object(text);
  return { text: named, object: parseObject(named), columns: undefined };
}

/**
 * The one format that a first record fits. Complains and returns undefined when none fits, or more than one, and
 * for what is known to be no trace of requests.
 */
export function detectFormat(
  text: string,
  complain: Complain,
  formats: readonly TraceFormat[] = TRACE_FORMATS,
  first: FirstRecord = firstRecord(text),
): TraceFormat | undefined {
  const refusal = refusalOf(first);
  if (refusal !== undefined) {
    complain(1, "", refusal.message, refusal.hint);
    return undefined;
  }
  const claiming = formats.filter((format) => format.matches(first));
  // Its names are words that others use, too: it is meant where no other format is.
  const others = claiming.filter(({ name }) => name !== generic.name);
  const fitting = others.length > 0 ? others : claiming;
  if (fitting.length === 1) return fitting[0];
  if (fitting.length > 1) {
    const names = fitting.map((format) => format.name).join(", ");
    complain(1, "", `the first line fits more than one format: ${names}`, "name the format");
    return undefined;
  }
  complain(1, "", `no known trace format begins with ${shown(text)}; ${knownFor(first, formats)}`);
  return undefined;
}

/** What begins the formats that are written alike; of a header first how to say what its columns are. */
function knownFor({ columns }: FirstRecord, formats: readonly TraceFormat[]): string {
  const isTable = columns !== undefined && columns.length > 1;
  const alike = formats.filter(({ firstLine }) => !isTable || !/^[[{]/.test(firstLine));
  const known = alike.map((format) => `\n  ${format.name}: ${format.firstLine}`).join("");
  if (!isTable) return `known are:${known}`;
  return `say which of its columns are those of a format, as in ${namesFor(columns)}; known as CSV are:${known}`;
}

/** Words by which a column may be the one of the generic format. */
const LIKELY = {
  timestamp: /time|when|date|start|arriv|sent/i,
  input_tokens: /input|prompt|context|request/i,
  output_tokens: /output|complet|respon|answer|generat/i,
};

/** The settings that give a header the names of the generic format, as far as they can be guessed. */
function namesFor(columns: readonly string[]): string {
  const names = Object.entries(LIKELY).map(([name, words]) => {
    const column = columns.filter((one) => words.test(one));
    return `${name}: ${column.length === 1 ? shown(column[0]!.trim()) : "COLUMN"}`;
  });
  return `columns: { ${names.join(", ")} } (on the command line --column input_tokens=COLUMN)`;
}
