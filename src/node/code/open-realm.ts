// A realm for a module of a user's own: a context of node:vm that has the language and nothing else. Nothing that
// belongs to the host goes in: its functions are called with numbers and texts, and what comes back is held to that. So
// there is no object by whose constructor a module could reach the host, nor one that it could keep and change.
import { SourceMap } from "node:module";
import { relative, resolve } from "node:path";
import { createContext, Script } from "node:vm";
import { SurgefleetError } from "../../core/index.js";
import { type Bridge, type CustomCode, FAILED, type Realm } from "../../core/internal.js";
import { BRIDGE } from "./bridge-script.js";
import { EXPORTS, folderOf } from "./bundle.js";

/** The name of the module's script in stacks. */
const SCRIPT = "surgefleet-module.js";
/** Milliseconds that a module may take to be read: one that never ends ends the run. */
const PATIENCE_MS = 10_000;

type Functions = Bridge & { readonly define: (given: unknown) => void };
type Code = Pick<CustomCode, "file" | "bridge" | "script" | "map">;

/** Throws CODE_FAILED where the module itself throws when it is read. */
export function openRealm(code: Code): Realm {
  // Without a prototype: that of an object of ours would lead out.
  const context = createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
    // What is put off is never run: at which instant it came would differ between runs.
    microtaskMode: "afterEvaluate",
  });
  const functions = new Script(`(function(){"use strict";${code.bridge}return ${BRIDGE};})()`, {
    filename: "surgefleet-bridge.js",
  }).runInContext(context) as Functions;
  const bridge = detached(functions);
  const realm: Realm = { bridge, place: (stack) => placeIn(code, stack) };
  const module = new Script(
    `(function(define){"use strict";\n${code.script}\ndefine(${EXPORTS}.default);})`,
    {
      filename: SCRIPT,
      lineOffset: -1,
    },
  );
  try {
    module.runInContext(context, { timeout: PATIENCE_MS })(functions.define);
  } catch (error) {
    throw new SurgefleetError("CODE_FAILED", thrown(error, realm, code));
  }
  return realm;
}

/** Each function by itself, called as none of ours, with its result held to what may cross. */
function detached(functions: Functions): Bridge {
  const names = Object.keys(functions) as (keyof Functions)[];
  const entries = names.map((name) => {
    const one = functions[name] as (...given: (number | string)[]) => unknown;
    const call = (...given: (number | string)[]) => {
      let result: unknown;
      try {
        result = one(...given);
      } catch {
        // Out of stack between the realms.
        return FAILED;
      }
      return typeof result === "number" || typeof result === "string" ? result : FAILED;
    };
    return [name, call] as const;
  });
  return Object.fromEntries(entries) as unknown as Bridge;
}

function thrown(error: unknown, realm: Realm, { file }: Code): string {
  const { name, message, stack } = textsOf(error);
  const at = realm.place(stack) ?? file;
  return `${at}: ${name}: ${message}`;
}

/** Of what a module threw; its properties may be code of its own. */
function textsOf(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
} {
  try {
    const { name, message, stack } = error as Error;
    return { name: `${name}`, message: `${message}`, stack: `${stack}` };
  } catch {
    return { name: "Error", message: "its module cannot be read", stack: "" };
  }
}

const FRAME = new RegExp(`${SCRIPT.replace(".", "\\.")}:(\\d+):(\\d+)`);

/** The innermost place of a stack that is in a file of the user's. */
function placeIn({ file, map }: Pick<Code, "file" | "map">, stack: string): string | undefined {
  const sources = new SourceMap(JSON.parse(map));
  for (const frame of stack.split("\n")) {
    const [, line, column] = FRAME.exec(frame) ?? [];
    if (line === undefined) continue;
    const found = sources.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in found)) continue;
    const path = relative(process.cwd(), resolve(folderOf(file), found.originalSource));
    return `${path}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  }
  return undefined;
}
