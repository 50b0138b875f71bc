// What a schema asks of the value at a path, through maps, lists, unions and what wraps them. Knows no key.
import * as z from "zod";

/** The schemas of what may stand at a path: several where maps of several forms have the key, none for unknown keys. */
export function schemasAt(schema: z.core.$ZodType, path: readonly string[]): z.core.$ZodType[] {
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  return insides(schema).flatMap((inside) => {
    const next = childOf(inside, key);
    return next === undefined ? [] : schemasAt(next, rest);
  });
}

/** Whether a value may stand at a path, as far as the value itself tells. */
export function accepts(schema: z.core.$ZodType, path: readonly string[], value: unknown): boolean {
  return schemasAt(schema, path).some((one) => z.safeParse(one, value).success);
}

function childOf(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** A schema without what wraps it, form by form. */
function insides(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(insides);
  if (schema instanceof z.ZodPipe) return insides(schema.in);
  const isWrapped =
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional;
  return isWrapped ? insides(schema.unwrap()) : [schema];
}
