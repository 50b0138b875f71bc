import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONE } from "../../../../../src/core/base/none.js";
import { type Instant, NEVER, START, seconds } from "../../../../../src/core/base/units.js";
import { SessionBook } from "../../../../../src/core/demand/traffic/session-book.js";
import {
  AGENT,
  type AgentSpec,
  CHAT,
  COMPLETION,
} from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { gear } from "../../../../support/mode.js";
import type { TimedArrival } from "../arrival.js";
import {
  contextsOf,
  createPopulation,
  drive,
  type Exchange,
  UNTIL as LONG,
  populationOptions,
} from "../sessions/drive.js";

/** An hour and more by day: some thousands of requests. */
const UNTIL = gear((LONG / 4) as Instant, LONG);
const ONLY_AGENTS = { agent: 1, api: 0, chat: 0 };
/** Sessions that are short and send out many agents. */
const BUSY: AgentSpec = {
  ...AGENT,
  turns: { mu: 0.5, sigma: 0.5, most: 20 },
  requests: { one: 0.25, mu: 1, sigma: 0.5, most: 20 },
  toolGap: [{ weight: 1, mu: 0, sigma: 0.5 }],
  humanGap: { mu: 2, sigma: 0.5, most: 60 },
  subAgents: { ...AGENT.subAgents, share: 0.5, requests: 3, gap: { mu: 0, sigma: 0.5 } },
};

const lengths = ({ inputTokens, outputTokens, sharedTokens }: TimedArrival) =>
  `${inputTokens}/${outputTokens}/${sharedTokens}`;

