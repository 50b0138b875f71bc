import { expect, it } from "vitest";
import * as z from "zod";
import { inOrder } from "../../../../../src/core/server/fleet/faults/bounds.js";

const schema = z
  .object({ least: z.number(), most: z.number() })
  .superRefine(inOrder((bound) => `<${bound}>`));

it("bounds may be the same, and the least is not above the most", () => {
  for (const [least, most, found] of [
    [2, 3, []],
    [3, 3, []],
    [4, 3, [{ path: ["least"], message: "<4> is more than most (<3>)" }]],
  ] as const)
    expect(schema.safeParse({ least, most }).error?.issues ?? []).toMatchObject(found);
});
