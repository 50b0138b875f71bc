// What every meter of account limits must keep to, whatever it counts by. meter.test.ts runs it over all kinds, and over
// broken ones that it has to find; what a kind lets in at most is that kind's own, and handed in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, MICROS_PER_MINUTE } from "../../src/core/base/units.js";
import type { Meter } from "../../src/core/server/gateway/accounts/meter.js";
import { gear } from "../support/mode.js";

const RUNS = { numRuns: gear(100, 1000) };
const SECOND = 1_000_000;

const event = fc.record({
  kind: fc.constantFrom("ask", "ask", "ask", "ask", "owe", "back"),
  amount: fc.integer({ min: 0, max: 40 }),
  /** From an instant to longer than any window; rarely so long that all is as at first. */
  gap: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    fc.nat({ max: 3 * SECOND }),
    fc.nat({ max: 90 * SECOND }),
    // Just about a minute, where windows let go of what they hold, and a turn of a ring.
    fc.integer({ min: 57 * SECOND, max: 62 * SECOND }),
    fc.constantFrom(MICROS_PER_MINUTE - 1, MICROS_PER_MINUTE, 62 * SECOND),
    fc.nat({ max: 3600 * SECOND }),
  ),
  row: fc.constantFrom(0, 0, 0, 3),
  choice: fc.nat({ max: 9 }),
});
const history = fc.array(event, { maxLength: 60 });
const amount = fc.integer({ min: 1, max: 60 });

type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

/** A charge that was let in; `back` is what of it was given back. */
export interface Admitted {
  readonly at: number;
  readonly row: number;
  readonly amount: number;
  back: number;
}

interface Played {
  readonly at: number;
  readonly admitted: readonly Admitted[];
  /** What was answered, in turn. */
  readonly answers: readonly boolean[];
}

/** Plays a history of charges to a meter; unasked ones and those given back only where they are wanted. */
function play(
  meter: Meter,
  events: readonly Event[],
  kinds: readonly Event["kind"][] = ["ask", "owe", "back"],
): Played {
  const admitted: Admitted[] = [];
  const answers: boolean[] = [];
  let at = 0;
  for (const { kind, amount, gap, row, choice } of events) {
    at += gap;
    meter.advance(row, instant(at));
    if (!kinds.includes(kind)) continue;
    if (kind === "ask") {
      const holds = meter.holds(row, 0, amount);
      answers.push(holds);
      if (!holds) continue;
      meter.take(row, 0, amount);
      admitted.push({ at, row, amount, back: 0 });
    } else if (kind === "owe") meter.take(row, 0, amount);
    else {
      const one = admitted.filter((each) => each.row === row && each.back === 0).at(-1 - choice);
      if (one === undefined) continue;
      meter.giveBack(row, 0, one.amount, instant(one.at));
      one.back = one.amount;
    }
  }
  return { at, admitted, answers };
}

export interface MeterUnderTest {
  readonly create: () => Meter;
  /** Whether what was let in on one row is no more than the kind allows; without a word of what was given back. */
  readonly conforms: (admitted: readonly Admitted[]) => boolean;
  /** Whether it conforms also if what was given back does not count. */
  readonly isNet: boolean;
}

const rowsOf = (admitted: readonly Admitted[]) =>
  [0, 3].map((row) => admitted.filter((one) => one.row === row));

