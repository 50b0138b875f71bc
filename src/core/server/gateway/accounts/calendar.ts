// The windows of quotas that begin anew by the calendar: with the hour, the day or the month of a time zone. A zone is
// an offset from UTC: where clocks are put forward and back (ours), say the one that holds. Windows are counted from
// the one that a run begins in, which is number 0. Knows times, and nothing of what is used in them.

import { firstDayOf, monthOf } from "../../../base/civil-date.js";
import {
  type Duration,
  type Instant,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  toSeconds,
} from "../../../base/units.js";

export const PERIODS = ["hour", "day", "month"] as const;
export type Period = (typeof PERIODS)[number];

export interface Windows {
  /** Number of the window that an instant is in. */
  of(at: Instant): number;
  /** When it begins, in microseconds of the run; below 0 for the one that was under way at its start. */
  beginOf(window: number): number;
}

/** Windows of one length; `into` is how far into the first of them the run begins. */
export function evenWindows(length: number, into = 0): Windows {
  return {
    of: (at) => Math.floor((at + into) / length),
    beginOf: (window) => window * length - into,
  };
}

const HOUR = 60 * MICROS_PER_MINUTE;
const DAY = 24 * HOUR;
const SECONDS_A_DAY = 86_400;

/** `startsAt` is when the run begins, in seconds since 1970 in UTC, `zone` how far its clocks are ahead of that. */
export function calendarWindows(period: Period, startsAt: number, zone: Duration): Windows {
  const local = startsAt + toSeconds(zone);
  const day = Math.floor(local / SECONDS_A_DAY);
  const intoDay = (local - day * SECONDS_A_DAY) * MICROS_PER_SECOND;
  switch (period) {
    case "hour":
      return evenWindows(HOUR, intoDay % HOUR);
    case "day":
      return evenWindows(DAY, intoDay);
    case "month":
      return monthWindows(day, intoDay);
  }
}

function monthWindows(firstDay: number, intoDay: number): Windows {
  const first = monthOf(firstDay);
  return {
    of: (at) => monthOf(firstDay + Math.floor((at + intoDay) / DAY)) - first,
    beginOf: (window) => (firstDayOf(first + window) - firstDay) * DAY - intoDay,
  };
}
