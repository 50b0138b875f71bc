// What is done instead of a refusal, driven by hand: which detour takes what, where it is served, and what is counted.
import { describe, expect, it } from "vitest";
import type { ScenarioInput } from "../../../../src/core/index.js";
import type { ServiceLedger } from "../../../../src/core/server/service/books.js";
import { ByHand } from "../../../support/by-hand.js";
import { tinyScenario, waiting } from "../../engine/tiny.js";

type PathInput = ScenarioInput["paths"][string];
type Detours = NonNullable<PathInput["instead"]>;

const [STANDARD, PRIORITY, FAST] = [0, 1, 2];

/** Two pools of one slot and one place to wait; standard and priority are of the first, fast is of the other. */
function server(instead: Partial<Record<string, Detours>>, more: Partial<ScenarioInput> = {}) {
  const replica = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 10 } as const;
  const tiny = tinyScenario({ pool: { replica, admission: waiting(0) }, more });
  const paths = Object.entries(tiny.paths).map(([name, path]) => [
    name,
    { ...path, instead: instead[name] ?? [] },
  ]);
  const pools = Object.keys(tiny.pools).map((name) => [
    name,
    { ...tiny.pools[name]!, replicas: 1, replica, admission: waiting(0) },
  ]);
  const books: string[] = [];
  const ledger: ServiceLedger = {
    attemptStarted: (path) => void books.push(`started ${path}`),
    demoted: (path) => void books.push(`demoted ${path}`),
    spilled: (path) => void books.push(`spilled ${path}`),
    tokensGenerated: (path, tokens) => void books.push(`${tokens} tokens of ${path}`),
    wasted: () => undefined,
  };
  const input = {
    ...tiny,
    paths: Object.fromEntries(paths),
    pools: Object.fromEntries(pools),
  } as ScenarioInput;
  return { hand: new ByHand(input, "1", ledger), books };
}

describe("what a path states instead of a refusal", () => {
  it("spills over into another pool, as the path that it is, and counts as what was asked for", () => {
    const { hand, books } = server({ standard: [{ spill: "fast" }] });
    hand.call(1, { route: STANDARD });
    hand.call(2, { route: STANDARD });
    hand.call(3, { route: STANDARD });
    expect(hand.told).toEqual([
      "0: 1 queued",
      "0: 1 started on 0 in 0, 0 cached",
      "0: 2 queued",
      "0: 2 started on 0 in 1, 0 cached",
      "0: 3 refused 503 overloaded_capacity",
    ]);
    hand.until(30);
    expect(books).toEqual(["started 0", "spilled 0", "started 0", "5 tokens of 0", "5 tokens of 0"]);
    hand.service.assertConserved(3, 0);
  });

  it("is served as another path, in that one's pool, and counts as what was asked for", () => {
    const { hand, books } = server({ priority: [{ demote: "fast" }] });
    hand.call(1, { route: PRIORITY });
    hand.call(2, { route: PRIORITY });
    expect(hand.told.slice(2)).toEqual(["0: 2 queued", "0: 2 started on 2 in 1, 0 cached"]);
    expect(books).toEqual(["started 1", "demoted 1", "started 1"]);
  });

  it("is tried in the order of the list, the first that takes the request", () => {
    const { hand } = server({ standard: [{ spill: "fast" }, { demote: "priority" }] });
    hand.call(1, { route: FAST });
    hand.call(2, { route: STANDARD });
    hand.call(3, { route: STANDARD });
    expect(hand.told.at(-1)).toBe("0: 3 refused 503 overloaded_capacity");
  });

  it("is for the causes that it names alone", () => {
    const { hand } = server({
      standard: [{ spill: "fast", on: ["outage"] }],
      priority: [{ spill: "fast", on: ["overload"] }],
    });
    hand.call(1, { route: STANDARD });
    hand.call(2, { route: STANDARD });
    expect(hand.told.at(-1)).toBe("0: 2 refused 503 overloaded_capacity");
    hand.outage(0);
    hand.call(3, { route: PRIORITY });
    hand.call(4, { route: STANDARD });
    expect(hand.told.slice(-3)).toEqual([
      "0: 3 refused 503 outage",
      "0: 4 queued",
      "0: 4 started on 0 in 1, 0 cached",
    ]);
  });

  it("charges an account once, by the limits of what serves it", () => {
    const limits = { requests: { rate: "1/min", burst: 1, scope: "model" } } as const;
    const { hand } = server({ standard: [{ demote: "fast", on: ["limit"] }] }, { limits });
    for (const reference of [1, 2, 3]) hand.call(reference, { route: STANDARD });
    expect(hand.told.filter((line) => !line.includes("queued"))).toEqual([
      "0: 1 started on 0 in 0, 0 cached",
      "0: 2 started on 2 in 1, 0 cached",
      "0: 3 refused 429 requests",
    ]);
  });

  it("leaves a refusal as it was where none takes the request, of its own pool and with its own reason", () => {
    const { hand } = server({ standard: [{ spill: "fast" }] });
    hand.call(1, { route: STANDARD });
    hand.call(2, { route: FAST });
    hand.outage(1);
    hand.call(3, { route: STANDARD });
    expect(hand.told.at(-1)).toBe("0: 3 refused 503 overloaded_capacity");
  });

  it("is for an overload, too, where an account over its soft limit finds no other path", () => {
    const limits = { requests: { rate: "10/min", burst: 10, soft: 0.1, scope: "model" } } as const;
    const { hand, books } = server(
      { standard: [{ demote: "priority", on: ["soft-limit"] }, { spill: "fast" }] },
      { limits },
    );
    hand.call(1, { route: STANDARD });
    hand.call(2, { route: STANDARD });
    expect(hand.told.slice(2)).toEqual(["0: 2 queued", "0: 2 started on 0 in 1, 0 cached"]);
    expect(books).toEqual(["started 0", "spilled 0", "started 0"]);
    expect(hand.service.parts.pools[0]!.counts.shed).toBe(1);
  });
});

