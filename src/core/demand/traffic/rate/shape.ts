// The part of a rate that is known in advance: the hour of the day, the day of the week, a launch, the phases of a load
// test.
// Draws nothing, and knows neither accounts nor requests.
import { assert } from "../../../base/assert.js";
import { type Phase, PhasesTerm } from "./phases.js";
import { type Spike, SpikeBefore, SpikeTerm } from "./spike.js";
import type { RateTerm } from "./term.js";

/**
 * Factors of the hours from midnight.
 * `alibaba`: the average day of the ServeGen fleet, peak 1.14 and trough .79 of the mean.
 * `office`: peak 2.0 and trough .1 of the mean. An assumption between that and the hours of Azure's coding service.
 */
const DAYS = {
  flat: new Array<number>(24).fill(1),
  alibaba: [
    0.99, 1.0, 0.99, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79, 0.87, 1.05, 1.11, 0.97, 0.98, 1.05, 1.05, 1.11, 1.08,
    1.04, 1.14, 1.13, 1.07, 1.1, 1.09,
  ],
  office: [
    0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.6, 1.3, 1.9, 2.0, 2.0, 1.7, 1.8, 2.0, 2.0, 1.9, 1.6, 1.3, 1.0, 0.8,
    0.6, 0.45, 0.25,
  ],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type DayName = keyof typeof DAYS;
export const DAY_NAMES = Object.keys(DAYS) as readonly DayName[];

export interface ShapeSpec {
  /** A named day or the factors of its 24 hours from midnight, `flat` where left out. */
  readonly daily?: DayName | readonly number[] | undefined;
  /** The factors of the 7 days from Monday; all alike where left out. */
  readonly weekly?: readonly number[] | undefined;
  /**
   * Where in the week the run begins: hours after Monday's midnight in the time zone of the callers, 0 where left out.
   */
  readonly startHour?: number | undefined;
  /** Rates one after the other, as in a load test. The day and the week multiply them. */
  readonly phases?: readonly Phase[] | undefined;
  /** Whether the phases begin anew after the last; else nothing arrives any more. */
  readonly repeat?: boolean | undefined;
  /** A launch; not with phases, which say the rate by themselves. */
  readonly spike?: Spike | undefined;
}

/**
 * The factors of a shape; none where it is constant. The tables are scaled to a mean of 1 over the week, so that the
 * rate they multiply is the long-run mean, and hold for whole hours: the rate steps on the hour, as it was measured.
 * Phases are not scaled: theirs are requests per second, so that what they multiply is a share. Neither is a spike.
 */
export function shapeTerms(spec: ShapeSpec): RateTerm[] {
  const terms: RateTerm[] = [];
  const hours = hoursOfWeek(spec);
  if (hours.some((factor) => factor !== hours[0])) terms.push(new WeekTerm(hours, spec.startHour ?? 0));
  if (spec.phases !== undefined) terms.push(new PhasesTerm(spec.phases, spec.repeat ?? false));
  if (spec.spike !== undefined) terms.push(new SpikeTerm(spec.spike));
  return terms;
}

/** What there was before the start, read backwards: its times are how long ago. Of phases there were none. */
export function shapeTermsBefore(spec: ShapeSpec): RateTerm[] {
  const terms: RateTerm[] = [];
  const hours = hoursOfWeek(spec);
  if (hours.some((factor) => factor !== hours[0])) terms.push(new WeekBefore(hours, spec.startHour ?? 0));
  if (spec.spike !== undefined) terms.push(new SpikeBefore(spec.spike));
  return terms;
}

function hoursOfWeek({ daily = "flat", weekly = [1, 1, 1, 1, 1, 1, 1] }: ShapeSpec): Float64Array {
  const day: readonly number[] = typeof daily === "string" ? DAYS[daily] : daily;
  assert(day.length === 24, "a day has 24 hours");
  assert(weekly.length === 7, "a week has 7 days");
  const dayScale = 24 / total(day);
  const weekScale = 7 / total(weekly);
  const hours = new Float64Array(7 * 24);
  for (let hour = 0; hour < hours.length; hour++)
    hours[hour] = day[hour % 24]! * dayScale * (weekly[Math.floor(hour / 24)]! * weekScale);
  return hours;
}

function total(factors: readonly number[]): number {
  let sum = 0;
  for (const factor of factors) {
    assert(factor >= 0, "a rate is never negative");
    sum += factor;
  }
  assert(sum > 0 && sum < Number.POSITIVE_INFINITY, "some hour has a rate above 0");
  return sum;
}

const SECONDS_PER_HOUR = 3600;

/** The hours of a week, over and over. */
class WeekTerm implements RateTerm {
  readonly slope = 0;
  value: number;
  from = 0;
  until: number;
  readonly #hours: Float64Array;
  readonly #startHour: number;
  #hour: number;

  constructor(hours: Float64Array, startHour: number) {
    assert(startHour >= 0, "a run begins at an hour from 0 up");
    this.#hours = hours;
    this.#startHour = startHour;
    this.#hour = Math.floor(startHour);
    this.value = this.#factor();
    this.until = this.#end();
  }

  next(): void {
    this.#hour++;
    this.from = this.until;
    this.value = this.#factor();
    this.until = this.#end();
  }

  #factor(): number {
    return this.#hours[this.#hour % this.#hours.length]!;
  }

  /** From the hour, not from the end before it: nothing adds up. */
  #end(): number {
    return (this.#hour + 1 - this.#startHour) * SECONDS_PER_HOUR;
  }
}

/** The hours of the week before the start, the last first. What is longer ago is taken at its mean, which is 1. */
class WeekBefore implements RateTerm {
  readonly slope = 0;
  value = 0;
  from = 0;
  until = 0;
  readonly #hours: Float64Array;
  readonly #startHour: number;
  /** Hours after Monday's midnight, below 0 in the week before. */
  #hour: number;
  #left: number;

  constructor(hours: Float64Array, startHour: number) {
    this.#hours = hours;
    this.#startHour = startHour;
    this.#hour = Math.ceil(startHour);
    this.#left = hours.length;
    this.next();
  }

  next(): void {
    this.#hour--;
    this.from = this.until;
    const isLast = this.#left-- === 0;
    const { length } = this.#hours;
    this.value = isLast ? 1 : this.#hours[((this.#hour % length) + length) % length]!;
    this.until = isLast ? Number.POSITIVE_INFINITY : (this.#startHour - this.#hour) * SECONDS_PER_HOUR;
  }
}
