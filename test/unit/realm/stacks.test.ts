// Stacks hold the frames of a module's own script, whatever else was on the way.
import { expect, test } from "vitest";
import { MODULE_SCRIPT } from "../../../src/core/custom/code.js";
import { stackOfModule } from "../../../src/realm/stacks.js";

const frame = (file: string, line: number) => ({
  getFileName: () => file,
  getLineNumber: () => line,
  getColumnNumber: () => 7,
});

test("frames of the host are left out", () => {
  const frames = [frame(MODULE_SCRIPT, 1), frame("/home/someone/secret.js", 2), frame(MODULE_SCRIPT, 3)];
  expect(stackOfModule(new TypeError("mine"), frames)).toBe(
    `TypeError: mine\n    at ${MODULE_SCRIPT}:1:7\n    at ${MODULE_SCRIPT}:3:7`,
  );
});

test("what does not say what it is has its frames all the same", () => {
  const mute = {
    toString: () => {
      throw new Error("no");
    },
  };
  expect(stackOfModule(mute, [frame(MODULE_SCRIPT, 1)])).toBe(`Error\n    at ${MODULE_SCRIPT}:1:7`);
});
