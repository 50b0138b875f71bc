import { describe, expect, it } from "vitest";
import type { RunResult } from "../../../../src/core/index.js";
import { seedsOf } from "../../../../src/core/internal.js";
import { openReplications } from "../../../../src/node/run/replications.js";
import type { StudyProgress } from "../../../../src/node/run/study.js";
import { assertThresholds, runStudy } from "../../../../src/node/run/study.js";
import { SWINGING, smallScenario } from "./small-scenario.js";

const SHED = 'thresholds: { "overloaded_rate": ["rate<90%"], "ttft": ["p(50)<1us"] }\n';
/** At the edge of what it sheds, so that no number of replications decides it. */
const OPEN = 'thresholds: { "overloaded_rate": ["rate<12.2%"] }\n';

const fixed = (count: number) => ({ replications: { kind: "fixed", count }, workers: 1 }) as const;

describe("a study of a loaded scenario", () => {
  it("takes its seeds from its own, or from the scenario", async () => {
    const seeds = async (seed?: string) => {
      const { result } = await runStudy(smallScenario(), { ...fixed(2), seed });
      return [result!.seed, ...result!.replications.map((one) => one.seed)];
    };
    expect(await seeds()).toEqual(["7", "7/1", "7/2"]);
    expect(await seeds("x")).toEqual(["x", "x/1", "x/2"]);
  });

  it("runs seeds by strata where accounts swing, and others on the same where it is told so", async () => {
    const swinging = smallScenario("", SWINGING);
    const { result } = await runStudy(swinging, fixed(12));
    expect(result!.strata!.blocks.map(({ strata }) => strata.map(({ seeds }) => seeds.length))).toEqual([
      [2, 3, 4, 3],
    ]);
    const again = await runStudy(smallScenario(), { ...fixed(12), seeds: seedsOf(result!) });
    const seeds = ({ replications }: RunResult) => replications.map(({ seed }) => seed);
    expect(seeds(again.result!)).toEqual(seeds(result!));
    expect(again.result!.strata).toEqual(result!.strata);
    expect((await runStudy(swinging, fixed(11))).result!.strata).toBeNull();
  });

  it("ends where its thresholds are decided", async () => {
    const plan = { kind: "decided", most: 50 } as const;
    const { result, ended, runs } = await runStudy(smallScenario(SHED), { replications: plan, workers: 1 });
    expect([ended, runs]).toEqual(["decided", 12]);
    expect(result!.thresholds.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
  });

  it("begins no more than one once its time is up", async () => {
    const replications = { kind: "decided", most: 50 } as const;
    const { ended, finished, runs } = await runStudy(smallScenario(OPEN), {
      replications,
      workers: 1,
      maxSeconds: 0,
    });
    expect([ended, finished, runs]).toEqual(["over-budget", true, 1]);
  });

  it("notices an interrupt between replications that are short", async () => {
    // As a signal does, it comes when the event loop turns.
    let turns = 0;
    const count = () => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const { ended, runs } = await runStudy(smallScenario(), fixed(2000), {
      isInterrupted: () => turns > 3,
    });
    clearImmediate(timer);
    expect(ended).toBe("interrupted");
    expect(runs).toBeLessThan(9);
  });

  it("finds a warm-up on its own threads, and stops at once when told to", async () => {
    const auto = smallScenario("warmup: auto\n");
    const settled = await runStudy(auto, fixed(2));
    expect([settled.ended, settled.result!.time.warmup > 0]).toEqual(["complete", true]);
    const stopped = await runStudy(auto, fixed(2), { isInterrupted: () => true });
    expect([stopped.ended, stopped.runs]).toEqual(["interrupted", 0]);
  });

  it("refuses to go on until thresholds are decided where there are none", () => {
    const until = { kind: "decided", most: 50 } as const;
    expect(() => assertThresholds(smallScenario(), until)).toThrow("it has no thresholds to decide");
    expect(() => assertThresholds(smallScenario(SHED), until)).not.toThrow();
    expect(() => assertThresholds(smallScenario(), null)).not.toThrow();
  });

  it("says of one replication that it is one seed, and of two how far they differ", async () => {
    const methods = async (count: number) => {
      const { result } = await runStudy(smallScenario(SHED), fixed(count));
      return new Set(result!.estimates.map(({ method }) => method));
    };
    const one = await methods(1);
    expect([one.has("one-seed"), one.has("batches"), one.has("replications")]).toEqual([true, false, false]);
    expect((await methods(2)).has("replications")).toBe(true);
  });

  it("is partial where it was interrupted", async () => {
    let runs = 0;
    const hooks = {
      onProgress: (progress: StudyProgress) => {
        runs = progress.runs;
      },
      isInterrupted: () => runs >= 2,
    };
    const study = await runStudy(smallScenario(), fixed(9), hooks);
    expect([study.ended, study.finished, study.runs, study.result!.partial]).toEqual([
      "interrupted",
      false,
      2,
      true,
    ]);
  });

  it("tells how it stands", async () => {
    const told: StudyProgress[] = [];
    await runStudy(smallScenario(), fixed(3), { onProgress: (progress) => told.push(progress) });
    const ends = told.filter(({ soFar }, index) => soFar !== told[index - 1]?.soFar);
    expect(ends.map(({ runs, most, soFar }) => [runs, most, soFar?.().replications.length])).toEqual([
      [1, 3, 1],
      [2, 3, 2],
      [3, 3, 3],
    ]);
  });

  it("ends at the first look where a threshold that aborts it has failed", async () => {
    const text = 'thresholds: { "ttft": [{ threshold: "p(50)<1us", abortOnFail: true }] }\n';
    const { ended, runs } = await runStudy(smallScenario(text), fixed(30));
    expect([ended, runs]).toEqual(["aborted", 9]);
  });

  it("runs on threads that it is lent, and leaves them open", async () => {
    const replications = openReplications(1, {});
    const loaded = smallScenario();
    const [first, second] = [
      await runStudy(loaded, fixed(1), { replications }),
      await runStudy(loaded, fixed(1), { replications }),
    ];
    expect(second.result).toEqual(first.result);
  });
});
