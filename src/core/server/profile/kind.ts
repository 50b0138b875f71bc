// A kind of profile: what a file of that kind says, and the times that follow from it. One definition per kind;
// kinds.ts lists them.
import type * as z from "zod";
import type { Definition } from "../../document/definition.js";
import type { ProfileHead, ProfileNode } from "./file/profile-keys.js";
import type { PassTimes } from "./pass-times.js";

/** What a kind makes of a file. */
export interface ProfileParts {
  /** A pass of the model itself. */
  readonly target: PassTimes;
  /** A pass of the model that drafts; undefined where the file has no speculative decoding. */
  readonly draft: PassTimes | undefined;
  readonly node: ProfileNode | undefined;
}

type ProfileKind<Name extends string, Shape extends z.ZodRawShape> = Definition<
  Name,
  Shape,
  ProfileHead,
  ProfileParts
>;

/** A kind with its name and keys; create gets the keys that all kinds share. */
export function defineProfile<const Name extends string, Shape extends z.ZodRawShape>(
  definition: ProfileKind<Name, Shape>,
): ProfileKind<Name, Shape> {
  return definition;
}
