// From a profile as its file says it to one that a replica can ask. Knows how the kinds are put together: the pass of
// the model, speculative decoding around it, the host beside it. What a file may say is checked where it is read.
import { SurgefleetError } from "../../base/errors.js";
import { definitionOf } from "../../document/definition.js";
import type { HostTimes } from "./file/profile-keys.js";
import { PROFILE_KINDS, type ProfileFile } from "./kinds.js";
import type { PassTimes } from "./pass-times.js";
import { speculativePass } from "./speculative.js";
import { MICROS_PER_MILLI, type StepProfile } from "./step-profile.js";

const NO_HOST: HostTimes = { step: 0, prefill: 0, perSequence: 0 };

/**
 * Makes a profile. Throws INVALID_PARAMETER where some step would not take a finite positive time, or the model does
 * not fit, and NOT_FOUND for a model or GPU that is in no catalogue.
 */
export function buildProfile(file: ProfileFile): StepProfile {
  const { name, source, estimate, uncertainty, host = NO_HOST, speculative } = file;
  const definition = definitionOf(PROFILE_KINDS, file.kind, "kind of profile");
  const { target, draft, node } = definition.create(file as never, file);
  const tokens = speculative?.tokens ?? 0;
  const pass = draft === undefined ? target : speculativePass(target, draft, tokens);
  const tokensPerSequence = 1 + tokens;
  const profile: StepProfile = {
    name,
    source,
    estimate,
    ...(uncertainty && { uncertainty: uncertainty.share }),
    tokensPerSequence,
    acceptance: speculative?.acceptance ?? 0,
    ...(node && { node }),
    base: (decoding, prefillTokens) => {
      const outside = hostMillis(host, decoding, prefillTokens);
      return (pass.base(decoding, tokensPerSequence, prefillTokens) + outside) * MICROS_PER_MILLI;
    },
    slope: (decoding) => pass.slope(decoding, tokensPerSequence) * MICROS_PER_MILLI,
    prefill: (area, priorContext) => pass.prefill(area, priorContext) * MICROS_PER_MILLI,
    ...clockOf(pass, tokensPerSequence),
  };
  checkDomain(profile);
  return profile;
}

/** Milliseconds of a step outside the GPU. */
export function hostMillis(host: HostTimes, decoding: number, prefillTokens: number): number {
  const prefill = prefillTokens > 0 ? host.prefill + (host.perPrefillToken ?? 0) * prefillTokens : 0;
  return host.step + host.perSequence * decoding + prefill;
}

function clockOf({ clock }: PassTimes, rowsEach: number): Pick<StepProfile, "clock"> {
  if (clock === undefined) return {};
  const { boost, drag, decodeDrag, memoryMs, restMs } = clock;
  return {
    clock: {
      boost: (decoding, prefillTokens) =>
        prefillTokens > 0 ? boost(decoding * rowsEach + prefillTokens) * MICROS_PER_MILLI : 0,
      drag: (decoding, prefillTokens) =>
        prefillTokens > 0 ? drag(decoding * rowsEach + prefillTokens) * MICROS_PER_MILLI : 0,
      decodeDrag,
      memory: memoryMs * MICROS_PER_MILLI,
      rest: restMs * MICROS_PER_MILLI,
    },
  };
}

/** Batches and chunks at which the domain is checked. */
const SIZES = [0, ...Array.from({ length: 17 }, (_, power) => 2 ** power)];
const LONGEST = 1e7;
/** Microseconds of a step: time is counted in whole ones, and it has to go on. */
const LEAST = 1;

/** A step must take time, a finite one, and no less for more context. Throws INVALID_PARAMETER where it does not. */
function checkDomain(profile: StepProfile): void {
  for (const decoding of SIZES) {
    for (const prefillTokens of SIZES) {
      if (decoding + prefillTokens > 0) timely(profile, decoding, prefillTokens);
    }
    if (decoding > 0) notNegative(profile.slope(decoding), "context");
  }
  notNegative(profile.prefill(1, 0), "prefill");
  notNegative(profile.prefill(LONGEST * LONGEST, LONGEST), "prefill");

  function timely({ base, clock }: StepProfile, decoding: number, prefillTokens: number): void {
    const micros = base(decoding, prefillTokens) - (clock?.boost(decoding, prefillTokens) ?? 0);
    if (Number.isFinite(micros) && micros >= LEAST) return;
    const step = `a step of ${decoding} decoding sequences and ${prefillTokens} prefill tokens`;
    throw new SurgefleetError(
      "INVALID_PARAMETER",
      `profile ${profile.name}: ${step} would take ${micros} us: at least ${LEAST} is needed`,
    );
  }
  function notNegative(micros: number, what: string): void {
    if (Number.isFinite(micros) && micros >= 0) return;
    throw new SurgefleetError(
      "INVALID_PARAMETER",
      `profile ${profile.name}: attention to ${what} takes ${micros} us`,
    );
  }
}
