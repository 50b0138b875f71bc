// The options of several definitions in one map, for a part of a scenario that may name more than one of them. Knows
// nothing about what the definitions make.
import type * as z from "zod";

interface WithOptions {
  readonly name: string;
  readonly options: z.ZodRawShape;
}

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The keys of all definitions. What two of them call alike has to be of one kind. */
export type AnyShape<All extends readonly WithOptions[]> = Intersection<All[number]["options"]>;

/** By option, the names of the definitions that have it, and what each says of it. */
function owners(definitions: readonly WithOptions[]): Map<string, Map<string, string[]>> {
  const found = new Map<string, Map<string, string[]>>();
  for (const { name, options } of definitions) {
    for (const [key, schema] of Object.entries(options)) {
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
    for (const [key, schema] of Object.entries(options)) {
      if (key in shape) continue;
      const parts = [...texts.get(key)!].map(([text, names]) => `${names.join(", ")}: ${text}`);
      shape[key] = (schema as z.ZodType).describe(parts.join(" "));
    }
  }
  return shape as AnyShape<All>;
}

/** The names of the definitions that have an option of this name. */
export function ownersOf(definitions: readonly WithOptions[], key: string): string[] {
  return definitions.filter(({ options }) => key in options).map(({ name }) => name);
}
