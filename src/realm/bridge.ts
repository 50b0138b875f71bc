// The script that is run first in every realm: closes it, takes the definition of the user's module, and stands between
// that and the host. Numbers, texts and truth values alone go either way; an error stays here, and is told as text.
import { type Bridge, CUSTOM_KINDS, FAILED, type Failure, Has } from "../core/custom/code.js";
import type { PolicyContext, PolicyModule } from "../core/custom/policy.js";
import { Chance } from "./chance.js";
import { shown } from "./checks.js";
import { closeRealm } from "./closed.js";
import { PolicyInRealm } from "./policy.js";

type Definition = PolicyModule<Record<never, never>>;

closeRealm();

const { parse, stringify } = JSON;
const chance = new Chance();
let definition: Definition | undefined;
let policy: PolicyInRealm | undefined;
let failed: Failure = { of: "", message: "", stack: "" };

/** Throws a TypeError for what is no definition. */
function checked(given: unknown): Definition {
  const kinds = CUSTOM_KINDS.map((kind) => `define${kind[0]!.toUpperCase()}${kind.slice(1)}`).join(", ");
  const meant = `it exports, as default, what ${kinds} returns`;
  if (typeof given !== "object" || given === null)
    throw new TypeError(`the module exports ${given === undefined ? "no default" : shown(given)}; ${meant}`);
  const { kind, summary, options = {}, create } = given as Partial<Definition>;
  if (kind === undefined || !CUSTOM_KINDS.includes(kind))
    throw new TypeError(`its kind is ${shown(kind)}; ${meant}`);
  if (typeof summary !== "string" || summary === "")
    throw new TypeError(`summary is ${shown(summary)}; it says in a sentence what this does`);
  if (typeof create !== "function") throw new TypeError(`create is ${shown(create)}; it is a method`);
  if (typeof options !== "object" || options === null)
    throw new TypeError(`options is ${shown(options)}; it is a map of what \`options\` makes`);
  return given as Definition;
}

function failedWith(of: string, error: unknown): number {
  const told = { of, message: shown(error), stack: "" };
  try {
    if (error instanceof Error) {
      told.message = `${error.name}: ${error.message}`;
      told.stack = `${error.stack}`;
    }
  } catch {
    // What was thrown does not even say what it is.
  }
  failed = told;
  return FAILED;
}

/** Runs user code: what it throws becomes FAILED. */
function guarded(of: string, run: () => number): number {
  try {
    return run();
  } catch (error) {
    return failedWith(of, error);
  }
}

function created(optionsJson: string, contextJson: string): number {
  const { paths } = parse(contextJson) as PolicyContext;
  const frozen = Object.freeze(paths.map((path) => Object.freeze(path)));
  let isChanceAsked = false;
  const context: PolicyContext = Object.freeze({
    paths: frozen,
    get chance() {
      isChanceAsked = true;
      return chance.draw;
    },
  });
  policy = new PolicyInRealm(definition!.create(Object.freeze(parse(optionsJson)), context), context);
  return policy.has | (isChanceAsked ? Has.chance : 0);
}

/** Takes what the module exports; the host hands this to the module's own script. */
export const define = (given: unknown): void => {
  guarded("its module", () => {
    definition = checked(given);
    return 0;
  });
};

export const describe: Bridge["describe"] = () => {
  if (definition === undefined) return "";
  const { kind, summary, options = {} } = definition;
  return stringify({ kind, summary, options });
};
export const failure: Bridge["failure"] = () => stringify(failed);
export const create: Bridge["create"] = (...given) => guarded("create", () => created(...given));
export const reseed: Bridge["reseed"] = (uniform) => {
  chance.reseed(uniform);
  return 0;
};
export const queuedOf: Bridge["queuedOf"] = (rank, count) => policy!.queuedOf(rank, count);
export const decide: Bridge["decide"] = (...given) => guarded("decide", () => policy!.decide(...given));
export const mayStart: Bridge["mayStart"] = (...given) =>
  guarded("mayStart", () => policy!.mayStart(...given));
export const dropsHead: Bridge["dropsHead"] = (...given) =>
  guarded("dropsHead", () => policy!.dropsHead(...given));
export const started: Bridge["started"] = (...given) => guarded("started", () => policy!.started(...given));
export const settle: Bridge["settle"] = (...given) => guarded("settle", () => policy!.settle(...given));
