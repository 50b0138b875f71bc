// When the requests of a source arrive, as a scenario writes it: a random process at a steady or a changing rate, or a
// recorded trace. Knows the shape only; drawing arrivals is the traffic folder's work.
import * as z from "zod";
import { WORKLOADS } from "../demand/traffic/population/workloads.js";
import { DAY_NAMES } from "../demand/traffic/rate/shape.js";
import { nameOf } from "../document/definition.js";
import { duration, LEAST_ARRIVALS_PER_SECOND, rate, real, share } from "../document/units.js";
import { expected } from "../document/words.js";
import { closedArrivals } from "./closed-arrivals.js";
import { traceArrivals } from "./trace-arrivals.js";

export const MOST_ARRIVALS_PER_SECOND = 1e6;

const arrivalRate = () =>
  rate({ from: LEAST_ARRIVALS_PER_SECOND, to: MOST_ARRIVALS_PER_SECOND }).describe(
    "Mean arrivals, all accounts together.",
  );

const phaseName = z.string().min(1).exactOptional().describe("For the reader.");
const phaseRate = () => rate({ from: 0, to: MOST_ARRIVALS_PER_SECOND });

const phase = z.union(
  [
    z.strictObject({
      duration: duration({ above: 0 }).describe("Length of the phase."),
      arrivalRate: phaseRate().describe("Arrivals per second, at its beginning."),
      rampTo: phaseRate()
        .exactOptional()
        .describe("Arrivals per second at its end, reached in a straight line."),
      name: phaseName,
    }),
    z
      .strictObject({
        pause: duration({ above: 0 }).describe("Nothing arrives for so long."),
        name: phaseName,
      })
      .transform(({ pause }) => ({ duration: pause, arrivalRate: 0 })),
  ],
  { error: expected("a phase like {duration: 60s, arrivalRate: 5, rampTo: 20}, or {pause: 30s}") },
);

const hasArrivals = ({ arrivalRate, rampTo = 0 }: { arrivalRate: number; rampTo?: number }) =>
  arrivalRate > 0 || rampTo > 0;

const factors = (length: number) =>
  z
    .array(real({ from: 0, to: 1000 }))
    .length(length, { error: `${length} factors are needed, one for each` })
    .refine((all) => all.some((factor) => factor > 0), "one factor at least must be above 0");

const shape = z.strictObject({
  daily: z
    .union([z.enum(DAY_NAMES), factors(24)], {
      error: expected(`${DAY_NAMES.join(", ")}, or 24 factors from midnight`),
    })
    .prefault("flat")
    .describe("How the rate goes through the day: a table by name, or a factor for each hour."),
  weekly: factors(7).exactOptional().describe("A factor for each day of the week, from Monday."),
  startHour: real({ from: 0, to: 168 })
    .prefault(0)
    .describe("Where in the week the run begins: hours after Monday's midnight."),
});

const spike = z.strictObject({
  at: duration().describe("The launch, counted from the start of the run."),
  peak: real({ from: 1, to: 10_000 }).describe(
    "The rate at the launch, as a multiple of what it settles at.",
  ),
  halfLife: duration({ above: 0 }).describe("In which what is above that halves, again and again."),
  before: real({ from: 0, to: 10_000 })
    .prefault(0)
    .describe("The rate before the launch, as such a multiple; 1 for a model that was there."),
});

const rateFile = () =>
  z
    .string({ error: expected("the path of a file") })
    .min(1, { error: "the path of the file is empty" })
    .exactOptional();

const timing = {
  rate: arrivalRate().exactOptional(),
  phases: z
    .array(phase)
    .min(1)
    .refine((all) => all.some(hasArrivals), "nothing ever arrives: give one phase a rate above 0")
    .exactOptional()
    .describe("Rates one after the other, in place of a single one: steps, ramps, spikes, pauses."),
  counts: rateFile().describe(
    "File with the requests in each step of time, in place of a rate: CSV of timestamp,count in equal steps, or the " +
      "answer to a Prometheus range query of one series. The first step is the start of the run.",
  ),
  rates: rateFile().describe("The same for a file with requests a second."),
  repeat: z.boolean().prefault(false).describe("Whether the phases begin anew after the last."),
  shape: shape.exactOptional().describe("Day and week; the rate is their mean."),
  spike: spike
    .exactOptional()
    .describe("The rush on a model that is launched; the rate is what it settles at. Not with phases."),
};

