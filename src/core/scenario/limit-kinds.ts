// Limits of an account that are no amounts a minute of one thing: how many attempts are under way, how fast it may
// grow, and limits that grow and shrink. Each with what its keys are, and where its defaults come from.
import * as z from "zod";
import { calendarTime, timeZone } from "../document/dates.js";
import { nameOf, type Sourced } from "../document/definition.js";
import { count, duration, MINUTE, rate, real, share, showDuration } from "../document/units.js";
import { expected } from "../document/words.js";
import { PERIODS } from "../server/gateway/accounts/calendar.js";
import { DIMENSIONS } from "../server/gateway/accounts/limit-sets.js";
import { LIMIT_PRESETS } from "./limit-presets.js";

interface LimitKind<Shape extends z.ZodRawShape> extends Sourced<keyof Shape & string> {
  readonly name: string;
  readonly summary: string;
  readonly options: Shape;
}

const define = <const Shape extends z.ZodRawShape>(kind: LimitKind<Shape>): LimitKind<Shape> => kind;

const mostUnderWay = () => count(1, 1_000_000_000);

export const concurrency = define({
  name: "concurrency",
  summary: "Attempts of an account that may be under way at once.",
  options: {
    most: mostUnderWay().describe("Attempts, waiting ones included."),
    scope: z
      .enum(["account", "model"])
      .prefault("account")
      .describe("Whether all models of an account count together."),
  },
  defaults: { scope: "ours" },
});

/** A number alone, or the map. */
export const concurrencySchema = z.union(
  [
    mostUnderWay().transform((most) => ({ most, scope: "account" as const })),
    z.strictObject(concurrency.options),
  ],
  { error: expected("a number like 100, or {most: 100, scope: model}") },
);

const factor = () => real({ above: 0, to: 1000 });

export const adaptive = define({
  name: "adaptive",
  summary: "Limits that grow with sustained use and shrink without it.",
  options: {
    growPerMinute: share({ above: 0 })
      .prefault("20%")
      .describe("Growth in a minute of sustained use, as a share of the stated limit."),
    useThreshold: share({ above: 0 })
      .prefault("80%")
      .describe("Share of the limit that a minute must use to be sustained use."),
    ceiling: z
      .union([real({ from: 1, to: 1_000_000 }), nameOf(LIMIT_PRESETS)], {
        error: expected("a multiple like 24, or a preset of limits like fireworks-t2"),
      })
      .prefault(24)
      .describe("How far limits grow: a multiple of the stated ones, or up to those of a preset."),
    shrinkHalfLife: duration({ from: MINUTE, to: 24 * 60 * MINUTE })
      .prefault("30m")
      .describe("After so long without sustained use, half of what has been grown is left."),
    softFactor: factor()
      .prefault(1)
      .describe("Beyond this multiple of the grown limit a request is let in, but demoted."),
    hardFactor: factor().prefault(2).describe("Beyond this one it is refused."),
  },
  defaults: {
    growPerMinute: "excerpted",
    useThreshold: "ours",
    ceiling: "excerpted",
    shrinkHalfLife: "ours",
    softFactor: "ours",
    hardFactor: "ours",
  },
  sources: [
    {
      text:
        "the one curve ever published, an older page of Fireworks (guides/quotas_usage/rate-limits): 60, 120, 720 " +
        "and 1440 requests a minute at the start, after 10 minutes, 1 h and 2 h",
      date: "2026-11",
    },
  ],
});

export const adaptiveSchema = z
  .strictObject(adaptive.options)
  .superRefine(({ softFactor, hardFactor }, context) => {
    if (softFactor <= hardFactor) return;
    const message = `a soft limit is at most the hard one (hardFactor: ${hardFactor})`;
    context.addIssue({ code: "custom", path: ["softFactor"], message, input: softFactor });
  });

export const quota = define({
  name: "quotas",
  summary: "So much of an account in each hour, day or month of a time zone, beside the limits a minute.",
  options: {
    of: z.enum(DIMENSIONS).describe("What is limited."),
    most: count(1, 1e15).describe("Amount in each of them."),
    per: z
      .enum(PERIODS)
      .describe("When all of it is there anew: with each hour, day or month of the calendar."),
    zone: timeZone()
      .prefault("UTC")
      .describe("Whose calendar: UTC, or an offset from it like -08:00, which holds for the whole run."),
    scope: z
      .enum(["account", "model"])
      .exactOptional()
      .describe("Whether all models of an account share it; default: requests do, tokens do not."),
  },
  defaults: { zone: "ours", scope: "ours" },
  sources: [
    {
      text: "ai.google.dev/gemini-api/docs/rate-limits: requests per day, per project, reset at midnight Pacific time",
      date: "2026-12",
    },
  ],
});

const { scope: _, ...ofPath } = quota.options;

export const quotasSchema = z.array(z.strictObject(quota.options)).min(1);
export const pathQuotasSchema = z.array(z.strictObject(ofPath)).min(1);

/** A Monday's midnight on the first of a month, in UTC, as the week of a `shape` begins there. */
export const startsAtSchema = calendarTime().prefault("2029-01-01");

const LONGEST_RAMP = 60 * MINUTE;

export const ramp = define({
  name: "ramp",
  summary: "How fast the prompt tokens of an account may grow.",
  options: {
    from: rate().prefault("1M/min").describe("Prompt tokens of an account and model that are free."),
    growth: share({ above: 0 }).prefault("50%").describe("By how much they may grow beyond that."),
    per: duration({ from: MINUTE, to: LONGEST_RAMP })
      .refine((value) => value % MINUTE === 0, {
        error: ({ input }) => `${showDuration(Number(input))} is no whole number of minutes`,
      })
      .prefault("15m")
      .describe("In which time; whole minutes."),
  },
  defaults: { from: "excerpted", growth: "excerpted", per: "excerpted" },
  sources: [
    {
      text: "OpenAI's rule on how fast Priority may grow; which minutes are compared is not public, so that is ours",
      date: "2026-11",
    },
  ],
});
