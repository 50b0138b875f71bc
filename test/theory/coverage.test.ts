// A small fixed part of `npm run coverage`: fewer runs, fewer experiments, the cells that each cause of a wrong interval
// shows in. And whether the harness would see a fault: a truth that is off, intervals that are too wide.
import { describe, expect, test } from "vitest";
import { type Cell, cellsOf, judged } from "../coverage/experiments.js";
import { type Gate, gates } from "../coverage/gates.js";
import { MODELS, type Model } from "../coverage/models.js";
import { type Pool, simulated } from "../coverage/pools.js";
import { NIGHTLY } from "../support/mode.js";
import { once } from "../support/oracle.js";

const EXPERIMENTS = 60;
const TRIES = 40;
/** Runs of a model, fewer than there are for the table. */
const SEEDS = 80;

function small(name: string, seeds = SEEDS): Model {
  return { ...MODELS.find((model) => model.name === name)!, seeds };
}

const known = new Map<string, Pool>();
function poolOf(model: Model): Pool {
  const pool = known.get(model.name) ?? simulated(model);
  known.set(model.name, pool);
  return pool;
}

/** In the nightly run all of them are told by `npm run coverage`. */
describe.skipIf(NIGHTLY)("no interval covers clearly less, or more, than it says", () => {
  test.each([
    { name: "erlang-b", what: "independent requests" },
    { name: "phases", what: "rates that step" },
    { name: "tiny", what: "quantiles of short runs" },
    { name: "clumps", what: "zero events, and rare ones in clumps" },
    { name: "one-in-ten", what: "what a few seeds hold most of" },
  ])("$name: $what", ({ name }) => {
    const model = small(name);
    const pool = poolOf(model);
    const cells = [8, 20].flatMap((n) =>
      cellsOf(model, pool, { n, choice: "plain", experiments: EXPERIMENTS }),
    );
    const failed = cells.filter((cell) => ["LOW", "HIGH"].includes(judged(cell).verdict));
    expect(failed.map(told)).toEqual([]);
  });
});

const told = ({ model, measure, n, covered, printed }: Cell) =>
  `${model} ${measure.join(" ")}, ${n} seeds: ${covered} of ${printed}`;

test.skipIf(NIGHTLY)("a gate does not pass what it has not seen enough of", async () => {
  const only = /^wrong pass: (one run in ten|p99 at its bound|clumps).*, (8 seeds|until decided)$/;
  const found: Gate[] = [];
  for await (const gate of gates(({ name }) => poolOf(small(name)), TRIES, only)) found.push(gate);
  expect(found).toHaveLength(6);
  expect(
    found.filter(({ isMet }) => !isMet).map(({ name, plan, hits }) => `${name}, ${plan}: ${hits}`),
  ).toEqual([]);
});

describe("the harness", () => {
  const model = small("erlang-b");
  const pool = once(() => poolOf(model));
  const cells = (truths: readonly number[]) =>
    cellsOf(model, { ...pool(), truths }, { n: 8, choice: "plain", experiments: 100 });
  const own = once(() => cells(pool().truths));

  test("sees a truth that is a tenth off, and on which side it is", () => {
    const [shed] = cells(pool().truths.map((truth) => 1.1 * truth));
    expect(judged(shed!).verdict).toBe("LOW");
    expect(shed!.below).toBeGreaterThan(5 * shed!.above);
  });

  const counted = (covered: number, more: Partial<Cell> = {}): Cell => {
    const [cell] = own();
    const plain = { printed: 400, covered };
    return { ...cell!, printed: 400, experiments: 400, covered, plain, ...more };
  };

  test.each([
    [342, {}, "LOW"],
    [364, {}, "ok"],
    [380, {}, "ok"],
    [394, {}, "ok"],
    [399, {}, "HIGH"],
    [399, { events: 2 }, "ok"],
    [399, { plain: { printed: 0, covered: 0 } }, "ok"],
    [0, { printed: 0 }, "none"],
  ] as const)("judges %i of 400 by the exact interval: %o %s", (covered, more, verdict) => {
    expect(judged(counted(covered, more)).verdict).toBe(verdict);
  });

  test("gives the same cells again", () => {
    expect(cells(pool().truths)).toEqual(own());
  });
});
