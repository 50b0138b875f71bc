// Limits of an account that come with surgefleet, by name. Rates are per second, as a scenario's are once it is read.
import type { Duration } from "../base/units.js";
import { definitionOf, type Origin } from "../document/definition.js";

interface PresetLimit {
  readonly rate: number;
}

export interface LimitPreset<Name extends string = string> {
  readonly name: Name;
  readonly summary: string;
  /** Where the numbers are from, when that was read, and how sure they are. */
  readonly source: string;
  /** Of the limit of requests, and of those of tokens. */
  readonly origins: { readonly requests: Origin; readonly tokens: Origin };
  readonly limits: {
    readonly requests: PresetLimit & { readonly scope: "account" };
    readonly promptTokens?: PresetLimit;
    readonly uncachedPromptTokens?: PresetLimit;
    readonly generatedTokens?: PresetLimit;
    readonly burst: Duration;
  };
}

const define = <const Name extends string>(preset: LimitPreset<Name>): LimitPreset<Name> => preset;

const BURST = 60_000_000 as Duration;
const ALL_REQUESTS = { rate: 100, scope: "account" } as const;

/** The starting token limits so many times over. */
const tokens = (times: number) => ({
  promptTokens: { rate: 60_000 * times },
  uncachedPromptTokens: { rate: 15_000 * times },
  generatedTokens: { rate: 600 * times },
});

// Read and excerpted in 2026. Of the spend tiers the requests and the sums are public, and that a tier raises the
// upper bounds of adaptive limits; the bounds themselves are not, so that their token limits are ours: multiples of
// the start, the last of them the last row of the older growth table.
const PAGE = "Fireworks' account-quotas page (2026, excerpted)";

export const LIMIT_PRESETS = [
  define({
    name: "fireworks-start",
    summary: "6,000 requests, 3.6M prompt, 900k uncached prompt and 36k generated tokens a minute",
    source: `what accounts begin with: Fireworks' public rate-limit page (2026, read); requests: ${PAGE}`,
    origins: { requests: "excerpted", tokens: "read" },
    limits: { requests: ALL_REQUESTS, ...tokens(1), burst: BURST },
  }),
  define({
    name: "fireworks-no-card",
    summary: "10 requests, 3.6M prompt, 900k uncached prompt and 36k generated tokens a minute",
    source: `without a payment method: ${PAGE}; tokens as at the start, ours`,
    origins: { requests: "excerpted", tokens: "ours" },
    limits: { requests: { rate: 10 / 60, scope: "account" }, ...tokens(1), burst: BURST },
  }),
  define({
    name: "fireworks-t1",
    summary: "6,000 requests, 7.2M prompt, 1.8M uncached prompt and 72k generated tokens a minute",
    source: `tier 1, at most $50 a month: ${PAGE}; tokens ours`,
    origins: { requests: "excerpted", tokens: "ours" },
    limits: { requests: ALL_REQUESTS, ...tokens(2), burst: BURST },
  }),
  define({
    name: "fireworks-t2",
    summary: "6,000 requests, 21.6M prompt, 5.4M uncached prompt and 216k generated tokens a minute",
    source: `tier 2, after $50 at most $500 a month: ${PAGE}; tokens ours`,
    origins: { requests: "excerpted", tokens: "ours" },
    limits: { requests: ALL_REQUESTS, ...tokens(6), burst: BURST },
  }),
  define({
    name: "fireworks-t3",
    summary: "6,000 requests, 43.2M prompt, 10.8M uncached prompt and 432k generated tokens a minute",
    source: `tier 3, after $500 at most $5,000 a month: ${PAGE}; tokens ours`,
    origins: { requests: "excerpted", tokens: "ours" },
    limits: { requests: ALL_REQUESTS, ...tokens(12), burst: BURST },
  }),
  define({
    name: "fireworks-t4",
    summary: "6,000 requests, 86.4M prompt, 21.6M uncached prompt and 864k generated tokens a minute",
    source: `tier 4, after $5,000 at most $50,000 a month: ${PAGE}; tokens ours`,
    origins: { requests: "excerpted", tokens: "ours" },
    limits: { requests: ALL_REQUESTS, ...tokens(24), burst: BURST },
  }),
  define({
    name: "fireworks-unlimited",
    summary: "6,000 requests a minute and no token limits",
    source: `spend without a bound: ${PAGE}; no limits of tokens is ours`,
    origins: { requests: "excerpted", tokens: "ours" },
    limits: { requests: ALL_REQUESTS, burst: BURST },
  }),
] as const;

export type LimitPresetName = (typeof LIMIT_PRESETS)[number]["name"];

export function limitPreset(name: LimitPresetName): LimitPreset<LimitPresetName>["limits"] {
  return definitionOf(LIMIT_PRESETS, name, "limit preset").limits;
}
