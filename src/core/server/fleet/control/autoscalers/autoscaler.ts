// An autoscaler: how many replicas a pool should have, by what dated samples of it say. One file per autoscaler here
// holds its definition, and one line in registry.ts lists it. How often it is asked, its bounds, tolerance, windows and
// rate limits are knobs that all have in common (knobs.ts, damping.ts).
import type * as z from "zod";
import type { Duration, Instant } from "../../../../base/units.js";
import type { Checked, Definition, Options } from "../../../../document/definition.js";
import type { StepProfile } from "../../../profile/step-profile.js";
import type { KnobsShape } from "./knobs.js";
import type { ScalingView } from "./view.js";

export interface Autoscaler {
  /** The longest window that it asks its view about, in microseconds; 0 for none. */
  readonly looksBack: number;
  /** Whether it looks at how much KV cache replicas use; for others that is not added up. */
  readonly watchesKv?: boolean;
  /**
   * How many replicas it wants, as a real number that is rounded up once the tolerance has been applied; undefined:
   * it has no opinion now, and the number stays, as far as its bounds allow. Exactly 0 holds at once where they allow
   * it: what goes to zero has a wait of its own for that. Asked once at an instant, in the order of time.
   */
  recommend(view: ScalingView): number | undefined;
  /**
   * For one whose word only the time changes: when it does next, later than now. In between it is asked only where its
   * knobs count time, or where other pools may displace what it wants.
   */
  changesAt?(now: Instant): Instant;
}

/** Replicas by nothing but the time. */
export interface Timetable {
  /** From a time on that is not before the start of the run; undefined: it says nothing of that time. */
  replicasAt(at: Instant): number | undefined;
  /** When that changes next, later than then; NEVER: it stays. */
  changesAt(at: Instant): Instant;
}

/** What will be, for one that knows: never for one that has to guess. */
export interface Foresight {
  /** In microseconds: what is shorter than that is not told apart. */
  readonly resolution: Duration;
  /**
   * The most load from one instant to before another, from now on, if there were always replicas enough: in replicas
   * that are full, by sequences in the queue and inside or by their KV cache, whichever is more.
   */
  mostLoad(from: Instant, until: Instant): number;
  /** From when on that stays as it is, the run being over; NEVER until that far ahead has been asked about. */
  readonly end: Instant;
}

/** What is stated of the pool that it scales, and fixed. */
export interface ScalerContext {
  /** Of one replica: sequences, and tokens of KV cache (Infinity: no bound). */
  readonly slots: number;
  readonly kvTokens: number;
  /** Undefined where replicas do not work in steps. */
  readonly profile: StepProfile | undefined;
  /** About how long it takes from wanting a replica to having it, GPUs being there. */
  readonly coldStart: Duration;
  /** Undefined except for definitions that say they foresee. */
  readonly foresight: Foresight | undefined;
}

/** What its options are compared with; undefined where it is malformed. */
export interface AroundScaler {
  /** Of the run. */
  readonly duration: Duration | undefined;
}

/** @typeParam Shape its options: the knobs, with defaults of its own, and those that only it has */
export interface AutoscalerDefinition<Name extends string, Shape extends z.ZodRawShape>
  extends Definition<Name, Shape, ScalerContext, Autoscaler>,
    Checked<AroundScaler> {
  /** For one that looks at no load: what it says of any time, before a run as well as in it. */
  timetable?(options: Options<Shape>): Timetable;
  /** Whether it is shown what will be. */
  readonly foresees?: boolean;
  /** Whether it needs the step times of a replica: `profile` in its context. */
  readonly needsProfile?: boolean;
}

/** An autoscaler with its name and options, the knobs among them. */
export function defineAutoscaler<const Name extends string, Shape extends KnobsShape>(
  definition: AutoscalerDefinition<Name, Shape>,
): AutoscalerDefinition<Name, Shape> {
  return definition;
}
