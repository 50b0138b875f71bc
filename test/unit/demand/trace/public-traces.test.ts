// Published traces that are not part of the repository, imported whole; each skipped by name where it is absent.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readClientWindows } from "../../../../src/core/demand/trace/formats/servegen.js";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { InfiniteBlockCache } from "../../../../src/core/demand/trace/statistics.js";
import { readTextChunks } from "../../../../src/node/files/read-text.js";
import { sharedFile } from "../../../support/shared-data.js";
import { told } from "./told.js";

/** A test of a file of the shared traces, skipped by name where that is absent. */
function traceTest(title: string, name: string, body: (path: string) => void): void {
  const path = sharedFile(`data/traces/${name}`);
  test.skipIf(path === undefined)(
    path === undefined ? `${title} (skipped: ${name} is not here)` : title,
    () => body(path!),
  );
}

function imported(path: string, options: Omit<ReadTraceOptions, "file"> = {}) {
  const report = newTraceReport();
  const cache = new InfiniteBlockCache();
  let [rows, input, output, last] = [0, 0, 0, 0];
  const sessions = new Set<string>();
  const agents = new Set<string>();
  for (const row of readTrace(readTextChunks(path), { file: path, ...options }, report)) {
    expect(row.at).toBeGreaterThanOrEqual(last);
    last = row.at;
    rows++;
    input += row.inputTokens;
    output += row.outputTokens;
    if (row.session !== "") sessions.add(row.session);
    if (row.agent !== "") agents.add(row.agent);
    if (row.blocks !== undefined) cache.add(row.blocks);
  }
  const counts = { rows, input, output, sessions: sessions.size, agents: agents.size };
  return { ...counts, format: report.format, hits: cache.hitRate, report };
}

traceTest(
  "Azure's conversations of 2023: 19,366 rows, packed or not",
  "AzureLLMInferenceTrace_conv_2023.csv",
  (path) => {
    const folder = mkdtempSync(join(tmpdir(), "surgefleet-traces-"));
    const packed = join(folder, "azure.csv");
    writeFileSync(packed, gzipSync(readFileSync(path)));
    const plain = [...readTrace(readTextChunks(path), { file: "t" })];
    expect(plain).toHaveLength(19_366);
    expect([...readTrace(readTextChunks(packed), { file: "t" })]).toEqual(plain);
    rmSync(folder, { recursive: true });
  },
);

traceTest(
  "Mooncake's synthetic trace: 3,993 rows, 63.96 % of blocks seen before",
  "mooncake_synthetic_trace.jsonl",
  (path) => {
    const { rows, format, hits } = imported(path);
    expect([rows, format, hits?.toFixed(4)]).toEqual([3993, "mooncake", "0.6396"]);
    const ties = imported(path, { dequantize: 3_000_000 as never });
    expect(ties.rows).toBe(3993);
  },
);

traceTest("RAGPulse: 7,106 rows, its one inversion sorted", "ragpulse_0_trace.jsonl", (path) => {
  const { rows, format, report } = imported(path);
  expect([rows, format, report.inversions]).toEqual([7106, "ragpulse", 1]);
});

traceTest("WEKA's development sessions: every count and sum", "weka/weka_dev.jsonl", (path) => {
  const { rows, input, output, sessions, format, report } = imported(path);
  expect({ rows, input, output, sessions, format }).toEqual({
    rows: 22_659,
    input: 2_530_004_323,
    output: 10_042_698,
    sessions: 343,
    format: "weka",
  });
  expect(told(report)).toEqual({
    "assumed: requests without output, kept with 0 tokens": 14,
    ...{ "ignored: sys": 343, "ignored: tool": 343, "ignored: ty": 343 },
    ...{ "ignored: rows[][3]": 42, "ignored: rows[][5]": 42, "ignored: rows[][6]": 20_337 },
  });
});

for (const number of ["0102", "0107", "0226", "0274", "0279", "0282", "0291", "0536", "0676", "0718"]) {
  const name = `weka/trace_${number}.json`;
  traceTest(`WEKA's published session ${number} has the totals that it states`, name, (path) => {
    const { totals } = JSON.parse(readFileSync(path, "utf8")) as {
      totals: { combined_tokens: { input: number; output: number }; subagent_count: number };
    };
    const { input, output, format, sessions, agents } = imported(path);
    expect({ input, output, format, sessions }).toEqual({
      ...totals.combined_tokens,
      format: "weka",
      sessions: 1,
    });
    expect(agents).toBe(totals.subagent_count);
  });
}

traceTest("TraceLab's sample: two sessions", "formats/tracelab_round_trace.sample.jsonl", (path) => {
  const { rows, format, sessions } = imported(path);
  expect([rows, format, sessions]).toEqual([19, "tracelab", 2]);
});

traceTest("TraceLab's export of rounds", "formats/tracelab_multi_session_large.csv", (path) => {
  const { rows, format } = imported(path);
  expect([rows, format]).toEqual([303, "multi-round"]);
});

traceTest("spans that overlap", "formats/otel_parallel_requests.json", (path) => {
  const { rows, format, sessions } = imported(path);
  expect([rows, format, sessions]).toEqual([5, "otel-genai", 1]);
});

traceTest("spans of several agents", "formats/otel_multi_agent_research.json", (path) => {
  const { rows, format, sessions } = imported(path);
  expect([rows, format, sessions]).toEqual([12, "otel-genai", 1]);
});

traceTest(
  "AIPerf's rows: what each turn adds is added up",
  "formats/aiperf_agentic_code_rows.txt",
  (path) => {
    const rows = [...readTrace(readTextChunks(path), { file: path })];
    expect(rows.map(({ inputTokens }) => inputTokens)).toEqual([42_277, 44_467, 47_657]);
  },
);

traceTest("Azure's rows in another project", "formats/inference_perf_azure_trace.csv", (path) => {
  expect(imported(path)).toMatchObject({ rows: 20, format: "azure-llm" });
});

traceTest(
  "ServeGen's clients, read as such and refused as a trace",
  "servegen/m-small_client_windows.csv",
  (path) => {
    const clients = readClientWindows(readTextChunks(path), { file: path });
    expect([clients.length, clients.reduce((sum, { windows }) => sum + windows.length, 0)]).toEqual([
      43, 40_095,
    ]);
    expect(() => imported(path)).toThrow("this is a ServeGen client pool");
  },
);
