import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONE } from "../../../../src/core/base/none.js";
import { START } from "../../../../src/core/base/units.js";
import { openStream, type Stream } from "../../../../src/core/random/stream.js";
import { LoadIndex, NOWHERE } from "../../../../src/core/server/fleet/load-index.js";
import { PLACEMENTS, type PlacementSpec } from "../../../../src/core/server/fleet/placement/registry.js";
import { Placement } from "../../../../src/core/server/fleet/placement.js";
import type { SequenceWork } from "../../../../src/core/server/replica/replica.js";
import { aloneWork } from "../../../conformance/replica-run.js";
import { placementOf } from "../../../support/dated.js";
import { type Contents, ReplicaOfCounts } from "./replicas.js";

type Strategy = PlacementSpec["strategy"];

function makeFleet(
  contents: readonly Contents[],
  strategy: Strategy = "least-loaded",
  chance = openStream("1", "placement"),
) {
  const replicas = contents.map((each) => new ReplicaOfCounts(each));
  const loads = new LoadIndex();
  const changed = (index: number) => {
    const { openings, slotsBusy, slots } = replicas[index]!;
    loads.set(index, openings > 0 ? slotsBusy / slots : Number.POSITIVE_INFINITY);
  };
  for (const _ of replicas) changed(loads.add());
  const placement = new Placement(placementOf(strategy, chance), {
    replicas,
    ready: [...replicas.keys()],
    membership: () => 0,
    loads,
  });
  return { replicas, loads, changed, placement };
}

const prompt = (inputTokens: number, session = NONE): SequenceWork =>
  aloneWork({ inputTokens, outputTokens: 1, session });

const place = (inputTokens: number, ...contents: Contents[]) =>
  makeFleet(contents).placement.choose(prompt(inputTokens), START);

describe("the least loaded", () => {
  it("is the replica with the smallest share of busy slots, not with the fewest", () => {
    expect(place(1, { slots: 4, busy: 2 }, { slots: 16, busy: 4 }, { slots: 4, busy: 3 })).toBe(1);
  });

  it("is the first of equals", () => {
    expect(place(1, { slots: 4, busy: 2 }, { slots: 4, busy: 1 }, { slots: 8, busy: 2 })).toBe(1);
  });

  it("is not a replica without a slot or without the memory", () => {
    const noMemory = { slots: 4, kvTokens: 100, kvUsed: 95 };
    expect(place(10, noMemory, { slots: 2, busy: 2 }, { slots: 4, busy: 3 })).toBe(2);
    expect(place(5, noMemory, { slots: 2, busy: 2 }, { slots: 4, busy: 3 })).toBe(0);
  });

  it("is not one without an opening, though slots are free", () => {
    expect(place(1, { slots: 4, openings: 0 }, { slots: 4, busy: 3 })).toBe(1);
  });

  it("is nowhere when all are full", () => {
    expect(place(1, { slots: 2, busy: 2 }, { slots: 1, busy: 1 })).toBe(NOWHERE);
  });

  it("among some is the least loaded of those that has room", () => {
    const { placement } = makeFleet([
      { slots: 4 },
      { slots: 4, busy: 2 },
      { slots: 4, busy: 1, kvTokens: 5 },
      { slots: 4, busy: 2 },
      { slots: 4, busy: 4 },
    ]);
    const among = (replicas: number[], tokens = 1) => placement.chooseAmong(replicas, prompt(tokens), START);
    expect([among([3, 2, 1]), among([3, 2, 1], 6), among([4, 3]), among([2], 6), among([])]).toEqual([
      2,
      1,
      3,
      NOWHERE,
      NOWHERE,
    ]);
  });
});

describe("the better of two", () => {
  /** Draws the replicas that it is told to, in this order. */
  const scripted = (...draws: number[]): Stream => ({
    uniform: () => 0,
    below: () => draws.shift()!,
  });
  const contents = [
    { slots: 4, busy: 3 },
    { slots: 4, busy: 1 },
    { slots: 4, busy: 0 },
    { slots: 4, busy: 4 },
    { slots: 4, busy: 3, kvTokens: 10 },
  ];
  const choose = (chance: Stream, tokens = 1) =>
    makeFleet(contents, "power-of-two", chance).placement.choose(prompt(tokens), START);

  it("is the less loaded of the two drawn, the first of equals", () => {
    expect([choose(scripted(0, 1)), choose(scripted(1, 0)), choose(scripted(0, 0))]).toEqual([1, 1, 0]);
    expect([choose(scripted(0, 4)), choose(scripted(4, 0))]).toEqual([0, 4]);
  });

  it("is the least loaded of all where the two are full or have no memory", () => {
    expect([choose(scripted(3, 3)), choose(scripted(4, 4), 11), choose(scripted(3, 0))]).toEqual([2, 2, 0]);
  });

  it("compares two drawn evenly: of empty replicas each is taken equally often", () => {
    const { placement } = makeFleet(new Array(4).fill({ slots: 2 }), "power-of-two");
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 8000; draw++) counts[placement.choose(prompt(1), START)]!++;
    // Five standard deviations of a binomial count of mean 2000.
    expect(counts.every((count) => Math.abs(count - 2000) < 5 * Math.sqrt(1500))).toBe(true);
  });
});

