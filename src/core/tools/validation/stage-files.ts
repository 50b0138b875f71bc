// Reads the stages of a load test from whatever file has their summaries: a table, the JSON of a load generator, or
// what vLLM's /metrics shows. Which one it is, its beginning says.

import { SurgefleetError } from "../../base/errors.js";
import { detectFormat } from "../../demand/trace/formats/formats.js";
import { csvValues } from "../../text/csv.js";
import { firstLine } from "../../text/first-line.js";
import { jsonFault } from "../../text/json-fault.js";
import { LONGEST_DOCUMENT } from "../../text/lines.js";
import { briefJson } from "../../text/shown.js";
import { JsonSummary } from "./json-summary.js";
import type { TextSource } from "./recording-file.js";
import type { Stage } from "./stage.js";
import { isMetricsText, type MetricsOptions, readMetricsStage } from "./stage-metrics.js";
import { SUMMARY_FORMS } from "./stage-summaries.js";
import { isStageTable, readStageTable } from "./stage-table.js";

/** Throws INVALID_TRACE with each problem of the file, with its place. */
export function readStages(source: TextSource, options: MetricsOptions = {}): Stage[] {
  const { file, chunks } = source;
  const first = firstLine(chunks());
  if (isMetricsText(first)) return [readMetricsStage(source, options)];
  if (/^\s*[[{]/.test(first))
    return documentsIn(source).flatMap(({ value, line }) => summaries(value, file, line));
  const columns = (csvValues(first) ?? []).map((column) => column.trim());
  if (isStageTable(columns)) return readStageTable(chunks(), file);
  throw singleRequests(first, file, 1) ?? unknown(file, 1);
}

function summaries(value: unknown, file: string, line: number): Stage[] {
  const summary = new JsonSummary(value, file, { line });
  const form = SUMMARY_FORMS.find(({ matches }) => matches(summary));
  if (form === undefined) throw singleRequests(value, file, line) ?? unknown(file, line);
  const stages = form.stages(summary, file);
  summary.finish();
  if (stages.length === 0) throw unusable(file, line, `this ${form.name} file has no stages`);
  return stages;
}

/** One document, or one on each line. */
function documentsIn({ file, chunks }: TextSource): { value: unknown; line: number }[] {
  const parts: string[] = [];
  let length = 0;
  for (const chunk of chunks()) {
    length += chunk.length;
    if (length > LONGEST_DOCUMENT) {
      throw unusable(file, 1, `a summary is no longer than ${LONGEST_DOCUMENT} characters`);
    }
    parts.push(chunk);
  }
  const text = parts.join("");
  const whole = parsed(text);
  if (whole !== undefined) return [{ value: whole, line: 1 }];
  // Each of its lines would be, were it one on each.
  const isOne = parsed(text.slice(0, text.search(/\r?\n|$/))) === undefined;
  const lines = text.split(/\r?\n/).map((one, index) => ({ text: one, line: index + 1 }));
  return lines
    .filter((one) => one.text.trim() !== "")
    .map((one) => {
      const value = parsed(one.text);
      if (value === undefined) {
        const { line, what } = jsonFault(isOne ? text : one.text);
        throw unusable(file, isOne ? line : one.line, `this is no JSON document: ${what}`);
      }
      return { value, line: one.line };
    });
}

/** Python writes what is no number, such as the mean of nothing, as no JSON is written: it is taken for null. */
const NO_NUMBER = /([:[,] ?)(?:NaN|-?Infinity)(?= ?[,\]}])/g;

function parsed(text: string): unknown {
  for (const one of [text, text.replace(NO_NUMBER, "$1null")]) {
    try {
      return JSON.parse(one);
    } catch {
      // Tried again, or told by the caller.
    }
  }
  return undefined;
}

/** A recorded run of single requests was handed over as a summary of them. */
function singleRequests(found: unknown, file: string, line: number): SurgefleetError | undefined {
  const record = Array.isArray(found) ? found[0] : found;
  const text = typeof record === "string" ? record : briefJson(record ?? null);
  const format = detectFormat(text, () => undefined);
  if (format === undefined) return undefined;
  return unusable(
    file,
    line,
    `this has requests one by one (${format.name}), no summary of them`,
    "hand it over with --requests, which tells more",
  );
}

function unknown(file: string, line: number): SurgefleetError {
  const hint =
    "known are inference-perf's stage_N_lifecycle_metrics.json, guidellm's benchmarks.json, the JSON of " +
    "vllm bench serve and SGLang's bench_serving, vLLM's /metrics, and a table with rate_per_s, " +
    "duration_s, prompt_tokens_mean, output_tokens (docs/validation.md)";
  return unusable(file, line, "these are no summaries of stages that are known here", hint);
}

function unusable(file: string, line: number, message: string, hint?: string): SurgefleetError {
  const issue = { file, line, column: 1, path: "", message };
  return new SurgefleetError("INVALID_TRACE", `${file} has no stages`, [
    hint === undefined ? issue : { ...issue, hint },
  ]);
}
