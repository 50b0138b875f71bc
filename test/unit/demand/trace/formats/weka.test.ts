// Sessions of coding agents: clocks of their own, sub-agents, pauses, and where sessions start.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { type ReadTraceOptions, readTrace } from "../../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../../src/core/demand/trace/report.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { told } from "../told.js";
import { reading } from "../traces.js";

const folder = join(import.meta.dirname, "../../../../fixtures/traces");
const BRIEF = readFileSync(join(folder, "weka-dev.jsonl"), "utf8");
const PUBLISHED = readFileSync(join(folder, "weka.json"), "utf8");

type Options = Omit<ReadTraceOptions, "file">;

function read(text: string, options: Options = {}) {
  const report = newTraceReport();
  return {
    rows: [...readTrace([text], { file: "t", ...options }, report)],
    report,
  };
}

/** Session, agent, start and pause in seconds. */
function times(text: string, options: Options = {}) {
  return read(text, options).rows.map(({ session, agent, at, thinkTime }) => [
    session + agent,
    at / 1e6,
    thinkTime === undefined ? undefined : thinkTime / 1e6,
  ]);
}

describe("sessions in brief", () => {
  test("give all they know of a request, the sub-agent at its place in time", () => {
    const { rows, report } = read(BRIEF, { sessionStarts: { concurrency: 1 } });
    expect(
      rows.map((row) => [row.session, row.agent, row.inputTokens, row.outputTokens, row.cachedTokens]),
    ).toEqual([
      ["w1", "", 1000, 50, 0],
      ["w1", "agent_001", 300, 20, 0],
      ["w1", "agent_001", 400, 30, 256],
      ["w1", "", 1200, 60, 960],
      ["w1", "", 1300, 0, 1152],
      ["w2", "", 800, 10, 0],
    ]);
    expect(rows.map(({ kind }) => kind)).toEqual(["human", "human", "tool", "tool", "tool", "human"]);
    expect(rows.map(({ endedAt }) => (endedAt === undefined ? undefined : endedAt / 1e6))).toEqual([
      4,
      6.5,
      13.5,
      undefined,
      51,
      53,
    ]);
    expect(told(report, "assumed", "repaired")).toEqual({
      "assumed: requests without output, kept with 0 tokens": 1,
    });
  });

  test("place a sub-agent back from its marker by how long it worked, and count its pause from the main thread", () => {
    // Marker 34.5 s, worked 30 s: it began 0.5 s after the first response ended at 4 s.
    expect(times(BRIEF, { sessionStarts: { concurrency: 1 } })).toEqual([
      ["w1", 0, undefined],
      ["w1agent_001", 4.5, 0.5],
      ["w1agent_001", 10.5, 4],
      ["w1", 40, 36],
      // No think time on record: from the response's start, since its length is not on record either.
      ["w1", 50, 10],
      ["w2", 51, undefined],
    ]);
  });

  test("take a marker for the start where the work would not fit before it", () => {
    const early = BRIEF.replace("30000", "60000");
    expect(times(early, { sessionStarts: { concurrency: 1 } })[1]).toEqual(["w1agent_001", 34.5, 30.5]);
  });

  test("can leave out or refuse requests without output", () => {
    expect(told(read(BRIEF, { zeroOutput: "drop" }).report, "dropped")).toEqual({
      "dropped: failed: no output": 1,
    });
    expect(reading([BRIEF], { zeroOutput: "error" }).error).toContain(
      't:1:1 rows[5][3]: is "0", but must be',
    );
  });
});

describe("pauses", () => {
  const pauses = (options: Options) =>
    times(BRIEF, { ...options, sessionStarts: { concurrency: 1 } }).map((row) => row[2]);

  test("are the recorded ones, or from request to request, or with a faster or slower server", () => {
    expect(pauses({ thinkTimes: "original" })).toEqual([undefined, 4.5, 6, 40, 10, undefined]);
    expect(pauses({ thinkTimes: "api-scaled", apiScale: 0.5 })).toEqual([
      undefined,
      2.5,
      5,
      38,
      10,
      undefined,
    ]);
  });

  test("are cut at the idle cap: what follows comes earlier, but not before a sub-agent ended", () => {
    const { report } = read(BRIEF, { idleCap: seconds(5) });
    expect(told(report)["repaired: pauses cut at the idle cap"]).toBe(2);
    expect(times(BRIEF, { idleCap: seconds(5), sessionStarts: { concurrency: 1 } }).slice(0, 5)).toEqual([
      ["w1", 0, undefined],
      ["w1agent_001", 4.5, 0.5],
      ["w1agent_001", 10.5, 4],
      // 31 s less than 40 s would be 9 s, but the sub-agent's last response ends at 13.5 s.
      ["w1", 13.5, 5],
      ["w1", 18.5, 5],
    ]);
  });
});