describe("round robin", () => {
  it("takes the replicas in turn, however busy they are, but for those that are full", () => {
    const { placement } = makeFleet(
      [{ slots: 8 }, { slots: 8, busy: 7 }, { slots: 2, busy: 2 }, { slots: 8, busy: 3 }],
      "round-robin",
    );
    const chosen = Array.from({ length: 8 }, () => placement.choose(prompt(1), START));
    expect(chosen).toEqual([0, 1, 0, 3, 0, 1, 0, 3]);
  });

  it("gives each of so many replicas its share to within one, which power of two does not", () => {
    const spread = (strategy: Strategy) => {
      const { placement } = makeFleet(new Array<Contents>(7).fill({ slots: 1000 }), strategy);
      const counts = new Array<number>(7).fill(0);
      for (let call = 0; call < 1000; call++) counts[placement.choose(prompt(1), START)]!++;
      return Math.max(...counts) - Math.min(...counts);
    };
    expect(spread("round-robin")).toBe(1);
    expect(spread("power-of-two")).toBeGreaterThan(5);
  });
});

describe("affinity", () => {
  const affine = (contents: readonly Contents[]) => makeFleet(contents, "affinity");
  const EMPTY = new Array<Contents>(4).fill({ slots: 8 });

  it("takes a session to one and the same replica, and spreads sessions evenly", () => {
    const { placement } = affine(EMPTY);
    const homes = Array.from({ length: 4000 }, (_, session) => placement.choose(prompt(1, session), START));
    expect(homes).toEqual(homes.map((_, session) => placement.choose(prompt(1, session), START)));
    const counts = [0, 1, 2, 3].map((replica) => homes.filter((home) => home === replica).length);
    expect(counts.every((count) => Math.abs(count - 1000) < 100)).toBe(true);
  });

  it("takes a sequence without a session to the least loaded", () => {
    const { placement } = affine([
      { slots: 8, busy: 2 },
      { slots: 8, busy: 2 },
      { slots: 8, busy: 1 },
    ]);
    expect(placement.choose(prompt(1), START)).toBe(2);
  });

  it("leaves home while that is more than the slack busier than the least loaded, and comes back", () => {
    const { placement, replicas, changed } = affine(EMPTY);
    const home = placement.choose(prompt(1, 5), START);
    const goesTo = (busy: number) => {
      replicas[home]!.slotsBusy = busy;
      changed(home);
      return placement.choose(prompt(1, 5), START);
    };
    const other = home === 0 ? 1 : 0;
    expect([0, 1, 2, 3, 8, 2].map(goesTo)).toEqual([home, home, home, other, other, home]);
  });

  it("leaves home where the session does not fit there", () => {
    const { placement, replicas } = affine(EMPTY);
    const home = placement.choose(prompt(1, 5), START);
    replicas[home]!.grow(999);
    expect([placement.choose(prompt(1, 5), START), placement.choose(prompt(2, 5), START)]).toEqual([
      home,
      home === 0 ? 1 : 0,
    ]);
  });
});

describe("placement by any rule", () => {
  const contents = fc.array(
    fc.record({
      slots: fc.integer({ min: 1, max: 4 }),
      busy: fc.nat({ max: 4 }),
      openings: fc.nat({ max: 4 }),
      kvTokens: fc.constant(20),
      kvUsed: fc.nat({ max: 20 }),
    }),
    { minLength: 1, maxLength: 9 },
  );
  const session = fc.oneof(fc.constant(NONE), fc.nat({ max: 50 }));
  const sane = (all: readonly Contents[]) =>
    all.map((each) => ({ ...each, busy: Math.min(each.busy ?? 0, each.slots) }));

  it.each(PLACEMENTS.map(({ name }) => name))(
    "places what fits somewhere where it fits, and nothing else (LAW-8): %s",
    (strategy) => {
      fc.assert(
        fc.property(contents, fc.integer({ min: 1, max: 21 }), session, (given, tokens, from) => {
          const { placement, replicas } = makeFleet(sane(given), strategy);
          const work = prompt(tokens, from);
          const chosen = placement.choose(work, START);
          const fitting = [...replicas.keys()].filter((index) => replicas[index]!.fits(work));
          return fitting.length === 0 ? chosen === NOWHERE : fitting.includes(chosen);
        }),
        { numRuns: 500 },
      );
    },
  );

  it("is the least loaded that fits by the strategy of that name, the first of equals", () => {
    fc.assert(
      fc.property(contents, fc.integer({ min: 1, max: 21 }), (given, tokens) => {
        const { placement, replicas } = makeFleet(sane(given));
        const work = prompt(tokens);
        const loadOf = (index: number) => replicas[index]!.slotsBusy / replicas[index]!.slots;
        const fitting = [...replicas.keys()].filter((index) => replicas[index]!.fits(work));
        const [best = NOWHERE] = fitting.sort((one, other) => loadOf(one) - loadOf(other) || one - other);
        return placement.choose(work, START) === best;
      }),
      { numRuns: 500 },
    );
  });
});
