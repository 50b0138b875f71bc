// A definition: one thing that a scenario may name, with its summary, its options and what is made of them, all in one
// place. From a list of definitions come the schema, the names, the registry and the documentation, so that none of
// them can list anything else. Knows nothing about policies, clients or profiles.
import * as z from "zod";
import { assert } from "../base/assert.js";
import { SurgefleetError } from "../base/errors.js";
import { suggest } from "../base/nearest.js";
import type { Raw, Report } from "./raw.js";
import type { Path } from "./tree.js";
import { choices, expected, quote } from "./words.js";

/** Options as parsed: units read, defaults filled in. */
export type Options<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape, z.core.$strict>>;

/** Where a default comes from: read in the source itself, seen quoted, from memory, or our own choice. */
export type Origin = "read" | "excerpted" | "memory" | "ours";

/** A text that a definition goes by, with the version looked at, and when that was: year and month, or a day. */
export interface DatedSource {
  readonly text: string;
  readonly date: string;
}

/** Where a definition and its defaults come from, for those who ask whether to trust them. */
export interface Sourced<Option extends string = string> {
  readonly sources?: readonly DatedSource[];
  /**
   * By option, where its default comes from; for one that may be left out, what it then is. That of the provider has an
   * origin there.
   */
  readonly defaults?: { readonly [Key in Option]?: Origin | "provider" };
}

/** @typeParam Context what a default depends on, as paths are to a pool */
export interface Definition<Name extends string, Shape extends z.ZodRawShape, Context, Made>
  extends Sourced<keyof NoInfer<Shape> & string> {
  readonly name: Name;
  /** What it does, in one sentence: the text beside its name in the documentation. */
  readonly summary: string;
  /** Its keys in a scenario, each with its default and its text. */
  readonly options: Shape;
  /** What its options must be together. */
  refine?(options: Options<Shape>, context: z.core.$RefinementCtx): void;
  create(options: Options<Shape>, context: Context): Made;
}

/**
 * A definition whose options may name something of the scenario. Definitions of other kinds have no check, since they
 * are given nothing to compare with.
 *
 * @typeParam Around what options may name, as the scenario writes it
 */
export interface Checked<Around> {
  /** Whether what the options name is there. Sees the part as it is written, malformed or not. */
  check?(part: Raw, at: Path, around: Around, report: Report): void;
}

interface Named {
  readonly name: string;
}

/** What all definitions have in common, whatever they make. */
export interface Described extends Named {
  readonly summary: string;
  readonly options: z.ZodRawShape;
  refine?(options: never, context: z.core.$RefinementCtx): void;
}

type NoKeys = Readonly<Record<never, never>>;

type Form<Key extends string, Given extends Described, Shared extends z.ZodRawShape> = z.ZodObject<
  Shared & { readonly [Discriminator in Key]: z.ZodLiteral<Given["name"]> } & Given["options"],
  z.core.$strict
>;

// Over a type parameter, so that a tuple stays one.
type Forms<Key extends string, All extends readonly Described[], Shared extends z.ZodRawShape> = {
  readonly [Index in keyof All]: Form<Key, All[Index], Shared>;
};

function form(
  key: string,
  { name, summary, options, refine }: Described,
  shared: z.ZodRawShape,
): z.ZodObject {
  const clash = Object.keys(options).filter((one) => one === key || one in shared);
  assert(clash.length === 0, `${name} has an option of a key that is taken: ${clash.join(", ")}`);
  const object = z.strictObject({ ...shared, [key]: z.literal(name).describe(summary), ...options });
  return refine === undefined ? object : object.superRefine(refine as (options: object) => void);
}

/** Maps told apart by the key that names a definition, each with its options, and `shared` ones before that key. */
export function oneOf<
  const Key extends string,
  const All extends readonly [Described, ...Described[]],
  const Shared extends z.ZodRawShape = NoKeys,
>(key: Key, definitions: All, shared?: Shared): z.ZodDiscriminatedUnion<Forms<Key, All, Shared>, Key> {
  const forms = definitions.map((definition) => form(key, definition, shared ?? {}));
  return z.discriminatedUnion(key, forms as [z.ZodObject]) as never;
}

/** Checks a part, as it is written, by the definition that it names in `key`; what names none is the schema's. */
export function checkNamed<Around>(
  definitions: readonly (Named & Checked<Around>)[],
  key: string,
  part: Raw,
  at: Path,
  around: Around,
  report: Report,
): void {
  const named = definitions.find(({ name }) => name === part[key]);
  named?.check?.(part, at, around, report);
}

/** The names of definitions, in their order. */
export function namesOf<const All extends readonly [Named, ...Named[]]>(
  definitions: All,
): { readonly [Index in keyof All]: All[Index]["name"] } {
  return definitions.map(({ name }) => name) as never;
}

/** The name of a definition, and nothing else. */
export function nameOf<const All extends readonly [Named, ...Named[]]>(
  definitions: All,
): z.ZodEnum<{ readonly [Name in All[number]["name"]]: Name }> {
  return z.enum(namesOf(definitions)) as never;
}

/**
 * A name where nothing else is to say, or a map with the name in `key` and options beside it. Parses to the map either
 * way, with the defaults of what was left out: every option has one.
 */
export function nameOrMap<const Key extends string, const All extends readonly [Described, ...Described[]]>(
  key: Key,
  definitions: All,
): z.ZodType<NamedMap<Key, All>, NamedInput<Key, All>> {
  const { branches, error } = namedBranches(key, definitions);
  return z.union(branches, { error }) as never;
}

export type NamedMap<Key extends string, All extends readonly Described[]> = z.output<
  Forms<Key, All, NoKeys>[number]
>;
export type NamedInput<Key extends string, All extends readonly Described[]> =
  | All[number]["name"]
  | z.input<Forms<Key, All, NoKeys>[number]>;

/** The branches of a union by name or by map, and what is said where neither was meant. */
export function namedBranches(key: string, definitions: readonly [Described, ...Described[]]) {
  // Told apart by the key, so that a bad option is told as that: of maps in a row none would be the one that was meant.
  const map = oneOf(key, definitions);
  const name = nameOf(definitions).transform((given) => map.parse({ [key]: given }));
  const names = namesOf(definitions).map((one) => quote(one));
  const withOptions = definitions.find(({ options }) => Object.keys(options).length > 0);
  const all =
    withOptions === undefined ? choices(names) : `${names.join(", ")}, or ${example(key, withOptions)}`;
  return { branches: [name, map] as [z.ZodType, z.ZodType], error: expected(all) };
}

/** A map as a scenario may write it: with the first of the options at its default. */
function example(key: string, { name, options }: Described): string {
  const [option, schema] = Object.entries(options)[0]!;
  const written = schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : "...";
  return `{${key}: ${name}, ${option}: ${written}}`;
}

/** The definition of a name. Throws NOT_FOUND where there is none; `kind` says of what. */
export function definitionOf<const All extends readonly Named[]>(
  definitions: All,
  name: string,
  kind: string,
): All[number] {
  const found = definitions.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    name,
    definitions.map((one) => one.name),
    kind,
  );
}

/** What is thrown where nothing of a kind has the name: NOT_FOUND with what was probably meant, or with all names. */
export function unknownName(name: string, known: readonly string[], kind: string): SurgefleetError {
  const hint = suggest(name, known) ?? `there is ${choices(known)}`;
  return new SurgefleetError("NOT_FOUND", `no ${kind} is named ${quote(name)}; ${hint}`);
}
