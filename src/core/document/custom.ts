// Definitions of users' own in a scenario: a map whose key names a module instead of a definition, with options beside
// it that the module says. What the module is, the schema cannot know: the options are checked once it is loaded.
import * as z from "zod";
import type { CustomFacts, CustomModules } from "../custom/code.js";
import { isModuleName } from "../custom/name.js";
import type { CustomOption, CustomOptions } from "../custom/options.js";
import { type Described, type NamedInput, type NamedMap, namedBranches, type Options } from "./definition.js";
import { plainWords } from "./plain-words.js";
import { count, duration, real, share } from "./units.js";
import { choices, quote } from "./words.js";

/** What a branch of a union says of a name that is no module's: another branch was meant. */
export const NO_MODULE = "no module";

const noModule = { error: () => NO_MODULE };
const moduleName = z.string(noModule).refine(isModuleName, noModule).meta({
  pattern: "^((\\.{1,2}/|/).|pkg:[^./]).*",
  description: "A module of your own; docs/own-policy.md.",
});

/** A definition of a user's own, as a parsed scenario has it: what only the module knows is not read yet. */
export interface CustomSpec {
  readonly module: string;
  readonly written: Readonly<Record<string, unknown>>;
}

/** With the options that every definition of its kind has, and told from all others by `key: "custom"`. */
export type CustomOf<Key extends string, Shared extends z.ZodRawShape> = {
  readonly [Discriminator in Key]: "custom";
} & CustomSpec &
  // Of no options at all the parser's type has no keys, not even those here.
  ([keyof Shared] extends [never] ? unknown : Options<Shared>);

/** A map that names a module in `key`, with the options in `shared`, and those of the module, beside it. */
export function customMap<const Key extends string, const Shared extends z.ZodRawShape>(
  key: Key,
  shared: Shared,
) {
  return z.looseObject({ [key]: moduleName, ...shared }).transform((given) => {
    const { [key]: module, ...all } = given as Record<string, unknown>;
    const parts = [{}, {}] as [Record<string, unknown>, Record<string, unknown>];
    for (const [name, value] of Object.entries(all)) parts[Object.hasOwn(shared, name) ? 0 : 1][name] = value;
    const [known, written] = parts;
    return { ...known, [key]: "custom", module, written } as unknown as CustomOf<Key, Shared>;
  });
}

/** The name of a module where nothing else is to say. */
export function customName<const Key extends string, const Shared extends z.ZodRawShape>(
  key: Key,
  shared: Shared,
) {
  const map = customMap(key, shared);
  return moduleName.transform((module) => map.parse({ [key]: module }));
}

/**
 * As `nameOrMap`, or a module of the user's own in place of the name. `shared`: options that all of them have. What the
 * compiler takes for input has no modules: a scenario that is an object in a program has no file to find them by.
 */
export function nameMapOrModule<
  const Key extends string,
  const All extends readonly [Described, ...Described[]],
  const Shared extends z.ZodRawShape,
>(
  key: Key,
  definitions: All,
  shared: Shared,
): z.ZodType<NamedMap<Key, All> | CustomOf<Key, Shared>, NamedInput<Key, All>> {
  const { branches, error } = namedBranches(key, definitions);
  return z.union([...branches, customName(key, shared), customMap(key, shared)], { error }) as never;
}

function schemaOf({ kind, from, to, of = [] }: CustomOption): z.ZodType {
  const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  switch (kind) {
    case "count":
      return count(from ?? 0, to ?? 1e9);
    case "real":
      return real(bounds);
    case "share":
      return share(bounds);
    case "duration":
      return duration(bounds);
    case "choice":
      return z.enum(of as [string, ...string[]]);
    case "flag":
      return z.boolean();
  }
}

const KINDS: readonly string[] = [
  "count",
  "real",
  "share",
  "duration",
  "choice",
  "flag",
] satisfies CustomOption["kind"][];

/** What is wrong with what a module says of itself, which may be anything; undefined for nothing. */
export function problemOfFacts({ options }: CustomFacts): string | undefined {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    return "its options are no map of what `options` makes";
  for (const [name, option] of Object.entries(options)) {
    if (!/^[a-z][A-Za-z0-9]{0,63}$/.test(name))
      return `option ${quote(name)}: a name is letters and digits, the first small`;
    if (!KINDS.includes(option?.kind))
      return `option ${name}: write options.count({ ... }) or another of \`options\``;
    if (typeof option.text !== "string" || option.text === "")
      return `option ${name}: its \`text\` says what it does`;
    const problem = problemOfBounds(option);
    if (problem !== undefined) return `option ${name}: ${problem}`;
    const { error } = schemaOf(option).safeParse(option.default, { error: plainWords });
    if (error !== undefined) return `option ${name}: its default: ${error.issues[0]!.message}`;
  }
  return undefined;
}

function problemOfBounds({ kind, from, to, of }: CustomOption): string | undefined {
  for (const bound of [from, to])
    if (bound !== undefined && !Number.isFinite(bound)) return "`from` and `to` are numbers";
  if (from !== undefined && to !== undefined && from > to) return "its `from` is more than its `to`";
  const isChoice = Array.isArray(of) && of.length > 0 && of.every((word) => typeof word === "string");
  return kind === "choice" && !isChoice ? "a choice is among texts, at least one" : undefined;
}

/** The options of a module as a shape, each with its default and text. */
export function shapeOf(options: CustomOptions): z.ZodRawShape {
  const entries = Object.entries(options).map(([name, option]) => {
    const schema = (schemaOf(option) as z.ZodType<unknown, unknown>).prefault(option.default as never);
    return [name, schema.describe(option.text)] as const;
  });
  return Object.fromEntries(entries);
}

/** What is wrong with values for a module's own options; undefined for nothing. */
export function problemOfOptions(
  options: CustomOptions,
  written: Readonly<Record<string, unknown>>,
): string | undefined {
  const { error } = z.strictObject(shapeOf(options)).safeParse(written, { error: plainWords });
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return undefined;
  if (issue.code !== "unrecognized_keys") return `${issue.path.join(".")}: ${issue.message}`;
  const known = Object.keys(options);
  const [name = ""] = issue.keys;
  return `${name}: there is no such option; ${known.length === 0 ? "it has none" : `it has ${choices(known)}`}`;
}

/** The module's own options, with units read and defaults filled in. Only what was checked is parsed. */
export function optionsOf({ module, written }: CustomSpec, modules: CustomModules): Record<string, unknown> {
  return z.strictObject(shapeOf(modules[module]!.options)).parse(written);
}
