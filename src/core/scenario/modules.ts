// Modules of users' own that a scenario names instead of definitions of the program: finds where, has them loaded if
// that is allowed, and checks what is written beside each name by the options that the module says it has.
import * as z from "zod";
import type { Issue } from "../base/errors.js";
import {
  type CustomCode,
  type CustomKind,
  type CustomModules,
  KIND_NAMES,
  type LoadCode,
} from "../custom/code.js";
import { isModuleName } from "../custom/name.js";
import { shapeOf } from "../document/custom.js";
import { explain } from "../document/issues.js";
import { plainWords } from "../document/plain-words.js";
import { isMap, maps, type Raw } from "../document/raw.js";
import { issueAt, type Path, placeOf, type Tree } from "../document/tree.js";
import { share } from "../document/units.js";
import { CUSTOM_KNOBS } from "../server/fleet/control/autoscalers/registry.js";
import { boundedQueue } from "../server/gateway/policies/tail-drop.js";
import { CUSTOM_CLIENT } from "./clients.js";

/** A place of a scenario that names a module. */
interface Use {
  readonly kind: CustomKind;
  readonly module: string;
  /** Of the part, and of the name in it. */
  readonly at: Path;
  readonly nameAt: Path;
  /** What is written beside the name. */
  readonly written: Raw;
  /** Options that every definition of the kind has. */
  readonly shared: z.ZodRawShape;
}

/** The part of a pool that names a definition, by itself or with options. */
function useIn(part: unknown, at: Path, kind: CustomKind, shared: z.ZodRawShape): Use[] {
  const key = KEYS[kind];
  if (isModuleName(part)) return [{ kind, module: part, at, nameAt: at, written: {}, shared }];
  if (!isMap(part)) return [];
  const { [key]: module, ...written } = part;
  return isModuleName(module) ? [{ kind, module, at, nameAt: [...at, key], written, shared }] : [];
}

function usesIn(document: Raw): Use[] {
  const pools = maps(document["pools"]).flatMap(
    ([pool, { admission, concurrency, discipline, autoscaler }]) => {
      const at = ["pools", pool];
      return [
        // A policy has no name by itself: it is always a map.
        ...(isMap(admission) ? useIn(admission, [...at, "admission"], "policy", boundedQueue) : []),
        ...useIn(concurrency, [...at, "concurrency"], "limit", {}),
        ...useIn(discipline, [...at, "discipline"], "queueRule", {}),
        ...useIn(autoscaler, [...at, "autoscaler"], "autoscaler", CUSTOM_KNOBS),
      ];
    },
  );
  const clients = maps(document["traffic"]).flatMap(([source, { client }]) => {
    const at = ["traffic", source, "client"];
    const shared = { share: share().optional(), ...CUSTOM_CLIENT };
    if (!Array.isArray(client)) return useIn(client, at, "client", CUSTOM_CLIENT);
    return client.flatMap((one, index) => (isMap(one) ? useIn(one, [...at, index], "client", shared) : []));
  });
  return [...pools, ...clients];
}

/** The key that names a definition, beside which its options stand. */
const KEYS: Readonly<Record<CustomKind, string>> = {
  policy: "policy",
  limit: "limit",
  queueRule: "rule",
  autoscaler: "algorithm",
  client: "preset",
};

const NOT_ALLOWED = "is code, which is run only where that is allowed";

export interface Modules {
  /** Undefined where there are none. */
  readonly modules: CustomModules | undefined;
  readonly issues: readonly Issue[];
}

/** Loads every module that a document names, each once. Without `load` none may be named. */
export function loadModules(tree: Tree, document: Raw, load: LoadCode | undefined): Modules {
  const issues: Issue[] = [];
  const loaded = new Map<string, CustomCode>();
  const froms = new Map<string, string>();
  for (const use of usesIn(document)) {
    const { module, nameAt } = use;
    const place = placeOf(tree, nameAt);
    const report = (message: string, hint?: string) => issues.push(issueAt(place, nameAt, message, hint));
    if (load === undefined) {
      report(`${module} ${NOT_ALLOWED}`, "--allow-code");
      continue;
    }
    // What a flag names begins at the working directory.
    const from = place.line === 0 ? "" : place.file;
    if ((froms.get(module) ?? from) !== from) {
      report(`${module} is named by another file, too: write full paths`);
      continue;
    }
    const code = loaded.get(module);
    if (code === undefined && !froms.has(module)) {
      const answer = load(module, from);
      if (answer.ok) loaded.set(module, answer.code);
      else
        for (const one of answer.issues)
          issues.push(one.file === "" ? issueAt(place, nameAt, one.message) : one);
    }
    froms.set(module, from);
    checkUse(use, loaded.get(module), tree, issues);
  }
  return { modules: loaded.size === 0 ? undefined : Object.fromEntries(loaded), issues };
}

const aKind = (kind: CustomKind) => `${kind === "autoscaler" ? "an" : "a"} ${KIND_NAMES[kind]}`;

function checkUse(
  { kind, module, at, nameAt, written, shared }: Use,
  code: CustomCode | undefined,
  tree: Tree,
  issues: Issue[],
): void {
  if (code === undefined) return;
  if (code.kind !== kind) {
    const message = `${module} is ${aKind(code.kind)}, not ${aKind(kind)}`;
    issues.push(issueAt(placeOf(tree, nameAt), nameAt, message));
    return;
  }
  // The key that names the module cannot be an option as well.
  const taken: Raw = { ...shared, [KEYS[kind]]: undefined };
  const clash = Object.keys(code.options).find((option) => Object.hasOwn(taken, option));
  if (clash !== undefined) {
    const message = `${module} has an option ${clash}, which every one of its kind has already`;
    issues.push(issueAt(placeOf(tree, nameAt), nameAt, message));
    return;
  }
  const schema = z.strictObject({ ...shared, ...shapeOf(code.options) });
  const { error } = schema.safeParse(written, { error: plainWords });
  if (error !== undefined) issues.push(...explain(error, tree, at));
}
