// The script that is run first in every realm: closes it, takes the definition of the user's module, and stands between
// that and the host. Numbers, texts and truth values alone go either way; an error stays here, and is told as text.
import {
  type Bridge,
  CUSTOM_KINDS,
  type CustomKind,
  FAILED,
  type Failure,
  Has,
} from "../core/custom/code.js";
import type { CustomOptions } from "../core/custom/options.js";
import type { PolicyPath } from "../core/custom/policy.js";
import { AutoscalerInRealm } from "./autoscaler.js";
import { Chance } from "./chance.js";
import { shown } from "./checks.js";
import { ClientInRealm } from "./client.js";
import { closeRealm } from "./closed.js";
import { LimitInRealm } from "./limit.js";
import { PolicyInRealm } from "./policy.js";
import { QueueRuleInRealm } from "./queue-rule.js";

interface Definition {
  readonly kind: CustomKind;
  readonly summary: string;
  readonly options?: CustomOptions;
  readonly ordersByPriority?: boolean;
  create(options: object, context: object): unknown;
}

/** What the host says of where the thing is used. */
type Around = { readonly paths?: readonly PolicyPath[] } & Readonly<Record<string, unknown>>;

closeRealm();

const { parse, stringify } = JSON;
const chance = new Chance();
/** What a definition makes, by its kind: one of these is made in a realm. */
let definition: Definition | undefined;
let policy: PolicyInRealm;
let limit: LimitInRealm;
let queueRule: QueueRuleInRealm;
let autoscaler: AutoscalerInRealm;
let client: ClientInRealm;
let failed: Failure = { of: "", message: "", stack: "" };

/** Takes what `create` returned, and says what it has. */
const TAKEN: Readonly<
  Record<CustomKind, (made: unknown, paths: readonly PolicyPath[]) => { readonly has: number }>
> = {
  policy: (made, paths) => {
    policy = new PolicyInRealm(made, paths);
    return policy;
  },
  limit: (made, paths) => {
    limit = new LimitInRealm(made, paths);
    return limit;
  },
  queueRule: (made, paths) => {
    queueRule = new QueueRuleInRealm(made, paths);
    return queueRule;
  },
  autoscaler: (made) => {
    autoscaler = new AutoscalerInRealm(made);
    return autoscaler;
  },
  client: (made) => {
    client = new ClientInRealm(made, chance.draw);
    return client;
  },
};

/** Throws a TypeError for what is no definition. */
function checked(given: unknown): Definition {
  const kinds = CUSTOM_KINDS.map((kind) => `define${kind[0]!.toUpperCase()}${kind.slice(1)}`).join(", ");
  const meant = `it exports, as default, what one of ${kinds} returns`;
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
  const { kind, create } = definition!;
  // JSON has no infinity, and nothing else of a context is null.
  const infinite = (_: string, value: unknown) => (value === null ? Number.POSITIVE_INFINITY : value);
  const around = parse(contextJson, infinite) as Around;
  const paths = Object.freeze((around.paths ?? []).map((path) => Object.freeze(path)));
  let isChanceAsked = false;
  const context = Object.freeze({
    ...around,
    paths,
    get chance() {
      isChanceAsked = true;
      return chance.draw;
    },
  });
  const { has } = TAKEN[kind](create.call(definition, Object.freeze(parse(optionsJson)), context), paths);
  return has | (isChanceAsked ? Has.chance : 0);
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
  const { kind, summary, options = {}, ordersByPriority } = definition;
  return stringify({ kind, summary, options, ordersByPriority: ordersByPriority === true });
};
export const failure: Bridge["failure"] = () => stringify(failed);
export const create: Bridge["create"] = (...given) => guarded("create", () => created(...given));
export const reseed: Bridge["reseed"] = (uniform) => {
  chance.reseed(uniform);
  return 0;
};
export const queuedOf: Bridge["queuedOf"] = (rank, count) => policy.queuedOf(rank, count);
export const decide: Bridge["decide"] = (...given) => guarded("decide", () => policy.decide(...given));
export const mayStart: Bridge["mayStart"] = (...given) =>
  guarded("mayStart", () => policy.mayStart(...given));
export const dropsHead: Bridge["dropsHead"] = (...given) =>
  guarded("dropsHead", () => policy.dropsHead(...given));
export const started: Bridge["started"] = (...given) => guarded("started", () => policy.started(...given));
export const settle: Bridge["settle"] = (...given) => guarded("settle", () => policy.settle(...given));
export const most: Bridge["most"] = () => guarded("most", () => limit.most());
export const firstToken: Bridge["firstToken"] = (...given) =>
  guarded("firstToken", () => limit.firstToken(...given));
export const left: Bridge["left"] = (...given) => guarded("left", () => limit.left(...given));
export const mayEnter: Bridge["mayEnter"] = (...given) => guarded("mayEnter", () => limit.mayEnter(...given));
export const entered: Bridge["entered"] = (...given) => guarded("entered", () => limit.entered(...given));
export const score: Bridge["score"] = (...given) => guarded("score", () => queueRule.score(...given));
export const isLate: Bridge["isLate"] = (...given) => guarded("isLate", () => queueRule.isLate(...given));
export const ruleStarted: Bridge["ruleStarted"] = (...given) =>
  guarded("started", () => queueRule.ruleStarted(...given));
export const settled: Bridge["settled"] = (...given) => guarded("settled", () => queueRule.settled(...given));
export const recommend: Bridge["recommend"] = (...given) =>
  guarded("recommend", () => autoscaler.recommend(...given));
export const retryIn: Bridge["retryIn"] = (...given) => guarded("retryIn", () => client.retryIn(...given));
