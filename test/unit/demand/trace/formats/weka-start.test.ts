// Beginnings that sessions of coding agents have in common: blocks of tools and system prompts, where the user says that
// those of one length are the same. Fails where a session's own block is shared, or a shared one is not: try it by
// leaving the model out of the key.
import { expect, test } from "vitest";
import { type ReadTraceOptions, readTrace } from "../../../../../src/core/demand/trace/read-trace.js";
import { findingsOf, newTraceReport } from "../../../../../src/core/demand/trace/report.js";
import { reading } from "../traces.js";

const BLOCK = 64;
const request = (changes: object = {}) => ({
  t: 0,
  type: "n",
  model: "m",
  in: 4 * BLOCK,
  out: 5,
  hash_ids: [1, 2, 3, 4],
  api_time: 1,
  think_time: 0,
  ...changes,
});
const session = (changes: object = {}) => ({
  id: "s",
  block_size: BLOCK,
  hash_id_scope: "local",
  tool_tokens: 2 * BLOCK,
  system_tokens: BLOCK,
  requests: [request()],
  ...changes,
});

type Sessions = readonly object[];

function blocksIn(sessions: Sessions, options: Omit<ReadTraceOptions, "file">): (readonly number[])[] {
  const text = sessions.map((one) => `${JSON.stringify(one)}\n`);
  const rows = [...readTrace(text, { file: "t", sessionStarts: { concurrency: 1 }, ...options })];
  return rows.map(({ blocks }) => blocks ?? []);
}

/** How many of their first blocks the first two rows have in common. */
function common(sessions: Sessions, sharedStart: "none" | "tools" | "tools-and-system"): number {
  const [one, other] = blocksIn(sessions, { sharedStart }) as [readonly number[], readonly number[]];
  const same = one.filter((block) => other.includes(block));
  expect(same).toEqual(one.slice(0, same.length));
  return same.length;
}

const TWO = [session(), session({ id: "t" })];

test.each([
  ["none", TWO, 0],
  ["tools", TWO, 2],
  ["tools-and-system", TWO, 3],
] as const)("%s of two sessions that begin alike are shared", (sharedStart, sessions, blocks) => {
  expect(common(sessions, sharedStart)).toBe(blocks);
});

test.each([
  ["another system prompt", { system_tokens: 2 * BLOCK }, 2],
  ["other tools", { tool_tokens: 3 * BLOCK }, 0],
  ["another model", { requests: [request({ model: "n" })] }, 0],
  ["other sizes of blocks", { block_size: 2 * BLOCK, requests: [request({ hash_ids: [1, 2] })] }, 0],
  ["ids that all sessions share", { hash_id_scope: "global" }, 0],
  ["no tools on record", { tool_tokens: null, system_tokens: null }, 0],
])("with %s only what is the same is shared", (_, changes, blocks) => {
  expect(common([session(), session({ id: "t", ...changes })], "tools-and-system")).toBe(blocks);
});

test("a block that the tools do not fill is a session's own", () => {
  const partly = { tool_tokens: BLOCK + 10, system_tokens: 10 };
  expect(common([session(partly), session({ id: "t", ...partly })], "tools-and-system")).toBe(1);
});

test("later prompts of a session begin with the same blocks as its first one", () => {
  const later = request({ t: 10, in: 3 * BLOCK, hash_ids: [1, 2, 9] });
  const [first, second, other] = blocksIn([session({ requests: [request(), later] }), session({ id: "t" })], {
    sharedStart: "tools",
  });
  expect(second?.slice(0, 2)).toEqual(first?.slice(0, 2));
  expect(other?.slice(0, 2)).toEqual(first?.slice(0, 2));
});

test("sub-agents of two sessions share the beginning that is theirs", () => {
  const marker = {
    t: 5,
    type: "subagent",
    agent_id: "a",
    duration_ms: 1000,
    tool_tokens: BLOCK,
    requests: [request({ in: 2 * BLOCK, hash_ids: [7, 8] })],
  };
  const withAgent = { requests: [request(), marker] };
  const rows = blocksIn([session(withAgent), session({ id: "t", ...withAgent })], { sharedStart: "tools" });
  const agents = rows.filter((blocks) => blocks.length === 2);
  expect(agents).toHaveLength(2);
  expect(agents[0]![0]).toBe(agents[1]![0]);
  expect(agents[0]![1]).not.toBe(agents[1]![1]);
});

test.each([
  ["none", {}, ["tool_tokens", "system_tokens"]],
  ["tools", {}, ["system_tokens"]],
  ["tools-and-system", {}, []],
  ["tools-and-system", { hash_id_scope: "global" }, ["tool_tokens", "system_tokens"]],
] as const)("%s with %j tells the lengths that change nothing", (sharedStart, changes, fields) => {
  const report = newTraceReport();
  const text = JSON.stringify(session(changes));
  expect([...readTrace([text], { file: "t", sharedStart }, report)]).toHaveLength(1);
  const told = findingsOf(report).filter(({ kind }) => kind === "ignored");
  expect(told.map(({ what }) => what)).toEqual(fields);
  expect(told.every(({ why }) => why?.includes("sharedStart"))).toBe(true);
});

test("a length that is none is refused where it is read", () => {
  const text = JSON.stringify(session({ tool_tokens: -1 }));
  expect(reading([text], { sharedStart: "tools" }).error).toContain('tool_tokens: is "-1"');
});
