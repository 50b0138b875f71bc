import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/base/errors.js";
import { type ChosenSeeds, wholeBlocks } from "../../../../src/core/engine/experiment/seeds.js";
import {
  type RunReplication,
  type StudyOptions,
  study,
} from "../../../../src/core/engine/experiment/study.js";
import { pooledResult } from "../../../../src/core/results/build/pooled.js";
import { UNKNOWN_LOAD } from "../../../../src/core/results/metrics/load.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { lookSizes, spentByLooks } from "../../../../src/core/stats/sequential-looks.js";
import { gear } from "../../../support/mode.js";
import { stated } from "../../../support/stated-threshold.js";
import { smallRun } from "../../results/shape/small-runs.js";

const THRESHOLDS = ["rate<10%", "rate<50%"].map((bound) => stated("overloaded_rate{tier:standard}", bound));

/** Of a hundred attempts, how many are shed in replication 1, 2, ...; the pattern goes round. */
const shedding =
  (...counts: readonly number[]) =>
  (seed: string): RunResult => {
    const shed = counts[(Number(seed.split("/").at(-1)) - 1) % counts.length]!;
    const ttfts = Array.from({ length: 100 - shed }, (_, index) => 1 + shed / 10 + index / 100);
    return smallRun(
      seed,
      [
        { ttfts, shed },
        { ttfts: [], shed: 0 },
      ],
      { thresholds: THRESHOLDS },
    );
  };

const CLEAR = shedding(2, 3, 3, 2);
/** Around the bound: never decided. */
const OPEN = shedding(2, 18, 4, 16, 8, 12);

const later =
  (run: (seed: string) => RunResult): RunReplication =>
  async (seed) =>
    run(seed);

const options = (changes: Partial<StudyOptions> = {}): StudyOptions => ({
  seed: "s",
  plan: { kind: "fixed", count: 5 },
  thresholds: THRESHOLDS,
  ...changes,
});

const seeds = ({ replications }: RunResult) => replications.map(({ seed }) => seed);
const verdicts = (result: RunResult | undefined) => result?.thresholds.map(({ verdict }) => verdict);

describe("a study of a fixed number of replications", () => {
  it("runs so many, on seeds made from its own, and pools them", async () => {
    const { result, ...told } = await study(later(CLEAR), options());
    expect(told).toMatchObject({ ended: "complete", runs: 5, looks: 0 });
    expect(seeds(result!)).toEqual(["s/1", "s/2", "s/3", "s/4", "s/5"]);
    const all = [1, 2, 3, 4, 5].map((index) => CLEAR(`s/${index}`));
    expect(result).toEqual(pooledResult(all, { seed: "s", confidence: 0.95, thresholds: THRESHOLDS }));
  });

  it("asks for the confidence it is given", async () => {
    const { result } = await study(later(CLEAR), options({ confidence: 0.8 }));
    expect(result!.confidence).toBe(0.8);
  });

  it("judges its thresholds with as many others as it is told, and by themselves if it is not", async () => {
    const runs = [1, 2, 3, 4, 5].map((index) => OPEN(`s/${index}`));
    for (const family of [undefined, 20]) {
      const { result } = await study(later(OPEN), options({ family }));
      const judging = { spent: 1, family: family ?? THRESHOLDS.length };
      const wanted = pooledResult(runs, { seed: "s", confidence: 0.95, judging, thresholds: THRESHOLDS });
      expect(result!.thresholds).toEqual(wanted.thresholds);
    }
  });

  it("heeds no budget", async () => {
    const { ended, runs } = await study(later(CLEAR), options({ isOverBudget: () => true }));
    expect([ended, runs]).toEqual(["complete", 5]);
  });

  it("tells of every replication, with everything so far pooled", async () => {
    const told: [number, number][] = [];
    const onResult = (soFar: () => RunResult, runs: number) => told.push([runs, soFar().all.attempts]);
    await study(later(CLEAR), options({ onResult, concurrency: 3 }));
    expect(told).toEqual([1, 2, 3, 4, 5].map((runs) => [runs, 100 * runs]));
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %s of them", async (count) => {
    const some = study(later(CLEAR), options({ plan: { kind: "fixed", count } }));
    await expect(some).rejects.toThrow(/a whole number from 1 up/);
    await expect(some).rejects.toBeInstanceOf(SurgefleetError);
  });
});

