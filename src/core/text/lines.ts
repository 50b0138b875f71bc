// Cuts text that comes in chunks into numbered lines, with bounded memory, and refuses what is no text file.
// It knows nothing of traces or of where the chunks come from.
import { SurgefleetError } from "../base/errors.js";

/** Longest line that is read, in UTF-16 units: a file without line ends must not fill the memory. */
export const LONGEST_LINE = 1024 * 1024;
/** Longest JSON document that is read: a whole session may stand on one line. */
export const LONGEST_DOCUMENT = 64 * LONGEST_LINE;

const BYTE_ORDER_MARK = 0xfeff;
const CARRIAGE_RETURN = 13;
const BRACE = 123;
/**
 * What a text file cannot hold: NUL, the mark that a decoder leaves for bytes it could not read, a lone CR.
 */
const NOT_TEXT = /[\0\r\uFFFD]/;
const LFS_POINTER = "version https://git-lfs.github.com/spec/";

/** One line without its end. Numbers count from 1. */
export interface Line {
  text: string;
  number: number;
}

/**
 * Yields the lines of a text. LF and CRLF both end a line, the last line may lack its end, a byte order mark
 * is dropped, and it does not matter where the chunks are cut.
 *
 * It yields the same object every time, so a caller must take what it needs before asking for the next line.
 *
 * Throws INVALID_TRACE for an empty text, a line above LONGEST_LINE (as soon as the bound is passed; a line that
 * opens with a brace is JSON and may reach `longestJson`), characters that no text file holds, and the pointer that
 * Git LFS leaves in place of a file that was not fetched.
 */
export function* readLines(
  chunks: Iterable<string>,
  file: string,
  longestJson = LONGEST_LINE,
): Generator<Line, void, undefined> {
  const line: Line = { text: "", number: 0 };
  let started = false;
  let rest = "";
  let bound = LONGEST_LINE;
  for (const chunk of chunks) {
    if (chunk === "") continue;
    let from = !started && chunk.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    started = true;
    for (let end = chunk.indexOf("\n", from); end >= 0; end = chunk.indexOf("\n", from)) {
      if (rest === "") bound = chunk.charCodeAt(from) === BRACE ? longestJson : LONGEST_LINE;
      finishLine(line, rest + chunk.slice(from, end), file, bound);
      yield line;
      rest = "";
      from = end + 1;
    }
    // Looked at here and not in `rest`, which would be copied whole for it, once for every chunk.
    if (rest === "") bound = chunk.charCodeAt(from) === BRACE ? longestJson : LONGEST_LINE;
    rest += chunk.slice(from);
    if (rest.length > bound) throw tooLong(file, line.number + 1, bound);
  }
  if (rest !== "") {
    finishLine(line, rest, file, bound);
    yield line;
  }
  if (line.number === 0) throw problem(file, 0, 0, "the file is empty");
}

/**
 * Checks the raw text of the next line and puts it into `line`. The bound counts the CR: see the unended
 * rest.
 */
function finishLine(line: Line, raw: string, file: string, bound: number): void {
  line.number++;
  if (raw.length > bound) throw tooLong(file, line.number, bound);
  line.text = raw.charCodeAt(raw.length - 1) === CARRIAGE_RETURN ? raw.slice(0, -1) : raw;
  if (line.number === 1 && line.text.startsWith(LFS_POINTER)) {
    throw problem(file, 1, 1, "this is a Git LFS pointer, not the file itself", "run: git lfs pull");
  }
  if (NOT_TEXT.test(line.text)) throw notText(file, line);
}

function notText(file: string, line: Line): SurgefleetError {
  const at = line.text.search(NOT_TEXT);
  if (line.text.charCodeAt(at) !== CARRIAGE_RETURN) {
    return problem(file, line.number, at + 1, "not a text file: it holds NUL or undecodable characters");
  }
  const message = "carriage return in the middle of a line";
  return problem(file, line.number, at + 1, message, "lines must end in LF or CRLF");
}

function tooLong(file: string, number: number, bound: number): SurgefleetError {
  const message = `the line is longer than ${bound} characters`;
  return problem(file, number, 1, message, "is this a text file with one row a line?");
}

function problem(
  file: string,
  line: number,
  column: number,
  message: string,
  hint?: string,
): SurgefleetError {
  const issue = { file, line, column, path: "", message };
  const issues = [hint === undefined ? issue : { ...issue, hint }];
  return new SurgefleetError("INVALID_TRACE", `${file} cannot be read as text`, issues);
}