describe("a published session over several lines", () => {
  test("has models and block ids", () => {
    const { rows, report } = read(PUBLISHED);
    const base = 2 ** 40;
    expect(
      rows.map((row) => [
        row.at / 1e6,
        row.agent,
        row.model,
        row.blocks?.map((id) => id - base),
        row.blockTokens,
      ]),
    ).toEqual([
      [0, "", "big", [1, 2, 3], 64],
      [2.5, "agent_001", "small", [7], 64],
      [100, "", "big", [1, 2, 3, 4], 64],
    ]);
    expect(told(report, "assumed", "repaired")).toEqual({});
  });

  test("shares no block ids with another session, unless its ids are for all", () => {
    const blocks = (text: string) => new Set(read(text).rows.flatMap((row) => row.blocks ?? [])).size;
    expect(blocks(PUBLISHED + PUBLISHED)).toBe(2 * blocks(PUBLISHED));
    const global = PUBLISHED.replace('"local"', '"global"');
    expect(blocks(global + global)).toBe(blocks(global));
  });

  test("may stand on one line, with others on the lines behind it", () => {
    const line = JSON.stringify(JSON.parse(PUBLISHED));
    const many = `${line}\n${line.replace("trace_x", "trace_y")}\n`;
    expect(read(many).rows.map(({ session }) => session)).toEqual([
      "trace_x",
      "trace_y",
      "trace_x",
      "trace_y",
      "trace_x",
      "trace_y",
    ]);
  });
});

describe("session starts", () => {
  const sessions = Array.from({ length: 400 }, (_, index) =>
    JSON.stringify({
      id: `s${index}`,
      ty: "n",
      rows: [
        [0, 0, 10, 1, 0, "H", "", 3, 0],
        [9, 0, 20, 1, 0, "H", "", 1, 6],
      ],
    }),
  ).join("\n");
  const starts = (options: Options) =>
    read(sessions, options)
      .rows.filter(({ thinkTime }) => thinkTime === undefined)
      .map(({ at }) => at / 1e6);

  test("keep a number of sessions under way", () => {
    expect(starts({ sessionStarts: { concurrency: 2 } }).slice(0, 5)).toEqual([0, 0, 10, 10, 20]);
    expect(starts({}).slice(15, 18)).toEqual([0, 10, 10]);
  });

  test("are a Poisson process on the stream handed in", () => {
    const stream = (name: string) => openStream("1", name);
    const sessionStarts = { rate: 0.5 } as const;
    const one = starts({ sessionStarts, stream: stream("a") });
    expect(one).toEqual(starts({ sessionStarts, stream: stream("a") }));
    expect(one).not.toEqual(starts({ sessionStarts, stream: stream("b") }));
    // 399 gaps of mean 2 s: the sum is within 4 standard deviations.
    expect(Math.abs(one.at(-1)! - 798)).toBeLessThan(4 * 2 * Math.sqrt(399));
  });

  test("rows of overlapping sessions come in the order of time", () => {
    const ats = read(sessions, { sessionStarts: { concurrency: 7 } }).rows.map(({ at }) => at);
    expect(ats).toEqual([...ats].sort((a, b) => a - b));
  });
});

test.each([
  ["no list", '{"id":"a","ty":"n","rows":[1]}', "t:1:1 rows[0]: must be a list"],
  ["no requests", '{"id":"a","requests":[]}', "t:1:1 the session has no requests"],
  ["text for a count", '{"requests":[{"t":0,"in":"5","out":1}]}', "t:1:1 requests[0].in: is"],
  ["no time", '{"requests":[{"in":5,"out":1}]}', "requests[0].t: is"],
  ["an unknown agent", '{"ty":"n","rows":[[0,"x",5,1,0,"H","",1,0]]}', 't:1:1 rows[0][1]: "x" is no agent'],
  ["too many cached", '{"ty":"n","rows":[[0,0,5,1,9,"H","",1,0]]}', "t:1:1 rows[0][4]: is 9, more than"],
  [
    "words for blocks",
    '{"requests":[{"t":0,"in":5,"out":1,"hash_ids":["a"]}]}',
    "requests[0].hash_ids: must",
  ],
  [
    "a nested sub-agent",
    '{"requests":[{"t":0,"type":"subagent","requests":[{"t":0,"type":"subagent","requests":[]}]}]}',
    "sub-agents of sub-agents",
  ],
  [
    "a file cut off",
    PUBLISHED.slice(0, 500),
    "t:1:1 the JSON object that begins here does not end: is the file cut off?",
  ],
  [
    "a second session cut off",
    `${PUBLISHED}${PUBLISHED.slice(0, 500)}`,
    ":1 the JSON object that begins here does not end",
  ],
])("refuses %s", (_, text, message) => {
  expect(reading([text]).error).toContain(message);
});