describe("a population", () => {
  it("has one request of a thread in flight, and a parent waits for its agents", () => {
    const inFlight = new Set<number>();
    const source = createPopulation(populationOptions({ archetypes: ONLY_AGENTS, agent: BUSY }));
    let [most, twice] = [0, 0];
    const take = source.take.bind(source);
    source.take = (arrival) => {
      take(arrival);
      if (inFlight.has(arrival.ticket)) twice++;
      inFlight.add(arrival.ticket);
      most = Math.max(most, inFlight.size);
    };
    const taken = drive(source, seconds(4000) as number as Instant, {
      service: () => 3,
      onEnd: (ticket) => inFlight.delete(ticket),
    });
    expect(twice).toBe(0);
    expect(taken.length).toBeGreaterThan(4000);
    expect(most).toBeGreaterThan(2);
  });

  it("continues a session only when all its agents are done, however they end", () => {
    // Its agents have the second prefix numbering, its main thread the first.
    const agent: AgentSpec = {
      ...BUSY,
      turns: { mu: 0, sigma: 0.01, most: 1 },
      requests: { one: 0, mu: 1.4, sigma: 0.01, most: 4 },
      subAgents: { ...BUSY.subAgents, share: 1, counts: [0, 0, 1] },
      // Nothing is summed up: a context is a thread.
      maxContext: 10_000_000,
      abandon: 1,
    };
    const alone = { archetypes: ONLY_AGENTS, agent, rate: 0.04, accounts: { count: 1, skew: 0 } };
    const source = createPopulation(populationOptions({ ...alone, maxInput: 10_000_000 }));
    const isSub = ({ prefix }: TimedArrival) => prefix >= agent.prefix.groups;
    const taken = drive(source, NEVER, {
      // Of agents that run at once one is over long before the others.
      service: (index) => 1 + ((index * 7) % 11),
      // An agent that gives up is over as well; its session waits for the others and goes on.
      isRefused: (index, arrival) => index % 5 === 4 && isSub(arrival),
    });
    const threads = contextsOf(taken);
    const span = (thread: readonly Exchange[]) => ({ from: thread[0]!.at, to: thread.at(-1)!.endedAt });
    const subs = threads.filter((thread) => isSub(thread[0]!)).map(span);
    let forks = 0;
    const sessions = threads.filter((thread) => !isSub(thread[0]!));
    for (const main of sessions) {
      const { from, to } = span(main);
      // What runs beside another session cannot be told from it.
      if (sessions.some((one) => one !== main && span(one).from < to && span(one).to > from)) continue;
      for (let index = 1; index < main.length; index++) {
        const [before, now] = [main[index - 1]!, main[index]!];
        const children = subs.filter((sub) => sub.from > before.endedAt && sub.from < now.at);
        // Its pause begins when the last of them is over.
        for (const child of children) expect(child.to).toBeLessThan(now.at);
        if (children.length === 0) continue;
        expect(children.length % 3).toBe(0);
        forks++;
      }
      // And none runs while the session itself waits for an answer.
      for (const { at, endedAt } of main) {
        expect(subs.filter((sub) => sub.from < endedAt && sub.to > at)).toEqual([]);
      }
    }
    const gaveUp = taken.filter(({ completed }) => !completed).length;
    expect([forks > 10, gaveUp > 10]).toEqual([true, true]);
  });

  it("asks for the same whatever is refused, agents included", () => {
    const archetypes = { agent: 0.7, api: 0, chat: 0.3 };
    const chat = { ...CHAT, gap: { mu: 0, sigma: 0.3, most: 5 }, abandon: 0 };
    const agent = { ...BUSY, maxContext: 60_000, abandon: 0 };
    const options = { archetypes, agent, chat, rate: 0.2, until: seconds(4000) as number as Instant };
    /** What each context had answered, in its order. No caller gives up for good, so that every session ends. */
    const answered = (refused: readonly boolean[]) => {
      const taken = drive(createPopulation(populationOptions(options)), NEVER, {
        service: (index) => 1 + (index % 3),
        isRefused: (index) => refused[index % refused.length]!,
      });
      const contexts = contextsOf(taken);
      for (const context of contexts) {
        for (let index = 1; index < context.length; index++) {
          const [before, now] = [context[index - 1]!, context[index]!];
          if (!before.completed) expect(lengths(now)).toBe(lengths(before));
        }
      }
      return contexts
        .map((context) => {
          const done = context.filter(({ completed }) => completed);
          return [context[0]!.account, context[0]!.prefix, ...done.map(lengths)].join(" ");
        })
        .sort();
    };
    const calm = answered([false]);
    expect(calm.length).toBeGreaterThan(60);
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (pattern) => {
        expect(answered([...pattern, false])).toEqual(calm);
      }),
      { numRuns: gear(4, 15) },
    );
  });

  it("asks for the same whatever the service times", () => {
    const options = populationOptions({ archetypes: ONLY_AGENTS, agent: BUSY, rate: 0.5, until: UNTIL });
    const demand = (service: number) => {
      const all = drive(createPopulation(options), NEVER, { service: () => service });
      return all.map(lengths).sort();
    };
    const fast = demand(0.1);
    expect(fast.length).toBeGreaterThan(gear(1250, 5000));
    expect(demand(20)).toEqual(fast);
  });

  it("keeps nothing of sessions that are over", () => {
    const chat = { ...CHAT, gap: { mu: 0, sigma: 0.3, most: 5 } };
    const book = new SessionBook(START, NEVER);
    const until = (UNTIL / 5) as Instant;
    const source = createPopulation(
      populationOptions({ archetypes: { agent: 0, api: 0, chat: 1 }, chat, rate: 20, book, until }),
    );
    let most = 0;
    drive(source, NEVER, {
      service: () => 0.5,
      onEnd: () => {
        most = Math.max(most, source.liveThreads);
      },
    });
    expect(book.startedCount).toBeGreaterThan(gear(5000, 20_000));
    expect(book.finishedCount).toBe(book.startedCount);
    // 6.7 sessions start a second, and each lasts some seconds.
    expect(most).toBeLessThan(120);
    expect(source.liveThreads).toBe(0);
  });

  it("sends its rate of requests when all are answered, by kind as stated", () => {
    const until = gear((LONG / 3) as Instant, LONG);
    const agent = { ...BUSY, subAgents: { ...BUSY.subAgents, share: 0.1 } };
    const chat = { ...CHAT, gap: { mu: 0, sigma: 0.3, most: 5 } };
    const taken = drive(createPopulation(populationOptions({ agent, chat, rate: 5, until })), until, {
      service: () => 0.5,
    });
    const kinds = { agent: 0, api: 0, chat: 0 };
    for (const { ticket, prefix } of taken)
      kinds[ticket === NONE ? "api" : prefix === NONE ? "chat" : "agent"]++;
    const seconds = until / 1e6;
    expect(taken.length / seconds / 5).toBeCloseTo(1, 1);
    expect(kinds.agent / taken.length).toBeCloseTo(0.5, 1);
    expect(Math.abs(kinds.api / (0.35 * 5 * seconds) - 1)).toBeLessThan(0.03);
    expect(Math.abs(kinds.chat / (0.15 * 5 * seconds) - 1)).toBeLessThan(0.06);
  });

  it("ends a session by chance when a request is given up", () => {
    const book = new SessionBook(START, NEVER);
    const source = createPopulation(
      populationOptions({ archetypes: ONLY_AGENTS, agent: BUSY, book, rate: 1 }),
    );
    drive(source, NEVER, { service: () => 1, isRefused: () => true });
    expect(book.startedCount).toBeGreaterThan(gear(125, 500));
    expect(book.abandonedCount).toBe(book.startedCount);
    expect(source.liveThreads).toBe(0);
  });

  it("is under way when it begins", () => {
    const options = { archetypes: ONLY_AGENTS, agent: BUSY, rate: 5 };
    const source = createPopulation(populationOptions(options));
    expect(source.liveThreads).toBeGreaterThan(3);
    expect(source.nextAt).toBeGreaterThanOrEqual(0);
    const taken = drive(source, seconds(2000) as number as Instant, { service: () => 1 });
    expect(taken[0]!.at).toBeGreaterThanOrEqual(0);
    expect(Math.abs(taken.length / 10_000 - 1)).toBeLessThan(0.1);
  });
});

