import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import type { TraceRow } from "../../../../../src/core/demand/trace/row.js";
import { AccountNames } from "../../../../../src/core/demand/traffic/accounts.js";
import { Contexts } from "../../../../../src/core/demand/traffic/contexts.js";
import {
  SessionReplay,
  type SessionReplayOptions,
} from "../../../../../src/core/demand/traffic/replay/session-replay.js";
import { SessionBook } from "../../../../../src/core/demand/traffic/session-book.js";
import { type Exchange, serveAll } from "../../../../../src/core/tools/trace-generate/fixed-server.js";
import { gear } from "../../../../support/mode.js";
import { type RowChanges, row } from "../../../tools/trace-fit/rows.js";

const SECOND = 1e6;

function replay(rows: Iterable<TraceRow>, changes: Partial<SessionReplayOptions> = {}) {
  const book = new SessionBook(instant(0), NEVER);
  const names = new AccountNames();
  const options: SessionReplayOptions = {
    name: "recorded",
    accounts: { count: 3, skew: 0 },
    cached: 0,
    maxOutput: 100_000,
    mix: [
      { model: "kimi", share: 0.5 },
      { model: "kimi", serviceTier: "priority", share: 0.5 },
    ],
    paths: new Map(),
    limit: undefined,
    abandon: 0.5,
    book,
    ...changes,
  };
  return { source: new SessionReplay(options, rows, "1", names, new Contexts()), book, names };
}

interface Served {
  /** Seconds that each answer takes. */
  readonly service?: number;
  readonly completes?: (exchange: Exchange) => boolean;
}

/** What arrives before a server that takes this long for each answer; the output length names a request. */
function arrivals(source: SessionReplay, { service = 1, completes }: Served = {}) {
  const speed = { ttft: seconds(service), tokensPerSecond: Number.POSITIVE_INFINITY };
  const options = { speed, until: NEVER, ...(completes === undefined ? {} : { completes }) };
  return [...serveAll([source], options)].map((each) => ({ ...each }));
}

const times = (
  rows: readonly RowChanges[],
  served: Served = {},
  changes: Partial<SessionReplayOptions> = {},
) =>
  arrivals(replay(rows.map(row), changes).source, served).map(({ at, outputTokens }) => [
    outputTokens,
    at / SECOND,
  ]);

const ann = { session: "ann" } as const;

describe("the next request of a session", () => {
  it("comes its think time after the simulated answer, earlier or later than recorded", () => {
    const rows = [
      { ...ann, at: 0, ended: 10, outputTokens: 1 },
      { ...ann, at: 15, think: 5, ended: 25, outputTokens: 2 },
      { ...ann, at: 28, think: 3, outputTokens: 3 },
    ];
    expect(times(rows, { service: 1 })).toEqual([
      [1, 0],
      [2, 6],
      [3, 10],
    ]);
    expect(times(rows, { service: 100 })).toEqual([
      [1, 0],
      [2, 105],
      [3, 208],
    ]);
  });

  it("comes the recorded pause after the answer where only ends are recorded", () => {
    const rows = [
      { ...ann, at: 0, ended: 10, outputTokens: 1 },
      { ...ann, at: 12, ended: 20, outputTokens: 2 },
    ];
    expect(times(rows, { service: 30 })).toEqual([
      [1, 0],
      [2, 32],
    ]);
  });

  it("comes neither before its recorded time nor before the answer where only times are recorded", () => {
    const rows = [
      { ...ann, at: 0, outputTokens: 1 },
      { ...ann, at: 8, outputTokens: 2 },
    ];
    expect([times(rows, { service: 3 })[1], times(rows, { service: 30 })[1]]).toEqual([
      [2, 8],
      [2, 30],
    ]);
  });

  it("is not held up by other sessions, nor by requests without one", () => {
    const rows = [
      { ...ann, at: 0, outputTokens: 1 },
      { ...ann, at: 1, think: 1, outputTokens: 2 },
      { at: 2, outputTokens: 3 },
      { session: "bob", at: 4, outputTokens: 4 },
    ];
    expect(times(rows, { service: 50 })).toEqual([
      [1, 0],
      [3, 2],
      [4, 4],
      [2, 51],
    ]);
  });
});

