// The keys of a profile file, version 1, that every kind of profile has, or several. docs/profiles.md documents them.
// Times are milliseconds of one step, contexts and batches are counted in tokens.
import * as z from "zod";
import type { Options } from "../../../document/definition.js";
import { quote } from "../../../document/words.js";
import { engineVersionName } from "../engine-versions.js";
import { millis, rising, whole, within } from "./profile-units.js";

export const head = {
  schemaVersion: z
    .literal(1, { error: (issue) => `schemaVersion ${quote(issue.input)} is not known here: write 1` })
    .describe("Version of this format."),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
      error: (issue) =>
        `${quote(issue.input)} is not a name: lower-case letters, digits, ".", "_" and "-", at most 64`,
    })
    .describe("Name of the profile in results."),
  source: z.string().min(1).describe("Where the numbers come from."),
  engine: engineVersionName
    .exactOptional()
    .describe("Version of the engine that it stands for: see docs/profiles.md. Left out: none."),
  uncertainty: z
    .strictObject({
      share: within(0, 1).describe("How far step times of one card may be from these, as a share of them."),
      source: z.string().min(1).describe("Where that comes from."),
    })
    .exactOptional()
    .describe("Spread of step times between cards of one make, which results tell. Left out: not known."),
  host: z
    .strictObject({
      step: millis(0, 50).describe("Of every step."),
      prefill: millis(0, 50).describe("Added where the step prefills."),
      perSequence: millis(0, 0.2).describe("Added for each decoding sequence."),
      perPrefillToken: millis(0, 0.2).exactOptional().describe("Added for each prompt token. Default 0."),
    })
    .exactOptional()
    .describe("Milliseconds of a step outside the GPU. Left out: none."),
  rows: z
    .strictObject({
      decode: rising(whole(1, 1e6)).exactOptional().describe("In steps that only decode."),
      mixed: rising(whole(1, 1e6)).exactOptional().describe("In steps that prefill too."),
    })
    .exactOptional()
    .describe("Sizes that rows are padded up to. Left out: no padding."),
};

export type ProfileHead = Options<typeof head>;
/** Time of a step outside the GPU: scheduling, launching, reading tokens back. */
export type HostTimes = NonNullable<ProfileHead["host"]>;
/** Sizes that rows are padded up to, rising; beyond the last one on by its last gap. */
export type RowSizes = NonNullable<ProfileHead["rows"]>;

export const estimate = z
  .boolean()
  .describe("True where numbers come from a datasheet, not from a measurement.");

export const settings = {
  maxSequences: whole(1, 65_536).describe("Most sequences in one batch."),
  maxBatchedTokens: whole(1, 10_000_000).describe("Token budget of one step."),
};
export const kvTokens = whole(1, 1e12).describe("Tokens of context that fit beside the weights.");

const machine = z.strictObject({
  gpus: whole(1, 1024).describe("GPUs that one replica takes."),
  kvTokens,
  ...settings,
});

export const node = machine
  .exactOptional()
  .describe("The replica that the profile is for: what a scenario may leave out.");

/** Which machine the profile is for, and the settings it is meant to run with. */
export type ProfileNode = z.output<typeof machine>;

/** Speculative decoding: a step drafts `tokens` one after another and verifies them all at once. */
export const speculation = {
  tokens: whole(1, 32).describe("Tokens drafted in a step for each sequence."),
  acceptance: within(0, 1).describe("Chance that a drafted token is accepted, if those before it were."),
};

export const draftTimes = z
  .strictObject({
    base: millis(0.005, 100).describe("Of a pass."),
    perSequence: millis(0, 1).describe("Added for each sequence."),
    perContextToken: millis(0, 0.01).describe("Added for each token of context."),
    perPrefillToken: millis(0, 1).describe("Added for each prompt token."),
  })
  .describe("Milliseconds of the draft for one token of each sequence.");

/** Time of the draft model, for one drafted token. */
export type DraftTimes = z.output<typeof draftTimes>;

/** A file of one kind, by its own keys. */
export type FileOf<Kind extends string, Keys extends z.ZodRawShape> = ProfileHead & {
  kind: Kind;
} & Options<Keys>;
