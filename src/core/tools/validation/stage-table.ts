// Reads stages from a table: CSV with a header, one stage a row, columns by name in any order. docs/validation.md names
// them. Strict: whatever cannot be is told with its place.
import { Complaints } from "../../text/complaints.js";
import { csvColumn, csvValues } from "../../text/csv.js";
import { readLines } from "../../text/lines.js";
import { shown } from "../../text/shown.js";
import { type CachedPart, openCache, type Percentiles, type Stage } from "./stage.js";

const NUMBERS = {
  rate_per_s: { isNeeded: true, above: 0 },
  duration_s: { isNeeded: true, above: 0 },
  output_tokens: { isNeeded: true, above: 0 },
  prompt_tokens_mean: { isNeeded: true, above: 0 },
  system_prompt_tokens: {},
  system_prompts: { above: 0 },
  users_per_prompt: { above: 0 },
  cached_tokens_mean: {},
  max_num_seqs: { above: 0 },
  max_num_batched_tokens: { above: 0 },
  kv_tokens: { above: 0 },
  sent: {},
  succeeded: {},
  failed: {},
  output_tokens_per_s: {},
  ...percentileColumns("ttft"),
  ...percentileColumns("tpot"),
  ...percentileColumns("e2e"),
} as const satisfies Readonly<Record<string, { readonly isNeeded?: boolean; readonly above?: number }>>;
type Column = keyof typeof NUMBERS;
type Measure = "ttft" | "tpot" | "e2e";

function percentileColumns<Name extends Measure>(name: Name) {
  return Object.fromEntries(["mean", "p50", "p90", "p99"].map((key) => [`${name}_${key}_s`, {}])) as Record<
    `${Name}_${keyof Percentiles}_s`,
    Record<string, never>
  >;
}

/** What names a stage, together. */
const NAMES = ["model", "load", "stage"] as const;
const NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const MOST_ISSUES = 20;

/** Whether a first line is that of such a table. */
export function isStageTable(columns: readonly string[]): boolean {
  return columns.includes("rate_per_s") || (columns.includes("ttft_mean_s") && columns.includes("sent"));
}

/** Throws INVALID_TRACE with file, line, column and field of each problem. */
export function readStageTable(chunks: Iterable<string>, file: string): Stage[] {
  const complaints = new Complaints(file, MOST_ISSUES);
  const stages: Stage[] = [];
  let header: readonly string[] = [];
  for (const { text, number } of readLines(chunks, file)) {
    if (number === 1) {
      header = (csvValues(text) ?? []).map((column) => column.trim());
      checkHeader(header, complaints);
      if (!complaints.none) break;
    } else if (text.trim() !== "") {
      const row = rowOf(text, number, header, complaints);
      if (row !== undefined) stages.push(stageOf(row, number));
      if (complaints.overflowed) break;
    }
  }
  if (complaints.none && stages.length === 0) complaints.add(1, 1, "", "the file has a header but no stages");
  if (!complaints.none) throw complaints.error();
  return stages;
}

function checkHeader(header: readonly string[], complaints: Complaints): void {
  for (const [place, name] of header.entries()) {
    if (name in NUMBERS && header.indexOf(name) < place) {
      complaints.add(1, 1, "", `column "${name}" stands here a second time`);
    }
  }
  for (const [name, { isNeeded }] of Object.entries(NUMBERS) as [Column, { isNeeded?: boolean }][]) {
    if (isNeeded === true && !header.includes(name)) complaints.add(1, 1, "", `column "${name}" is missing`);
  }
}

interface Row {
  readonly words: (name: (typeof NAMES)[number]) => string;
  /** Null where the table does not say. */
  readonly value: (name: Column) => number | null;
}

