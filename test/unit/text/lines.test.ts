import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LONGEST_LINE, readLines } from "../../../src/core/text/lines.js";
import { cutAt } from "../demand/trace/traces.js";

function linesOf(...chunks: string[]): string[] {
  return Array.from(readLines(chunks, "t"), (line) => `${line.number} ${line.text}`);
}

describe("readLines", () => {
  test.each([
    ["LF", ["a\nb\n"], ["1 a", "2 b"]],
    ["CRLF", ["a\r\nb\r\n"], ["1 a", "2 b"]],
    ["CRLF cut in two", ["a\r", "\nb\r", "\n"], ["1 a", "2 b"]],
    ["no end behind the last line", ["a\nb"], ["1 a", "2 b"]],
    ["a CR alone behind the last line", ["a\nb\r"], ["1 a", "2 b"]],
    ["blank lines", ["\n\r\na\n\n"], ["1 ", "2 ", "3 a", "4 "]],
    ["a byte order mark", ["", "\uFEFFa\nb"], ["1 a", "2 b"]],
    ["a line in many chunks", ["a", "", "b", "c\nd", "e"], ["1 abc", "2 de"]],
    ["a pair of surrogates cut in two", ["\ud83d", "\ude00\n"], ["1 \u{1f600}"]],
  ])("cuts %s", (_, chunks, lines) => {
    expect(linesOf(...chunks)).toEqual(lines);
  });

  test.each([
    ["an empty text", [""], "t: the file is empty"],
    ["only a byte order mark", ["\uFEFF"], "t: the file is empty"],
    ["NUL", ["ab\ncd\0e\n"], "t:2:3 not a text file"],
    ["an undecodable character", ["a\n\uFFFDb"], "t:2:1 not a text file"],
    ["old Macintosh line ends", ["ab\rcd\re"], "t:1:3 carriage return in the middle"],
    ["a byte order mark cut off its place", ["\uFEFF\n\0"], "t:2:1 not a text file"],
    ["a Git LFS pointer", ["version https://git-lfs.github.com/spec/v1\noid sha256:1\n"], "git lfs pull"],
    ["a long line in one chunk", [`a\n${"9".repeat(LONGEST_LINE + 1)}\nb`], "t:2:1 the line is longer"],
    ["a long line without an end", ["a\nb\n", "9".repeat(LONGEST_LINE), "9"], "t:3:1 the line is longer"],
  ])("refuses %s", (_, chunks, message) => {
    expect(() => linesOf(...chunks)).toThrow(message);
  });

  test("takes a line of exactly the longest length", () => {
    expect(linesOf("9".repeat(LONGEST_LINE))[0]).toHaveLength(LONGEST_LINE + 2);
  });

  test("leaves a gigabyte on one line soon after the bound", () => {
    let read = 0;
    function* nines() {
      const chunk = "9".repeat(64 * 1024);
      for (; read < 1024 ** 3; read += chunk.length) yield chunk;
    }
    expect(() => [...readLines(nines(), "t")]).toThrow("t:1:1 the line is longer");
    expect(read).toBeLessThan(3 * 1024 * 1024);
  });

  test("gives the same lines wherever the text is cut", () => {
    const text = fc.array(fc.constantFrom("a", "\u{1f600}", "\n", "\r\n", "\uFEFF", '"'), { minLength: 1 });
    const law = fc.property(text, fc.array(fc.nat()), (parts, cuts) => {
      const whole = parts.join("");
      const result = (chunks: string[]) => {
        try {
          return linesOf(...chunks).join("|");
        } catch (error) {
          return String(error);
        }
      };
      expect(result(cutAt(whole, cuts))).toBe(result([whole]));
    });
    fc.assert(law, { numRuns: 300 });
  });
});
