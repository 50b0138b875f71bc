// Nothing is cut to a convenient range without a word. Where values come in that a user wrote, a file held or chance
// drew, every Math.min and Math.max is one of three: counted and told, a rule that the docs name, or no cut at all.
// A new one is put into its list here, with what makes it so; a file without an entry, or with more, is red.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourceFiles } from "../../support/source-files.js";

/** Where values come in; behind it they are the model's own. */
const FOLDERS = ["demand", "random", "scenario", "document", "engine/world"];
const CLAMP = /\bMath\.(min|max)\(|\bclamp\w*\(/g;

/** By file, with how many there are. */
type Places = Readonly<Record<string, number>>;

/** Beside each a count: `cuts` of a source, or a finding of the reading report. */
const COUNTED: Places = {
  "demand/traffic/lengths": 2,
  // What remains of a prefix in a prompt that was cut.
  "demand/traffic/application-prefixes": 1,
  // Pauses below none and times before a session's start.
  "demand/trace/formats/weka-session": 2,
  // Steps of a clock over which rows are spread, not past the next row.
  "demand/trace/dequantize": 1,
};

/** Each with the words that the docs have for it. */
const RULES: readonly (readonly [page: string, words: string, places: Places])[] = [
  [
    "traffic",
    "lengths drawn below one token",
    { "demand/traffic/lengths": 1, "demand/traffic/sessions/chat-plan": 1 },
  ],
  [
    "traffic",
    "a prompt is at most `compaction.at` of `maxContext`",
    { "demand/traffic/sessions/context": 5, "demand/traffic/sessions/agent-plan": 1 },
  ],
  [
    "traffic",
    "the end of the stated distribution",
    {
      "demand/traffic/population/population": 1,
      "demand/traffic/sessions/agent-turns": 4,
      "demand/traffic/sessions/chat-turns": 1,
      "demand/traffic/sessions/expected": 1,
      "demand/traffic/sessions/lifetimes": 1,
      "random/cut-moment": 2,
    },
  ],
  ["traffic", "the least of its requests", { "demand/traffic/sessions/agent-turns": 1 }],
  ["traffic", "drawn within .25 to 15", { "demand/traffic/rate/account-cv": 2 }],
  [
    "traffic",
    "a century and a microsecond",
    { "random/time-distribution": 2, "document/units": 1, "engine/world/build-network": 1 },
  ],
  // Delays, buckets and rates of clients, as their sources have them.
  ["clients", "up to `cap`", { "demand/clients/decorrelated": 2, "demand/clients/retry-loop": 1 }],
  ["clients", "up to 20 s, whole ms", { "demand/clients/aws-standard": 3 }],
  ["clients", "never more than 5 times", { "demand/clients/portkey": 1 }],
  [
    "clients",
    "never below one in 2 s, never above twice what was measured",
    { "demand/clients/cubic-rate": 7 },
  ],
  ["clients", "1 s · 2ⁿ + 1 s · U, up to 60 s", { "demand/clients/google-genai": 1 }],
  ["faults", "at least one, and never more than there are", { "document/portion": 2 }],
];

/** The larger or smaller of several things, room in an array, a value that is not said (-1) or a guard of rounding. */
const NO_CUTS: Places = {
  "demand/trace/trace-parser": 1,
  "demand/trace/formats/send-times": 2,
  "demand/trace/formats/guidellm": 2,
  "demand/trace/formats/vidur-metrics": 1,
  "demand/trace/formats/inference-perf": 1,
  "demand/trace/formats/mooncake": 2,
  "demand/trace/formats/aiperf-records": 2,
  "demand/trace/formats/bench-lists": 3,
  "demand/trace/formats/tracelab": 2,
  "demand/trace/formats/weka-session": 9,
  "demand/trace/formats/multi-round": 1,
  // Whichever deadline comes first, not in the past.
  "demand/callers/tries": 3,
  // Safe whole numbers; no status is 0.
  "demand/clients/vercel-ai": 1,
  "demand/clients/custom-client": 1,
  "demand/clients/population": 1,
  // What two prompts have in common is at most the shorter.
  "demand/traffic/contexts": 1,
  "demand/traffic/replay/block-contexts": 2,
  "demand/traffic/rate/unit-gaps": 1,
  "demand/traffic/rate/operational-clock": 2,
  "demand/traffic/rate/rate-integral": 2,
  // How fine a grid is whose law does not depend on it.
  "demand/traffic/rate/swings": 3,
  "demand/traffic/rate/spike": 1,
  "demand/traffic/moves": 1,
  "demand/traffic/caller-phases": 4,
  "demand/traffic/population/living": 2,
  "demand/traffic/sessions/sub-agent-plan": 1,
  "demand/traffic/sessions/chat-turns": 1,
  "demand/traffic/sessions/lifetimes": 5,
  "demand/traffic/sessions/draws": 1,
  "demand/traffic/session-book": 2,
  // Whoever is ready later.
  "demand/traffic/replay/session-replay": 6,
  "demand/traffic/replay/session-threads": 5,
  // When the first of several paths is launched and the last one retired.
  "engine/world/build-control": 3,
  "engine/world/planned-events": 2,
  // The bound that a workload's own contexts set.
  "engine/world/build-sources": 1,
  // How many accounts are measured by themselves.
  "engine/world/tracked-accounts": 1,
  "scenario/resolve-limits": 1,
  "scenario/path-lives": 2,
  "scenario/capacity-plan": 1,
  "scenario/limit-checks": 1,
  "scenario/capacity-checks": 1,
};

function sums(all: readonly Places[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [file, count] of all.flatMap((places) => Object.entries(places)))
    sum[file] = (sum[file] ?? 0) + count;
  return sum;
}

const clampsIn = (text: string) => text.match(CLAMP)?.length ?? 0;

test("every cut of what comes in is counted, a rule, or none: say here which, and why", () => {
  const found = FOLDERS.flatMap((folder) => sourceFiles(`src/core/${folder}`))
    .map(({ path, text }) => [path.slice("src/core/".length, -".ts".length), clampsIn(text)] as const)
    .filter(([, count]) => count > 0);
  expect(Object.fromEntries(found)).toEqual(sums([COUNTED, NO_CUTS, ...RULES.map(([, , places]) => places)]));
});

test("one more would be noticed", () => {
  expect(clampsIn("const a = Math.min(drawn, most);\nMath.max(0, clampTokens(b));\nMath.round(c);")).toBe(3);
});

test.each(RULES)("docs/%s.md names the rule: %s", (page, words) => {
  expect(readFileSync(`docs/${page}.md`, "utf8").replaceAll(/\s+/g, " ")).toContain(words);
});
