import { expect, it } from "vitest";
import * as z from "zod";
import { anyOptions, ownersOf } from "../../../src/core/document/any-options.js";

const size = (text: string) => z.number().exactOptional().describe(text);
const ALL = [
  { name: "a", options: { size: size("Size.") } },
  { name: "b", options: { size: size("Size."), colour: z.string().exactOptional().describe("Colour.") } },
  { name: "c", options: { size: size("Least size.") } },
] as const;

it("has every key once, none required, and says whose each is", () => {
  const shape = anyOptions(ALL);
  expect(Object.keys(shape)).toEqual(["size", "colour"]);
  expect(shape.size.description).toBe("a, b: Size. c: Least size.");
  expect(shape.colour.description).toBe("b: Colour.");
  expect(z.strictObject(shape).parse({})).toEqual({});
  expect(z.strictObject(shape).parse({ size: 1 })).toEqual({ size: 1 });
  expect(z.strictObject(shape).safeParse({ size: "1" }).success).toBe(false);
});

it("leaves the text of the definitions themselves as it is", () => {
  anyOptions(ALL);
  expect(ALL[0].options.size.description).toBe("Size.");
});

it("knows who has an option", () => {
  expect([ownersOf(ALL, "size"), ownersOf(ALL, "colour"), ownersOf(ALL, "x")]).toEqual([
    ["a", "b", "c"],
    ["b"],
    [],
  ]);
});
