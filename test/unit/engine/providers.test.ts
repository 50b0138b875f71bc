// What callers see of one and the same world under different providers: causes are counted as before, statuses are not.
import { describe, expect, it } from "vitest";
import { play, type TinyChanges, waiting } from "./tiny.js";

/** One request is served, the second is shed, the third is over the account's limit. */
const CALLS = [
  { at: 0, output: 5 },
  { at: 1, output: 1 },
  { at: 1, output: 1 },
];
const LIMITED = { requests: { rate: "1/min", burst: 2, scope: "model" }, chargeShed: true } as const;

function seenUnder(provider: NonNullable<TinyChanges["more"]>["provider"], more: TinyChanges = {}) {
  const run = play(CALLS, { ...more, more: { limits: LIMITED, provider: provider!, ...more.more } });
  return { ...run, statuses: run.attempts.map(({ request, status }) => [request, status]).sort() };
}

describe("the same refusals under another provider", () => {
  it("are told with its statuses, and counted by their causes", () => {
    const [split, legacy, anthropic] = (["fireworks", "legacy-429", "anthropic"] as const).map((name) =>
      seenUnder(name),
    );
    expect(split!.statuses).toEqual([
      [1, 200],
      [2, 503],
      [3, 429],
    ]);
    expect(legacy!.statuses.map(([, status]) => status)).toEqual([200, 429, 429]);
    expect(anthropic!.statuses.map(([, status]) => status)).toEqual([200, 529, 429]);
    for (const { result } of [split!, legacy!, anthropic!])
      expect(result.all.outcomes).toMatchObject({ completed: 1, overloaded: 1, rate_limited: 1 });
    expect([split, legacy, anthropic].map((run) => run!.result.all.statuses)).toEqual([
      { 429: 1, 503: 1 },
      { 429: 2 },
      { 429: 1, 529: 1 },
    ]);
  });

  it("are misread where one status stands for two causes", () => {
    const rates = (["fireworks", "legacy-429", "anthropic", "gemini"] as const).map((name) => {
      const { all } = seenUnder(name).result;
      return [all.misread, all.misreadRate];
    });
    expect(rates).toEqual([
      [0, 0],
      [1, 0.5],
      [0, 0],
      [1, 0.5],
    ]);
    const changed = seenUnder({ preset: "gemini", answers: { overloaded: { code: "overloaded" } } });
    expect(changed.result.all.misreadRate).toBe(0);
  });

  it("say nothing of what was answered, given up or wrong: nothing is refused, so no share of it is misread", () => {
    const { all } = play([{ at: 0, output: 3 }], { more: { provider: "legacy-429" } }).result;
    expect([all.statuses, all.misread, all.misreadRate]).toEqual([{}, 0, null]);
  });
});

it("goes by the service tier that was asked for, whatever it is to be served as", () => {
  const paths = {
    standard: { model: "kimi", pool: "shared", rank: 1 },
    flex: { model: "kimi", serviceTier: "flex", pool: "shared", rank: 2 },
    fast: { model: "kimi-fast", pool: "fast", rank: 0 },
  };
  const calls = [
    { at: 0, output: 5 },
    { at: 1, output: 1, tier: "flex" },
    { at: 1, output: 1 },
  ];
  const statuses = (flex: object) => {
    const world = { paths: { ...paths, flex: { ...paths.flex, ...flex } }, provider: "groq" } as const;
    return play(calls, { more: world })
      .attempts.map(({ request, status }) => [request, status])
      .sort();
  };
  const seen = [
    [1, 200],
    [2, 498],
    [3, 503],
  ];
  expect(statuses({})).toEqual(seen);
  expect(statuses({ instead: [{ demote: "standard" }] })).toEqual(seen);
});

