// Small files that were once read wrong, each with what is right: times in seconds that were taken for milliseconds, times
// of rounds that were thrown away, lists that were refused, sessions of two accounts that were one.
import { describe, expect, test } from "vitest";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { Contexts } from "../../../../src/core/demand/traffic/contexts.js";
import { RowContexts } from "../../../../src/core/demand/traffic/replay/row-contexts.js";
import { readTextChunks } from "../../../../src/node/files/read-text.js";
import { sharedFile } from "../../../support/shared-data.js";
import { told } from "./told.js";
import { GENERIC } from "./traces.js";

function read(text: string, options: Omit<ReadTraceOptions, "file"> = {}) {
  const report = newTraceReport();
  const rows = [...readTrace([text], { file: "t", ...options }, report)];
  return { rows, report, seconds: rows.map(({ at }) => at / 1e6), told: told(report) };
}

const bare = (...times: (number | string)[]) =>
  times.map((at) => `{"timestamp": ${at}, "input_length": 256, "output_length": 128}\n`).join("");

describe("timestamp, input_length, output_length without block ids", () => {
  test("is in seconds where its times have fractions, wherever the first of them is", () => {
    const { seconds, told } = read(bare(0, 0.5, "1.0", 60.25, "120.0"));
    expect(seconds).toEqual([0, 0.5, 1, 60.25, 120]);
    expect(Object.keys(told).join()).toContain(
      "its times have fractions, so that they are taken for seconds",
    );
  });

  test("is in seconds where it could be served in no other unit", () => {
    expect(read(bare(0, 0, 0, 1, 1, 2)).seconds).toEqual([0, 0, 0, 1, 1, 2]);
  });

  test("is in milliseconds where nothing speaks against it, and says how to settle it", () => {
    const { seconds, told } = read(bare(0, 500, 60_000));
    expect(seconds).toEqual([0, 0.5, 60]);
    expect(Object.keys(told).join()).toContain("are whole numbers, so that they are taken for milliseconds");
    expect(read(bare(0, 500, 60_000), { unit: "s" }).seconds).toEqual([0, 500, 60_000]);
    expect(read(bare(0, 0.5), { unit: "ms" }).seconds).toEqual([0, 0.0005]);
  });

  test("with block ids it is Mooncake's, in milliseconds", () => {
    const text = bare(0, 0.5).replaceAll("}", ', "hash_ids": [1]}');
    expect(read(text).seconds).toEqual([0, 0.0005]);
  });
});

test("rounds come at arrivals of their own, and by their waits where all have the session's", () => {
  const header = "session_id,arrival_time,round_idx,input_len,output_len,tool_wait_after_ms\n";
  const own = read(
    `${header}a,0,0,1000,50,100\na,30000,1,500,50,200\nb,5000,0,800,40,0\na,60000,2,500,50,0\n`,
  );
  expect(own.seconds).toEqual([0, 5, 30, 60]);
  expect(own.rows.map(({ thinkTime }) => thinkTime)).toEqual([undefined, undefined, 100_000, 200_000]);
  expect(own.told).toEqual({
    "sorted: rows moved to where their time belongs, which goes back in 1 place": 1,
  });
  const shared = read(`${header}a,7000,0,1000,50,100\na,7000,1,500,50,200\na,7000,2,500,50,0\n`);
  expect(shared.seconds).toEqual([0, 0.1, 0.3]);
});

test("sessions of one name and two accounts are two", () => {
  const text = `${GENERIC.trim()},account,session\n0,100,10,a,s\n1,150,10,b,s\n2,160,10,a,s\n`;
  const contexts = new RowContexts(new Contexts());
  const into = { prefix: 0, prefixTokens: 0, session: 0, sharedTokens: 0 };
  const shared = read(text).rows.map((row) => {
    contexts.place(row, into);
    return into.sharedTokens;
  });
  expect(shared).toEqual([0, 0, 110]);
});

test("too many rows at once are doubted, by the unit that is named", () => {
  const rows = Array.from({ length: 100 }, (_, at) => `${at / 1000},5,5\n`).join("");
  const doubt =
    "assumed: the 100 rows lie within 0.099 s: name the unit of the times (unit: s, ms, us or ns)";
  expect(read(GENERIC + rows).told).toEqual({ [doubt]: null });
  expect(read(GENERIC + rows, { unit: "s" }).told).toEqual({});
});

for (const [name, rows, seconds, format] of [
  ["c01-seconds.jsonl", 5, 120, "mooncake"],
  ["c36-multiround.csv", 5, 90, "multi-round"],
  ["c47-array.json", 2, 1, "generic"],
  ["c06-dropped.csv", 3, 116, "burstgpt"],
] as const) {
  const path = sharedFile(`cases/${name}`);
  test.skipIf(path === undefined)(path === undefined ? `${name} (skipped: it is not here)` : name, () => {
    const found = read([...readTextChunks(path!)].join(""));
    expect([found.rows.length, found.seconds.at(-1), found.report.format]).toEqual([rows, seconds, format]);
  });
}
