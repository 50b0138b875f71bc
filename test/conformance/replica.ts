// What every replica must keep to, whatever its steps are: no sequence is lost, nothing comes before its cause, and
// what is taken is given back. A replica runs it with one line in replica.test.ts.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, START } from "../../src/core/base/units.js";
import type { HaltedSequence } from "../../src/core/server/replica/replica.js";
import { gear } from "../support/mode.js";
import { type CreateReplica, ReplicaRun } from "./replica-run.js";
import { brokenLaw, prepare, SEEDED, SMALLEST, scripts } from "./replica-script.js";
import { speedContract } from "./replica-speeds.js";

export interface ReplicaUnderTest {
  readonly create: CreateReplica;
  /** No sequence of the contract needs more KV tokens than this: every one of them fits an empty replica. */
  readonly kvMost: number;
  /** Whether memory runs out on the way in some of its runs. */
  readonly preempts?: boolean;
  /** Whether some of its sequences find a part of their prompt cached that was not promised. */
  readonly finds?: boolean;
}

/** What is told of one sequence, in order, but for preemptions: one of the few ways in which a life can go. */
const LIVES = ["", "admitted", "admitted cancelled", "admitted first cancelled", "admitted first completed"];

export function replicaContract(name: string, underTest: ReplicaUnderTest): void {
  const { create, kvMost, preempts = false, finds = false } = underTest;
  const script = scripts(kvMost);

  describe(`replica ${name}`, () => {
    it("LAW-1, LAW-3: gives each sequence a first token and then one end, in the order of time", () => {
      const law = fc.property(script, (given) => {
        const { log } = prepare(create, given).run();
        const lives = given.works.map((_, id) =>
          log
            .filter((told) => told.id === id && told.what !== "preempted")
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

    it("preempts and caches as it should, so that the other laws are tried where that happens", () => {
      let [preemptions, found] = [0, 0];
      const law = fc.property(script, (given) => {
        const run = prepare(create, given).run();
        preemptions += run.replica.work.preemptions;
        for (const [id, skipped = 0] of run.skipped.entries()) {
          if (run.workOf(id).cachedTokens === 0) found += skipped;
        }
        return run.log.filter(({ what }) => what === "preempted").length === run.replica.work.preemptions;
      });
      fc.assert(law, SEEDED);
      expect([preemptions > 0, found > 0]).toEqual([preempts, finds]);
    });

    it("skips of a prompt what a look had found just before", () => {
      const law = fc.property(script, (given) => {
        const run = prepare(create, given);
        const seen: number[] = [];
        run.admitting = (id, now) => {
          seen[id] = run.replica.cacheHit(run.workOf(id), now);
        };
        run.run();
        return seen.every((hit, id) => hit === run.skipped[id] && hit >= 0);
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
        const end = (run.log.at(-1)?.at ?? START) as Instant;
        return replica.kvUsed(end) === 0 && replica.slotsBusy === 0;
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

    it("tells of all sequences inside what it tells of each", () => {
      const law = fc.property(script, (given) => {
        const run = prepare(create, given);
        let isSame = true;
        run.afterEvent = (now) => {
          const told = new Map<number, number>();
          run.replica.visitGenerated(now, (id, generated) => told.set(id, generated));
          isSame &&= told.size === run.inside.length;
          for (const id of run.inside) isSame &&= told.get(id) === run.replica.generated(id, now);
        };
        run.run();
        return isSame;
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

    it("hands back on halting all that is inside, in the order of admission, and leaves nothing behind", () => {
      let [handedBack, generated, prefilled] = [0, 0, 0];
      const law = fc.property(script, fc.nat({ max: 20 }), fc.boolean(), (given, which, isAtWake) => {
        const { wakes } = prepare(create, given).run();
        const wake = wakes[which % wakes.length] ?? START;
        const run = prepare(create, given);
        run.haltAt(isAtWake ? wake : wake + which);
        let expected: HaltedSequence[] = [];
        run.halting = (now) => {
          expected = run.inside.map((id) => ({
            sequence: id,
            prefilled: run.replica.prefilled(id, now),
            generated: run.replica.generated(id, now),
          }));
        };
        let isEmpty = true;
        run.afterEvent = (now) => {
          if (run.halted === undefined) return;
          const { replica } = run;
          isEmpty &&= run.alarms === 0 && replica.slotsBusy === 0 && replica.kvUsed(now) === 0;
          isEmpty &&= expected.every(({ sequence }) => replica.generated(sequence, now) === 0);
          isEmpty &&= given.works.every((_, id) => {
            const { cachedTokens } = run.workOf(id);
            return replica.cacheHit(run.workOf(id), now) <= cachedTokens;
          });
        };
        const { log, halted = [] } = run.run();
        handedBack += halted.length;
        generated += halted.reduce((sum, one) => sum + one.generated, 0);
        prefilled += halted.reduce((sum, one) => sum + one.prefilled, 0);
        const last = log.slice(log.length - halted.length);
        return isEmpty && isDeepStrictEqual(halted, expected) && last.every(({ what }) => what === "halted");
      });
      fc.assert(law, SEEDED);
      expect([handedBack, generated, prefilled].every((count) => count > 0)).toBe(true);
    });

    speedContract(create, script);

    it("LAW-4: does the same again", () => {
      const law = fc.property(script, (given) => {
        const [first, again] = [0, 0].map(() => JSON.stringify(prepare(create, given).run().log));
        return first === again;
      });
      fc.assert(law, { ...SEEDED, numRuns: gear(10, 50) });
    });

    it("refuses a sequence beyond its openings, and to cancel one that is not inside", () => {
      const { replica } = new ReplicaRun(create);
      const { openings } = replica;
      for (let id = 0; id < openings; id++) replica.admit(id, SMALLEST, START);
      expect([openings > 0, replica.openings, replica.fits(SMALLEST, START)]).toEqual([true, 0, false]);
      expect(() => replica.admit(99, SMALLEST, START)).toThrow("a sequence starts only");
      expect(() => replica.cancel(99, START)).toThrow("is inside");
    });
  });
}