const cv = () =>
  real({ from: 0.001, to: 100 }).describe(
    "Coefficient of variation of the gaps; above 1 is burstier than Poisson.",
  );

interface Timing {
  readonly rate?: number;
  readonly phases?: readonly unknown[];
  readonly repeat: boolean;
  readonly spike?: unknown;
}

const hasOneRate = ({ rate, phases }: Timing) => (rate === undefined) !== (phases === undefined);
const oneRate = 'arrivals need a "rate" or "phases", and not both';
const repeatsPhases = ({ phases, repeat }: Timing) => !repeat || phases !== undefined;
const hasNoSpike = ({ phases, spike: given }: Timing) => phases === undefined || given === undefined;
const noSpike = { path: ["spike"], error: "phases say the rate by themselves: make the spike one of them" };
const onlyPhases = { path: ["repeat"], error: "only phases can be repeated" };

const processArrivals = z.discriminatedUnion("process", [
  z
    .strictObject({ process: z.literal("poisson").describe("Independent arrivals."), ...timing })
    .refine(hasOneRate, oneRate)
    .refine(repeatsPhases, onlyPhases)
    .refine(hasNoSpike, noSpike),
  z
    .strictObject({
      process: z.literal("gamma").describe("Gamma-distributed gaps between arrivals."),
      cv: cv(),
      ...timing,
    })
    .refine(hasOneRate, oneRate)
    .refine(repeatsPhases, onlyPhases)
    .refine(hasNoSpike, noSpike),
  z
    .strictObject({
      process: z.literal("constant").describe("Equal gaps, to the microsecond."),
      phase: share({ below: 1 })
        .prefault(0)
        .describe("Share of a gap by which the first comes late, so that sources can take turns."),
      ...timing,
    })
    .refine(hasOneRate, oneRate)
    .refine(repeatsPhases, onlyPhases)
    .refine(hasNoSpike, noSpike),
  closedArrivals,
]);

const swing = z.strictObject({
  sigma: real({ from: 0, to: 5 }).describe("Standard deviation of the logarithm of the rate."),
  tau: duration({ above: 0 }).describe("How long a swing lasts: the relaxation time."),
});

const onOff = z.strictObject({
  on: duration({ above: 0 }).describe("Mean time of sending."),
  off: duration({ above: 0 }).describe("Mean time of silence."),
  share: share().describe("Share of the programmatic accounts that send on and off."),
});

const flash = z
  .strictObject({
    every: duration({ above: 0 })
      .prefault("6h")
      .describe("Mean time between two of them in the whole source."),
    from: real({ from: 1, to: 1000 }).prefault(4).describe("Least factor on the rate of one account."),
    to: real({ from: 1, to: 1000 }).prefault(10).describe("Largest factor."),
    median: duration({ above: 0 }).prefault("5m").describe("Median length."),
    sigma: real({ from: 0, to: 5 })
      .prefault(0.8)
      .describe("Standard deviation of the logarithm of the length."),
  })
  .refine(({ from, to }) => from <= to, '"from" must not be above "to"');

const population = z.strictObject({
  workload: nameOf(WORKLOADS).describe(
    "Kind of callers, by name: how their rates vary and what their sessions are like.",
  ),
  rate: arrivalRate().describe("Mean requests, all accounts together, were none refused."),
  shape: shape.exactOptional().describe("Day and week; default: the workload's."),
  swings: z
    .array(swing)
    .max(4)
    .exactOptional()
    .describe("Swings of the accounts' rates; default: the workload's."),
  onOff: onOff
    .exactOptional()
    .describe("Programmatic accounts that send on and off; default: the workload's."),
  cv: cv().exactOptional(),
  flash: flash.exactOptional().describe("Sudden rushes of single accounts; default: none."),
  spike: spike
    .exactOptional()
    .describe("The rush on a model that is launched; the rate is what it settles at."),
});

// A union of one: a missing workload then never looks like the mistake in arrivals of another kind.
const populationArrivals = z.discriminatedUnion("workload", [population]);

export const arrivals = z.union([processArrivals, traceArrivals, populationArrivals], {
  error: expected(
    "arrivals like {process: poisson, rate: 60/s}, {workload: agentic, rate: 60/s}, or {trace: FILE}",
  ),
});
