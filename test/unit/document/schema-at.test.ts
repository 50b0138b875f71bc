import { describe, expect, it } from "vitest";
import * as z from "zod";
import { accepts, schemasAt } from "../../../src/core/document/schema-at.js";

const schema = z.strictObject({
  plain: z.string(),
  wrapped: z.number().exactOptional().prefault(3),
  either: z.union([z.strictObject({ a: z.boolean() }), z.strictObject({ a: z.string(), b: z.int() })]),
  piped: z.strictObject({ in: z.string() }).transform((value) => value.in),
  named: z.record(z.string(), z.array(z.strictObject({ deep: z.literal("x") }))).optional(),
});

describe("the schemas at a path", () => {
  it.each<[path: string, value: unknown, may: boolean]>([
    ["plain", "x", true],
    ["plain", 1, false],
    ["wrapped", 1, true],
    ["either.a", "x", true],
    ["either.a", true, true],
    ["either.a", 1, false],
    ["either.b", 1, true],
    ["piped.in", "x", true],
    ["named.any.7.deep", "x", true],
    ["named.any.7.deep", "y", false],
    ["named.any", 1, false],
    ["nothing", "x", false],
    ["plain.more", "x", false],
    ["toString", "x", false],
  ])("%s: %s", (path, value, may) => {
    expect(accepts(schema, path.split("."), value)).toBe(may);
  });

  it("are several where several forms have the key", () => {
    expect(schemasAt(schema, ["either", "a"])).toHaveLength(2);
    expect(schemasAt(schema, ["either", "c"])).toEqual([]);
  });
});
