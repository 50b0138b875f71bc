// The registry of trace formats and the choice among them by the first record. A new format is one file and one
// line in TRACE_FORMATS; nothing else knows the list.

import type { AnyShape } from "../../../document/any-options.js";
import type { Options } from "../../../document/definition.js";
import { csvValues } from "../../../text/csv.js";
import { shown } from "../../../text/shown.js";
import { FieldNames } from "../field-names.js";
import type { Complain, FirstRecord, TraceFormat, TraceWriter } from "../format.js";
import { azureLlm, azureLmm } from "./azure-llm.js";
import { bailian } from "./bailian.js";
import { burstGpt } from "./burstgpt.js";
import { chutes } from "./chutes.js";
import { generic } from "./generic.js";
import { parseObject } from "./json-line.js";
import { mooncake } from "./mooncake.js";
import { mooncakeSession } from "./mooncake-session.js";
import { multiRound } from "./multi-round.js";
import { otelGenai } from "./otel-genai.js";
import { ragPulse } from "./ragpulse.js";
import { refusalOf } from "./refused.js";
import { traceLab } from "./tracelab.js";
import { weka } from "./weka.js";

export const TRACE_FORMATS = [
  azureLlm,
  azureLmm,
  bailian,
  burstGpt,
  chutes,
  generic,
  mooncake,
  mooncakeSession,
  multiRound,
  otelGenai,
  ragPulse,
  traceLab,
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
  const fitting = formats.filter((format) => format.matches(first));
  if (fitting.length === 1) return fitting[0];
  if (fitting.length > 1) {
    const names = fitting.map((format) => format.name).join(", ");
    complain(1, "", `the first line fits more than one format: ${names}`, "name the format");
    return undefined;
  }
  const known = formats.map((format) => `\n  ${format.name}: ${format.firstLine}`).join("");
  complain(1, "", `no known trace format begins with ${shown(text)}; known are:${known}`);
  return undefined;
}
