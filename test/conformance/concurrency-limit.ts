// What every concurrency limit must keep to, whatever it learns from. concurrency-limit.test.ts runs it over all
// definitions; a user's own limit can run it too.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, instant, NEVER } from "../../src/core/base/units.js";
import type { ConcurrencyLimit } from "../../src/core/server/gateway/concurrency/limit.js";
import type { Settlement } from "../../src/core/server/gateway/policies/policy.js";
import { facts } from "../support/gateway-views.js";
import { gear } from "../support/mode.js";

const SEEDED = { seed: 1, numRuns: gear(150, 500) };

const event = fc.record({
  kind: fc.constantFrom("start", "start", "start", "token", "token", "leave"),
  choice: fc.nat({ max: 50 }),
  /** From an instant to longer than any limit takes for slow. */
  gap: fc.oneof(fc.constant(0), fc.nat({ max: 100_000 }), fc.nat({ max: 20_000_000 })),
});
const life = fc.array(event, { maxLength: 200 });

type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

interface Inside {
  readonly attempt: number;
  readonly startedAt: Instant;
  firstTokenAt: Instant;
}

/** A pool that is always waited for. Calls `look` after everything that happens, with what the limit was told in it. */
function live(
  limit: ConcurrencyLimit,
  events: readonly Event[],
  look: (told: boolean, inside: number) => void,
): void {
  const inside: Inside[] = [];
  let now = 0;
  let attempts = 0;
  for (const { kind, choice, gap } of events) {
    now += gap;
    let told = false;
    if (kind === "start" && inside.length < limit.most) {
      const attempt = attempts++;
      inside.push({ attempt, startedAt: instant(now), firstTokenAt: NEVER });
      if (limit.weighs) limit.entered(attempt, facts(), inside.length, instant(now));
    } else if (kind === "token") {
      const one = inside.filter(({ firstTokenAt }) => firstTokenAt === NEVER)[choice % 3];
      if (one !== undefined) {
        one.firstTokenAt = instant(now);
        if (limit.learns) limit.firstToken(one.attempt, one.startedAt, inside.length, instant(now));
        told = limit.learns;
      }
    } else if (kind === "leave" && inside.length > 0) {
      const [one] = inside.splice(choice % inside.length, 1);
      const hasToken = one!.firstTokenAt < NEVER;
      const settlement: Settlement = hasToken ? (choice % 2 === 0 ? "completed" : "cut") : "shed";
      const { startedAt, firstTokenAt } = one!;
      const stay = {
        startedAt,
        firstTokenAt,
        leftAt: instant(now),
        outputTokens: hasToken ? choice : 0,
        settlement,
      };
      if (limit.learns) limit.left(one!.attempt, Object.freeze(stay), inside.length);
      told = limit.learns;
    }
    look(told, inside.length);
  }
}

/** What a limit was after each event. */
function limitsIn(limit: ConcurrencyLimit, events: readonly Event[]): number[] {
  const log: number[] = [];
  live(limit, events, () => log.push(limit.most));
  return log;
}

export function limitContract(name: string, create: () => ConcurrencyLimit): void {
  describe(`concurrency limit ${name}`, () => {
    it("always lets one in at least, and whole ones", () => {
      const law = fc.property(life, (events) =>
        [create().most, ...limitsIn(create(), events)].every(
          (most) => most >= 1 && (Number.isSafeInteger(most) || most === Number.POSITIVE_INFINITY),
        ),
      );
      fc.assert(law, SEEDED);
    });

    it("changes only when it is told something, and never if it does not learn", () => {
      const law = fc.property(life, (events) => {
        const limit = create();
        let before = limit.most;
        let isRight = true;
        live(limit, events, (told) => {
          isRight &&= told || limit.most === before;
          before = limit.most;
        });
        return isRight && (limit.learns || limit.most === create().most);
      });
      fc.assert(law, SEEDED);
    });

    it("LAW-4: learns the same from the same history", () => {
      const law = fc.property(life, (events) => {
        const [first, again] = [0, 0].map(() => limitsIn(create(), events).join());
        return first === again;
      });
      fc.assert(law, SEEDED);
    });

    it("says of itself whether it learns, once and for all", () => {
      const limit = create();
      const { learns } = limit;
      limitsIn(limit, fc.sample(life, { seed: 1, numRuns: 20 }).flat());
      expect(limit.learns).toBe(learns);
    });
  });
}
