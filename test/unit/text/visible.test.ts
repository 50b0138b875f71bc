import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visible, visibleLines } from "../../../src/core/text/visible.js";

describe("what cannot be seen is written as its escape", () => {
  it.each([
    ["\u001b[31mred", "\\u001b[31mred"],
    ["a\u009b2Jb", "a\\u009b2Jb"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["stan\u200bdard", "stan\\u200bdard"],
    ["a\u2066b\u2069", "a\\u2066b\\u2069"],
    ["a\u2028b\u0085c", "a\\u2028b\\u0085c"],
    ["half \ud83d", "half \\ud83d"],
    ["\u{e0041}", "\\udb40\\udc41"],
    ["\u3164\u034f", "\\u3164\\u034f"],
    ["a\u200db", "a\\u200db"],
    ["bell\u0007\u007f", "bell\\u0007\\u007f"],
  ])("%j", (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(JSON.parse(`"${shown}"`)).toBe(text);
  });

  it.each(["速い", "été", "👩‍💻 dev", "⚠️", "👩🏽‍🚀", "✓ ▁▂▃ –", "שלום"])("%s stays as it is", (text) => {
    expect(visible(text)).toBe(text);
  });

  it("ends of lines and tabs only in what is one line", () => {
    expect(visible("a\n\tb")).toBe("a\\u000a\\u0009b");
    expect(visibleLines("a\n\tb\r\n")).toBe("a\n\tb\\u000d\n");
  });

  it("JSON says the same as before", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = visibleLines(JSON.stringify({ text }, null, 2));
        expect(JSON.parse(shown)).toEqual({ text });
        expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
