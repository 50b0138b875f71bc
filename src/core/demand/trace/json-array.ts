// Cuts a JSON array of objects into its objects, one at a time and in bounded memory, as if each stood on lines of its
// own. It does not know what an object means.
import { SurgefleetError } from "../../base/errors.js";
import { type Line, LONGEST_DOCUMENT } from "../../text/lines.js";

const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const OPENS_LIST = 91;
const BACKSLASH = 92;
const CLOSES_LIST = 93;
const OPENS_MAP = 123;
const CLOSES_MAP = 125;
const BYTE_ORDER_MARK = 0xfeff;
/** As for lines: what a text file cannot hold. */
const NOT_TEXT = /[\0\uFFFD]/;

/** The chunks from the start, and whether the first character in them that is no blank opens a list. */
export function arrayStart(chunks: Iterable<string>): {
  readonly isArray: boolean;
  readonly chunks: Iterable<string>;
} {
  const iterator = chunks[Symbol.iterator]();
  const seen: string[] = [];
  let isArray = false;
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    seen.push(next.value);
    const first = next.value.trim().replace("\uFEFF", "").charAt(0);
    if (first === "") continue;
    isArray = first === "[";
    break;
  }
  return { isArray, chunks: continued(seen, iterator) };
}

function* continued(seen: readonly string[], rest: Iterator<string>): Generator<string, void, undefined> {
  yield* seen;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

/**
 * Yields the objects of an array with the number of the line on which each begins; the same object every time.
 *
 * Throws INVALID_TRACE for entries that are no objects, for an array that does not end, for what stands behind it, and
 * for an object longer than LONGEST_DOCUMENT.
 */
export function* readArray(chunks: Iterable<string>, file: string): Generator<Line, void, undefined> {
  const scan = new ArrayScan(file);
  for (const chunk of chunks) yield* scan.take(chunk);
  scan.end();
}

class ArrayScan {
  readonly #file: string;
  #line = 1;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Between two objects: what may come next. */
  #awaits: "list" | "first" | "comma" | "object" | "nothing" = "list";
  #parts: string[] = [];
  #length = 0;
  readonly #record: Line = { text: "", number: 0 };

  constructor(file: string) {
    this.#file = file;
  }

  *take(chunk: string): Generator<Line, void, undefined> {
    const bad = NOT_TEXT.exec(chunk);
    if (bad !== null) throw this.#problem("not a text file: it holds NUL or undecodable characters");
    let from = this.#depth > 1 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const unit = chunk.charCodeAt(at);
      if (unit === NEWLINE) this.#line++;
      if (this.#depth > 1) {
        if (!this.#within(unit)) continue;
        this.#parts.push(chunk.slice(from, at + 1));
        from = -1;
        this.#record.text = this.#parts.join("");
        this.#parts = [];
        this.#length = 0;
        yield this.#record;
      } else if (unit > 32 && unit !== BYTE_ORDER_MARK && this.#between(unit)) {
        from = at;
        this.#record.number = this.#line;
      }
    }
    if (from < 0) return;
    this.#parts.push(chunk.slice(from));
    this.#length += chunk.length - from;
    if (this.#length > LONGEST_DOCUMENT)
      throw this.#problem(`the JSON object that begins here is longer than ${LONGEST_DOCUMENT} characters`);
  }

  end(): void {
    if (this.#awaits === "nothing") return;
    throw this.#problem("the JSON list of the file does not end: is the file cut off?");
  }

  /** Inside an object; true at its end. */
  #within(unit: number): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#inString) {
      if (unit === BACKSLASH) this.#isEscaped = true;
      else if (unit === QUOTE) this.#inString = false;
    } else if (unit === QUOTE) this.#inString = true;
    else if (unit === OPENS_MAP || unit === OPENS_LIST) this.#depth++;
    else if (unit === CLOSES_MAP || unit === CLOSES_LIST) this.#depth--;
    return this.#depth === 1;
  }

  /** Between objects; true where one begins. */
  #between(unit: number): boolean {
    const awaited = this.#awaits;
    this.#record.number = this.#line;
    if (unit === OPENS_LIST && awaited === "list") {
      this.#awaits = "first";
      this.#depth = 1;
    } else if (unit === OPENS_MAP && (awaited === "first" || awaited === "object")) {
      this.#awaits = "comma";
      this.#depth = 2;
      return true;
    } else if (unit === COMMA && awaited === "comma") this.#awaits = "object";
    else if (unit === CLOSES_LIST && awaited === "first")
      throw this.#problem("the JSON list of the file is empty");
    else if (unit === CLOSES_LIST && awaited === "comma") {
      this.#awaits = "nothing";
      this.#depth = 0;
    } else if (awaited === "nothing") throw this.#problem("something stands behind the JSON list");
    else
      throw this.#problem("a JSON list of objects is read; this entry is none, or no comma stands before it");
    return false;
  }

  #problem(message: string): SurgefleetError {
    const issue = { file: this.#file, line: this.#record.number || 1, column: 1, path: "", message };
    return new SurgefleetError("INVALID_TRACE", `${this.#file} cannot be read as JSON`, [issue]);
  }
}
