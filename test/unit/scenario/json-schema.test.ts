import { expect, test } from "vitest";
import { scenarioJsonSchema } from "../../../src/core/scenario/schema.js";

interface Schema {
  readonly $id?: string;
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

const schema = scenarioJsonSchema() as Schema;

/** Every schema inside, with the path that leads to it. */
function* walk(value: unknown, path: string): Generator<[string, Schema]> {
  if (typeof value !== "object" || value === null) return;
  yield [path, value as Schema];
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${path}/${key}`);
}

const objects = [...walk(schema, "")].filter(
  ([, one]) => one.properties !== undefined && !("type" in one.properties),
);

test("it is a draft 7 schema with a name", () => {
  expect(schema).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "urn:surgefleet:schema:scenario:1",
    title: "surgefleet scenario",
  });
  expect(() => structuredClone(schema)).not.toThrow();
});

test("it asks for what has no default, and for nothing else", () => {
  expect(schema.required).toEqual(["schemaVersion", "inventory", "pools", "paths", "traffic"]);
});

/** What may be beside the name of a module only the module knows. */
const namesModule = (one: object) =>
  JSON.stringify(one).includes('"pattern":"^((\\\\.{1,2}/|/).|pkg:[^./]).*"');

test("every object is strict", () => {
  expect(objects.length).toBeGreaterThan(30);
  const open = objects.filter(([, one]) => one.additionalProperties !== false);
  expect(open.filter(([, one]) => !namesModule(one)).map(([path]) => path)).toEqual([]);
  expect(open).toHaveLength(6);
});

test("every key has a description", () => {
  const silent = objects.flatMap(([path, one]) =>
    Object.entries(one.properties ?? {})
      .filter(([, property]) => property.description === undefined)
      .map(([key]) => `${path}/${key}`),
  );
  expect(silent).toEqual([]);
});

test("texts with units carry their pattern, and defaults are as one writes them", () => {
  const { duration, warmup } = schema.properties ?? {};
  const pattern = new RegExp(duration?.anyOf?.[0]?.pattern ?? "(?!)");
  expect(["10m", "20us"].map((text) => pattern.test(text))).toEqual([true, true]);
  expect(["10", "10 m", "ten"].map((text) => pattern.test(text))).toEqual([false, false, false]);
  expect(warmup?.default).toBe("0s");
});

test("whole numbers carry their bounds", () => {
  const gpus = schema.properties?.["inventory"]?.anyOf?.[0]?.properties?.["gpus"];
  expect(gpus?.anyOf?.[1]).toMatchObject({ type: "integer", minimum: 1, maximum: 100_000_000 });
});