describe("a study until its thresholds are decided", () => {
  const decided = (most: number) => ({ plan: { kind: "decided", most } }) as const;

  it("ends at the first look that decides all of them", async () => {
    const { result, ...told } = await study(later(CLEAR), options(decided(50)));
    expect(told).toMatchObject({ ended: "decided", runs: 4, looks: 1 });
    expect(verdicts(result)).toEqual(["pass", "pass"]);
  });

  it("goes on while one is open, and looks seldom", async () => {
    const { result, ...told } = await study(later(OPEN), options(decided(30)));
    expect(told).toMatchObject({ ended: "complete", runs: 30, looks: lookSizes(30, 4).length });
    expect(verdicts(result)).toEqual(["undecided", "pass"]);
  });

  it("judges each look more surely than one alone, and its estimates as ever", async () => {
    const { result, looks } = await study(later(OPEN), options(decided(30)));
    const all = Array.from({ length: 30 }, (_, index) => OPEN(`s/${index + 1}`));
    const spent = spentByLooks(lookSizes(30, 4)).at(-1)!;
    expect(looks).toBe(lookSizes(30, 4).length);
    const judging = { spent, family: 2 };
    expect(result).toEqual(
      pooledResult(all, { seed: "s", confidence: 0.95, judging, thresholds: THRESHOLDS }),
    );
    expect(result!.thresholds[0]!.high).toBeGreaterThan(result!.estimates[0]!.high!);
    expect(result!.judgedAt).toBeCloseTo(1 - 0.05 * spent, 12);
  });

  it("passes on zero events once the risk that is left to a look allows it, and not at the first", async () => {
    const thresholds = [stated("overloaded_rate{tier:standard}", "rate<50%")];
    const none = (seed: string) =>
      smallRun(
        seed,
        [
          { ttfts: Array<number>(100).fill(1 + Number(seed.slice(2)) / 8), shed: 0 },
          { ttfts: [], shed: 0 },
        ],
        { thresholds },
      );
    const { result, ...told } = await study(later(none), options({ ...decided(50), thresholds }));
    // 1 - (0.025 / (k (k + 1)))^(1 / n) is first below a half at the fifth look, at 12 runs; one look alone needs 6.
    expect(told).toMatchObject({ ended: "decided", runs: 12, looks: 5 });
    expect(result!.thresholds[0]).toMatchObject({ verdict: "pass", method: "zero-events", n: 12 });
  });

  it("ends undecided once time is up, and is not partial for that", async () => {
    let asked = 0;
    const isOverBudget = () => ++asked > 7;
    const { result, ended, runs } = await study(later(OPEN), options({ ...decided(30), isOverBudget }));
    // The first one is not asked about.
    expect([ended, runs, result!.partial]).toEqual(["over-budget", 8, false]);
    expect(verdicts(result)).toEqual(["undecided", "pass"]);
  });

  it("runs one however little time there is: without it there is nothing to report", async () => {
    const { result, ended } = await study(later(OPEN), options({ ...decided(30), isOverBudget: () => true }));
    expect([result!.replications.length, ended]).toEqual([1, "over-budget"]);
    expect(verdicts(result)).toEqual(["undecided", "undecided"]);
  });

  it("judges at the confidence itself where there is only one look", async () => {
    const one = await study(later(OPEN), options(decided(1)));
    const many = await study(later(OPEN), options(decided(30)));
    expect([one.result!.judgedAt, one.result!.confidence]).toEqual([0.95, 0.95]);
    expect(many.result!.judgedAt).toBeGreaterThan(0.95);
  });

  it("needs no more than are allowed, even if those are fewer than a first look takes", async () => {
    const { ended, runs, looks } = await study(later(OPEN), options(decided(2)));
    expect([ended, runs, looks]).toEqual(["complete", 2, 1]);
  });
});

describe("a study on chosen seeds", () => {
  const block = (index: number): ChosenSeeds => {
    const [a, b, c, d] = [1, 2, 3, 4].map((seed) => `s/${10 * index + seed}`) as [
      string,
      string,
      string,
      string,
    ];
    const strata = [
      { share: 0.9, seeds: [a, b] },
      { share: 0.1, seeds: [c, d] },
    ];
    return { seeds: [c, a, d, b], strata: { candidates: 8, strata } };
  };
  const blocks = wholeBlocks([4, 4, 4], block);
  const decided = { kind: "decided", most: 12 } as const;

  it("runs them in their order, and says how they were chosen", async () => {
    const { result, looks } = await study(later(OPEN), options({ seeds: blocks, plan: decided }));
    expect(seeds(result!).slice(0, 5)).toEqual(["s/3", "s/1", "s/4", "s/2", "s/13"]);
    expect(result!.strata).toEqual({ blocks: [0, 1, 2].map((index) => block(index).strata) });
    expect(looks).toBe(3);
  });

  it("looks only at whole blocks, and makes no more of them than it needs", async () => {
    // Alike within strata.
    const { result, ...told } = await study(
      later(shedding(2, 2, 3, 3)),
      options({ seeds: blocks, plan: decided, concurrency: 3 }),
    );
    expect(told).toMatchObject({ ended: "decided", runs: 4, looks: 1 });
    expect(result!.strata!.blocks.length).toBe(1);
  });

  it("is not ended within a block by a threshold that fails", async () => {
    const failing = shedding(30, 31, 29, 30);
    const { runs, ended } = await study(
      later(failing),
      options({ seeds: blocks, plan: decided, abortOn: [0] }),
    );
    expect([runs, ended]).toEqual([4, "aborted"]);
  });

  it("tells of the strata as far as they have run where time is up", async () => {
    let asked = 0;
    const isOverBudget = () => ++asked > 2;
    const { result, runs } = await study(
      later(OPEN),
      options({ seeds: blocks, plan: decided, isOverBudget }),
    );
    expect(runs).toBe(3);
    expect(result!.strata!.blocks[0]!.strata).toEqual([
      { share: 0.9, seeds: ["s/1"] },
      { share: 0.1, seeds: ["s/3", "s/4"] },
    ]);
  });

  it("has no strata on any seeds", async () => {
    expect((await study(later(CLEAR), options())).result!.strata).toBeNull();
  });
});

