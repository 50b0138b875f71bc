// The options of several definitions in one map, for a part of a scenario that may name more than one of them. Defaults
// are not filled in there, since each definition has its own: they are when something is made of the definition. Knows
// nothing about what definitions make.
import * as z from "zod";
import { assert } from "../base/assert.js";
import { written } from "./written.js";

interface WithOptions {
  readonly name: string;
  readonly options: z.ZodRawShape;
}

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** Options of which none is required, and none there that was not given. */
export type Bare<Shape> = {
  [Key in keyof Shape]: Shape[Key] extends z.ZodPrefault<infer Inner extends z.ZodType>
    ? z.ZodExactOptional<Inner>
    : Extract<Shape[Key], z.core.$ZodType>;
};

/** The keys of all definitions. What two of them call alike has to be of one kind. */
export type AnyShape<All extends readonly WithOptions[]> = Intersection<Bare<All[number]["options"]>>;

/** The options without their defaults, of which their texts tell instead. */
export function withoutDefaults<Shape extends z.ZodRawShape>(shape: Shape): Bare<Shape> {
  const entries = Object.entries(shape).map(([key, schema]) => {
    if (!(schema instanceof z.ZodPrefault)) return [key, schema] as const;
    const text = (schema.description ?? "").replace(/\.$/, "");
    const bare = (schema.unwrap() as z.ZodType).exactOptional();
    return [key, bare.describe(`${text}; default ${written(schema.def.defaultValue)}.`)] as const;
  });
  return Object.fromEntries(entries) as Bare<Shape>;
}

/** What is given of these options and no others, with the defaults of what is not. */
export function withDefaults(
  shape: z.ZodRawShape,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = Object.entries(shape).flatMap(([key, schema]) => {
    if (given[key] !== undefined) return [[key, given[key]] as const];
    return schema instanceof z.ZodPrefault ? [[key, schema.parse(undefined)] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** By option, the names of the definitions that have it, and what each says of it. */
function owners(definitions: readonly WithOptions[]): Map<string, Map<string, string[]>> {
  const found = new Map<string, Map<string, string[]>>();
  for (const { name, options } of definitions) {
    for (const [key, schema] of Object.entries(withoutDefaults(options))) {
      const text = (schema as z.ZodType).description ?? "";
      const texts = found.get(key) ?? new Map<string, string[]>();
      texts.set(text, [...(texts.get(text) ?? []), name]);
      found.set(key, texts);
    }
  }
  return found;
}

/** All options as keys of one map, none of them required; the text of each says whose it is. */
export function anyOptions<const All extends readonly WithOptions[]>(definitions: All): AnyShape<All> {
  const shape: Record<string, z.ZodType> = {};
  const texts = owners(definitions);
  for (const { options } of definitions) {
    for (const [key, schema] of Object.entries(withoutDefaults(options))) {
      if (key in shape) continue;
      const parts = [...texts.get(key)!].map(([text, names]) => `${names.join(", ")}: ${text}`);
      shape[key] = (schema as z.ZodType).describe(parts.join(" "));
    }
  }
  return shape as AnyShape<All>;
}

/** Several shapes in one. A key in two of them would be the last one's alone, so that is an error. */
export function disjoint<const Shapes extends readonly z.ZodRawShape[]>(
  ...shapes: Shapes
): Intersection<Shapes[number]> {
  const keys = shapes.flatMap((shape) => Object.keys(shape));
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  assert(twice.length === 0, `one key, one option: ${twice.join(", ")}`);
  return Object.assign({}, ...shapes) as Intersection<Shapes[number]>;
}

/** The names of the definitions that have an option of this name. */
export function ownersOf(definitions: readonly WithOptions[], key: string): string[] {
  return definitions.filter(({ options }) => key in options).map(({ name }) => name);
}
