// Reads a step log: CSV with a header, columns by name in any order, one step a row, or what vLLM prints of its
// iterations. Strict: a row that cannot be right is an error with its place, and whatever is assumed or left out is
// noted. It does not know the fit.
import { type Issue, SurgefleetError } from "../../base/errors.js";
import { csvColumn, csvValues } from "../../text/csv.js";
import { shown } from "../../text/shown.js";
import { type ColumnId, findColumns, type Places } from "./columns.js";
import { StepLines } from "./iteration-log.js";
import type { StepLog, StepPoint } from "./step-point.js";

const MOST_ISSUES = 20;
const NUMBER = /^(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$|^\d+\.$/i;

export interface ReadStepLogOptions {
  /** Name of the file in messages. */
  readonly file: string;
  /** Tokens that the KV cache holds, for logs that say only what share of it is used. */
  readonly kvTokens?: number;
}

/**
 * Reads a whole log.
 *
 * Throws INVALID_STEP_LOG with file, line and column of each problem, up to 20, and INVALID_TRACE for what is no text.
 */
export function readStepLog(chunks: Iterable<string>, options: ReadStepLogOptions): StepLog {
  const lines = new StepLines(chunks, options.file);
  const reader = new StepLogReader(options, lines);
  for (const { text, number } of lines.read()) {
    if (!reader.take(text, number)) break;
  }
  return reader.finish();
}

class StepLogReader {
  readonly #file: string;
  readonly #lines: StepLines;
  readonly #saidKvTokens: number | undefined;
  readonly #issues: Issue[] = [];
  readonly #points: StepPoint[] = [];
  #places: Places | undefined;
  #width = 0;
  #verified = 0;
  #idle = 0;

  constructor({ file, kvTokens }: ReadStepLogOptions, lines: StepLines) {
    this.#file = file;
    this.#saidKvTokens = kvTokens;
    this.#lines = lines;
  }

  get #kvTokens(): number | undefined {
    return this.#saidKvTokens ?? this.#lines.kvTokens;
  }

  /** Reads one line; false where there is no use in reading on. */
  take(text: string, line: number): boolean {
    if (this.#places === undefined) return this.#readHeader(text);
    if (text.trim() === "") return true;
    const values = csvValues(text);
    if (values === undefined) this.#complain(line, 1, "a quote is out of place");
    else if (values.length !== this.#width) {
      this.#complain(line, 1, `the number of fields is ${values.length}, but the header has ${this.#width}`);
    } else this.#readRow(text, values, line, this.#places);
    return this.#issues.length < MOST_ISSUES;
  }

  finish(): StepLog {
    if (this.#issues.length === 0 && this.#points.length === 0) {
      this.#complain(1, 1, "the log has a header but no steps that decode or prefill");
    }
    if (this.#issues.length > 0) {
      throw new SurgefleetError("INVALID_STEP_LOG", `${this.#file} is not a valid step log`, this.#issues);
    }
    const saysRows = this.#places?.rows !== undefined;
    return { file: this.#file, points: this.#points, notes: this.#notes(), saysRows };
  }

  #readHeader(text: string): boolean {
    const header = csvValues(text);
    if (header === undefined) {
      this.#complain(1, 1, "a quote is out of place in the header");
      return false;
    }
    this.#places = findColumns(header, (issue) => this.#issues.push({ file: this.#file, ...issue }));
    this.#width = header.length;
    if (
      this.#places.context === undefined &&
      this.#places.kvUsage !== undefined &&
      this.#kvTokens === undefined
    ) {
      this.#complain(1, 1, "the log says only what share of the KV cache is used", "say --kv-tokens N");
    }
    return this.#issues.length === 0;
  }

  #readRow(text: string, values: readonly string[], line: number, places: Places): void {
    const before = this.#issues.length;
    const read = (id: ColumnId, otherwise = 0): number => {
      const place = places[id];
      if (place === undefined) return otherwise;
      const value = values[place]!.trim();
      if (NUMBER.test(value)) return Number(value);
      const message = `${shown(value)} is no number from 0 up`;
      this.#complain(line, csvColumn(text, place), message);
      return 0;
    };
    const decoding = read("decoding");
    const prefillTokens = read("prefillTokens");
    const gpu = read("gpu", Number.NaN);
    const wall = read("wall", Number.NaN);
    const priorContext = read("priorContext");
    const tokens = decoding + prefillTokens;
    const rows = read("rows", tokens);
    const alone = (prefillTokens * (prefillTokens + 1)) / 2 + prefillTokens * priorContext;
    const start = read("start", Number.NaN);
    const point = {
      start: Number.isNaN(start) ? undefined : start,
      decoding,
      context: decoding > 0 ? this.#context(read, places) : 0,
      prefillTokens,
      priorContext: prefillTokens > 0 ? priorContext : 0,
      area: prefillTokens > 0 ? read("area", alone) : 0,
      rows,
      gpu: Number.isNaN(gpu) ? wall : gpu,
      host: Number.isNaN(gpu) || Number.isNaN(wall) ? undefined : wall - gpu,
    };
    const each = read("tokensEach", decoding > 0 ? read("generated", decoding) / decoding : 1);
    if (this.#issues.length > before) return;
    if (tokens === 0) this.#idle++;
    else if (each > 1) this.#verified++;
    else if (this.#isSound(point, line)) this.#points.push(point);
  }

  #context(read: (id: ColumnId) => number, places: Places): number {
    if (places.context !== undefined) return read("context");
    const usage = read("kvUsage");
    return (usage > 1 ? usage / 100 : usage) * (this.#kvTokens ?? 0);
  }

  #isSound({ decoding, context, prefillTokens, rows, gpu, host }: StepPoint, line: number): boolean {
    const faults = [
      gpu > 0 ? "" : "the time of a step must be above 0",
      rows >= decoding + prefillTokens ? "" : `${rows} rows are fewer than the step has tokens`,
      context >= decoding ? "" : "the summed context is less than one token a sequence",
      host === undefined || host >= 0 ? "" : "the step took less wall time than time on the GPU",
    ].filter((fault) => fault !== "");
    for (const fault of faults) this.#complain(line, 1, fault);
    return faults.length === 0;
  }

  #notes(): string[] {
    const places = this.#places ?? {};
    const prefills = this.#points.some((point) => point.prefillTokens > 0);
    const notes: string[] = [];
    if (this.#verified > 0) {
      notes.push(
        `${this.#verified} steps that verify drafted tokens were left out: the fit is of one token a sequence`,
      );
    }
    if (this.#idle > 0) notes.push(`${this.#idle} steps without work were left out`);
    const { isPrinted, dummies, kvTokens } = this.#lines;
    if (isPrinted) notes.push("read from what vLLM printed of its iterations");
    if (dummies > 0) notes.push(`${dummies} dummy steps were left out`);
    if (isPrinted && kvTokens !== undefined && this.#saidKvTokens === undefined) {
      notes.push(`the cache holds ${kvTokens} tokens, as vLLM printed at its start`);
    }
    if (places.gpu === undefined) {
      notes.push("the log has wall time only: the CPU part is counted as time on the GPU");
    }
    if (places.context === undefined)
      notes.push("summed context is taken from the share of the KV cache in use");
    if (prefills && places.priorContext === undefined) {
      notes.push("the log does not say what was cached before a chunk: taken as nothing");
    }
    if (prefills && places.area === undefined) {
      notes.push('there is no column "prefill_area": the prefill of a step is taken as one chunk');
    }
    if (places.rows === undefined)
      notes.push("the log does not say how rows were padded: taken as not padded");
    return notes;
  }

  #complain(line: number, column: number, message: string, hint?: string): void {
    const issue = { file: this.#file, line, column, path: "", message };
    this.#issues.push(hint === undefined ? issue : { ...issue, hint });
  }
}
