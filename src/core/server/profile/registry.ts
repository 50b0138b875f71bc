// Every shipped step-time profile by the name that scenarios use. They are files like any other that a user may write;
// what is in them is not known here.
import * as z from "zod";
import { definitionOf } from "../../document/definition.js";
import { expected } from "../../document/words.js";
import { buildProfile } from "./build.js";
import { type ProfileFile, profileFile } from "./kinds.js";
import { type LinearProfileSpec, linearKeys, linearProfile } from "./linear.js";
import estimates from "./shipped/estimates.json" with { type: "json" };
import llama8bFast from "./shipped/llama-3.1-8b-fast-h100.json" with { type: "json" };
import llama8b from "./shipped/llama-3.1-8b-h100.json" with { type: "json" };
import llama70b from "./shipped/llama-3.1-70b-tp8-h100.json" with { type: "json" };
import qwen from "./shipped/qwen3-30b-a3b-h100.json" with { type: "json" };
import type { StepProfile } from "./step-profile.js";

// What the compiler reads out of JSON says "string" where a type says "measured": a test parses them all.
const FILES = [
  llama8b,
  llama70b,
  llama8bFast,
  qwen,
  ...estimates,
] as readonly unknown[] as readonly ProfileFile[];

export const SHIPPED: ReadonlyMap<string, ProfileFile> = new Map(FILES.map((file) => [file.name, file]));

export const PROFILE_NAMES: readonly string[] = [...SHIPPED.keys()];

/** A profile as a scenario gives it. A profile in a file of its own has been read into its place before. */
export const profile = z.union([z.enum(PROFILE_NAMES), linearKeys, profileFile], {
  error: expected(
    "the name of a profile, its file ending in .json, a linear profile with base, perSequence, ..., or a whole profile",
  ),
});

/** A shipped profile as its file says it. Throws NOT_FOUND for a name that none has. */
export function profileFileByName(name: string): ProfileFile {
  return definitionOf(FILES, name, "step-time profile");
}

/** A shipped profile, ready to be asked. Throws NOT_FOUND for a name that none has. */
export function profileByName(name: string): StepProfile {
  return buildProfile(profileFileByName(name));
}

/** A profile as a scenario gives it: a shipped one by name, four numbers, or a whole file. Throws as buildProfile. */
export function resolveProfile(given: string | LinearProfileSpec | ProfileFile): StepProfile {
  if (typeof given === "string") return profileByName(given);
  return "kind" in given ? buildProfile(given) : linearProfile(given);
}
