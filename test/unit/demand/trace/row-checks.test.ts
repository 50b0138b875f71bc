// Block lists fit the lengths of their prompts, else it is told.
import { expect, test } from "vitest";
import { readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { fittingBlocks } from "../../../../src/core/demand/trace/row-checks.js";
import { told } from "./told.js";

test.each([
  [1024, 2, 2, undefined],
  [1025, 2, 2, undefined],
  [1025, 3, 3, undefined],
  [1024, 3, 2, "repaired"],
  [1536, 2, 2, "assumed"],
  [5, 0, 0, undefined],
])("%d tokens with %d blocks of 512 keep %d", (tokens, given, kept, kind) => {
  const kinds: (string | undefined)[] = [];
  const note = (_: string, __?: number, what = "repaired") => kinds.push(what);
  const blocks = Array.from({ length: given }, (_, index) => index);
  expect(fittingBlocks(blocks, tokens, 512, { note })).toEqual(blocks.slice(0, kept));
  expect(kinds).toEqual(kind === undefined ? [] : [kind]);
});

test.each([
  ["mooncake", '{"timestamp":0,"input_length":5,"output_length":1,"hash_ids":[1,2]}'],
  [
    "bailian",
    '{"chat_id":1,"parent_chat_id":-1,"timestamp":0,"input_length":5,"output_length":1,"hash_ids":[1,2]}',
  ],
  ["weka", '{"id":"a","block_size":8,"requests":[{"t":0,"in":5,"out":1,"hash_ids":[1,2]}]}'],
])("%s counts what it cuts", (_, text) => {
  const report = newTraceReport();
  const [row] = [...readTrace([text], { file: "t" }, report)];
  expect(row?.blocks).toHaveLength(1);
  expect(told(report, "repaired")).toEqual({
    "repaired: block ids beyond the end of their prompt, left out": 1,
  });
});
