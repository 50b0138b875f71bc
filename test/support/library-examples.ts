// The examples of docs/library.md: each is a module of test/examples, compiled with the tests, shown as it is but for
// where it imports from, and followed by what it prints.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./source-files.js";

/** In the order of the page. */
export const EXAMPLES = [
  { name: "fleet", run: () => import("../examples/fleet.js") },
  { name: "run", run: () => import("../examples/run.js") },
  { name: "many-seeds", run: () => import("../examples/many-seeds.js") },
  { name: "in-slices", run: () => import("../examples/in-slices.js") },
  { name: "from-text", run: () => import("../examples/from-text.js") },
  { name: "errors", run: () => import("../examples/errors.js") },
  { name: "compare", run: () => import("../examples/compare.js") },
  { name: "rare", run: () => import("../examples/rare.js") },
  { name: "stability", run: () => import("../examples/stability.js") },
  { name: "trace", run: () => import("../examples/trace.js") },
  { name: "servegen", run: () => import("../examples/servegen.js") },
  { name: "engine", run: () => import("../examples/engine.js") },
  { name: "by-hand", run: () => import("../examples/by-hand.js") },
  { name: "gateway", run: () => import("../examples/gateway.js") },
  { name: "definitions", run: () => import("../examples/definitions.js") },
  { name: "schema", run: () => import("../examples/schema.js") },
] as const;

export function exampleText(name: string): string {
  const text = readFileSync(join(ROOT, "test/examples", `${name}.ts`), "utf8");
  return text.replaceAll("../../src/core/index.js", "surgefleet");
}

/** A section of the page: the sentence that the example opens with, its code, its output. */
export function exampleSection(name: string, printed: string): string {
  const [, intro = "", code = ""] = /^\/\/ (.*)\n([\s\S]*)$/.exec(exampleText(name)) ?? [];
  const output = printed === "" ? "" : `\n\n\`\`\`text\n${printed.trimEnd()}\n\`\`\``;
  return `${intro}\n\n\`\`\`ts\n// ${name}.ts\n${code.trim()}\n\`\`\`${output}`;
}
