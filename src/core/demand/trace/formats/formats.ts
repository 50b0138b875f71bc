// The registry of trace formats and the choice among them by the first record. A new format is one file and one
// line in TRACE_FORMATS; nothing else knows the list.

import { csvValues } from "../../../text/csv.js";
import { shown } from "../../../text/shown.js";
import type { Complain, FirstRecord, TraceFormat } from "../format.js";
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
] as const satisfies readonly TraceFormat[];

export type TraceFormatId = (typeof TRACE_FORMATS)[number]["id"];

export function firstRecord(text: string): FirstRecord {
  const object = parseObject(text);
  return { text, object, columns: object === undefined ? csvValues(text) : undefined };
}

/**
 * The one format that a first record fits. Complains and returns undefined when none fits, or more than one, and
 * for what is known to be no trace of requests.
 */
export function detectFormat(
  text: string,
  complain: Complain,
  formats: readonly TraceFormat[] = TRACE_FORMATS,
): TraceFormat | undefined {
  const first = firstRecord(text);
  const refusal = refusalOf(first);
  if (refusal !== undefined) {
    complain(1, "", refusal.message, refusal.hint);
    return undefined;
  }
  const fitting = formats.filter((format) => format.matches(first));
  if (fitting.length === 1) return fitting[0];
  if (fitting.length > 1) {
    const names = fitting.map((format) => format.id).join(", ");
    complain(1, "", `the first line fits more than one format: ${names}`, "name the format");
    return undefined;
  }
  const known = formats.map((format) => `\n  ${format.id}: ${format.firstLine}`).join("");
  complain(1, "", `no known trace format begins with ${shown(text)}; known are:${known}`);
  return undefined;
}