describe("a study whose seeds give one and the same run", () => {
  const alike = shedding(3);
  const more = async (changes: Partial<StudyOptions> = {}) => {
    const started: string[] = [];
    const run: RunReplication = async (seed) => {
      started.push(seed);
      return alike(seed);
    };
    return { ...(await study(run, options(changes))), started };
  };

  it("ends with the first of them, as that says it by itself", async () => {
    const { result, started, ...told } = await more();
    expect(told).toMatchObject({ ended: "copies", runs: 1, looks: 0 });
    expect(started).toEqual(["s/1", "s/2"]);
    const alone = { seed: "s", confidence: 0.95, thresholds: THRESHOLDS };
    expect(result).toEqual(pooledResult([alike("s/1")], alone));
    expect(result!.estimates).toEqual(alike("s/1").estimates);
  });

  it("does so whatever its plan is, and tells of no more than one", async () => {
    const told: number[] = [];
    const plan = { kind: "decided", most: 30 } as const;
    const { ended, runs } = await more({ plan, concurrency: 4, onResult: (_, count) => told.push(count) });
    expect([ended, runs, told]).toEqual(["copies", 1, [1]]);
  });

  it("goes on where the second differs by anything: a value, a weight or an event", async () => {
    const differ = (change: (one: RunResult) => RunResult): RunReplication => {
      return async (seed) => (seed === "s/1" ? alike(seed) : change(alike(seed)));
    };
    const inFirst =
      (change: (values: readonly (number | null)[]) => (number | null)[]) => (one: RunResult) => ({
        ...one,
        replications: one.replications.map((each) => ({ ...each, values: change(each.values) })),
      });
    const changes = [
      inFirst(([first, ...rest]) => [first! + 1e-12, ...rest]),
      inFirst((values) => [...values.slice(0, -1), 7]),
      (one: RunResult) => ({ ...one, work: { ...one.work, events: one.work.events + 1 } }),
      (one: RunResult) => ({
        ...one,
        replications: one.replications.map((each) => ({
          ...each,
          weights: each.weights.map((it) => 2 * it),
        })),
      }),
    ];
    for (const change of changes) {
      expect(await study(differ(change), options())).toMatchObject({ ended: "complete", runs: 5 });
    }
  });

  it("does not take one seed that was asked for twice for copies", async () => {
    const twice = { seeds: ["s/1", "s/1"], strata: null };
    const { ended, runs } = await more({ seeds: wholeBlocks([2], () => twice) });
    expect([ended, runs]).toEqual(["complete", 2]);
  });
});

describe("a study of a load that must be kept up with", () => {
  const keepingUp = { kind: "decided", most: 40, mustKeepUp: true } as const;
  const withLoad =
    (verdict: "steady" | "growing" | "unknown") =>
    async (seed: string): Promise<RunResult> => {
      const growthShare = { "queue of shared": verdict === "growing" ? 0.1 : 0 };
      const load = { ...UNKNOWN_LOAD, verdict, startOff: 0, ...(verdict !== "unknown" && { growthShare }) };
      return { ...CLEAR(seed), load: { ...load, growth: growthShare, lateShare: growthShare } };
    };

  it("looks first where it is told to, and spends nothing before", async () => {
    const plain = await study(withLoad("steady"), options({ plan: keepingUp }));
    const late = await study(withLoad("steady"), options({ plan: { ...keepingUp, first: 8 } }));
    expect([plain.ended, plain.runs < 8]).toEqual(["decided", true]);
    expect(late).toMatchObject({ ended: "decided", runs: 8, looks: 1 });
  });

  it("ends at once where the load grows, and goes on while that is unknown", async () => {
    expect(await study(withLoad("growing"), options({ plan: keepingUp }))).toMatchObject({
      ended: "decided",
      runs: 4,
    });
    const unknown = await study(withLoad("unknown"), options({ plan: keepingUp }));
    expect(unknown).toMatchObject({ ended: "complete", runs: 40 });
  });
});

