import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/index.js";
import { profileFileByName } from "../../../../src/core/internal.js";
import { type DrivenRequest, drive } from "../../../../src/core/tools/validation/driven-run.js";
import { engineScenario } from "../../../../src/core/tools/validation/settings.js";
import { type Call, type TinyChanges, tinyScenario, traceOf } from "../../engine/tiny.js";

const SETTINGS = {
  replicas: 1,
  maxSequences: 1,
  maxBatchedTokens: 2048,
  maxPrefillSequences: 1,
  kvTokens: 400_000,
};
const scenario = engineScenario(profileFileByName("llama-3.1-8b-h100"), SETTINGS, {
  arrivals: { trace: "t.csv" },
});
// One at a time: each takes about 0.6 s.
const TRACE = "timestamp,input_tokens,output_tokens\n0,100,100\n0,100,100\n0,100,100\n";

function ends(giveUpAfter: (index: number) => number | undefined, stepByStep = false): DrivenRequest[] {
  const all: DrivenRequest[] = [];
  drive(scenario, { readTrace: () => [TRACE], giveUpAfter, stepByStep, onEnd: (end) => all.push(end) });
  return all.sort((a, b) => a.index - b.index);
}

describe("drive", () => {
  it("runs all to their end where nobody gives up", () => {
    const all = ends(() => undefined);
    expect(all.map(({ completed, generated }) => [completed, generated])).toEqual([
      [true, 100],
      [true, 100],
      [true, 100],
    ]);
    expect(all[2]!.started).toBeGreaterThan(1);
  });

  it("gives up a request after its own time, in the queue and while it generates, and makes room for others", () => {
    const [first, second, third] = ends((index) => [0.3, undefined, 0.25][index]);
    expect(first).toMatchObject({ completed: false, ended: 0.3 });
    expect(first!.generated).toBeGreaterThan(10);
    expect(first!.generated).toBeLessThan(100);
    expect(third).toMatchObject({ completed: false, ended: 0.25, started: undefined, generated: 0 });
    expect(second!.completed).toBe(true);
    expect(second!.started).toBeCloseTo(0.3, 2);
  });

  it("is the same step by step", () => {
    const give = (index: number) => [0.3, undefined, 0.25][index];
    expect(ends(give, true)).toEqual(ends(give));
  });

  it("leaves alone who was served in time", () => {
    expect(ends(() => 10).map(({ completed }) => completed)).toEqual([true, true, true]);
  });

  it("is over where the run is, though somebody that came after it would wait on", () => {
    // It goes on until all has ended that came within three seconds; traffic does, too, and of it nothing is followed.
    const arrivals = { process: "constant", rate: 2 } as const;
    const callers = { arrivals, input: 100, output: 100 };
    const ended: number[] = [];
    drive(
      engineScenario(profileFileByName("llama-3.1-8b-h100"), SETTINGS, callers, [
        { path: "duration", value: "3s", origin: "test" },
      ]),
      { giveUpAfter: () => 300, onEnd: ({ index, completed }) => completed && ended.push(index) },
    );
    expect(ended.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("tells of the end of every step", () => {
    const steps: number[] = [];
    drive(scenario, {
      readTrace: () => [TRACE],
      stepByStep: true,
      onEnd: () => undefined,
      onStep: (end) => steps.push(end),
    });
    expect(steps.length).toBeGreaterThanOrEqual(300);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });
});

/** Of calls to tiny servers of a token a second: when they ended for their callers, and their two times in the engine. */
function clocks(changes: TinyChanges, calls: readonly Call[], giveUpAfter?: number): unknown[] {
  const all: DrivenRequest[] = [];
  drive(parseScenario(tinyScenario(changes)), {
    readTrace: () => [traceOf(calls)],
    giveUpAfter: () => giveUpAfter,
    onEnd: (end) => all.push(end),
  });
  return all
    .sort((one, other) => one.index - other.index)
    .map(({ firstToken, ended, inEngine }) => [firstToken, ended, inEngine.firstToken, inEngine.ended]);
}

const server = (tokensPerSecond: number, frontEnd?: object) =>
  ({ engine: "slots", slots: 1, tokensPerSecond, ...(frontEnd && { frontEnd }) }) as const;

describe("the engine's clock", () => {
  const CALLS = [0, 1].map((at) => ({ at, output: 4 }));
  // By the endpoint that is called 2 s and 3 s, by the pool that a detour leads to 50 s and 1 s.
  const [own, other] = [
    { prompt: "2s", token: "3s" },
    { prompt: "50s", token: "1s" },
  ];
  const detoured = (detour: object, one?: object, two?: object) => {
    const { pools } = tinyScenario();
    const paths = {
      standard: { model: "kimi", pool: "shared", rank: 1, instead: [detour] },
      fast: { model: "kimi-fast", pool: "fast", rank: 0 },
    };
    const replicas = { shared: server(1, one), fast: server(2, two) };
    const served = Object.entries(replicas).map(([name, replica]) => [name, { ...pools[name]!, replica }]);
    return { more: { paths, pools: Object.fromEntries(served) } } as TinyChanges;
  };

  it.each([
    ["spilled", { spill: "fast" }],
    ["demoted", { demote: "fast" }],
  ])("is that of the pool that serves what is %s", (_, detour) => {
    expect(clocks(detoured(detour, own, other), CALLS)).toEqual([
      [6, 9, 3, 6],
      [4.5, 6, 3.5, 5],
    ]);
    // A front end on one side only.
    expect(clocks(detoured(detour, own), CALLS)[1]).toEqual([3.5, 5, 3.5, 5]);
    expect(clocks(detoured(detour, undefined, other), CALLS)).toEqual([
      [1, 4, 1, 4],
      [2.5, 4, 1.5, 3],
    ]);
  });

  it("goes on for what callers have left behind, to when the engine is done with it", () => {
    const client = { preset: "none", onTimeout: "abandon" } as const;
    const changes = { pool: { replica: server(1, own) }, traffic: { client } };
    // Given up at 2.5 s: inside since 2 s, its first token at 3 s, its last at 6 s.
    expect(clocks(changes, CALLS.slice(0, 1), 2.5)).toEqual([[undefined, 2.5, 3, 6]]);
    // On its way out when it is given up.
    expect(clocks(changes, CALLS.slice(0, 1), 7)).toEqual([[6, 7, 3, 6]]);
    expect(clocks({ traffic: { client } }, CALLS.slice(0, 1), 2.5)).toEqual([[1, 2.5, 1, 4]]);
    // By the client's own clock, and no second time by that of the run.
    const timed = { ...changes, traffic: { client: { ...client, timeout: "2500ms" } } };
    expect(clocks(timed, CALLS.slice(0, 1), 4)).toEqual([[undefined, 2.5, 3, 6]]);
  });

  it("stops with the run for what nobody has seen the end of", () => {
    const client = { preset: "none", onTimeout: "abandon" } as const;
    const changes = {
      pool: { replica: server(1, own) },
      traffic: { client },
      more: { duration: "5s" as const },
    };
    expect(clocks(changes, CALLS.slice(0, 1), 2.5)).toEqual([[undefined, 2.5, 3, 5]]);
  });
});