/** By name; a broken meter fails one of them. */
const METER_LAWS: Readonly<Record<string, (tested: MeterUnderTest) => fc.IRawProperty<unknown, false>>> = {
  "lets in no more than its kind allows": ({ create, conforms }) =>
    fc.property(history, (events) =>
      rowsOf(play(create(), events, ["ask"]).admitted).every((row) => conforms(row)),
    ),

  "lets in no more of what stays, either, whatever was given back": ({ create, conforms, isNet }) =>
    fc.property(history, (events) => {
      if (!isNet) return true;
      const net = play(create(), events, ["ask", "back"]).admitted.map((one) => ({
        ...one,
        amount: one.amount - one.back,
      }));
      return rowsOf(net).every((row) => conforms(row));
    }),

  "says the shortest wait that works": ({ create }) =>
    fc.property(history, amount, (events, wanted) => {
      const after = (wait: number) => {
        const meter = create();
        const { at } = play(meter, events);
        meter.advance(0, instant(at));
        const before = meter.waitFor(0, 0, wanted, instant(at));
        if (wait > 0) meter.advance(0, instant(at + wait));
        return { wait: before, holds: meter.holds(0, 0, wanted) };
      };
      const { wait, holds } = after(0);
      if (wait === undefined)
        return !holds && [60, 3600, 86_400].every((each) => !after(each * SECOND).holds);
      if (wait === 0) return holds;
      return !holds && Number.isInteger(wait) && !after(wait - 1).holds && after(wait).holds;
    }),

  "holds no more than an unused row, whatever is given back": ({ create }) =>
    fc.property(history, amount, (events, extra) => {
      const meter = create();
      const { at } = play(meter, events);
      for (const time of [at, at + 1]) {
        meter.advance(0, instant(time));
        meter.giveBack(0, 0, extra, instant(at));
      }
      const { size, remaining } = meter.state(0, 0, instant(at + 1));
      return remaining >= 0 && remaining <= size && !meter.holds(0, 0, size + 1);
    }),

  "gives a charge back as if it had not been": ({ create }) =>
    fc.property(history, amount, (events, wanted) => {
      const meter = create();
      const { at } = play(meter, events);
      meter.advance(0, instant(at));
      if (!meter.holds(0, 0, wanted)) return true;
      const before = JSON.stringify(meter.state(0, 0, instant(at)));
      meter.take(0, 0, wanted);
      meter.giveBack(0, 0, wanted, instant(at));
      return JSON.stringify(meter.state(0, 0, instant(at))) === before;
    }),

  "owes what was taken unasked, and lets in nothing until it is paid": ({ create }) =>
    fc.property(fc.integer({ min: 1, max: 400 }), (debt) => {
      const meter = create();
      meter.advance(0, instant(0));
      meter.take(0, 0, meter.state(0, 0, instant(0)).size + debt);
      return !meter.holds(0, 0, 0) && !meter.holds(0, 0, 1) && meter.waitFor(0, 0, 1, instant(0)) !== 0;
    }),

  "tells how long it takes until all is there again": ({ create }) =>
    fc.property(history, (events) => {
      const meter = create();
      const { at } = play(meter, events);
      meter.advance(0, instant(at));
      const { reset, remaining, size } = meter.state(0, 0, instant(at));
      return (reset === 0) === (remaining === size);
    }),

  "LAW-4: answers the same to the same, whatever other rows do": ({ create }) =>
    fc.property(history, (events) => {
      const alone = events.map((one) => (one.row === 0 ? one : { ...one, amount: 0 }));
      const onRow = (played: Played) => played.admitted.filter(({ row }) => row === 0);
      const all = JSON.stringify(onRow(play(create(), events)));
      return [events, alone].every((each) => JSON.stringify(onRow(play(create(), each))) === all);
    }),
};

/** Which laws a meter breaks. */
export function brokenLaws(tested: MeterUnderTest): string[] {
  return Object.entries(METER_LAWS)
    .filter(([, law]) => fc.check(law(tested), RUNS).failed)
    .map(([name]) => name);
}

export function meterContract(name: string, tested: MeterUnderTest): void {
  describe(`meter ${name}`, () => {
    it.each(Object.entries(METER_LAWS))("%s", (_, law) => {
      fc.assert(law(tested), RUNS);
    });

    it("begins each row unused", () => {
      const meter = tested.create();
      for (const row of [0, 7, 5000]) {
        meter.advance(row, instant(3 * MICROS_PER_MINUTE));
        const { remaining, size } = meter.state(row, 0, instant(3 * MICROS_PER_MINUTE));
        expect(remaining).toBe(size);
        meter.take(row, 0, 1);
      }
    });

    it("refuses time that runs back", () => {
      const meter = tested.create();
      meter.advance(0, instant(5 * MICROS_PER_MINUTE));
      expect(() => meter.advance(0, instant(2 * MICROS_PER_MINUTE))).toThrow("LAW-2");
    });
  });
}