describe("where a shed request keeps its charge", () => {
  const limits = {
    requests: { rate: "1/min", burst: 4, scope: "account" },
    chargeShed: true,
  } as const;

  it("one that a detour takes is charged once", () => {
    const { hand } = server({ standard: [{ demote: "priority" }, { spill: "fast" }] }, { limits });
    hand.call(1, { route: STANDARD });
    hand.call(2, { route: STANDARD });
    // Two are left.
    for (const reference of [3, 4, 5]) hand.call(reference, { route: FAST });
    expect(hand.told.slice(-3)).toEqual([
      "0: 3 refused 503 overloaded_capacity",
      "0: 4 refused 503 overloaded_capacity",
      "0: 5 refused 429 requests",
    ]);
  });

  it("and so is one that no detour takes, however many there are", () => {
    const { hand } = server({ standard: [{ demote: "priority" }, { spill: "fast" }] }, { limits });
    hand.call(1, { route: STANDARD });
    hand.call(2, { route: FAST });
    for (const reference of [3, 4, 5]) hand.call(reference, { route: STANDARD });
    expect(hand.told.slice(-3)).toEqual([
      "0: 3 refused 503 overloaded_capacity",
      "0: 4 refused 503 overloaded_capacity",
      "0: 5 refused 429 requests",
    ]);
  });
});

describe("a partial outage", () => {
  /** Which attempts it fails: those whose turn is 1 here, in order. */
  const failing = (hand: ByHand, turns: readonly number[], pool = 0) => {
    const left = [...turns];
    hand.service.parts.gateway.incidentBegins(pool, () => left.shift() === 1);
    return left;
  };

  it("is asked once about each attempt, whatever detours its pool has", () => {
    const limits = { requests: { rate: "10/min", burst: 10, soft: 0.1, scope: "model" } } as const;
    const { hand } = server(
      { standard: [{ demote: "priority", on: ["soft-limit", "overload"] }] },
      { limits },
    );
    const left = failing(hand, [0, 0, 1, 1]);
    hand.call(1, { route: STANDARD });
    hand.call(2, { route: STANDARD });
    expect([hand.told.at(-1), left]).toEqual(["0: 2 refused 503 overloaded_capacity", [1, 1]]);
  });

  it("fails an attempt as another path of its pool, too", () => {
    const { hand } = server({ standard: [{ demote: "priority", on: ["outage"] }] });
    failing(hand, [1, 0]);
    hand.call(1, { route: STANDARD });
    expect(hand.told).toEqual(["0: 1 refused 503 outage"]);
  });

  it("of another pool is asked once about each attempt, however many detours lead there", () => {
    const on = ["overload", "outage"] as const;
    const both = {
      standard: [
        { spill: "fast", on: [...on] },
        { demote: "fast", on: [...on] },
      ],
    };
    const failed = server(both).hand;
    failed.call(1, { route: STANDARD });
    const turns = failing(failed, [1, 0], 1);
    failed.call(2, { route: STANDARD });
    expect([failed.told.at(-1), turns]).toEqual(["0: 2 refused 503 overloaded_capacity", [0]]);

    const full = server(both).hand;
    full.call(1, { route: STANDARD });
    full.call(2, { route: FAST });
    const left = failing(full, [0, 1, 0], 1);
    full.call(3, { route: STANDARD });
    // The next attempt has a turn of its own.
    full.call(4, { route: STANDARD });
    expect(left).toEqual([0]);
  });
});
