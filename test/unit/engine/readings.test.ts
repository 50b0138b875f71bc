// A look at the traces of a scenario accepts, refuses and tells what a run does, whatever the options of its source.
import fc from "fast-check";
import { expect, test } from "vitest";
import { SurgefleetError } from "../../../src/core/base/errors.js";
import { lookAtTraces } from "../../../src/core/engine/readings.js";
import { parseScenario, simulate } from "../../../src/core/index.js";
import { reportHtml } from "../../../src/core/internal.js";
import { readTextChunks } from "../../../src/node/files/read-text.js";
import { sharedFile } from "../../support/shared-data.js";

const base = (arrivals: object, extra: object = {}) =>
  parseScenario({
    schemaVersion: 1,
    name: "replay",
    inventory: { gpus: 1 },
    pools: {
      p: {
        replicas: 1,
        replica: { engine: "slots", slots: 9, tokensPerSecond: 50 },
        admission: { policy: "none" },
      },
    },
    paths: { std: { model: "m", pool: "p", rank: 0 } },
    traffic: { t: { arrivals: { trace: "t", ...arrivals }, mix: { std: "100%" } } },
    ...extra,
  });

function tried<Result>(work: () => Result): Result | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof SurgefleetError) return error.message;
    throw error;
  }
}

const looked = (text: string, scenario: ReturnType<typeof base>) =>
  tried(() =>
    lookAtTraces(scenario, { seed: "1", readTrace: () => [text] }).map(
      ({ seconds: _, plays: __, ...rest }) => rest,
    ),
  );
const run = (text: string, scenario: ReturnType<typeof base>) =>
  tried(() => simulate(scenario, { seed: "1", readTrace: () => [text] }).reading);

const GENERIC = "timestamp,input_tokens,output_tokens\n";

test.each([
  [
    "a row without output that is dropped",
    `${GENERIC}0,100,10\n1,100,0\n2,100,5\n`,
    { zeroOutput: "drop" },
    2,
  ],
  [
    "a bad row behind the limit",
    `${GENERIC}0,100,10\n1,100,10\n2,100,10\n3,100,10\nbad,100,10\n`,
    { limit: 3 },
    3,
  ],
  ["rows out of order that are sorted", `${GENERIC}3,100,10\n1,100,10\n`, { inversions: "sort" }, 2],
  ["times in another unit", `${GENERIC}1700000000000,9,9\n1700000000500,9,9\n`, { unit: "ms" }, 2],
  [
    "columns of other names",
    "ts,in,out\n0,9,9\n",
    { columns: { timestamp: "ts", input_tokens: "in", output_tokens: "out" } },
    1,
  ],
])("%s: both read it", (_, text, arrivals, rows) => {
  const scenario = base(arrivals);
  expect(looked(text, scenario)).toMatchObject([{ rowsYielded: rows }]);
  expect(looked(text, scenario)).toEqual(run(text, scenario));
});

test("whatever the options, both accept and tell the same, or refuse with the same words", () => {
  const row = fc.tuple(
    fc.constantFrom("0", "1", "2.5", "7", "x", "2024-05-10 00:00:00"),
    fc.constantFrom("5", "0"),
    fc.constantFrom("5", "0"),
    fc.constantFrom("m", "other", ""),
    fc.constantFrom("std", "gold", ""),
  );
  const option = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  const arrivals = fc.record(
    {
      zeroOutput: option("error", "drop", "keep"),
      inversions: option("error", "sort"),
      unit: option("s", "ms"),
      limit: option(1, 2, 5),
      from: option("1s"),
      sample: option("50%"),
      repeat: option(2),
      ignore: option(["model"], ["tier"], ["more"], ["nope"]),
      replay: option("open-loop", "think-time"),
      format: option("auto", "generic", "burstgpt"),
    },
    { requiredKeys: [] },
  );
  const law = fc.property(fc.array(row, { maxLength: 8 }), arrivals, (rows, given) => {
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const scenario = base(set);
    const header = "timestamp,input_tokens,output_tokens,model,tier,more\n";
    const text = header + rows.map((cells) => `${cells.join(",")},1\n`).join("");
    expect(looked(text, scenario)).toEqual(run(text, scenario));
  });
  fc.assert(law, { numRuns: 80 });
});

test("an open loop is read no further than requests are wanted", () => {
  const text = `${GENERIC}0,9,9\n1,9,9\n90,9,9\n91,9,9\nbad,9,9\n`;
  const scenario = base({}, { duration: "1m", drain: true });
  expect(looked(text, scenario)).toMatchObject([{ rowsYielded: 3 }]);
  expect(run(text, scenario)).toMatchObject([{ rowsYielded: 3 }]);
});

test("a trace that is played a million times is read once, open loop or closed, whatever is in it", () => {
  for (const replay of ["open-loop", "think-time"]) {
    for (const window of [{}, { from: "1h" }]) {
      let opened = 0;
      const readTrace = () => {
        opened++;
        return [`${GENERIC}0,9,9\n2,9,9\n3,9,9\n`];
      };
      const scenario = base({ repeat: 1_000_000, replay, ...window });
      const [look] = lookAtTraces(scenario, { seed: "1", readTrace });
      const seconds = "from" in window ? 0 : 3;
      expect(look).toMatchObject({ plays: 1_000_000, seconds });
      expect(opened).toBeLessThan(3);
    }
  }
});

test("the page tells it, outside of the data that it holds", () => {
  const text = "Timestamp,Model,Request tokens,Response tokens\n0,m,9,9\n1,m,9,0\n";
  const result = simulate(base({}), { readTrace: () => [text] });
  const client = { style: "", script: "", scriptHash: "" };
  const page = reportHtml(result, { scenario: null, manifest: null, client });
  const shown = page.replaceAll(/<script.*?<\/script>/gs, "");
  expect(shown).toContain("t reads t, dropped: 1 failed: no output (on line 3)");
});

/** The small inputs that went wrong, as they lie beside the repository. */
function caseTest(
  name: string,
  set: object,
  body: (text: string, scenario: ReturnType<typeof base>) => void,
): void {
  const path = sharedFile(`cases/${name}`);
  const title = path === undefined ? `${name} (skipped: it is not here)` : name;
  test.skipIf(path === undefined)(title, () => body([...readTextChunks(path!)].join(""), base(set)));
}

caseTest("c05-burstgpt.csv", {}, (text, scenario) => {
  expect(run(text, scenario)).toMatchObject([
    { findings: expect.arrayContaining([expect.objectContaining({ kind: "unserved", count: 3 })]) },
  ]);
});
caseTest("c05-burstgpt.csv", { ignore: ["model"] }, (text, scenario) => {
  const { all } = simulate(scenario, { readTrace: () => [text] });
  expect([all.attempts, all.outcomes.completed]).toEqual([3, 3]);
});
caseTest("c06-dropped.csv", {}, (text, scenario) => {
  expect(looked(text, scenario)).toMatchObject([
    { findings: expect.arrayContaining([expect.objectContaining({ kind: "dropped", count: 2, line: 3 })]) },
  ]);
});
caseTest("c10-zero.csv", { zeroOutput: "drop" }, (text, scenario) =>
  expect(looked(text, scenario)).toMatchObject([{ rowsYielded: 2 }]),
);
caseTest("c10-limit.csv", { limit: 3 }, (text, scenario) =>
  expect(looked(text, scenario)).toMatchObject([{ rowsYielded: 3 }]),
);
