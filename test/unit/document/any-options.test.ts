import { expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import {
  anyOptions,
  disjoint,
  ownersOf,
  withDefaults,
  withoutDefaults,
} from "../../../src/core/document/any-options.js";

const size = (text: string) => z.number().exactOptional().describe(text);
const depth = (least: number) => z.number().prefault(least).describe("How deep it is.");
const ALL = [
  { name: "a", options: { size: size("Size."), depth: depth(2) } },
  { name: "b", options: { size: size("Size."), colour: z.string().exactOptional().describe("Colour.") } },
  { name: "c", options: { size: size("Least size."), depth: depth(3) } },
] as const;

it("has every key once, none required, and says whose each is", () => {
  const shape = anyOptions(ALL);
  expect(Object.keys(shape)).toEqual(["size", "depth", "colour"]);
  expect(shape.size.description).toBe("a, b: Size. c: Least size.");
  expect(shape.colour.description).toBe("b: Colour.");
  expect(z.strictObject(shape).parse({})).toEqual({});
  expect(z.strictObject(shape).parse({ size: 1 })).toEqual({ size: 1 });
  expect(z.strictObject(shape).safeParse({ size: "1" }).success).toBe(false);
});

it("tells of defaults, which differ by definition, and fills none in", () => {
  expect(anyOptions(ALL).depth.description).toBe(
    "a: How deep it is; default 2. c: How deep it is; default 3.",
  );
  const shape = withoutDefaults({
    of: z.strictObject({ at: z.number() }).prefault({ at: 5 }),
    ...ALL[0].options,
  });
  expect(shape.of.description).toBe("; default {at: 5}.");
  expect(z.strictObject(shape).parse({})).toEqual({});
  expectTypeOf<z.output<typeof shape.depth>>().toEqualTypeOf<number>();
});

it("fills in what a definition's own default is, and leaves out what it does not have", () => {
  const [a, b, c] = ALL;
  expect(withDefaults(a.options, {})).toEqual({ depth: 2 });
  expect(withDefaults(c.options, { depth: undefined, size: 4, colour: "red" })).toEqual({
    size: 4,
    depth: 3,
  });
  expect(withDefaults(b.options, { depth: 9 })).toEqual({});
});

it("leaves the text of the definitions themselves as it is", () => {
  anyOptions(ALL);
  expect(ALL[0].options.size.description).toBe("Size.");
  expect(ALL[0].options.depth.description).toBe("How deep it is.");
});

it("joins shapes of different keys, and no others", () => {
  const [one, other] = [{ a: z.string() }, { b: z.number() }];
  expect(Object.keys(disjoint(one, other))).toEqual(["a", "b"]);
  expect(() => disjoint(one, other, { a: z.number() })).toThrow("one key, one option: a");
});

it("knows who has an option", () => {
  expect([ownersOf(ALL, "size"), ownersOf(ALL, "colour"), ownersOf(ALL, "x")]).toEqual([
    ["a", "b", "c"],
    ["b"],
    [],
  ]);
});
