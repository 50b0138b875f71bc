import { expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import {
  type Checked,
  checkNamed,
  type Definition,
  definitionOf,
  nameOf,
  nameOrMap,
  namesOf,
  oneOf,
} from "../../../src/core/document/definition.js";
import { explain } from "../../../src/core/document/issues.js";
import { plainWords } from "../../../src/core/document/plain-words.js";
import { toPlain } from "../../../src/core/document/tree.js";
import { parseYaml } from "../../../src/core/document/yaml.js";

function defineShape<const Name extends string, Shape extends z.ZodRawShape>(
  definition: Definition<Name, Shape, number, string>,
): Definition<Name, Shape, number, string> {
  return definition;
}

const point = defineShape({
  name: "point",
  summary: "No size.",
  options: {},
  create: (_, scale) => `point x${scale}`,
});

const circle = defineShape({
  name: "circle",
  summary: "Round.",
  options: { radius: z.number().prefault(2).describe("Half its width."), hole: z.number().exactOptional() },
  refine({ radius, hole = 0 }, context) {
    if (hole > radius) context.addIssue({ code: "custom", path: ["hole"], message: "the hole is larger" });
  },
  create: ({ radius }, scale) => `circle ${radius * scale}`,
});

const SHAPES = [point, circle] as const;
const byKey = oneOf("shape", SHAPES, { colour: z.string().prefault("red") });
const byName = nameOrMap("shape", SHAPES);

function problems(schema: z.ZodType, text: string): readonly string[] {
  const { tree } = parseYaml("file", text);
  const parsed = schema.safeParse(toPlain(tree!), { error: plainWords });
  return parsed.success ? [] : explain(parsed.error, tree!).map(({ message, hint }) => `${message}; ${hint}`);
}

test("a map is told apart by its key, and parses with its defaults", () => {
  expect(byKey.parse({ shape: "circle" })).toEqual({ colour: "red", shape: "circle", radius: 2 });
  expect(byKey.parse({ shape: "point", colour: "blue" })).toEqual({ colour: "blue", shape: "point" });
});

test("an option cannot have the key that names the definition, nor one that all have", () => {
  const taken = defineShape({ name: "point", summary: "", options: { shape: z.string() }, create: () => "" });
  expect(() => oneOf("shape", [taken])).toThrow("point has an option of a key that is taken: shape");
  const shared = { radius: z.number() };
  expect(() => oneOf("shape", [circle], shared)).toThrow(
    "circle has an option of a key that is taken: radius",
  );
});

test("the types keep the names and the options of each", () => {
  type Parsed = z.output<typeof byKey>;
  expectTypeOf<Parsed["shape"]>().toEqualTypeOf<"point" | "circle">();
  expectTypeOf<Extract<Parsed, { shape: "circle" }>["radius"]>().toEqualTypeOf<number>();
  expectTypeOf<Extract<Parsed, { shape: "point" }>>().toEqualTypeOf<{ colour: string; shape: "point" }>();
  expectTypeOf(namesOf(SHAPES)).toEqualTypeOf<readonly ["point", "circle"]>();
  expectTypeOf<z.output<typeof byName>["shape"]>().toEqualTypeOf<"point" | "circle">();
});

test("the schema says what the definitions say, in their order", () => {
  const { oneOf: forms } = z.toJSONSchema(byKey, { io: "input" });
  expect(forms?.map((form) => (form as z.core.JSONSchema.ObjectSchema).properties)).toEqual([
    {
      colour: { type: "string", default: "red" },
      shape: { type: "string", const: "point", description: "No size." },
    },
    {
      colour: { type: "string", default: "red" },
      shape: { type: "string", const: "circle", description: "Round." },
      radius: { type: "number", default: 2, description: "Half its width." },
      hole: { type: "number" },
    },
  ]);
  expect(Object.keys((forms![1] as z.core.JSONSchema.ObjectSchema).properties!)).toEqual([
    "colour",
    "shape",
    "radius",
    "hole",
  ]);
});

test("an unknown name, an unknown key and what options must be together are told as anywhere else", () => {
  expect(problems(byKey, "shape: cirle")).toEqual(['"cirle" is not point or circle; did you mean "circle"?']);
  expect(problems(byKey, "{ shape: circle, radus: 3 }")).toEqual([
    'unknown key "radus"; did you mean "radius"?',
  ]);
  expect(problems(byKey, "{ shape: circle, hole: 3 }")).toEqual(["the hole is larger; undefined"]);
});

test("a name alone stands for its map with the defaults", () => {
  expect(byName.parse("circle")).toEqual({ shape: "circle", radius: 2 });
  expect(byName.parse({ shape: "circle", radius: 3 })).toEqual({ shape: "circle", radius: 3 });
  expect(byName.parse("point")).toEqual({ shape: "point" });
  expect(byName.parse({ shape: "point" })).toEqual({ shape: "point" });
  expect(problems(byName, "cirle")).toEqual(['"cirle" is not point or circle; did you mean "circle"?']);
  expect(problems(byName, "[]")).toEqual([
    'expected "point", "circle", or {shape: circle, radius: 2}, got a list; undefined',
  ]);
});

test("in a map beside a name, what is wrong is told as of a map alone", () => {
  expect(problems(byName, "{ shape: circle, radius: big }")).toEqual([
    'expected a number, got "big"; undefined',
  ]);
  expect(problems(byName, "{ shape: cirle, radius: 3 }")).toEqual([
    '"cirle" is not point or circle; did you mean "circle"?',
  ]);
  expect(problems(byName, "{ radius: 3 }")).toEqual(['missing key "shape"; write point or circle']);
});

test("a definition that can check a part does so as it is written, and the others are left alone", () => {
  const plain = { name: "plain" };
  const drawn: { name: string } & Checked<readonly string[]> = {
    name: "drawn",
    check({ by }, at, people, report) {
      if (!people.includes(by as string)) report([...at, "by"], `no ${by}`);
    },
  };
  const found: [readonly (string | number)[], string][] = [];
  for (const part of [{ shape: "drawn", by: "bob" }, { shape: "drawn", by: "ann" }, { shape: "plain" }, {}]) {
    checkNamed([plain, drawn], "shape", part, ["here"], ["ann"], (at, message) => found.push([at, message]));
  }
  expect(found).toEqual([[["here", "by"], "no bob"]]);
});

test("a kind that is given nothing to compare with has no check", () => {
  defineShape({
    ...point,
    name: "checked",
    // @ts-expect-error: it would never be called
    check: () => undefined,
  });
});

test("names and definitions are found by what is listed", () => {
  expect(namesOf(SHAPES)).toEqual(["point", "circle"]);
  expect(nameOf(SHAPES).options).toEqual(["point", "circle"]);
  expect(definitionOf(SHAPES, "circle", "shape")).toBe(circle);
  expect(circle.create({ radius: 2 }, 3)).toBe("circle 6");
  expect(() => definitionOf(SHAPES, "square", "shape")).toThrow(
    'no shape is named "square"; known: point, circle',
  );
});