describe("a study that a threshold aborts", () => {
  const FAILING = shedding(30, 31, 29, 30);

  it("ends at the look at which it has failed", async () => {
    const plan = { kind: "fixed", count: 40 } as const;
    const { result, ...told } = await study(later(FAILING), options({ plan, abortOn: [0] }));
    expect(told).toMatchObject({ ended: "aborted", runs: 4, looks: 1 });
    expect(verdicts(result)).toEqual(["fail", "pass"]);
  });

  it("goes on where another one fails", async () => {
    const plan = { kind: "fixed", count: 12 } as const;
    const { ended, runs } = await study(later(FAILING), options({ plan, abortOn: [1] }));
    expect([ended, runs]).toEqual(["complete", 12]);
  });
});

describe("an interrupted study", () => {
  it("pools what has ended and says that it is partial", async () => {
    let ended = 0;
    const run: RunReplication = async (seed) => {
      ended++;
      return CLEAR(seed);
    };
    const { result, ...told } = await study(run, options({ isInterrupted: () => ended >= 3 }));
    expect(told).toMatchObject({ ended: "interrupted", runs: 3, looks: 0 });
    expect([result!.partial, seeds(result!)]).toEqual([true, ["s/1", "s/2", "s/3"]]);
  });

  it("drops a replication that was cut off, and all after it", async () => {
    let isInterrupted = false;
    const run: RunReplication = async (seed) => {
      if (seed === "s/3") isInterrupted = true;
      return seed === "s/3" ? undefined : CLEAR(seed);
    };
    const { result, ended } = await study(
      run,
      options({ concurrency: 4, isInterrupted: () => isInterrupted }),
    );
    expect([ended, seeds(result!)]).toEqual(["interrupted", ["s/1", "s/2"]]);
  });

  it("has no result where nothing has ended", async () => {
    const { result, ended, runs } = await study(later(CLEAR), options({ isInterrupted: () => true }));
    expect([result, ended, runs]).toEqual([undefined, "interrupted", 0]);
  });

  it("is complete where the interruption came after the last one", async () => {
    let runs = 0;
    const isInterrupted = () => runs === 5;
    const run: RunReplication = async (seed) => {
      runs++;
      return CLEAR(seed);
    };
    const { result, ended } = await study(run, options({ isInterrupted }));
    expect([ended, result!.partial]).toEqual(["complete", false]);
  });
});

describe("what a study says", () => {
  const plans = [
    { kind: "fixed", count: 7 },
    { kind: "decided", most: 20 },
  ] as const;

  it.each(plans)("does not depend on how many run at once, nor on which ends first: %o", async (plan) => {
    const patterns = fc.array(fc.nat(25), { minLength: 3, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        patterns,
        fc.integer({ min: 2, max: 6 }),
        async (s, counts, concurrency) => {
          const run = shedding(...counts);
          const alone = await study(later(run), options({ plan }));
          const shuffled = s.scheduleFunction(later(run));
          const together = await s.waitFor(study(shuffled, options({ plan, concurrency })));
          expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
        },
      ),
      { numRuns: gear(5, 40) },
    );
  });

  it("keeps as many under way as it may, and starts none twice", async () => {
    const started: string[] = [];
    let [underWay, most] = [0, 0];
    const run: RunReplication = async (seed) => {
      started.push(seed);
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return CLEAR(seed);
    };
    await study(run, options({ plan: { kind: "fixed", count: 9 }, concurrency: 3 }));
    expect(most).toBe(3);
    expect(started).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => `s/${index}`));
  });

  it("is the error of a replication where there is one, whatever else is under way", async () => {
    const run: RunReplication = async (seed) => {
      if (seed !== "s/1") throw new SurgefleetError("USAGE", `no ${seed}`);
      await new Promise(setImmediate);
      return CLEAR(seed);
    };
    await expect(study(run, options({ concurrency: 4 }))).rejects.toThrow("no s/2");
  });

  it("is not the error of a replication that is not awaited any more", async () => {
    const run: RunReplication = async (seed) => {
      if (Number(seed.slice(2)) > 4) throw new SurgefleetError("USAGE", `no ${seed}`);
      return CLEAR(seed);
    };
    const { ended, runs } = await study(
      run,
      options({ plan: { kind: "decided", most: 20 }, concurrency: 6 }),
    );
    expect([ended, runs]).toEqual(["decided", 4]);
  });
});