describe("sub-agents", () => {
  it("run beside each other behind the main thread's answer, and the main thread waits for all of them", () => {
    const rows = [
      { ...ann, at: 0, outputTokens: 1 },
      { ...ann, agent: "x", at: 2, think: 2, outputTokens: 10 },
      { ...ann, agent: "y", at: 3, think: 3, outputTokens: 20 },
      { ...ann, agent: "x", at: 4, think: 2, outputTokens: 11 },
      { ...ann, at: 9, think: 1, outputTokens: 2 },
    ];
    expect(times(rows, { service: 5 })).toEqual([
      [1, 0],
      [10, 7],
      [20, 8],
      [11, 14],
      [2, 19],
    ]);
  });

  it("have contexts of their own", () => {
    const rows = [
      { ...ann, at: 0, inputTokens: 1000 },
      { ...ann, agent: "x", at: 1, inputTokens: 50 },
      { ...ann, agent: "x", at: 2, inputTokens: 90 },
      { ...ann, at: 3, inputTokens: 2000 },
    ];
    const shared = arrivals(replay(rows.map(row)).source).map(({ session, sharedTokens }) => [
      session,
      sharedTokens,
    ]);
    expect(shared).toEqual([
      [0, 0],
      [1, 0],
      [1, 70],
      [0, 1020],
    ]);
  });
});

describe("a refusal that the client gave up on", () => {
  const rows = [
    { ...ann, at: 0, outputTokens: 1 },
    { ...ann, at: 10, think: 10, outputTokens: 2 },
    { ...ann, at: 20, think: 10, outputTokens: 3 },
  ];
  const refuseOnce = () => {
    let left = 1;
    return ({ outputTokens }: Exchange) => outputTokens !== 2 || left-- <= 0;
  };

  it("ends the session and all that it had in mind", () => {
    const { source, book } = replay(rows.map(row), { abandon: 1 });
    expect(arrivals(source, { completes: refuseOnce() }).map((each) => each.outputTokens)).toEqual([1, 2]);
    expect([book.startedCount, book.abandonedCount, book.finishedCount]).toEqual([1, 1, 0]);
    expect(source.held).toEqual({ sessions: 0, cells: 0 });
  });

  it("or is followed by the same request after the same pause, with the same context", () => {
    const { source, book } = replay(rows.map(row), { abandon: 0 });
    const sent = arrivals(source, { completes: refuseOnce() });
    expect(
      sent.map(({ at, outputTokens, sharedTokens }) => [outputTokens, at / SECOND, sharedTokens]),
    ).toEqual([
      [1, 0, 0],
      [2, 11, 100],
      [2, 22, 100],
      [3, 33, 100],
    ]);
    expect([book.abandonedCount, book.finishedCount]).toEqual([0, 1]);
    expect(source.sessionTotals(NEVER).lives.estimate().requests).toEqual([{ value: 4, share: 1 }]);
  });

  it("ends the session's agents too, and whatever of it the trace has later", () => {
    const more = [
      { ...ann, at: 0, outputTokens: 1 },
      { ...ann, agent: "x", at: 1, think: 1, outputTokens: 2 },
      { ...ann, agent: "y", at: 1, think: 1, outputTokens: 4 },
      { ...ann, agent: "y", at: 2, think: 1, outputTokens: 5 },
      { at: 500, outputTokens: 6 },
      { ...ann, at: 600, outputTokens: 7 },
    ];
    const { source, book } = replay(more.map(row), { abandon: 1 });
    const sent = arrivals(source, { completes: refuseOnce() }).map((each) => each.outputTokens);
    expect(sent).toEqual([1, 2, 4, 6]);
    expect([book.startedCount, book.abandonedCount]).toEqual([1, 1]);
  });

  it("happens to the share of them that was asked for", () => {
    const many = Array.from({ length: 2000 }, (_, index) => row({ session: `s${index}`, at: index }));
    const { source, book } = replay(many, { abandon: 0.3 });
    const refused = new Set<number>();
    arrivals(source, {
      completes: ({ session }) => {
        if (refused.has(session)) return true;
        refused.add(session);
        return false;
      },
    });
    expect(book.finishedCount + book.abandonedCount).toBe(2000);
    expect(Math.abs(book.abandonedCount - 600)).toBeLessThan(4 * Math.sqrt(2000 * 0.3 * 0.7));
  });
});

