import { describe, expect, it } from "vitest";
import { isCi, needsAscii, wantsColor } from "../../../src/node/terminal.js";

const stream = (isTTY: boolean) => ({ write: () => true, isTTY });

describe("colour", () => {
  it.each<[boolean, boolean, Record<string, string>, boolean]>([
    [true, true, {}, true],
    [false, true, {}, false],
    [false, true, { CI: "true" }, false],
    [true, true, { TERM: "dumb" }, false],
    [true, true, { NO_COLOR: "1" }, false],
    [true, true, { NO_COLOR: "" }, true],
    [false, true, { FORCE_COLOR: "1" }, true],
    [true, true, { FORCE_COLOR: "0" }, false],
    [true, true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    [true, false, { FORCE_COLOR: "1" }, false],
  ])("terminal %s, flag %s, %o: %s", (isTTY, flag, env, wanted) => {
    expect(wantsColor(stream(isTTY), env, flag)).toBe(wanted);
  });
});

describe("the characters of a report", () => {
  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ LANG: "en_US.UTF-8" }, false],
    [{ LANG: "C.utf8" }, false],
    [{ LANG: "C" }, true],
    [{ LANG: "de_DE.ISO-8859-1" }, true],
    [{ LC_ALL: "C", LANG: "en_US.UTF-8" }, true],
    [{ LC_ALL: "", LANG: "en_US.UTF-8" }, false],
  ])("with %o are ASCII: %s", (env, wanted) => {
    expect(needsAscii(env)).toBe(wanted);
  });
});

describe("CI", () => {
  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ CI: "false" }, false],
    [{ CI: "0" }, false],
    [{ CI: "true" }, true],
  ])("with %o: %s", (env, wanted) => {
    expect(isCi(env)).toBe(wanted);
  });
});
