// Which fields of sessions of coding agents are read, and why nothing is made of the others. It does not read any.
const REQUEST = ["t", "type", "model", "in", "out", "hash_ids", "input_types", "api_time", "think_time"];
/** What is read of each part; of lists by their places. */
export const KNOWN = {
  session: new Set(["id", "block_size", "hash_id_scope", "requests", "rows"]),
  subAgent: new Set(["t", "type", "agent_id", "duration_ms", "requests"]),
  request: new Set(REQUEST),
  row: new Set(["0", "1", "2", "3", "4", "5", "7", "8"]),
  marker: new Set(["0", "1", "2", "4"]),
} as const;
export type Known = Readonly<Record<"session" | "subAgent", ReadonlySet<string>>>;
/** The same with fields that say how long the beginnings of prompts are. */
export function withStarts(fields: readonly string[]): Known {
  const { session, subAgent } = KNOWN;
  return { session: new Set([...session, ...fields]), subAgent: new Set([...subAgent, ...fields]) };
}

const SHARED_START =
  "which sessions begin alike is not told: sharedStart takes those for alike that begin as long";
const TOLD_BY_CACHED = "cached tokens are on record, whatever sessions share";
/** Of published sessions, and of brief ones by their places. */
export const WEKA_IGNORED = {
  models: "requests name theirs",
  "requests[].models": "requests name theirs",
  "requests[].output_types": "what the answer was; its tokens are on record",
  "requests[].status": "how the sub-agent ended",
  "requests[].stop": "why the answer ended; its tokens are on record",
  "requests[].subagent_type": "a text for people",
  "requests[].system_tokens": SHARED_START,
  "requests[].tool_tokens": SHARED_START,
  "requests[].tool_use_count": "requests are counted",
  "requests[].total_tokens": "the sum of its requests",
  "requests[].ttft": "a time measured on the recorded system",
  "rows[][3]": "of a sub-agent: a text for people",
  "rows[][5]": "of a sub-agent: its requests are counted",
  "rows[][6]": "why the answer ended; its tokens are on record",
  sys: TOLD_BY_CACHED,
  system_tokens: SHARED_START,
  tool: TOLD_BY_CACHED,
  tool_tokens: SHARED_START,
  totals: "sums of the requests",
  ty: "who sent the first request",
};
