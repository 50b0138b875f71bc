// Finds the steps in what vLLM prints with --enable-logging-iteration-details, among everything else that it prints,
// and hands them on as lines of CSV at their own places. From vllm/v1/metrics/loggers.py of 0.27 ("GPU KV cache usage"
// and "(dummy)" on each line) and vllm/v1/engine/core.py of 0.14 (neither). It does not know what a step means.
import { csvValues } from "../../text/csv.js";
import { type Line, readLines } from "../../text/lines.js";
import { findColumns } from "./columns.js";

/** The parts of a line, with what is said between them. */
const STEP: RegExp = new RegExp(
  String.raw`\bIteration\(\d{1,12}\): \d{1,9} context requests, (\d{1,9}) context tokens, ` +
    String.raw`(\d{1,9}) generation requests, (\d{1,9}) generation tokens, ` +
    String.raw`iteration elapsed time: (\d{1,9}(?:\.\d{1,9})?) ms( \(dummy\))?` +
    String.raw`(?:, (?:GPU )?KV cache usage: (\d{1,3}(?:\.\d{1,9})?)%)?`,
);
/** At its start an engine says how much its cache holds. */
const SIZE = /\bGPU KV cache size: (\d[\d,]{0,14}) tokens/;
/** Longer lines are prompts that were logged, not steps. */
const LONGEST_LINE = 2000;

const COLUMNS = "num_ctx_tokens,num_generation_requests,num_generation_tokens,iteration_elapsed_time_ms";
const WITH_USAGE = `${COLUMNS},kv_cache_usage`;

export class StepLines {
  readonly #lines: Iterable<Line>;
  /** Whether they were found in what an engine printed. Known, as all here, once the lines were read. */
  isPrinted = false;
  /** Steps without work that an engine takes for the sake of the others of its group. */
  dummies = 0;
  /** Tokens that the cache holds; undefined where that is not printed. */
  kvTokens: number | undefined;

  constructor(chunks: Iterable<string>, file: string) {
    this.#lines = readLines(chunks, file);
  }

  /** A header and rows, as they stand where the file is a table. */
  *read(): Generator<Line, void, undefined> {
    let first: Line | undefined;
    let hasUsage = false;
    for (const line of this.#lines) {
      if (first === undefined) {
        // The line is one object, reused.
        first = { ...line };
        if (isHeader(line.text)) {
          yield line;
          yield* this.#lines;
          return;
        }
      }
      if (line.text.length > LONGEST_LINE) continue;
      const size = this.kvTokens === undefined ? SIZE.exec(line.text) : null;
      if (size !== null) this.kvTokens = Number(size[1]!.replaceAll(",", ""));
      const step = STEP.exec(line.text);
      if (step === null) continue;
      const [, prefill, decoding, generated, millis, dummy, usage] = step;
      if (!this.isPrinted) {
        this.isPrinted = true;
        hasUsage = usage !== undefined;
        yield { text: hasUsage ? WITH_USAGE : COLUMNS, number: 1 };
      }
      if (dummy !== undefined) this.dummies++;
      else {
        const share = hasUsage ? `,${Number(usage ?? 0) / 100}` : "";
        yield { text: `${prefill},${decoding},${generated},${millis}${share}`, number: line.number };
      }
    }
    // No step anywhere: what is wrong with the first line as a header is the thing to say.
    if (!this.isPrinted && first !== undefined) yield first;
  }
}

function isHeader(text: string): boolean {
  return Object.keys(findColumns(csvValues(text) ?? [], () => undefined)).length > 0;
}
