// GPUs that a replica takes where the scenario does not say: those of its profile. Reads raw and checked replicas
// alike, since the inventory is checked before anything is filled in.
import { PROFILE_GPUS } from "./names.js";
import { asMap } from "./raw.js";

const GPUS: Readonly<Record<string, number>> = PROFILE_GPUS;

export function gpusOf(replica: unknown): number {
  const { profile } = asMap(replica);
  const gpus = typeof profile === "string" ? GPUS[profile] : asMap(asMap(profile)["node"])["gpus"];
  return typeof gpus === "number" ? gpus : 1;
}
