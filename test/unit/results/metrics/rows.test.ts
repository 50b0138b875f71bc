import { expect, it } from "vitest";
import { MEAN_OVER_RUNS, SUM } from "../../../../src/core/results/metrics/pooling.js";
import { cell, optionalGroup, pooledRows, type ReadRow } from "../../../../src/core/results/metrics/rows.js";
import { PooledValues } from "../../../../src/core/stats/pooled-values.js";

const pooledOf = () => new PooledValues([]);
const read = (row: ReturnType<typeof cell<"count">>): ReadRow<number, number> => ({ ...row, read: (n) => n });

const TABLE = {
  sum: read(cell("of all", "count", SUM)),
  perRun: read(cell("of each", "count", MEAN_OVER_RUNS)),
};
const ROWS = { part: optionalGroup("where there is one", TABLE, (n: number) => (n > 0 ? n : null)) };

it("pools what only some replications have over all of them", () => {
  const [none, some] = [ROWS.part.read(0), ROWS.part.read(6)];
  expect([none, some]).toEqual([null, { sum: 6, perRun: 6 }]);
  const pooled = pooledRows(ROWS, [{ part: none }, { part: some }], {
    ...{ runs: 3, factors: [0.5, 2.5], pooledOf },
  });
  expect(pooled).toEqual({ part: { sum: 15, perRun: 5 } });
  expect(pooledRows(ROWS, [{ part: none }], { runs: 1, factors: [1], pooledOf })).toEqual({
    part: null,
  });
});