describe("the mix of a population", () => {
  const mix = [
    { model: "kimi", share: 0.5 },
    { model: "turbo", share: 0.5 },
  ];
  const models = (mixBy: "account" | "session" | "request", by: "account" | "session") => {
    const agent = {
      ...BUSY,
      compaction: { ...BUSY.compaction, at: 1 },
      subAgents: { ...BUSY.subAgents, share: 0 },
    };
    const options = populationOptions({ archetypes: ONLY_AGENTS, agent, mix, mixBy, rate: 0.5 });
    const seen = new Map<number, Set<string>>();
    for (const arrival of drive(createPopulation(options), UNTIL, { service: () => 1 })) {
      seen.set(arrival[by], (seen.get(arrival[by]) ?? new Set()).add(arrival.model));
    }
    return Math.max(...[...seen.values()].map((set) => set.size));
  };

  it("is settled by account, by session or by request", () => {
    expect(models("account", "account")).toBe(1);
    expect(models("session", "session")).toBe(1);
    expect(models("session", "account")).toBe(2);
    expect(models("request", "session")).toBe(2);
  });

  it("sends the stated share of the sub-agents, and no other request, to the cheap model", () => {
    const options = populationOptions({
      archetypes: ONLY_AGENTS,
      agent: BUSY,
      subAgentMix: [{ model: "cheap", share: 1 }],
    });
    const taken = drive(createPopulation(options), UNTIL, { service: () => 1 });
    const isSub = ({ prefix }: TimedArrival) => prefix >= BUSY.prefix.groups;
    const cheap = taken.filter(({ model }) => model === "cheap");
    expect(cheap.every(isSub)).toBe(true);
    expect(cheap.length / taken.filter(isSub).length).toBeCloseTo(0.3, 1);
  });
});

describe("what a population cuts to its bounds", () => {
  const archetypes = { agent: 0.4, api: 0.3, chat: 0.3 };
  const driven = (changes: object) => {
    const source = createPopulation(populationOptions({ archetypes, agent: BUSY, ...changes }));
    const isRefused = (index: number) => index % 3 === 0;
    const taken = drive(source, seconds(4000) as number as Instant, { service: () => 3, isRefused });
    const { prompts, outputs, thinkTimes } = source.cuts;
    return { taken, cuts: { prompts, outputs, thinkTimes } };
  };

  it("is counted once for each request that it sends, and for none from before the start", () => {
    // Programs whose answers are longer than a token, as all others are.
    const api = { ...COMPLETION, output: [{ weight: 1, mu: 9, sigma: 0.1 }] };
    const { taken, cuts } = driven({ api, maxInput: 1, maxOutput: 1 });
    // Where one token is all that fits, every request begins anew; one that is tried again does not.
    const ofSessions = taken.filter(({ session }) => session !== NONE);
    const sent = new Set(ofSessions.map(({ session }) => session)).size;
    expect(sent).toBeLessThan(ofSessions.length);
    expect(taken.length).toBeGreaterThan(ofSessions.length);
    const all = taken.length - ofSessions.length + sent;
    expect(cuts).toEqual({ prompts: all, outputs: all, thinkTimes: 0 });
  });

  it("is nothing where all fits, and contexts that agents sum up themselves are not cut", () => {
    const { cuts, taken } = driven({ maxInput: 1e9, maxOutput: 1e9, agent: { ...BUSY, maxContext: 20_000 } });
    expect(taken.length).toBeGreaterThan(1000);
    expect(cuts).toEqual({ prompts: 0, outputs: 0, thinkTimes: 0 });
  });
});
