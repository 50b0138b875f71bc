// Every shipped step-time profile by the name that scenarios use.
import { SurgefleetError } from "../base/errors.js";
import type { StepProfile } from "./profile.js";
import { LLAMA_8B_H100, LLAMA_70B_TP8_H100 } from "./profiles/h100-measured.js";

const PROFILES: ReadonlyMap<string, StepProfile> = new Map(
  [LLAMA_8B_H100, LLAMA_70B_TP8_H100].map((profile) => [profile.name, profile]),
);

export const PROFILE_NAMES: readonly string[] = [...PROFILES.keys()];

export function profileByName(name: string): StepProfile {
  const profile = PROFILES.get(name);
  if (profile === undefined) {
    throw new SurgefleetError(
      "NOT_FOUND",
      `no step-time profile is named "${name}"; there are ${PROFILE_NAMES.join(", ")}`,
    );
  }
  return profile;
}
