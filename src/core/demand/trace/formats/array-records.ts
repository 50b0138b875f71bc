// Cuts a JSON array that a whole file is into its elements, in bounded memory: a file of any length may be one array,
// on one line or on many. It does not know what an element means.
import { SurgefleetError } from "../../../base/errors.js";
import { type Line, LONGEST_DOCUMENT, LONGEST_LINE } from "../../../text/lines.js";

const LINE_FEED = 10;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
/** What a text file cannot hold: NUL, and the mark that a decoder leaves for bytes it could not read. */
const NOT_TEXT = /[\0\uFFFD]/;
/** Blanks before a bracket, in UTF-16 units: what is read ahead is held. */
const MOST_BLANKS = LONGEST_LINE;
const BLANK = /^[\uFEFF\s]*$/;

/**
 * Whether the text in the chunks begins with a bracket, and the same chunks again. As much as is blank is read ahead,
 * and one chunk more.
 */
export function startsWithBracket(chunks: Iterable<string>): [isArray: boolean, chunks: Iterable<string>] {
  const iterator = chunks[Symbol.iterator]();
  const read: string[] = [];
  let first = "";
  let blanks = 0;
  while (blanks <= MOST_BLANKS && BLANK.test(first)) {
    const { done, value } = iterator.next();
    if (done === true) break;
    read.push(value);
    first = value;
    blanks += value.length;
  }
  return [first.trimStart().startsWith("["), chained(read, iterator)];
}

function* chained(read: readonly string[], rest: Iterator<string>): Generator<string, void, undefined> {
  try {
    yield* read;
    for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
  } finally {
    rest.return?.();
  }
}

/**
 * Yields the elements of an array with the number of the line on which each begins; the same object every time.
 *
 * Throws INVALID_TRACE for an array without elements, one that does not end, an element longer than LONGEST_DOCUMENT,
 * and for what is no JSON between elements or behind the array.
 */
export function* readElements(chunks: Iterable<string>, file: string): Generator<Line, void, undefined> {
  const cutter = new ElementCutter(file);
  for (const chunk of chunks) {
    if (NOT_TEXT.test(chunk)) {
      const at = chunk.search(NOT_TEXT);
      const line = cutter.line + chunk.slice(0, at).split("\n").length - 1;
      throw problem(file, line, "not a text file: it holds NUL or undecodable characters");
    }
    yield* cutter.cut(chunk);
  }
  cutter.end();
}

type Place = "before" | "wants element" | "in element" | "behind element" | "behind";

class ElementCutter {
  readonly #file: string;
  readonly #element: Line = { text: "", number: 0 };
  /** Number of the line at hand. */
  line = 1;
  #place: Place = "before";
  #isFirst = true;
  /** Text of the element at hand from the chunks before. */
  #text = "";
  /** Whether the element is a number or a word. */
  #isWord = false;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(file: string) {
    this.#file = file;
  }

  *cut(chunk: string): Generator<Line, void, undefined> {
    let from = 0;
    for (let index = 0; index < chunk.length; index++) {
      const unit = chunk.charCodeAt(index);
      if (unit === LINE_FEED) this.line++;
      if (this.#place === "in element") {
        if (!this.#ends(unit)) continue;
        // A number or a word ends before the comma or the bracket, all others with their last character.
        const behind = this.#isWord ? index : index + 1;
        this.#element.text = this.#text + chunk.slice(from, behind);
        yield this.#element;
        this.#text = "";
        this.#place = "behind element";
        if (behind > index) continue;
      }
      if (unit <= 32 || unit === 0xfeff) continue;
      if (this.#between(unit, chunk[index]!)) from = index;
    }
    if (this.#place !== "in element") return;
    this.#text += chunk.slice(from);
    if (this.#text.length > LONGEST_DOCUMENT) {
      throw problem(
        this.#file,
        this.#element.number,
        `an element of the array is longer than ${LONGEST_DOCUMENT} characters`,
      );
    }
  }

  /** To be called behind the last chunk. */
  end(): void {
    if (this.#place !== "behind") {
      throw problem(this.#file, this.line, "the JSON array does not end: is the file cut off?");
    }
    if (this.#isFirst) throw problem(this.#file, 1, "the JSON array is empty: there is no request in it");
  }

  /** Whether the element ends with this unit, or just before it. */
  #ends(unit: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (unit === BACKSLASH) this.#escaped = true;
      else if (unit === QUOTE) this.#inString = false;
      return this.#depth === 0 && !this.#inString;
    }
    if (unit === QUOTE) this.#inString = true;
    else if (isOpener(unit)) this.#depth++;
    else if (isCloser(unit)) {
      if (this.#depth === 0) return true;
      this.#depth--;
      return this.#depth === 0;
    } else return this.#depth === 0 && (unit === COMMA || unit <= 32);
    return false;
  }

  /** Takes a character between elements; true where an element begins with it. */
  #between(unit: number, character: string): boolean {
    if (this.#place === "before" && unit === 91) this.#place = "wants element";
    else if (this.#place === "behind element" && unit === COMMA) this.#place = "wants element";
    else if (
      unit === 93 &&
      (this.#place === "behind element" || (this.#place === "wants element" && this.#isFirst))
    )
      this.#place = "behind";
    else if (this.#place === "wants element" && unit !== COMMA && unit !== 93) {
      this.#place = "in element";
      this.#isFirst = false;
      this.#element.number = this.line;
      this.#depth = isOpener(unit) ? 1 : 0;
      this.#inString = unit === QUOTE;
      this.#isWord = this.#depth === 0 && !this.#inString;
      this.#escaped = false;
      return true;
    } else {
      const where =
        this.#place === "behind" ? "behind the JSON array" : "between the elements of the JSON array";
      throw problem(this.#file, this.line, `${JSON.stringify(character)} stands ${where}`);
    }
    return false;
  }
}

function isOpener(unit: number): boolean {
  return unit === 123 || unit === 91;
}

function isCloser(unit: number): boolean {
  return unit === 125 || unit === 93;
}

function problem(file: string, line: number, message: string): SurgefleetError {
  const issue = { file, line, column: 1, path: "", message };
  return new SurgefleetError("INVALID_TRACE", `${file} cannot be read as JSON`, [issue]);
}
