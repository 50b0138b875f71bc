// Populations whose traffic moves to another model: accounts one by one, and their sessions not at all.
import { describe, expect, it } from "vitest";
import { NONE } from "../../../../../src/core/base/none.js";
import { type Instant, seconds } from "../../../../../src/core/base/units.js";
import type { MoveSpec } from "../../../../../src/core/demand/traffic/moves.js";
import type { PopulationOptions } from "../../../../../src/core/demand/traffic/population/population.js";
import { AGENT, type AgentSpec } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { gear } from "../../../../support/mode.js";
import { createPopulation, drive, type Exchange, populationOptions } from "../sessions/drive.js";

const UNTIL = (2000 * 1e6) as Instant;
/** By day until most of what moves has moved. */
const SHORT = gear((1000 * 1e6) as Instant, UNTIL);
/** Short sessions that send out many agents. */
const BUSY: AgentSpec = {
  ...AGENT,
  turns: { mu: 0.5, sigma: 0.5, most: 20 },
  requests: { one: 0.25, mu: 1, sigma: 0.5, most: 20 },
  humanGap: { mu: 2, sigma: 0.5, most: 60 },
  subAgents: { ...AGENT.subAgents, share: 0.5, requests: 3, cheap: 0.5 },
};
const CHANGES: Partial<PopulationOptions> = {
  rate: 4,
  accounts: { count: 40, skew: 0.5 },
  agent: BUSY,
  mix: [
    { model: "old", share: 0.7 },
    { model: "other", share: 0.3 },
  ],
  subAgentMix: [{ model: "small", share: 1 }],
};
const MOVES: readonly MoveSpec[] = [
  { from: { model: "old" }, to: { model: "new" }, at: seconds(300), over: seconds(1200), share: 0.9 },
  { from: { model: "small" }, to: { model: "tiny" }, at: seconds(700), over: seconds(0), share: 1 },
];

interface Sent extends Exchange {
  /** "" for a program's. */
  readonly session: never;
  readonly of: string;
}

function sent(changes: Partial<PopulationOptions>, took = 1, until = UNTIL): Sent[] {
  const source = createPopulation(populationOptions({ ...CHANGES, ...changes, until }));
  const sessions: string[] = [];
  const take = source.take.bind(source);
  source.take = (arrival) => {
    take(arrival);
    sessions.push(arrival.ticket === NONE ? "" : source.threadOf(arrival.ticket).session);
  };
  const all = drive(source, until, { service: () => took });
  return all.map((exchange, index) => ({ ...exchange, of: sessions[index]! }) as Sent);
}

/** By session: when it began, whose it is, and all models that it asked for. */
function sessionsOf(all: readonly Sent[]) {
  const sessions = new Map<string, { of: string; at: number; account: number; models: Set<string> }>();
  for (const { of, at, account, model } of all) {
    if (of === "") continue;
    const session = sessions.get(of) ?? { of, at, account, models: new Set<string>() };
    session.models.add(model);
    sessions.set(of, session);
  }
  return [...sessions.values()];
}

describe("a population whose traffic moves", () => {
  it("keeps every session and its agents on the models that it began with", () => {
    const sessions = sessionsOf(sent({ mixBy: "session", moves: MOVES }));
    let [before, after, agents] = [0, 0, 0];
    for (const { models } of sessions) {
      expect(models.has("old") && models.has("new")).toBe(false);
      expect(models.has("small") && models.has("tiny")).toBe(false);
      if (models.has("old")) before++;
      if (models.has("new")) after++;
      if (models.has("tiny")) agents++;
    }
    expect([before > 20, after > 20, agents > 10]).toEqual([true, true, true]);
  });

  it("moves each account once: its sessions and requests that begin later begin elsewhere", () => {
    const all = sent({ mixBy: "session", moves: MOVES });
    const last = new Map<number, number>();
    const first = new Map<number, number>();
    const starts = [
      ...sessionsOf(all).filter(({ of }) => !of.includes("/before-")),
      ...all
        .filter(({ of }) => of === "")
        .map(({ at, account, model }) => ({ at, account, models: new Set([model]) })),
    ];
    for (const { at, account, models } of starts) {
      if (models.has("old")) last.set(account, Math.max(last.get(account) ?? 0, at));
      if (models.has("new")) first.set(account, Math.min(first.get(account) ?? Infinity, at));
    }
    for (const [account, at] of first) expect(last.get(account) ?? 0).toBeLessThan(at);
    expect(first.size).toBeGreaterThan(25);
  });

  it.each(["account", "session", "request"] as const)(
    "asks for the same when nothing or everything moves, with a mix by %s",
    (mixBy) => {
      const rest = ({ model: _, ...others }: Sent) => others;
      // As text, which is compared in no time.
      const of = (moves: readonly MoveSpec[]) => sent({ mixBy, moves }, 1, SHORT);
      const textOf = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).join("\n");
      const base = sent({ mixBy }, 1, SHORT);
      const [whole, others] = [textOf(base), textOf(base.map(rest))];
      for (const by of ["account", "request"] as const) {
        const moved = of(MOVES.map((move) => ({ ...move, by })));
        expect(textOf(moved.map(rest)) === others).toBe(true);
        expect(moved.filter(({ model }) => model === "new").length).toBeGreaterThan(100);
        const never = MOVES.map((move) => ({ ...move, by, share: 0 }));
        expect(textOf(of(never)) === whole).toBe(true);
      }
    },
  );

  it("begins sessions on the same models however long answers take", () => {
    const starts = (took: number, by: "account" | "request") =>
      new Map(
        sent({ mixBy: "session", moves: MOVES.map((move) => ({ ...move, by })) }, took, SHORT)
          .filter(({ sharedTokens, of }) => of !== "" && sharedTokens === 0)
          .map(({ of, model }) => [of.split("/agent-")[0]!, model]),
      );
    for (const by of ["account", "request"] as const) {
      const [quick, slow] = [starts(1, by), starts(40, by)];
      let compared = 0;
      for (const [session, model] of slow) {
        if (!quick.has(session) || model === "small" || model === "tiny") continue;
        if (["small", "tiny"].includes(quick.get(session)!)) continue;
        expect(model).toBe(quick.get(session));
        compared++;
      }
      expect(compared).toBeGreaterThan(30);
    }
  });
});
