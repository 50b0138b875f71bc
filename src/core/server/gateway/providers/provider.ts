// How one provider's public API answers: statuses, codes, headers, when to come back, service tiers, and what it does
// in place of a refusal. Data alone, one file per provider beside this one, with the sources of each part and how sure
// they are. Knows causes and words of the wire, nothing of how a verdict is come to: causes are counted as before,
// whatever the status says. registry.ts lists them; schema, documentation and contract suite follow.

import type { OutcomeName, ReasonName } from "../../../base/outcome.js";
import type { Duration } from "../../../base/units.js";
import type { Origin } from "../../../document/definition.js";
import type { BodyRow, HeaderRow } from "./headers.js";

/** The outcomes of a refusal, and of a call that is wrong in itself. */
export type AnsweredOutcome = Extract<OutcomeName, "rate_limited" | "overloaded" | "unavailable" | "invalid">;

/** Which keys of `retryAfter` a refusal goes by. */
export type RetryKey = "rateLimited" | "overloaded";

/** What one cause is answered with. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** `type` of the body's error. */
  readonly type: string;
  /** `code` of the body's error; its type where the provider has no codes. */
  readonly code: string;
  /** Default: that of the cause. Two causes that are to look alike name the same. */
  readonly retry?: RetryKey;
}

/** What goes with a refusal where the scenario says nothing else. Fixed waits lie above 0 and below 60 s. */
export interface RetryAfterDefaults {
  readonly rateLimited: "none" | "estimate" | Duration;
  readonly overloaded: "none" | Duration;
  readonly shouldRetry: { readonly rateLimited?: boolean; readonly overloaded?: boolean };
}

export interface ServiceTiers {
  /** Values that the provider documents, those that only mean its default among them. */
  readonly known: readonly string[];
  /** Of those, the ones that ask for nothing but the default. */
  readonly ofDefault: readonly string[];
  /** What an answer calls the default, if it was served so. */
  readonly told: string;
  /** What it calls tiers that have another name than callers ask for them by. */
  readonly toldAs?: Readonly<Record<string, string>>;
  /** What a value gets that no path offers: it is taken for the default, or refused with a 400. */
  readonly unknown: "default" | "reject";
}

/** What an answer calls a tier: as callers ask for it, and the default by its own word. */
export function toldTier({ serviceTiers }: Provider, asked: string | undefined): string {
  const { told, toldAs = {}, ofDefault } = serviceTiers;
  if (asked === undefined) return told;
  return toldAs[asked] ?? (ofDefault.includes(asked) ? told : asked);
}

/** What it does in place of a refusal. Described here; what a scenario does is its own to say. */
export interface Verb {
  readonly verb: "demote" | "spill";
  /** From what to what. */
  readonly what: string;
  /** On which causes, in the words of a path's `instead`. */
  readonly on: readonly ("limit" | "soft-limit" | "overload" | "outage")[];
}

/** What a provider has to tell the origin of: answers by outcome, waits, tiers and headers. */
export const PARTS = [
  "rate_limited",
  "overloaded",
  "unavailable",
  "invalid",
  "retryAfter",
  "shouldRetry",
  "serviceTiers",
  "limits",
  "served",
] as const;
export type Part = (typeof PARTS)[number];

export interface ProviderSource {
  /** What exactly it is of, in words, and which parts that belongs to. */
  readonly of: string;
  readonly parts: readonly Part[];
  /** Where from; what is ours is only said. */
  readonly from: string;
  readonly sure: Origin;
}

export interface Provider<Name extends string = string> {
  readonly name: Name;
  readonly summary: string;
  readonly answers: Readonly<Record<AnsweredOutcome, Answer>>;
  /** Of single reasons that have an answer of their own. */
  readonly byReason: Readonly<Partial<Record<ReasonName, Answer>>>;
  /** Of paths with that service tier. */
  readonly byTier: Readonly<Record<string, Readonly<Partial<Record<AnsweredOutcome, Answer>>>>>;
  readonly retryAfter: RetryAfterDefaults;
  readonly serviceTiers: ServiceTiers;
  readonly verbs: readonly Verb[];
  readonly headers: readonly HeaderRow[];
  readonly body: readonly BodyRow[];
  /** When its texts were looked at, year and month. */
  readonly date: string;
  readonly sources: readonly ProviderSource[];
}

/** A provider as it is written, for its types. */
export function defineProvider<const Name extends string>(provider: Provider<Name>): Provider<Name> {
  return provider;
}

/** No wait is told, and no word on retrying. */
export const SILENT: RetryAfterDefaults = { rateLimited: "none", overloaded: "none", shouldRetry: {} };
