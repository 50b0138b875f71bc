// Days and months of the calendar as whole numbers: of a date the days since January 1 of 1970, of a day its month.
// Pure arithmetic of the Gregorian calendar; knows no time zones and no clock.

const DAYS_OF_400_YEARS = 146_097;
/** From March 1 of the year 0 to January 1 of 1970. */
const DAYS_BEFORE_1970 = 719_468;

/**
 * Months from March of the year 0 to that of a day, counted from January 1 of 1970. Years begin in March, so that the
 * leap day is their last (H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
 */
export function monthOf(day: number): number {
  const days = day + DAYS_BEFORE_1970;
  const era = Math.floor(days / DAYS_OF_400_YEARS);
  const dayOfEra = days - era * DAYS_OF_400_YEARS;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return (era * 400 + yearOfEra) * 12 + Math.floor((5 * dayOfYear + 2) / 153);
}

/** The first day of such a month, counted from January 1 of 1970. */
export function firstDayOf(month: number): number {
  const year = Math.floor(month / 12);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month - year * 12) + 2) / 5);
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * DAYS_OF_400_YEARS + yearOfEra * 365 + leaps + dayOfYear - DAYS_BEFORE_1970;
}

const FEBRUARY = 2;

/** Days from January 1 of 1970 to a date; `month` from 1. */
export function dayOfDate(year: number, month: number, day: number): number {
  const fromMarch = month > FEBRUARY ? month - 3 : month + 9;
  const yearFromMarch = month > FEBRUARY ? year : year - 1;
  return firstDayOf(yearFromMarch * 12 + fromMarch) + day - 1;
}

/** How many days a month has. */
export function daysOfMonth(year: number, month: number): number {
  const next = month === 12 ? dayOfDate(year + 1, 1, 1) : dayOfDate(year, month + 1, 1);
  return next - dayOfDate(year, month, 1);
}
