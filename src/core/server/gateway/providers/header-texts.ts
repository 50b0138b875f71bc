// Amounts and waits as headers write them: whole numbers a minute or a second, "6m0s", RFC 3339. Knows one value at
// a time.
import {
  type Duration,
  type Instant,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  seconds,
} from "../../../base/units.js";

/** When a run takes place, for headers that name an instant of the wall clock. */
export interface WallClock {
  readonly now: Instant;
  /** Of the wall clock at the start of the run: whole milliseconds since 1970, UTC. */
  readonly startedAt: number;
}

/** Forms of an amount per minute. Never more than there is, and 0 in debt. */
export const AMOUNTS = {
  "per minute": whole,
  "per second": (amount: number) => whole(amount / 60),
  thousands: (amount: number) => whole(Math.round(amount / 1000) * 1000),
} as const;

export type WaitForm = "seconds" | "milliseconds" | "clock" | "RFC 3339";

/** Forms of a wait, rounded up to what they can say. */
export const WAITS: Readonly<Record<WaitForm, (wait: Duration, at: WallClock) => string>> = {
  seconds: (wait) => String(Math.ceil(wait / MICROS_PER_SECOND)),
  milliseconds: (wait) => String(Math.ceil(wait / 1000)),
  clock: clockText,
  "RFC 3339": (wait, { now, startedAt }) => utcText(startedAt + Math.ceil((now + wait) / 1000)),
};

/** A retry-after below a minute stays below it in whole seconds, too: some clients do not take a minute. */
export function retryAfterText(wait: Duration, unit: "seconds" | "milliseconds", at: WallClock): string {
  const isShort = unit === "seconds" && wait < MICROS_PER_MINUTE;
  return WAITS[unit](isShort ? (Math.min(wait, seconds(59)) as Duration) : wait, at);
}

function whole(amount: number): string {
  return String(Math.max(0, Math.floor(amount)));
}

/** As OpenAI writes it: "1s", "6m0s", "250ms", "1h0m0s". */
function clockText(wait: Duration): string {
  if (wait > 0 && wait < MICROS_PER_SECOND) return `${Math.ceil(wait / 1000)}ms`;
  const total = Math.ceil(wait / MICROS_PER_SECOND);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
  const rest = `${total % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

const DAY = 86_400_000;
const DAYS_OF_400_YEARS = 146_097;
/** From March 1 of the year 0 to January 1 of 1970. */
const DAYS_BEFORE_1970 = 719_468;

/**
 * "2026-11-30T12:00:00.000Z", of milliseconds since 1970. The year begins in March here, so that the leap day is its
 * last (H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
 */
function utcText(millis: number): string {
  const days = Math.floor(millis / DAY) + DAYS_BEFORE_1970;
  const era = Math.floor(days / DAYS_OF_400_YEARS);
  const dayOfEra = days - era * DAYS_OF_400_YEARS;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const rest = millis - Math.floor(millis / DAY) * DAY;
  const [hour, minute] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60];
  const [second, milli] = [Math.floor(rest / 1000) % 60, rest % 1000];
  const clock = `${two(hour)}:${two(minute)}:${two(second)}.${String(milli).padStart(3, "0")}`;
  return `${year}-${two(month)}-${two(day)}T${clock}Z`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
