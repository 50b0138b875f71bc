// One small valid file of every format that the program reads, with what it is read beside and the commands that read
// it. All of these commands end with 0 as the files are.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { profileFileByName } from "../../../src/core/internal.js";
import type { Kind } from "./content.js";
import {
  METRICS,
  METRICS_LATER,
  PROMETHEUS,
  REPLAY,
  ROOFLINE,
  RUN,
  STAGES,
  STEP_LOG,
  SUMMARY,
} from "./texts.js";

export interface Input {
  /** Of the file; the same name may stand for several inputs. */
  readonly file: string;
  readonly kind: Kind;
  readonly bytes: Buffer;
  /** Files that it is read with. */
  readonly beside: Readonly<Record<string, string>>;
  /** Command lines, words between blanks. */
  readonly lines: readonly string[];
  /** Columns and keys that the format does not know may stand in it. */
  readonly unknown: boolean;
  /** It is read as gzip, too. */
  readonly packed: boolean;
  /** Its values name one another, so that their order is theirs. */
  readonly ordered: boolean;
}

type Options = Partial<Pick<Input, "beside" | "unknown" | "packed" | "ordered">>;
const input = (
  file: string,
  kind: Kind,
  content: string | Uint8Array,
  lines: string[],
  more: Options = {},
): Input => ({
  file,
  kind,
  bytes: Buffer.from(content),
  beside: {},
  lines,
  unknown: false,
  packed: false,
  ordered: false,
  ...more,
});

const FIXTURES = join(import.meta.dirname, "../../fixtures");
const fixture = (name: string) => readFileSync(join(FIXTURES, name));
const PROFILE = "llama-3.1-8b-h100";
const REQUESTS = `validate-profile ${PROFILE} --kv-tokens 4000000 --json --requests`;

/** What each trace needs beside its name, and whether it is a recorded run. */
const TRACES: readonly [file: string, kind: Kind, isRun?: boolean, options?: string][] = [
  ["aiperf-records.jsonl", "lines", true],
  ["azure-llm-2023.csv", "table"],
  ["azure-llm-2024.csv", "table"],
  ["azure-lmm.csv", "table"],
  ["bailian.jsonl", "lines"],
  ["burstgpt-v1.csv", "table"],
  ["burstgpt-v2.csv", "table"],
  ["chat-text.json", "document", false, ", sessionStarts: { rate: 4/s }"],
  ["chutes.csv", "table", true],
  ["generic.csv", "table"],
  ["generic.jsonl", "lines"],
  ["guidellm.json", "document", true],
  ["inference-perf.json", "document", true],
  ["mooncake-session.jsonl", "lines"],
  ["mooncake.jsonl", "lines"],
  ["multi-round.csv", "table"],
  ["otel-genai.json", "document"],
  ["ragpulse.jsonl", "lines"],
  ["servegen-csv.csv", "table"],
  ["sglang-bench.jsonl", "lines", true],
  ["tracelab.jsonl", "lines"],
  ["vidur-metrics.csv", "table", true],
  ["vidur.csv", "table"],
  ["vllm-bench.jsonl", "lines", true],
  ["weka-dev.jsonl", "lines"],
  ["weka.json", "document"],
];

function trace(
  [file, kind, isRun = false, options = ""]: (typeof TRACES)[number],
  bytes = fixture(`traces/${file}`),
) {
  const starts = options === "" ? "" : " --session-starts poisson:4/s";
  const beside = { "replay.yaml": REPLAY.replace("FILE", `${file}${options}`) };
  const lines = [
    `trace inspect ${file} --json${starts}`,
    `trace convert ${file} out.jsonl --to ${file.startsWith("weka") ? "weka" : "generic"}${starts}`,
    "run replay.yaml --out out --seeds 1 --workers 1 --quiet",
    "validate replay.yaml",
    ...(isRun ? [`${REQUESTS} ${file}`] : []),
  ];
  return input(file, kind, bytes, lines, { beside, unknown: file !== "weka.json", packed: true });
}

const PARQUET = parquetWriteBuffer({
  columnData: [
    { name: "timestamp", data: [0.5, 1.25, 2], type: "DOUBLE" },
    { name: "input_tokens", data: [10n, 20n, 30n], type: "INT64" },
    { name: "output_tokens", data: [1, 2, 3], type: "INT32" },
    { name: "account", data: ["a", 'b, "c"', "d\ne"], type: "STRING" },
  ],
});

