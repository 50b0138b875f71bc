// Cuts the text of a trace into records: a line each, or, where the first line opens a JSON object that does not
// end on it, whole JSON objects over several lines, or the elements of the one JSON array that a file is. It does not
// know what a record means.
import { SurgefleetError } from "../../../base/errors.js";
import { type Line, LONGEST_DOCUMENT, readLines } from "../../../text/lines.js";
import { readElements, startsWithBracket } from "./array-records.js";
import { parseObject } from "./json-line.js";

const QUOTE = 34;
const BACKSLASH = 92;

/** The records of a file, each with the number of the line on which it begins. */
export function recordsOf(chunks: Iterable<string>, file: string): Iterable<Line> {
  const [isArray, text] = startsWithBracket(chunks);
  return isArray ? readElements(text, file) : readRecords(readLines(text, file, LONGEST_DOCUMENT), file);
}

/**
 * Yields records with the number of the line on which each begins; the same object every time.
 *
 * Throws INVALID_TRACE for an object that does not end, or is longer than LONGEST_DOCUMENT.
 */
function* readRecords(lines: Iterable<Line>, file: string): Generator<Line, void, undefined> {
  let documents: boolean | undefined;
  let open: DocumentText | undefined;
  for (const line of lines) {
    documents ??= line.text.startsWith("{") && parseObject(line.text) === undefined;
    if (!documents || (open === undefined && line.text.trim() === "")) {
      yield line;
      continue;
    }
    open ??= new DocumentText(line.number);
    open.add(line.text);
    if (open.length > LONGEST_DOCUMENT) throw problem(file, open.line, tooLong());
    if (!open.ended) continue;
    yield { text: open.text, number: open.line };
    open = undefined;
  }
  if (open !== undefined) {
    throw problem(file, open.line, "the JSON object that begins here does not end: is the file cut off?");
  }
}

function tooLong(): string {
  return `the JSON object that begins here is longer than ${LONGEST_DOCUMENT} characters`;
}

function problem(file: string, line: number, message: string): SurgefleetError {
  const issue = { file, line, column: 1, path: "", message };
  return new SurgefleetError("INVALID_TRACE", `${file} cannot be read as JSON`, [issue]);
}

/** Lines of one JSON value, and how deep in brackets their end is. */
class DocumentText {
  readonly line: number;
  length = 0;
  readonly #lines: string[] = [];
  #depth = 0;
  #inString = false;

  constructor(line: number) {
    this.line = line;
  }

  get text(): string {
    return this.#lines.join("\n");
  }

  /** True when every bracket that was opened is closed. */
  get ended(): boolean {
    return this.#depth <= 0 && !this.#inString;
  }

  add(text: string): void {
    this.#lines.push(text);
    this.length += text.length + 1;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (this.#inString) {
        if (unit === BACKSLASH) index++;
        else if (unit === QUOTE) this.#inString = false;
      } else if (unit === QUOTE) this.#inString = true;
      else if (unit === 123 || unit === 91) this.#depth++;
      else if (unit === 125 || unit === 93) this.#depth--;
    }
  }
}
