import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandLine, quoted } from "../../../src/node/shell.js";

describe("a command line", () => {
  it("leaves ordinary words alone", () => {
    expect(commandLine(["surgefleet", "run", "a/b-c.yaml", "--set", "x.y=5%"])).toBe(
      "surgefleet run a/b-c.yaml --set x.y=5%",
    );
  });

  it("quotes an empty word, which a shell would drop", () => {
    expect(quoted("")).toBe("''");
  });

  it("is read back by a shell as the words it was made of", () => {
    const word = fc.string({ unit: fc.constantFrom(..."ab '\"\\$`!*?[]{}()<>|&;#~=%\n\t") });
    const words = fc.sample(word, { numRuns: 200 });
    const told = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${commandLine(words)}`], {
      encoding: "utf8",
    });
    expect(told.split("\0").slice(0, -1)).toEqual(words);
  });
});
