// Callers who wait for answers, as a scenario writes them: how many there are, steady or after a plan as load testers
// have it, when they join, and how long they think. Knows the shape only.
import * as z from "zod";
import { timeDistribution } from "../document/distributions.js";
import { count, duration } from "../document/units.js";
import { expected } from "../document/words.js";

/** Each has a stream and samplers of its own, some kilobytes of memory. */
const MOST_CALLERS = 100_000;

const phaseName = z.string().min(1).exactOptional().describe("For the reader.");
const callersAt = () => count(0, MOST_CALLERS);

const phase = z.union(
  [
    z.strictObject({
      duration: duration({ above: 0 }).describe("Length of the phase."),
      callers: callersAt().describe("Callers at its beginning."),
      rampTo: callersAt()
        .exactOptional()
        .describe("Callers at its end: one joins or leaves after the other."),
      name: phaseName,
    }),
    z
      .strictObject({
        pause: duration({ above: 0 }).describe("Nobody is there for so long."),
        name: phaseName,
      })
      .transform(({ pause }) => ({ duration: pause, callers: 0 })),
  ],
  { error: expected("a phase like {duration: 60s, callers: 10, rampTo: 50}, or {pause: 30s}") },
);

const hasCallers = ({ callers, rampTo = 0 }: { callers: number; rampTo?: number }) =>
  callers > 0 || rampTo > 0;

const over = () => duration({ above: 0 });

const stagger = z.union(
  [
    over().transform((time) => ({ over: time, join: "evenly" as const })),
    z.strictObject({
      over: over().describe("From the start until all are there."),
      join: z
        .enum(["evenly", "at random"])
        .prefault("evenly")
        .describe("One after the other at equal distances, or each at a moment of its own."),
    }),
  ],
  { error: expected("a time like 10s, or {over: 10s, join: at random}") },
);

interface Given {
  readonly callers?: number;
  readonly phases?: readonly unknown[];
  readonly repeat: boolean;
  readonly stagger?: unknown;
}

const hasOnePlan = ({ callers, phases }: Given) => (callers === undefined) !== (phases === undefined);
const onePlan = 'a closed loop needs "callers" or "phases", and not both';
const repeatsPhases = ({ phases, repeat }: Given) => !repeat || phases !== undefined;
const onlyPhases = { path: ["repeat"], error: "only phases can be repeated" };
const joinsOnce = ({ phases, stagger: given }: Given) => phases === undefined || given === undefined;
const noStagger = { path: ["stagger"], error: "phases say who joins when: make the first of them a ramp" };

export const closedArrivals = z
  .strictObject({
    process: z
      .literal("closed")
      .describe("Callers who think, send, and wait for the end before they think again."),
    callers: count(1, MOST_CALLERS)
      .exactOptional()
      .describe("How many there are, like the virtual users of a load tester."),
    phases: z
      .array(phase)
      .min(1)
      .refine((all) => all.some(hasCallers), "nobody is ever there: give one phase callers")
      .exactOptional()
      .describe(
        "Callers one phase after the other, in place of a single number; after the last there are none.",
      ),
    repeat: z.boolean().prefault(false).describe("Whether the phases begin anew after the last."),
    stagger: stagger
      .exactOptional()
      .describe("Callers join over this time, and send when they do; default: all think from the start on."),
    think: timeDistribution.describe("Time from the end of a request to the same caller's next; 0 for none."),
  })
  .refine(hasOnePlan, onePlan)
  .refine(repeatsPhases, onlyPhases)
  .refine(joinsOnce, noStagger);