describe("clients under another provider", () => {
  const client = { preset: "openai-node-6", maxRetries: 1 } as const;
  const attempts = (run: ReturnType<typeof seenUnder>) =>
    [1, 2, 3].map((request) => run.attempts.filter((one) => one.request === request).length);

  it("try again what their tables say: a 529, and not a 498", () => {
    expect(attempts(seenUnder("anthropic", { traffic: { client } }))).toEqual([1, 2, 2]);
    const groq = {
      preset: "groq",
      answers: { overloaded: { status: 498, code: "capacity_exceeded" } },
    } as const;
    expect(attempts(seenUnder(groq, { traffic: { client } }))).toEqual([1, 1, 2]);
  });

  it("are told of an account's limit and of a full fleet alike, or not", () => {
    const retryAfter = { shouldRetry: { rateLimited: false } };
    const of = (name: "fireworks" | "legacy-429") =>
      attempts(seenUnder(name, { traffic: { client }, more: { retryAfter } }));
    expect(of("fireworks")).toEqual([1, 2, 1]);
    expect(of("legacy-429")).toEqual([1, 1, 1]);
  });

  it("wait as the provider says, unless the scenario says otherwise", () => {
    const limits = { requests: { rate: "6/min", burst: 1 }, chargeShed: true } as const;
    const calls = [0, 0].map((at) => ({ at, output: 1 }));
    const waits = (more: TinyChanges["more"]) =>
      play(calls, { traffic: { client }, more: { limits, ...more } }).attempts.flatMap(({ retryIn }) =>
        retryIn === null ? [] : [retryIn],
      );
    expect(waits({ provider: "openai" })).toEqual([10]);
    expect(waits({ provider: "openai", retryAfter: { rateLimited: "3s" } })).toEqual([3]);
    const [own = 0] = waits({ provider: "openai", retryAfter: { rateLimited: "none" } });
    expect(own).toBeLessThan(0.51);
    expect(waits({ provider: "fireworks" })).toEqual([own]);
  });

  it("are not told to wait for nothing: of an account within its limits nothing can be estimated", () => {
    const more = { retryAfter: { rateLimited: "estimate" } } as const;
    const [wait = 0] = seenUnder("legacy-429", { traffic: { client }, more }).attempts.flatMap(
      ({ request, retryIn }) => (request === 2 && retryIn !== null ? [retryIn] : []),
    );
    expect(wait).toBeGreaterThan(0.37);
  });
});

describe("a fallback on a cause", () => {
  const traffic = { fallback: [{ path: "fast", on: ["overloaded" as const] }] };
  const tiers = (run: ReturnType<typeof seenUnder>) =>
    run.attempts
      .filter(({ request }) => request > 1)
      .map(({ request, tier, outcome }) => `${request} ${tier} ${outcome}`)
      .sort();

  it("is taken where status and code name it, and passed over elsewhere", () => {
    expect(tiers(seenUnder("fireworks", { traffic }))).toEqual([
      "2 fast completed",
      "2 standard overloaded",
      "3 standard rate_limited",
    ]);
    expect(tiers(seenUnder("legacy-429", { traffic }))).toEqual([
      "2 standard overloaded",
      "3 standard rate_limited",
    ]);
  });

  it("leaves the next one in the list to be taken", () => {
    const later = { fallback: [{ path: "priority", on: ["unavailable" as const] }, "fast"] };
    expect(tiers(seenUnder("legacy-429", { traffic: later }))).toEqual([
      "2 fast completed",
      "2 standard overloaded",
      "3 fast overloaded",
      "3 standard rate_limited",
    ]);
  });

  it("is taken on a wait that was too long, where that is among the causes", () => {
    const client = { preset: "none", timeout: "2s" } as const;
    const late = { client, fallback: [{ path: "fast", on: ["timed_out" as const] }] };
    const run = play(CALLS.slice(0, 2), { traffic: late, pool: { admission: waiting(5) } });
    expect(run.attempts.map(({ request, tier }) => `${request} ${tier}`)).toContain("2 fast");
  });
});
