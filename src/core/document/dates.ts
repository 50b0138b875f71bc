// Moments of the calendar and time zones, as a scenario writes them. Knows dates in UTC and offsets; no clock.
import * as z from "zod";
import { dayOfDate, daysOfMonth } from "../base/civil-date.js";
import type { Duration } from "../base/units.js";
import { MICROS_PER_MINUTE } from "../base/units.js";
import { quote } from "./words.js";

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?Z?)?$/;
const SECONDS_A_DAY = 86_400;

/** "2026-11-30" or "2026-11-30T08:00:00Z", in UTC; parsed to whole seconds since 1970. */
export function calendarTime(): z.ZodType<number, string> {
  const error: z.core.$ZodErrorMap = ({ input }) =>
    `${quote(input)} is not a moment in UTC: write a date like 2026-11-30, or 2026-11-30T08:00:00Z`;
  return z
    .string({ error })
    .regex(MOMENT, { error })
    .transform((text, context): number => {
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (MOMENT.exec(text) ?? [])
        .slice(1)
        .map((digits) => Number(digits ?? 0));
      const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
      if (isDate && hour < 24 && minute < 60 && second < 60) {
        return dayOfDate(year, month, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
      }
      context.issues.push({
        code: "custom",
        message: `${quote(text)} is no day and time of the calendar`,
        input: text,
      });
      return z.NEVER;
    });
}

const ZONE = /^(?:UTC|Z|([+-])(\d\d):(\d\d))$/;
const MOST_HOURS = 14;

/** "UTC", "-08:00"; parsed to how far its clocks are ahead. */
export function timeZone(): z.ZodType<Duration, string> {
  const error: z.core.$ZodErrorMap = ({ input }) =>
    `${quote(input)} is not a time zone: write UTC, or an offset from it like -08:00`;
  return z
    .string({ error })
    .regex(ZONE, { error })
    .transform((text, context): Duration => {
      const [, sign, hours = "0", minutes = "0"] = ZONE.exec(text) ?? [];
      const ahead = Number(hours) * 60 + Number(minutes);
      if (Number(minutes) < 60 && ahead <= MOST_HOURS * 60) {
        return (ahead === 0 ? 0 : (sign === "-" ? -ahead : ahead) * MICROS_PER_MINUTE) as Duration;
      }
      context.issues.push({
        code: "custom",
        message: `${quote(text)} is an offset that no time zone has`,
        input: text,
      });
      return z.NEVER;
    });
}
