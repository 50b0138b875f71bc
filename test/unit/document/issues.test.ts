// What a slip of the finger is called in a union of maps, of all unions that the schema of a scenario has.
import { expect, test } from "vitest";
import * as z from "zod";
import { explain } from "../../../src/core/document/issues.js";
import { plainWords } from "../../../src/core/document/plain-words.js";
import { mapping, scalar, type Tree, toPlain } from "../../../src/core/document/tree.js";
import { scenarioFile } from "../../../src/core/scenario/file.js";

const PLACE = { file: "a.yaml", line: 1, column: 1 };

const partsOf = (schema: z.ZodType): readonly unknown[] => {
  const def: Readonly<Record<string, unknown>> = schema.def as never;
  const shape = schema instanceof z.ZodObject ? Object.values(schema.shape) : [];
  return [
    ...shape,
    ...[def["options"] ?? []].flat(),
    ...["innerType", "in", "out", "element", "valueType"].map((key) => def[key]),
  ];
};

/** The unions within a schema, each once. */
function unionsOf(schema: unknown, seen = new Set<unknown>()): z.ZodUnion[] {
  if (!(schema instanceof z.ZodType) || seen.has(schema)) return [];
  seen.add(schema);
  const inside = partsOf(schema).flatMap((part) => unionsOf(part, seen));
  return schema instanceof z.ZodUnion ? [schema, ...inside] : inside;
}

/** The map that a branch of a union takes, where it takes one. */
function mapOf(branch: unknown): z.ZodObject | undefined {
  // One that takes any key is a module of the user's own, which the key alone tells from others.
  if (branch instanceof z.ZodObject) return branch.def.catchall instanceof z.ZodNever ? branch : undefined;
  return branch instanceof z.ZodPipe ? mapOf(branch.def.in) : undefined;
}

const isNeeded = (schema: unknown) => schema instanceof z.ZodType && !schema.safeParse(undefined).success;

/** Each union with the keys by which its maps are told apart: needed by one, and unknown to the others. */
const told = unionsOf(scenarioFile).flatMap((union) => {
  const branches: readonly unknown[] =
    union instanceof z.ZodDiscriminatedUnion ? [union] : union.def.options.map((one) => one as z.ZodType);
  const discriminators = branches.flatMap((one) =>
    one instanceof z.ZodDiscriminatedUnion ? one.def.discriminator : [],
  );
  const shapes = branches.flatMap((one) => mapOf(one)?.shape ?? []);
  const own = shapes.flatMap((shape) =>
    Object.keys(shape).filter((key) => {
      const isOthers = shapes.some((other) => other !== shape && Object.hasOwn(other, key));
      return !isOthers && isNeeded(shape[key]);
    }),
  );
  // With one map alone there is nothing to tell apart.
  const keys = discriminators.length + shapes.length > 1 ? [...discriminators, ...own] : discriminators;
  return [...new Set(keys)].map((key) => [key, union] as const);
});

test("there are unions of both kinds", () => {
  const keys = told.map(([key]) => key);
  expect(keys).toEqual(
    expect.arrayContaining(["spill", "demote", "pause", "nodes", "policy", "workload", "dist"]),
  );
});

const said = (union: z.ZodUnion, key: string) => {
  const root: Tree = mapping(new Map([[key, { key: PLACE, value: scalar("x", PLACE) }]]), PLACE);
  return explain(union.safeParse(toPlain(root), { error: plainWords }).error!, root);
};

test.each(told)("a slip of %s", (key, union) => {
  const slip = `${key.slice(0, -1)}${key.at(-1)}${key.at(-1)}`;
  const issues = said(union, slip).map(({ message, hint }) => `${message}: ${hint}`);
  expect(issues).toContain(`unknown key "${slip}": did you mean "${key}"?`);
  expect(issues.filter((one) => one.includes(`missing key "${key}"`))).toEqual([]);
});