const STEPS = `validate-profile ${PROFILE} --json --steps`;
const RECORDINGS: readonly Input[] = [
  input(
    "made.csv",
    "table",
    fixture("requests/made.csv"),
    [`${REQUESTS} made.csv`, `${REQUESTS} made.csv --html out.html`],
    {
      packed: true,
    },
  ),
  input("steps.csv", "table", fixture("steps/made.csv"), [
    `${STEPS} steps.csv`,
    "calibrate steps.csv --json --out out.json",
  ]),
  input("vllm.log", "text", STEP_LOG, [`${STEPS} vllm.log`]),
  input("stages.csv", "table", STAGES, [
    `validate-profile ${PROFILE} --json --stages stages.csv --html out.html`,
  ]),
  input("metrics.prom", "text", METRICS, [
    `validate-profile ${PROFILE} --json --stages metrics.prom --over 20s`,
  ]),
  input(
    "since.prom",
    "text",
    METRICS,
    [`validate-profile ${PROFILE} --json --stages metrics.prom --since since.prom --over 20s`],
    { beside: { "metrics.prom": METRICS_LATER } },
  ),
  input("bench.json", "document", SUMMARY, [
    `validate-profile ${PROFILE} --json --stages bench.json --html out.html`,
  ]),
];

const counts = (text: string, more: string) =>
  RUN.replace("process: poisson, rate: 5/s", `process: poisson, ${more}`).replace("duration: 2s", text);
const RATES: readonly Input[] = [
  input(
    "counts.csv",
    "table",
    "timestamp,count\n0,3\n1,4\n2,2\n",
    ["run s.yaml --out out --seeds 1 --workers 1 --quiet", "validate s.yaml"],
    {
      beside: { "s.yaml": counts("duration: 3s", "counts: counts.csv") },
    },
  ),
  input(
    "range.json",
    "document",
    PROMETHEUS,
    ["run s.yaml --out out --seeds 1 --workers 1 --quiet", "validate s.yaml"],
    {
      beside: { "s.yaml": counts("duration: 2m", "rates: range.json") },
    },
  ),
];

const ON_PROFILE = RUN.replace(
  "{ engine: slots, slots: 4, tokensPerSecond: 100 }",
  "{ engine: batching, profile: own.json, maxSequences: 4 }",
);
const PROFILE_LINES = [
  "run s.yaml --out out --seeds 1 --workers 1 --quiet",
  "validate s.yaml",
  "validate-profile own.json --json --steps steps.csv",
];
const PROFILE_FILES = { "s.yaml": ON_PROFILE, "steps.csv": fixture("steps/made.csv").toString("utf8") };
const PROFILES: readonly Input[] = [
  input(
    "own.json",
    "document",
    JSON.stringify({ ...profileFileByName(PROFILE), name: "own" }, null, 2),
    PROFILE_LINES,
    {
      beside: PROFILE_FILES,
    },
  ),
  input("own.json", "document", JSON.stringify(ROOFLINE, null, 2), PROFILE_LINES, { beside: PROFILE_FILES }),
];

const SCENARIO_LINES = [
  "run s.yaml --out out --seeds 1 --workers 1 --quiet",
  "run s.yaml --no-out --json --seeds 2 --workers 1 --quiet",
  "validate s.yaml",
  "check s.yaml --seeds 2 --workers 1 --json --quiet --junit out.xml --markdown out.md",
  "compare s.yaml other.yaml --seeds 2 --workers 1 --json --quiet --html out.html",
  "plan s.yaml --find replicas=1..2 --most 4 --demand 1 --survey 0 --workers 1 --json --quiet",
  "trace generate s.yaml --out out.csv",
];
const OTHER = { "other.yaml": RUN.replace("slots: 4", "slots: 3") };
const SCENARIOS: readonly Input[] = [input("s.yaml", "yaml", RUN, SCENARIO_LINES, { beside: OTHER })];

/** Files that only the program writes: as it wrote them. */
export function resultInputs(files: Readonly<Record<string, string>>): readonly Input[] {
  const beside = { "s.yaml": RUN, "b/summary.json": files["summary.json"] ?? "" };
  const lines = [
    "report summary.json --out out.html --open never",
    "compare summary.json b/summary.json --json",
  ];
  const baselines = Object.entries(files).filter(([name]) => name.startsWith("base/"));
  return [
    input("summary.json", "document", files["summary.json"] ?? "", lines, {
      beside,
      unknown: false,
      ordered: true,
    }),
    ...baselines.map(([file, text]) =>
      input(
        file,
        file.endsWith(".json") ? "document" : "table",
        text,
        ["check s.yaml --seeds 8 --workers 1 --json --quiet --baseline base"],
        { beside: { "s.yaml": RUN, ...Object.fromEntries(baselines) }, ordered: true },
      ),
    ),
  ];
}

export const INPUTS: readonly Input[] = [
  ...TRACES.map((one) => trace(one)),
  { ...trace(["t.parquet", "bytes"], Buffer.from(PARQUET)), packed: false },
  { ...trace(["generic.csv.gz", "bytes"], gzipSync(fixture("traces/generic.csv"))), packed: false },
  ...RECORDINGS,
  ...RATES,
  ...PROFILES,
  ...SCENARIOS,
];