function rowOf(
  text: string,
  line: number,
  header: readonly string[],
  complaints: Complaints,
): Row | undefined {
  const fields = csvValues(text);
  if (fields?.length !== header.length) {
    const count =
      fields === undefined ? "a quote is out of place" : `${fields.length} fields, not ${header.length}`;
    complaints.add(line, 1, "", `the row does not match the header: ${count}`);
    return undefined;
  }
  let isGood = true;
  const values = new Map<Column, number>();
  for (const [name, { isNeeded, above }] of Object.entries(NUMBERS) as [
    Column,
    { isNeeded?: boolean; above?: number },
  ][]) {
    const place = header.indexOf(name);
    const field = place < 0 ? "" : fields[place]!.trim();
    if (field === "" && isNeeded !== true) continue;
    const value = NUMBER.test(field) ? Number(field) : Number.NaN;
    if (Number.isFinite(value) && (above === undefined || value > above)) {
      values.set(name, value);
      continue;
    }
    isGood = false;
    const wanted = above === undefined ? "a number" : `a number above ${above}`;
    complaints.add(line, csvColumn(text, place), name, `is ${shown(field)}, but must be ${wanted}`);
  }
  if (!isGood) return undefined;
  return {
    words: (name) => (header.includes(name) ? fields[header.indexOf(name)]!.trim() : ""),
    value: (name) => values.get(name) ?? null,
  };
}

function stageOf({ words, value }: Row, line: number): Stage {
  const promptTokens = Math.max(1, Math.round(value("prompt_tokens_mean")!));
  const percentiles = (name: Measure): Percentiles => ({
    mean: value(`${name}_mean_s`),
    p50: value(`${name}_p50_s`),
    p90: value(`${name}_p90_s`),
    p99: value(`${name}_p99_s`),
  });
  const [maxSequences, maxBatchedTokens, kvTokens] = [
    value("max_num_seqs"),
    value("max_num_batched_tokens"),
    value("kv_tokens"),
  ];
  return {
    name:
      NAMES.map(words)
        .filter((word) => word !== "")
        .join(" ") || `stage of line ${line}`,
    model: words("model"),
    arrivals: { kind: "constant", rate: value("rate_per_s")! },
    seconds: value("duration_s")!,
    promptTokens,
    outputTokens: Math.max(1, Math.round(value("output_tokens")!)),
    cached: cachedOf(value, promptTokens),
    settings: {
      ...(maxSequences !== null && { maxSequences }),
      ...(maxBatchedTokens !== null && { maxBatchedTokens }),
      ...(kvTokens !== null && { kvTokens }),
    },
    recorded: {
      sent: value("sent"),
      succeeded: value("succeeded"),
      failed: value("failed"),
      ttft: percentiles("ttft"),
      tpot: percentiles("tpot"),
      e2e: percentiles("e2e"),
      outputTokensPerSecond: value("output_tokens_per_s"),
    },
    notes: cachedNotes(value, promptTokens),
  };
}

/** What a cache cannot have had, as it is more than there was. */
function cachedNotes(value: Row["value"], promptTokens: number): string[] {
  return (["cached_tokens_mean", "system_prompt_tokens"] as const).flatMap((column) =>
    Math.round(value(column) ?? 0) > promptTokens
      ? [`${column} is above the prompt of ${promptTokens} tokens, and cut to it`]
      : [],
  );
}

/** Where there are system prompts, at least these are found, and where each user's prompts go on, all of the prompt. */
function cachedOf(value: Row["value"], promptTokens: number): CachedPart[] {
  const known = value("cached_tokens_mean");
  if (known !== null) {
    return [
      { label: "as recorded", tokens: Math.min(promptTokens, Math.round(known)), applications: undefined },
    ];
  }
  const system = value("system_prompt_tokens");
  if (system === null) return openCache(promptTokens);
  const prompts = value("system_prompts") ?? 1;
  const users = value("users_per_prompt") ?? 1;
  return [
    { label: "system prompt cached", tokens: Math.min(system, promptTokens), applications: prompts },
    { label: "whole prompt cached", tokens: promptTokens, applications: prompts * users },
  ];
}
