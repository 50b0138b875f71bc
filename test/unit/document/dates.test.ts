import { describe, expect, it } from "vitest";
import { calendarTime, timeZone } from "../../../src/core/document/dates.js";

describe("moments of the calendar", () => {
  it.each([
    "2026-11-30",
    "2026-11-30T08:15",
    "2026-11-30T08:15:30Z",
    "2024-02-29T23:59:59",
    "2026-11-30 08:15",
  ])("%s is read in UTC", (text) => {
    const iso = `${text.replace(" ", "T").replace("Z", "")}${text.length > 10 ? "Z" : ""}`;
    expect(calendarTime().parse(text)).toBe(Date.parse(iso) / 1000);
  });

  it.each([
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-11-31",
    "2026-11-30T24:00",
    "2026-11-30T08:60",
    "30.11.2026",
    "today",
    "",
    7,
  ])("%j is none", (value) => {
    const told = calendarTime().safeParse(value).error?.issues[0]?.message;
    expect(told).toMatch(/is no day and time of the calendar|is not a moment in UTC/);
  });
});

describe("time zones", () => {
  it.each([
    ["UTC", 0],
    ["Z", 0],
    ["-08:00", -480],
    ["+05:30", 330],
    ["+14:00", 840],
    ["-00:00", 0],
  ])("%s is that many minutes ahead", (text, minutes) => {
    expect(timeZone().parse(text)).toBe(minutes * 60e6);
  });

  it.each(["-8", "+15:00", "+05:60", "PST", "", -8])("%j is none", (value) => {
    const told = timeZone().safeParse(value).error?.issues[0]?.message;
    expect(told).toMatch(/is not a time zone|is an offset that no time zone has/);
  });
});
