// What every replica must keep to, whatever its steps are: nobody is lost, nothing comes before its cause, and what is
// taken is given back. A replica runs it with one line in replica.test.ts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Instant } from "../../src/core/base/units.js";
import { kvNeeded } from "../../src/core/replica/replica.js";
import { type CreateReplica, ReplicaRun } from "./replica-run.js";

export interface ReplicaUnderTest {
  readonly create: CreateReplica;
  /** No sequence of the contract needs more KV tokens than this: every one of them fits an empty replica. */
  readonly kvMost: number;
}

interface Script {
  readonly works: readonly {
    readonly gap: number;
    readonly inputTokens: number;
    readonly cachedTokens: number;
    readonly outputTokens: number;
    /** Microseconds after its arrival. */
    readonly cancelAfter: number | undefined;
  }[];
  readonly admitsInside: boolean;
}

// Short gaps and a few very short outputs, so that sequences meet at the same boundaries.
const scripts = (kvMost: number): fc.Arbitrary<Script> => {
  const tokens = fc.integer({ min: 1, max: Math.floor(kvMost / 2) });
  const work = fc
    .record({
      gap: fc.oneof(fc.constant(0), fc.nat({ max: 30_000 })),
      inputTokens: tokens,
      cachedShare: fc.constantFrom(0, 0, 0.5, 1),
      outputTokens: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }), tokens),
      cancelAfter: fc.option(fc.nat({ max: 300_000 }), { nil: undefined, freq: 2 }),
    })
    .map(({ cachedShare, ...rest }) => ({
      ...rest,
      cachedTokens: Math.floor(rest.inputTokens * cachedShare),
    }));
  return fc.record({ works: fc.array(work, { minLength: 1, maxLength: 25 }), admitsInside: fc.boolean() });
};

function prepare(create: CreateReplica, script: Script): ReplicaRun {
  const run = new ReplicaRun(create);
  run.admitsInside = script.admitsInside;
  let at = 0;
  for (const { gap, cancelAfter, ...work } of script.works) {
    at += gap;
    const id = run.arrive(at, work);
    if (cancelAfter !== undefined) run.cancelAt(at + cancelAfter, id);
  }
  return run;
}

/** What is told of one sequence, in order: one of the few ways in which a life can go. */
const LIVES = ["", "admitted", "admitted cancelled", "admitted first cancelled", "admitted first completed"];

/** The law that the replica breaks after an event, if any. */
function brokenLaw(run: ReplicaRun, now: Instant): string | undefined {
  const { replica, inside } = run;
  const reserved = inside.reduce((sum, id) => sum + kvNeeded(run.workOf(id)), 0);
  if (replica.kvUsed !== reserved) return "KV in use is what those inside have reserved";
  if (replica.kvUsed > replica.kvTokens) return "LAW-12";
  if (replica.slotsBusy !== inside.length || inside.length > replica.slots) return "slots";
  if (replica.openings < 0 || replica.openings > replica.slots - inside.length) return "openings";
  if (replica.kvClaimed < 0 || replica.kvClaimed > replica.kvUsed)
    return "what is claimed is no more than what is reserved";
  if (replica.fits(1) && replica.openings === 0) return "a sequence joins through an opening";
  const wrong = inside.find((id) => {
    const generated = replica.generated(id, now);
    const mayHave = run.timeOf("first", id) === undefined ? 0 : run.workOf(id).outputTokens;
    const mustHave = run.timeOf("first", id) === undefined ? 0 : 1;
    return !Number.isInteger(generated) || generated < mustHave || generated > mayHave;
  });
  return wrong === undefined ? undefined : "LAW-3: tokens come with the first token and end with the last";
}

const SEEDED = { seed: 1, numRuns: 150 };

export function replicaContract(name: string, { create, kvMost }: ReplicaUnderTest): void {
  const script = scripts(kvMost);

  describe(`replica ${name}`, () => {
    it("LAW-1, LAW-3: gives each sequence a first token and then one end, in the order of time", () => {
      const law = fc.property(script, (given) => {
        const { log } = prepare(create, given).run();
        const lives = given.works.map((_, id) =>
          log
            .filter((told) => told.id === id)
            .map(({ what }) => what)
            .join(" "),
        );
        const isDone = lives.every((life, id) => {
          const mayBeCancelled = given.works[id]!.cancelAfter !== undefined;
          return (
            LIVES.includes(life) && (life.endsWith("completed") || (mayBeCancelled && life !== "admitted"))
          );
        });
        return isDone && log.every(({ at }, index) => index === 0 || at >= log[index - 1]!.at);
      });
      fc.assert(law, SEEDED);
    });

    it("LAW-12: keeps its books right after every event, and ends empty", () => {
      const law = fc.property(script, (given) => {
        const run = prepare(create, given);
        run.afterEvent = (now) => {
          const broken = brokenLaw(run, now);
          if (broken !== undefined) throw new Error(broken);
        };
        const { replica } = run.run();
        return replica.kvUsed === 0 && replica.kvClaimed === 0 && replica.slotsBusy === 0;
      });
      fc.assert(law, SEEDED);
    });

    it("never takes a generated token back", () => {
      const law = fc.property(script, (given) => {
        const run = prepare(create, given);
        const seen = given.works.map(() => 0);
        let isMonotone = true;
        run.afterEvent = (now) => {
          for (const id of run.inside) {
            const generated = run.replica.generated(id, now);
            isMonotone &&= generated >= seen[id]!;
            seen[id] = generated;
          }
        };
        run.run();
        return isMonotone;
      });
      fc.assert(law, SEEDED);
    });

    it("hands back on cancelling what was generated until then, and forgets the sequence", () => {
      const law = fc.property(script, (given) => {
        const run = prepare(create, given);
        let isRight = true;
        run.cancelled = (id, generated, now) => {
          const least = run.timeOf("first", id) === undefined ? 0 : 1;
          const most = least === 0 ? 0 : run.workOf(id).outputTokens;
          isRight &&= generated >= least && generated <= most && run.replica.generated(id, now) === 0;
        };
        run.run();
        return isRight;
      });
      fc.assert(law, SEEDED);
    });

    it("LAW-4: does the same again", () => {
      const law = fc.property(script, (given) => {
        const [first, again] = [0, 0].map(() => JSON.stringify(prepare(create, given).run().log));
        return first === again;
      });
      fc.assert(law, { ...SEEDED, numRuns: 50 });
    });

    it("refuses a sequence beyond its openings, and to cancel one that is not inside", () => {
      const { replica } = new ReplicaRun(create);
      const work = { inputTokens: 1, cachedTokens: 0, outputTokens: 1 };
      const { openings } = replica;
      for (let id = 0; id < openings; id++) replica.admit(id, work, 0 as Instant);
      expect([openings > 0, replica.openings, replica.fits(2)]).toEqual([true, 0, false]);
      expect(() => replica.admit(99, work, 0 as Instant)).toThrow("a sequence starts only");
      expect(() => replica.cancel(99, 0 as Instant)).toThrow("is inside");
    });
  });
}
