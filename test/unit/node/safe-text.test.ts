import { describe, expect, it } from "vitest";
import { ownColor, safeText } from "../../../src/node/safe-text.js";

const red = ownColor((text) => `\u001b[31m${text}\u001b[39m`);

describe("what is printed", () => {
  it("has colours of our own, and no others", () => {
    expect(safeText(`${red("ours")} \u001b[31mtheirs`, false)).toBe(
      "\u001b[31mours\u001b[39m \\u001b[31mtheirs",
    );
  });

  it("has none where colours are off", () => {
    expect(ownColor((text) => text)("plain")).toBe("plain");
  });

  it.each([
    ["::error::x", "\\u003a:error::x"],
    ["a\n  ::set-output name=a::b", "a\n  \\u003a:set-output name=a::b"],
    ["a ##[group]b", "a #\\u0023[group]b"],
    ["a::b: c", "a::b: c"],
  ])("is no command of a server's: %j", (text, safe) => {
    expect(safeText(text, true)).toBe(safe);
    expect(safeText(text, false)).toBe(text);
  });

  it("is no command behind a colour", () => {
    expect(safeText(red("::error::x"), true)).toBe("\u001b[31m\\u003a:error::x\u001b[39m");
  });
});
