// Modules of users' own as a scenario carries them: bundled text with its hash and what it says of itself. All of it is
// plain data, so that a run in another thread has the same bytes. And what a module is in a run: functions of a realm
// of its own, across whose border nothing goes but numbers, texts and truth values.
import type { Issue } from "../base/errors.js";
import type { CustomOptions } from "./options.js";

/** What a module may define. */
export const CUSTOM_KINDS = ["policy", "limit", "queueRule", "autoscaler", "client"] as const;
export type CustomKind = (typeof CUSTOM_KINDS)[number];

/** What a definition of a kind is called. */
export const KIND_NAMES: Readonly<Record<CustomKind, string>> = {
  policy: "policy",
  limit: "concurrency limit",
  queueRule: "queue rule",
  autoscaler: "autoscaler",
  client: "client",
};

/** What a module says of itself. */
export interface CustomFacts {
  readonly kind: CustomKind;
  readonly summary: string;
  readonly options: CustomOptions;
  /** Of a policy: what it promises. */
  readonly ordersByPriority?: boolean;
}

/** A module, bundled. */
export interface CustomCode extends CustomFacts {
  /** For messages: where it lies. */
  readonly file: string;
  /** Run first in its realm. */
  readonly bridge: string;
  readonly script: string;
  /** From lines of the script to those of its sources, as JSON. */
  readonly map: string;
  /** Of the script. */
  readonly sha256: string;
}

/** A module, or what is wrong with it: issues without a file are of the place that names it. */
export type LoadedCode =
  | { readonly ok: true; readonly code: CustomCode }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Loads the module `name` that the file `from` names; an empty text for one that a flag names. */
export type LoadCode = (name: string, from: string) => LoadedCode;

/** By the name that a scenario has for it. */
export type CustomModules = Readonly<Record<string, CustomCode>>;

/** What a function of the realm returns that has failed: `failure` then says how. */
export const FAILED: number = Number.NaN;
/** In place of a number that is not there; those that can be are from 0 up. */
export const NOTHING = -1;

/** What a module's script is called in stacks. */
export const MODULE_SCRIPT = "surgefleet-module.js";

/** Bits of what `create` returns: what the thing it made has. */
export const Has = {
  decide: 1,
  mayStart: 2,
  dropsHead: 4,
  started: 8,
  settle: 16,
  watchesKv: 32,
  /** It asked for chance: each call needs a number to draw from. */
  chance: 64,
  firstToken: 128,
  left: 256,
  mayEnter: 512,
  entered: 1024,
  isLate: 2048,
  settled: 4096,
  score: 8192,
  recommend: 16_384,
  retryIn: 32_768,
} as const;

/** Verdicts by their number. */
export const VERDICTS = [
  "admit",
  "wait",
  "displace",
  "demote",
  "spill",
  "refuse",
  "overloaded_delay",
  "overloaded_predicted",
  undefined,
] as const;
export const SETTLEMENTS = ["completed", "shed", "cut"] as const;

/** What crosses of a request, by name and in the order of RequestNumbers. */
export interface RequestSeen {
  readonly account: number;
  readonly path: number;
  readonly model: number;
  readonly rank: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly maxTokens: number;
}

/** account, path, model, rank, inputTokens, cachedTokens, maxTokens */
export type RequestNumbers = [number, number, number, number, number, number, number];
/** asOf, replicas, slotsBusy, slots, openings, kvUsed, kvTokens, queued */
export type PoolNumbers = [number, number, number, number, number, number, number, number];
/** slotsBusy, slots, kvUsed, kvTokens */
export type InsideNumbers = [number, number, number, number];
/** In the order of SAMPLE. */
export const SAMPLE = [
  "asOf",
  "wanted",
  "ready",
  "starting",
  "queued",
  "running",
  "slots",
  "kvUsed",
  "kvTokens",
  "arrived",
  "promptTokens",
  "shed",
  "completed",
  "outputTokens",
] as const;

/** The functions of a realm. Each returns FAILED where the user's own code threw or returned what it may not. */
export interface Bridge extends PolicyBridge, LimitBridge, QueueRuleBridge {
  /** What the module says of itself, as JSON of CustomFacts; an empty text where it has failed. */
  describe(): string;
  /** Makes the one thing of this realm; options and context as JSON. Returns bits of `Has`. */
  create(options: string, context: string): number;
  /** How the last call failed, as JSON of Failure. */
  failure(): string;
  /** Uniform on [0, 1): what is drawn from until the next. */
  reseed(uniform: number): number;
  /** A sample, then what is wanted and the time: replicas, or NOTHING. */
  recommend(...numbers: number[]): number;
  /** `retryAfter` NOTHING for none, `shouldRetry` likewise, or 0 or 1. Microseconds, or NOTHING. */
  retryIn(
    ...numbers: [
      status: number,
      retryAfter: number,
      shouldRetry: number,
      failures: number,
      caller: number,
      now: number,
    ]
  ): number;
}

export interface PolicyBridge {
  /** Of the pool that is decided on next: how many of a rank wait. */
  queuedOf(rank: number, count: number): number;
  /** An index into VERDICTS. */
  decide(...numbers: [...request: RequestNumbers, ...pool: PoolNumbers, now: number]): number;
  /** 1 or 0. */
  mayStart(path: number, inputTokens: number, ...inside: InsideNumbers): number;
  dropsHead(path: number, waited: number, now: number, others: number): number;
  started(path: number, waited: number, now: number): number;
  settle(path: number, settlement: number, now: number): number;
}

/** All but `mayEnter`, which says 1 or 0, return how many may be inside then. */
export interface LimitBridge {
  most(): number;
  firstToken(startedAt: number, inside: number, now: number, attempt: number): number;
  /** `firstTokenAt` NOTHING for none. */
  left(
    ...numbers: [
      startedAt: number,
      firstTokenAt: number,
      leftAt: number,
      outputTokens: number,
      settlement: number,
      inside: number,
      attempt: number,
    ]
  ): number;
  mayEnter(...numbers: [...request: RequestNumbers, inside: number, now: number]): number;
  entered(...numbers: [...request: RequestNumbers, inside: number, now: number, attempt: number]): number;
}

export interface QueueRuleBridge {
  score(...numbers: [...request: RequestNumbers, arrivedAt: number]): number;
  isLate(...numbers: [...request: RequestNumbers, waited: number, now: number]): number;
  ruleStarted(account: number, inputTokens: number, now: number): number;
  settled(account: number, outputTokens: number, now: number): number;
}

export interface Failure {
  /** The method that failed. */
  readonly of: string;
  readonly message: string;
  readonly stack: string;
}

/** One realm, for one definition of one run. */
export interface Realm {
  readonly bridge: Bridge;
  /** Where in the user's files a stack of the realm leads, as file:line:column; undefined where nowhere. */
  place(stack: string): string | undefined;
}

/** Opens a new realm with a module in it. */
export type OpenRealm = (code: CustomCode) => Realm;
