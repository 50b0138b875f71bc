import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openWorkerFile } from "../../../../src/node/run/worker-file.js";

it("is one file with all that it imports of these sources, and is gone after use", async () => {
  const { options, remove } = openWorkerFile();
  const { default: answer } = (await import(options.filename)) as { readonly default: unknown };
  expect(answer).toBeTypeOf("function");
  remove();
  expect(existsSync(fileURLToPath(options.filename))).toBe(false);
});
