// How many callers a closed loop has, phase after phase, as load testers say it (k6's stages of virtual users): steps,
// ramps and pauses. Callers have numbers: with n of them the first n are there, so that who leaves last came first. On
// a ramp one joins or leaves where the line passes the middle between two whole numbers: then the time that all of
// them are there is what is under the line. Knows numbers and times, not what callers do.
import { assert } from "../../base/assert.js";
import { type Duration, type Instant, NEVER } from "../../base/units.js";

export interface CallerPhase {
  readonly duration: Duration;
  /** From its beginning on. */
  readonly callers: number;
  /** At its end, reached in a straight line; as at the beginning where left out. */
  readonly rampTo?: number | undefined;
}

/** After the last phase nobody is there, or the first begins again. */
export class CallerPhases {
  /** The most that are ever there. */
  readonly most: number;
  readonly #phases: readonly CallerPhase[];
  readonly #length: number;
  readonly #repeat: boolean;

  constructor(phases: readonly CallerPhase[], repeat: boolean) {
    assert(
      phases.every(({ duration }) => duration > 0),
      "a phase lasts some time",
    );
    this.#phases = phases;
    this.#length = phases.reduce((sum, { duration }) => sum + duration, 0);
    this.#repeat = repeat;
    this.most = Math.max(...phases.map(({ callers, rampTo = callers }) => Math.max(callers, rampTo)));
  }

  /** When that caller is there, from that instant on, counted from 0; NEVER where it does not come any more. */
  thereFrom(caller: number, now: Instant): Instant {
    const round = this.#repeat ? Math.floor(now / this.#length) : 0;
    // What is not there for a whole round is never there.
    for (let turn = round; turn <= (this.#repeat ? round + 1 : 0); turn++) {
      let begin = turn * this.#length;
      for (const phase of this.#phases) {
        const end = begin + phase.duration;
        const at = now < end ? within(phase, begin, caller, now) : NEVER;
        if (at < end) return at;
        begin = end;
      }
    }
    return NEVER;
  }
}

/** When a caller is there, in a phase that begins then; NEVER where it is not, or has left. */
function within(phase: CallerPhase, begin: number, caller: number, now: Instant): Instant {
  const { duration, callers, rampTo = callers } = phase;
  const from = Math.max(now, begin) as Instant;
  const level = caller + 0.5;
  if (callers === rampTo) return callers > level ? from : NEVER;
  const passedAt = begin + (duration * (level - callers)) / (rampTo - callers);
  if (rampTo > callers) return Math.max(from, Math.ceil(passedAt)) as Instant;
  return from < passedAt ? from : NEVER;
}
