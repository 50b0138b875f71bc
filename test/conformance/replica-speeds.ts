// What every replica must keep to whose speed changes: work takes as long as its speeds sum up to it, and while it hangs
// time stands still for it.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Instant, START } from "../../src/core/base/units.js";
import { type CreateReplica, ReplicaRun } from "./replica-run.js";
import { brokenLaw, prepare, type Script, SEEDED } from "./replica-script.js";

/** All that can be seen of it, but for what it peaked at. */
function stateOf({ replica, inside }: ReplicaRun, now: Instant): string {
  const lives = inside.map((id) => {
    return `${id} prefilled ${replica.prefilled(id, now)} generated ${replica.generated(id, now)}`;
  });
  return [replica.slotsBusy, replica.openings, replica.kvUsed(now), replica.rankLimit, ...lives].join();
}

interface SpeedChange {
  readonly gap: number;
  readonly speed: number;
}

const speedChanges: fc.Arbitrary<SpeedChange[]> = fc.array(
  fc.record({
    gap: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100_000 })),
    speed: fc.oneof(fc.constantFrom(0, 0, 0.5, 1), fc.double({ min: 0.01, max: 1, noNaN: true })),
  }),
  { maxLength: 6 },
);

/** One after the other; the last of them is for good if it is not 0, or else it goes on after a second. */
function changeSpeeds(run: ReplicaRun, changes: readonly SpeedChange[]): void {
  let at = 0;
  for (const { gap, speed } of changes) {
    at += gap;
    run.setSpeedAt(at, speed);
  }
  if (changes.at(-1)?.speed === 0) run.setSpeedAt(at + 1_000_000, 1);
}

/** Microseconds at full speed that are done by `until`. */
function workBy(changes: readonly SpeedChange[], until: number): number {
  let [at, speed, done] = [0, 1, 0];
  const goTo = (next: number) => {
    done += Math.max(0, Math.min(next, until) - at) * speed;
    at = next;
  };
  for (const change of changes) {
    goTo(at + change.gap);
    speed = change.speed;
  }
  if (speed === 0) goTo(at + 1_000_000);
  if (speed === 0) speed = 1;
  goTo(Number.POSITIVE_INFINITY);
  return done;
}

export function speedContract(create: CreateReplica, script: fc.Arbitrary<Script>): void {
  it("hangs without an event, in the state of that instant, and then goes on as if no time had passed", () => {
    let generating = 0;
    const law = fc.property(script, fc.nat({ max: 200 }), fc.boolean(), (given, which, isAtWake) => {
      const { wakes, log } = prepare(create, given).run();
      const wake = wakes[which % wakes.length] ?? START;
      const [at, by] = [isAtWake ? wake : wake + which, 123_456];
      const isIn = (now: number) => now > at && now < at + by;
      const run = prepare(create, given, (before) => (before > at ? before + by : before));
      run.setSpeedAt(at, 0);
      run.setSpeedAt(at + by, 1);
      const seen: string[] = [];
      run.probed = (now) => seen.push(stateOf(run, now));
      for (const after of [0, 1, 77_777, by - 1]) run.probeAt(at + after);
      let isSilent = true;
      run.afterEvent = (now) => {
        isSilent &&= !isIn(now) || run.alarms === 0;
      };
      run.run();
      const expected = log.map((told) => {
        // Only at the end of an instant, when the next step starts, is any sequence preempted.
        const isLater = told.at > at || (told.at === at && told.what === "preempted");
        return isLater ? { ...told, at: told.at + by } : told;
      });
      generating += /generated [1-9]/.test(seen[0]!) ? 1 : 0;
      return isSilent && new Set(seen).size === 1 && isDeepStrictEqual(run.log, expected);
    });
    fc.assert(law, SEEDED);
    expect(generating).toBeGreaterThan(10);
  });

  it("is at full speed what it is if it is never told", () => {
    const law = fc.property(script, fc.array(fc.nat({ max: 500_000 }), { maxLength: 5 }), (given, at) => {
      const run = prepare(create, given);
      for (const each of at) run.setSpeedAt(each, 1);
      return isDeepStrictEqual(run.run().log, prepare(create, given).run().log);
    });
    fc.assert(law, SEEDED);
  });

  it("does for a sequence on its own what its speeds sum up to, neither more nor less", () => {
    const work = fc.record({
      inputTokens: fc.integer({ min: 1, max: 60 }),
      outputTokens: fc.nat({ max: 200 }),
    });
    const law = fc.property(work, speedChanges, ({ inputTokens, outputTokens }, changes) => {
      const [whole, run] = [[], changes].map((each) => {
        const run = new ReplicaRun(create);
        run.arrive(0, { inputTokens, outputTokens: outputTokens + 1 });
        changeSpeeds(run, each);
        return run.run();
      });
      // A microsecond for what is left of the step at each change, and half of one for the epoch behind it.
      const most = 1.5 * (changes.length + 2);
      return run!.log.every(({ at, what, id }) => {
        const done = workBy(changes, at);
        return Math.abs(done - whole!.timeOf(what, id)!) <= most;
      });
    });
    fc.assert(law, SEEDED);
  });

  it("LAW-3, LAW-12: keeps its books right at changing speeds, takes no token back, and ends empty", () => {
    const law = fc.property(script, speedChanges, (given, changes) => {
      const run = prepare(create, given);
      changeSpeeds(run, changes);
      const seen = given.works.map(() => 0);
      run.afterEvent = (now) => {
        const broken = brokenLaw(run, now);
        if (broken !== undefined) throw new Error(broken);
        for (const id of run.inside) {
          const generated = run.replica.generated(id, now);
          if (generated < seen[id]!) throw new Error("a token was taken back");
          seen[id] = generated;
        }
      };
      const { replica, inside } = run.run();
      const end = (run.log.at(-1)?.at ?? START) as Instant;
      return inside.length === 0 && replica.kvUsed(end) === 0 && replica.slotsBusy === 0;
    });
    fc.assert(law, SEEDED);
  });
}
