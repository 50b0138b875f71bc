import fc from "fast-check";
import { expect, test } from "vitest";
import type { TraceRow } from "../../../../src/core/demand/trace/row.js";
import { genericJson } from "../../../../src/core/tools/trace-fit/write-generic.js";
import { reading } from "../../demand/trace/traces.js";

const UNWRITTEN = {
  agent: "",
  thinkTime: undefined,
  endedAt: undefined,
  blocks: undefined,
  blockTokens: 0,
  kind: "",
} as const;

test("what is written is read again as it was", () => {
  const name = fc.oneof(
    fc.constant(""),
    fc.string().filter((text) => !/[\0\r\uFFFD]/.test(JSON.stringify(text))),
  );
  const row = fc
    .record({
      at: fc.nat(2 ** 31),
      inputTokens: fc.integer({ min: 1, max: 1e6 }),
      outputTokens: fc.integer({ min: 1, max: 1e6 }),
    })
    .chain((counts) =>
      fc.record({
        ...Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, fc.constant(value)])),
        cachedTokens: fc.option(fc.nat(counts.inputTokens), { nil: undefined }),
        account: name,
        session: name,
        model: name,
        tier: name,
      }),
    ) as fc.Arbitrary<TraceRow>;
  const law = fc.property(fc.array(row, { minLength: 1 }), (drawn) => {
    const sorted = [...drawn]
      .sort((one, other) => one.at - other.at)
      .map((one) => ({ ...UNWRITTEN, ...one }));
    const rows = sorted.map((one) => ({ ...one, at: one.at * 1000 - sorted[0]!.at * 1000 })) as TraceRow[];
    expect(reading([...genericJson(rows)])).toEqual({ rows, error: "" });
  });
  fc.assert(law, { seed: 3, numRuns: 100 });
});
