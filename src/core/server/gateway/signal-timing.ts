// How old signals are by the time a decision is made on them: copies of what is are taken every `period`, travel for
// `age`, and some get lost. The same three say it for admission and for placement.
import * as z from "zod";
import type { Duration } from "../../base/units.js";
import { duration, MINUTE, share } from "../../document/units.js";

export interface SignalTiming {
  /** How often a copy is taken, at whole multiples of it; 0: decisions see what is. */
  readonly period: Duration;
  /** How long a copy travels until decisions see it. */
  readonly age: Duration;
  /** Share of copies that never arrive. */
  readonly loss: number;
}

/** So many may be under way at once: each is kept until it arrives. */
const MOST_UNDER_WAY = 1000;

/** Beyond it hardly any arrives: some have to, or the first would be looked for for ever. */
const MOST_LOST = 0.99;

const isTaken = ({ period, age, loss }: SignalTiming) => period > 0 || (age === 0 && loss === 0);
const areFew = ({ period, age }: SignalTiming) => period === 0 || age <= MOST_UNDER_WAY * period;

/** The three as a scenario writes them. `what` is copied, and 0s shows it as it is. */
export const signalOptions = (what: string, period = "0s") => ({
  period: duration({ to: 60 * MINUTE })
    .prefault(period)
    .describe(`How often ${what} is copied for it, at whole multiples of this; 0s: it sees what is.`),
  age: duration({ to: 60 * MINUTE })
    .prefault("0s")
    .describe("How long a copy is under way until it is seen; the one of the start is there at once."),
  loss: share({ to: MOST_LOST })
    .prefault(0)
    .describe("Share of copies that never arrive: what came before them is seen for longer."),
});

/** The map of the three. */
export function signalTiming(what: string, period?: string) {
  return z
    .strictObject(signalOptions(what, period))
    .refine(isTaken, { error: "copies that travel or get lost have to be taken: give a period above 0s" })
    .refine(areFew, {
      path: ["age"],
      error: `at most ${MOST_UNDER_WAY} copies may be under way at once: a longer period, or a shorter age`,
    })
    .prefault({});
}
