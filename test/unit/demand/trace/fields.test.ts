// Every field of every format, when it says something else, changes the rows or is told as ignored, with a reason; what
// is no field of the format is told, too. Fails for a format that reads a field and makes nothing of it, and for one
// that passes over a field untold: try it by taking `round_index` out of what tracelab ignores, or by reading `turn` in
// bailian.
import { describe, expect, test } from "vitest";
import type { TraceFormat } from "../../../../src/core/demand/trace/format.js";
import { TRACE_FORMATS } from "../../../../src/core/demand/trace/formats/formats.js";
import { vidurMetrics } from "../../../../src/core/demand/trace/formats/vidur-metrics.js";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { findingsOf, newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { IN_PARTS } from "./sampled-formats.js";

type Options = Omit<ReadTraceOptions, "file">;

interface Sample {
  /** A value for each field of the schema, and another that is as good. */
  readonly fields: Readonly<Record<string, readonly [value: string, other: string]>>;
  /** A file of two rows or more out of the values by name. */
  readonly file: (values: Readonly<Record<string, string>>) => string;
  readonly options?: Options;
}

/** Two rows of CSV: the first has the values, the second others where that is needed. */
const csv =
  (second: Readonly<Record<string, string>> = {}) =>
  (values: Readonly<Record<string, string>>): string => {
    const names = Object.keys(values);
    const row = (of: Readonly<Record<string, string>>) => names.map((name) => of[name]).join(",");
    return `${names.join(",")}\n${row(values)}\n${row({ ...values, ...second })}\n`;
  };

/** The same as objects on lines; values are JSON. */
const jsonl =
  (second: Readonly<Record<string, string>> = {}) =>
  (values: Readonly<Record<string, string>>): string => {
    const row = (of: Readonly<Record<string, string>>) =>
      `{${Object.entries(of)
        .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
        .join(",")}}`;
    return `${row(values)}\n${row({ ...values, ...second })}\n`;
  };

const TIMES = ["2024-05-10 00:00:00", "2024-05-09 23:00:00"] as const;
const LATER = "2024-05-10 01:00:00";

const SAMPLES: Readonly<Record<string, Sample>> = {
  "azure-llm": {
    fields: { TIMESTAMP: TIMES, ContextTokens: ["5", "6"], GeneratedTokens: ["5", "6"] },
    file: csv({ TIMESTAMP: LATER }),
  },
  "azure-lmm": {
    fields: {
      TIMESTAMP: TIMES,
      NumImages: ["0", "2"],
      ContextTokens: ["5", "6"],
      GeneratedTokens: ["5", "6"],
    },
    file: csv({ TIMESTAMP: LATER }),
  },
  bailian: {
    fields: {
      chat_id: ["1", "7"],
      parent_chat_id: ["-1", "0"],
      timestamp: ["1", "2"],
      input_length: ["20", "21"],
      output_length: ["5", "6"],
      type: ['"text"', '"image"'],
      turn: ["1", "2"],
      hash_ids: ["[1,2]", "[1,3]"],
    },
    // A chat that another one may follow.
    file: (values) =>
      `{"chat_id":0,"parent_chat_id":-1,"timestamp":0,"input_length":9,"output_length":1}\n${jsonl()(values)}`,
  },
  burstgpt: {
    fields: {
      Timestamp: ["0", "1"],
      "Session ID": ["a", "b"],
      "Elapsed time": ["2", "3"],
      Model: ["m", "n"],
      "Request tokens": ["5", "6"],
      "Response tokens": ["5", "6"],
      "Total tokens": ["10", "11"],
      "Log Type": ["Conversation log", "API log"],
    },
    file: csv({ Timestamp: "9" }),
  },
  chutes: {
    fields: {
      invocation_id: ["i", "j"],
      function_name: ["f", "g"],
      chute_id: ["c", "d"],
      user_id: ["u", "v"],
      instance_id: ["n", "o"],
      started_at: ["1000000", "1100000"],
      completed_at: ["2000000", "2100000"],
      it: ["5", "6"],
      ot: ["5", "6"],
      ct: ["1", "2"],
      ttft: ["0.1", "0.2"],
    },
    file: csv({ started_at: "1500000" }),
  },
  generic: {
    fields: {
      timestamp: ["0", "1"],
      input_tokens: ["5", "6"],
      output_tokens: ["5", "6"],
      account: ["a", "b"],
      session: ["s", "t"],
      model: ["m", "n"],
      tier: ["x", "y"],
      cached_tokens: ["1", "2"],
    },
    file: csv({ timestamp: "9" }),
  },
  mooncake: {
    fields: {
      timestamp: ["0", "1"],
      input_length: ["600", "601"],
      output_length: ["5", "6"],
      hash_ids: ["[1,2]", "[1,3]"],
      session_id: ['"a"', '"b"'],
      delay: ["5", "6"],
      group_id: ["1", "2"],
      is_restart: ["false", "true"],
    },
    file: jsonl({ timestamp: "9" }),
    options: { format: "mooncake" },
  },
  "mooncake-session": {
    fields: {
      session_id: ['"a"', '"b"'],
      timestamp: ["0", "1"],
      delay: ["5", "6"],
      input_length: ["600", "601"],
      output_length: ["5", "6"],
      hash_ids: ["[1,2]", "[1,3]"],
      group_id: ["1", "2"],
      is_restart: ["false", "true"],
    },
    // The first turn makes the session that the second one goes on with.
    file: (values) =>
      `{"session_id":"a","timestamp":0,"input_length":9,"output_length":1,"hash_ids":[0]}\n${jsonl({ timestamp: "9" })(values)}`,
  },
  "multi-round": {
    fields: {
      id: ["7", "8"],
      session_id: ["a", "b"],
      arrival_time: ["0", "10"],
      round_idx: ["1", "0"],
      prefix_len: ["0", "5"],
      input_len: ["20", "21"],
      output_len: ["5", "6"],
      tool_wait_after_ms: ["3", "4"],
    },
    // The second row is the one that is looked at.
    file: (values) => {
      const names = Object.keys(values);
      const row = (of: Readonly<Record<string, string>>) => names.map((name) => of[name]).join(",");
      const first = {
        ...values,
        session_id: "a",
        arrival_time: "0",
        round_idx: "0",
        tool_wait_after_ms: "2",
      };
      return `${names.join(",")}\n${row(first)}\n${row(values)}\n${row({ ...values, round_idx: "2" })}\n`;
    },
  },
  ragpulse: {
    fields: {
      timestamp: ['"0"', '"1"'],
      input_length: ["5", "6"],
      output_length: ["5", "6"],
      hash_ids: ['{"a":[1]}', '{"a":[2]}'],
      session_id: ['"a"', '"b"'],
    },
    file: jsonl({ timestamp: '"9"' }),
  },
  "servegen-csv": {
    fields: {
      request_id: ["0", "1"],
      timestamp: ["0", "1"],
      input_tokens: ["5", "6"],
      text_tokens: ["5", "6"],
      output_tokens: ["5", "6"],
      image_tokens: ["[5]", "[6]"],
      audio_tokens: ["[5]", "[6]"],
      video_tokens: ["[5]", "[6]"],
      reason_ratio: ["0.5", "0.6"],
    },
    file: csv({ timestamp: "9" }),
  },
  vidur: {
    fields: {
      arrived_at: ["0", "1"],
      num_prefill_tokens: ["5", "6"],
      num_decode_tokens: ["5", "6"],
      num_total_tokens: ["10", "11"],
      pd_ratio: ["1", "2"],
      request_id: ["0", "1"],
    },
    file: csv({ arrived_at: "9" }),
  },
  "vidur-metrics": {
    fields: {
      // Another order is refused.
      "Request Id": ["0", "9"],
      request_inter_arrival_delay: ["1", "2"],
      request_num_prefill_tokens: ["5", "6"],
      request_num_decode_tokens: ["5", "6"],
      request_e2e_time: ["3", "4"],
      prefill_e2e_time: ["1", "2"],
      ...Object.fromEntries(Object.keys(vidurMetrics.ignored).map((field) => [field, ["1", "2"] as const])),
    },
    file: csv({ "Request Id": "1" }),
  },
};

test("every format has a sample here or among those of parts in parts", () => {
  const sampled = [...Object.keys(SAMPLES), ...IN_PARTS.nested, ...IN_PARTS.recorded];
  expect(sampled.sort()).toEqual(TRACE_FORMATS.map(({ name }) => name).sort());
});

function read(text: string, options: Options = {}) {
  const report = newTraceReport();
  try {
    const rows = [...readTrace([text], { file: "t", ...options }, report)];
    // Times are told from the first row on.
    return { rows: JSON.stringify([rows, report.firstMicros]), findings: findingsOf(report) };
  } catch (error) {
    return { rows: String(error), findings: findingsOf(report) };
  }
}

/** Whether a field is told as ignored, with a reason. */
function isTold(findings: ReturnType<typeof findingsOf>, field: string): boolean {
  return findings.some(
    ({ kind, what, why = "" }) =>
      kind === "ignored" && what === field && why !== "" && why !== "no field of the format",
  );
}

describe.each(Object.entries(SAMPLES))("%s", (name, { fields, file, options }) => {
  const plain = Object.fromEntries(Object.entries(fields).map(([field, [value]]) => [field, value]));

  test.each(Object.keys(fields))("%s changes the rows or is told, never both", (field) => {
    const [before, after] = [plain, { ...plain, [field]: fields[field]![1] }].map((one) =>
      read(file(one), options),
    );
    const [changes, told] = [before!.rows !== after!.rows, isTold(after!.findings, field)];
    expect({ field, changes, told }).toEqual({ field, changes: !told, told });
  });

  test("what is no field of it is told, and changes nothing", () => {
    const [before, after] = [plain, { ...plain, xtra_0: "7" }].map((one) => read(file(one), options));
    expect(after!.rows).toEqual(before!.rows);
    const told = after!.findings.find(({ what }) => what === "xtra_0");
    expect(told).toMatchObject({ kind: "ignored", why: "no field of the format" });
    expect(told!.count).toBeGreaterThan(0);
  });

  test("the fields that it ignores are those that are told", () => {
    const format = (TRACE_FORMATS as readonly TraceFormat[]).find((one) => one.name === name)!;
    expect(Object.keys(format.ignored).filter((field) => !(field in fields))).toEqual([]);
  });
});
