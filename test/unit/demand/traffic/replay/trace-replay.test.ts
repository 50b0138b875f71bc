import { describe, expect, it } from "vitest";
import { instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import type { TraceRow } from "../../../../../src/core/demand/trace/row.js";
import { AccountNames } from "../../../../../src/core/demand/traffic/accounts.js";
import { Contexts } from "../../../../../src/core/demand/traffic/contexts.js";
import {
  TraceReplay,
  type TraceReplayOptions,
} from "../../../../../src/core/demand/traffic/replay/trace-replay.js";
import { chiSquare } from "../../../../support/goodness-of-fit.js";
import { row as base } from "../../../tools/trace-fit/rows.js";
import { take } from "../arrival.js";

const OPTIONS: TraceReplayOptions = {
  name: "recorded",
  accounts: { count: 3, skew: 0 },
  cached: 0,
  maxOutput: 1000,
  mix: [
    { model: "kimi", share: 0.5 },
    { model: "kimi", serviceTier: "priority", share: 0.5 },
  ],
  paths: new Map([
    ["standard", { model: "kimi" }],
    ["priority", { model: "kimi", serviceTier: "priority" }],
    ["fast", { model: "kimi-fast" }],
  ]),
  limit: undefined,
};

/** With its time in microseconds. */
const row = ({ at = 0, ...changes }: Partial<Omit<TraceRow, "at">> & { at?: number } = {}): TraceRow => ({
  ...base(),
  ...changes,
  at: instant(at),
});

function replay(
  rows: Iterable<TraceRow>,
  changes: Partial<TraceReplayOptions> = {},
  names = new AccountNames(),
) {
  return new TraceReplay({ ...OPTIONS, ...changes }, rows, "1", names, new Contexts());
}

describe("trace replay", () => {
  it("arrives at the recorded times with the recorded lengths, ties included, and then never", () => {
    const rows = [row({ at: 0 }), row({ at: 5, inputTokens: 7, outputTokens: 3 }), row({ at: 5 })];
    const source = replay(rows);
    expect(
      take(source, 9).map(({ at, inputTokens, outputTokens }) => [at, inputTokens, outputTokens]),
    ).toEqual([
      [0, 100, 20],
      [5, 7, 3],
      [5, 100, 20],
    ]);
    expect([source.name, source.nextAt]).toEqual(["recorded", NEVER]);
  });

  it("has no arrivals in an empty trace", () => {
    expect(replay([]).nextAt).toBe(NEVER);
  });

  it("cuts outputs, states the bound as max_tokens, and leaves prompts as they are", () => {
    const [arrival] = take(replay([row({ inputTokens: 9e6, outputTokens: 5000 })]), 1);
    expect(arrival).toMatchObject({ inputTokens: 9e6, outputTokens: 1000, maxTokens: 1000 });
  });

  it("caches what the trace says, to the token, and the scenario's share where it says nothing", () => {
    const stated = [undefined, 0, 1, 199, undefined, 200];
    const rows = stated.map((cachedTokens) => row({ inputTokens: 200, cachedTokens }));
    const cached = take(replay(rows, { cached: 0.25 }), rows.length).map(({ cachedTokens }) => cachedTokens);
    expect(cached).toEqual([50, 0, 1, 199, 50, 200]);
  });

  it("reads no more rows than the limit, and lets go of the file", () => {
    let read = 0;
    let isReleased = false;
    function* endless() {
      try {
        for (;;) yield row({ at: read++ });
      } finally {
        isReleased = true;
      }
    }
    const source = replay(endless(), { limit: 3 });
    expect([take(source, 10).length, read, isReleased]).toEqual([3, 3, true]);
  });

  it("takes accounts by their names, and draws one where the trace names none", () => {
    const names = new AccountNames();
    const count = 3000;
    const rows = [
      row({ account: "ann" }),
      ...Array.from({ length: count }, () => row()),
      row({ account: "ann" }),
    ];
    const sent = take(replay(rows, {}, names), rows.length).map(({ account }) => names.nameOf(account));
    const drawn = [1, 2, 3].map((rank) => sent.filter((name) => name === `recorded-${rank}`).length);
    const fit = chiSquare(
      drawn,
      drawn.map(() => count / 3),
    );
    expect(fit.statistic).toBeLessThan(fit.limit);
    expect([sent[0], sent.at(-1)]).toEqual(["ann", "ann"]);
  });

  it("says what is wrong with the trace as soon as it gets there", () => {
    function* broken() {
      yield row();
      throw new Error("line 3 is broken");
    }
    const source = replay(broken());
    expect(() => take(source, 1)).toThrow("line 3");
  });
});

describe("tier and model of a trace", () => {
  const one = (changes: Partial<Omit<TraceRow, "at">>, mix = OPTIONS.mix) => {
    const [arrival] = take(replay([row(changes)], { mix }), 1);
    return [arrival!.model, arrival!.serviceTier];
  };
  const onlyFast = [{ model: "kimi-fast", serviceTier: "odd", share: 1 }];

  it("come from the path that the tier column names", () => {
    expect([one({ tier: "priority" }), one({ tier: "standard" }), one({ tier: "fast" }, onlyFast)]).toEqual([
      ["kimi", "priority"],
      ["kimi", undefined],
      ["kimi-fast", undefined],
    ]);
  });

  it("are the default of a model that stands there without a tier, known or not: the router answers", () => {
    const priority = [{ model: "kimi", serviceTier: "priority", share: 1 }];
    expect([one({ model: "kimi" }, priority), one({ model: "gpt" }, onlyFast)]).toEqual([
      ["kimi", undefined],
      ["gpt", undefined],
    ]);
  });

  it("may contradict each other, as Priority on the Fast model id does", () => {
    expect(one({ tier: "priority", model: "kimi-fast" })).toEqual(["kimi-fast", "priority"]);
  });

  it("are drawn from the mix where the trace names neither, whatever the rows between name", () => {
    const drawn = (tiers: readonly string[]) =>
      take(replay(tiers.map((tier) => row({ tier }))), 40).map((each) => each.serviceTier);
    const plain = drawn(new Array(40).fill(""));
    const mixed = drawn(plain.map((_, index) => (index % 2 === 0 ? "fast" : "")));
    const isOdd = (_: unknown, index: number) => index % 2 === 1;
    expect(mixed.filter(isOdd)).toEqual(plain.filter(isOdd));
    expect(new Set(plain)).toEqual(new Set([undefined, "priority"]));
  });
});

describe("a trace whose traffic moves", () => {
  const moves: TraceReplayOptions["moves"] = [
    { from: { model: "kimi" }, to: { model: "next" }, at: seconds(1), over: seconds(0), share: 1 },
  ];
  const asked = (rows: readonly TraceRow[], by?: "account" | "request") =>
    take(replay(rows, { moves: moves.map((move) => ({ ...move, by })) }), 99).map(
      ({ model, serviceTier = "" }) => `${model} ${serviceTier}`,
    );

  it("goes elsewhere from a time on, whether a row or the mix says where it was", () => {
    const at = (time: number, changes: Parameters<typeof row>[0]) => row({ at: time, ...changes });
    const rows = [
      at(0, { tier: "standard" }),
      at(999_999, { model: "kimi" }),
      at(1e6, { model: "kimi" }),
      at(1e6, { tier: "standard" }),
      at(2e6, { tier: "priority" }),
      at(2e6, { tier: "fast" }),
      at(2e6, { model: "another" }),
    ];
    const expected = ["kimi ", "kimi ", "next ", "next ", "kimi priority", "kimi-fast ", "another "];
    expect(asked(rows)).toEqual(expected);
    expect(asked(rows, "request")).toEqual(expected);
    const drawn = asked(Array.from({ length: 50 }, () => at(1e6, {})));
    expect(new Set(drawn)).toEqual(new Set(["next ", "kimi priority"]));
  });
});
