// Sides of a comparison that are named: admission policies, concurrency limits or queue rules that stand in place of
// what the scenario says, one after the other. Each has its defaults, and keeps what the scenario says of options that
// both have. Which there are is the business of their registries.
import type * as z from "zod";
import { SurgefleetError } from "../../../core/index.js";
import { definitionOf, LIMITS, POLICIES, QUEUE_RULES, suggest } from "../../../core/internal.js";
import { by } from "../../flags/values.js";

interface Described {
  readonly name: string;
  readonly options: Readonly<Record<string, z.ZodType>>;
}

interface Kind {
  /** As messages call one of them. */
  readonly word: string;
  /** The key of a pool that says which, and the key in there that names it. */
  readonly at: string;
  readonly key: string;
  readonly definitions: readonly Described[];
  /** Before its name where sides are listed. */
  readonly before: string;
}

/** By the flag that names them. */
const KINDS = {
  policies: { word: "admission policy", at: "admission", key: "policy", definitions: POLICIES, before: "" },
  limits: {
    word: "concurrency limit",
    at: "concurrency",
    key: "limit",
    definitions: LIMITS,
    before: "limit ",
  },
  rules: { word: "queue rule", at: "discipline", key: "rule", definitions: QUEUE_RULES, before: "rule " },
} as const satisfies Readonly<Record<string, Kind>>;

export type ChoiceFlag = keyof typeof KINDS;

/** In the order in which their sides stand. */
export const CHOICE_FLAGS = Object.keys(KINDS) as ChoiceFlag[];

/** One that is named, with options as they are written: `saturation;queueDepth=8`. */
export interface Choice {
  readonly flag: ChoiceFlag;
  readonly text: string;
  readonly name: string;
  readonly options: readonly string[];
}

/** A module of one's own, which no registry knows. */
const isModule = (name: string) => /^\.{0,2}\//.test(name);

/** Reads a list of names with options; may be given again. Refuses names that are not there, and those there twice. */
export function choicesOf(flag: ChoiceFlag) {
  return (text: string, previous: readonly Choice[] = []): readonly Choice[] => {
    const all = [
      ...previous,
      ...by((list) => splitOutside(list, ",").map((one) => readChoice(flag, one)))(text),
    ];
    const twice = all.find((one, place) => all.findIndex((other) => other.text === one.text) < place);
    return twice === undefined ? all : by(() => refuse(`"${twice.text}" is there twice`))(text);
  };
}

function readChoice(flag: ChoiceFlag, text: string): Choice {
  const { word, definitions } = KINDS[flag];
  const [name = "", ...options] = splitOutside(text, ";");
  if (name === "") refuse(`a name of ${article(word)} is missing`);
  if (!isModule(name)) definitionOf(definitions, name, word);
  const odd = options.find((option) => !/^[^=\s]+\s*=/.test(option));
  if (odd !== undefined) refuse(`"${odd}" in "${text}" is no option: write key=value`);
  return { flag, text: [name, ...options].join(";"), name, options };
}

const article = (word: string) => `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;

function refuse(message: string): never {
  throw new SurgefleetError("USAGE", message);
}

/** At marks that stand in no brackets. */
function splitOutside(text: string, mark: string): string[] {
  let depth = 0;
  const parts = [""];
  for (const letter of text) {
    if (letter === "[" || letter === "{") depth++;
    if (letter === "]" || letter === "}") depth--;
    if (letter === mark && depth <= 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}

/** As tables have it. */
export function sideName({ flag, text }: Choice): string {
  return `${KINDS[flag].before}${text}`;
}

/**
 * What of a scenario is changed for it, as `path=value`: in all pools, or in one. `document` is the scenario as it is
 * written, after extends and overrides. Throws USAGE for a pool that it does not have.
 */
export function choiceOverrides(choice: Choice, document: unknown, pool: string | undefined): string[] {
  const { pools = {} } = document as { readonly pools?: Readonly<Record<string, object>> };
  const names = Object.keys(pools);
  if (pool !== undefined && !names.includes(pool)) {
    refuse(`--pool ${pool}: the scenario has no such pool; ${suggest(pool, names) ?? ""}`);
  }
  const { at, key } = KINDS[choice.flag];
  return (pool === undefined ? names : [pool]).flatMap((one) => {
    const written = (pools[one] as Readonly<Record<string, unknown>>)[at];
    const chosen = { [key]: choice.name, ...keptOptions(choice, written) };
    const path = `pools.${one}.${at}`;
    return [`${path}=${JSON.stringify(chosen)}`, ...choice.options.map((option) => `${path}.${option}`)];
  });
}

/**
 * Options as the scenario writes them that mean the same in both: all of the same definition, and of another one
 * those that the two have from one place, as policies have the bounds of their queue.
 */
function keptOptions({ flag, name }: Choice, written: unknown): Readonly<Record<string, unknown>> {
  const { key, definitions }: Kind = KINDS[flag];
  if (typeof written !== "object" || written === null) return {};
  const { [key]: ownName, ...options } = written as Readonly<Record<string, unknown>>;
  if (ownName === name) return options;
  const [own, other] = [ownName, name].map((wanted) => definitions.find((one) => one.name === wanted));
  return Object.fromEntries(
    Object.entries(options).filter(
      ([option]) => own?.options[option] !== undefined && own.options[option] === other?.options[option],
    ),
  );
}