describe("a replay of sessions", () => {
  it("starts sessions more often at a higher rate, and keeps their pauses", () => {
    const rows = [
      { session: "a", at: 0, outputTokens: 1 },
      { session: "a", at: 30, think: 30, outputTokens: 2 },
      { session: "b", at: 100, outputTokens: 3 },
      { session: "b", at: 130, think: 30, outputTokens: 4 },
    ];
    const at = (rateScale: number) => Object.fromEntries(times(rows, {}, { rateScale }));
    expect(at(4)).toEqual({ 1: 0, 2: 31, 3: 25, 4: 56 });
    expect(at(0.5)).toEqual({ 1: 0, 2: 31, 3: 200, 4: 231 });
  });

  it("draws account and path once for a session, whatever the fleet does", () => {
    const rows = Array.from({ length: 400 }, (_, index) =>
      row({ session: `s${index % 40}`, at: index / 10, think: 1 }),
    );
    const drawn = (service: number) => {
      const { source, names } = replay(rows);
      const bySession = new Map<number, Set<string>>();
      for (const each of arrivals(source, { service })) {
        const known = bySession.get(each.session) ?? new Set<string>();
        bySession.set(each.session, known.add(`${names.nameOf(each.account)} ${each.serviceTier}`));
      }
      return bySession;
    };
    const fast = [...drawn(0.5).values()].map((set) => [...set]);
    expect(fast.every((set) => set.length === 1)).toBe(true);
    expect(new Set(fast.flat()).size).toBeGreaterThan(3);
    expect([...drawn(60).values()].map((set) => [...set])).toEqual(fast);
  });

  it("reads no further than time has come, and forgets who is silent for long", () => {
    let read = 0;
    function* endless() {
      for (;;) yield row({ session: `s${Math.floor(read / 3)}`, at: read++, outputTokens: 1 });
    }
    const { source, book } = replay(endless(), { forgetAfter: seconds(100) });
    const speed = { ttft: seconds(0.1), tokensPerSecond: Number.POSITIVE_INFINITY };
    let [most, ahead] = [0, 0];
    for (const { at } of serveAll([source], { speed, until: instant(5000 * SECOND) })) {
      most = Math.max(most, source.held.sessions);
      ahead = Math.max(ahead, read - at / SECOND);
    }
    expect(ahead).toBeLessThan(8);
    expect(most).toBeLessThan(40);
    expect(book.finishedCount).toBeGreaterThan(1600);
  });

  it("sends every request of a trace once, one at a time in a thread, and never before its turn", () => {
    const anyRow = fc.record({
      session: fc.constantFrom("", "a", "b", "c"),
      agent: fc.constantFrom("", "", "x", "y"),
      gap: fc.integer({ min: 0, max: 20 }),
      think: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
      service: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(anyRow, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 50 }),
        (specs, service) => {
          let at = 0;
          const rows = specs.map(({ session, agent, gap, think, service: took }, index) => {
            at += gap;
            const times = { at, think, ended: took === undefined ? undefined : at + took };
            return row({ session, agent: session === "" ? "" : agent, ...times, outputTokens: index + 1 });
          });
          const { source, book } = replay(rows);
          const sent = arrivals(source, { service });
          expect(sent.map((each) => each.outputTokens).sort((a, b) => a - b)).toEqual(
            rows.map((_, i) => i + 1),
          );
          const threads = new Map<string, Exchange>();
          let before = 0;
          for (const each of sent) {
            expect(each.at).toBeGreaterThanOrEqual(before);
            before = each.at;
            const { session, agent, thinkTime } = rows[each.outputTokens - 1]!;
            if (session === "") continue;
            const last = threads.get(`${session}/${agent}`);
            if (last !== undefined) {
              expect(each.outputTokens).toBeGreaterThan(last.outputTokens);
              expect(each.at - last.endedAt).toBeGreaterThanOrEqual(thinkTime ?? 0);
            }
            threads.set(`${session}/${agent}`, each);
          }
          expect(book.startedCount - book.finishedCount - book.abandonedCount).toBe(0);
          expect(source.held).toEqual({ sessions: 0, cells: 0 });
        },
      ),
      { numRuns: gear(60, 200) },
    );
  });
});

describe("sessions of a trace whose traffic moves", () => {
  it("stay with the model that they began with, however late their answers are", () => {
    const mix = [{ model: "old", share: 1 }];
    const moves: SessionReplayOptions["moves"] = [
      { from: { model: "old" }, to: { model: "new" }, at: seconds(10), over: seconds(0), share: 1 },
    ];
    const rows = [
      { session: "ann", at: 0, outputTokens: 1 },
      { session: "bob", at: 9, outputTokens: 2 },
      { at: 9.5, outputTokens: 3 },
      { session: "cat", at: 10, outputTokens: 4 },
      { at: 11, outputTokens: 5 },
      { session: "ann", at: 12, think: 12, outputTokens: 6 },
      { session: "ann", agent: "helper", at: 13, think: 1, outputTokens: 7 },
      { session: "cat", at: 14, think: 4, outputTokens: 8 },
    ];
    for (const service of [1, 100]) {
      const models = arrivals(replay(rows.map(row), { mix, moves }).source, { service })
        .sort((one, other) => one.outputTokens - other.outputTokens)
        .map(({ model }) => model);
      expect(models).toEqual(["old", "old", "old", "new", "new", "old", "old", "new"]);
    }
  });
});
