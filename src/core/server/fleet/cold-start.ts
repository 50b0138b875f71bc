// The cold start of an instance, stage by stage: its node is made ready, the image is pulled, weights are loaded, and
// the engine warms up; or, asleep with its weights in host memory, it is woken. Each stage is drawn by itself. A node
// that is up already needs no provisioning. Draws are taken in the order of launches, all stages of one at a time, so
// that a stage that is left out changes no other.
import { type Duration, NO_TIME } from "../../base/units.js";
import { createDistribution, type Distribution, type DistributionSpec } from "../../random/distribution.js";
import type { Stream } from "../../random/stream.js";
import { withinCentury } from "../../random/time-distribution.js";

const STAGES = ["provision", "image", "load", "init", "wake"] as const;
type StageName = (typeof STAGES)[number];

/** In seconds, each. */
export type ColdStartSpec = Readonly<Record<StageName, DistributionSpec>>;

export interface Stages {
  readonly provision: Duration;
  readonly image: Duration;
  readonly load: Duration;
  readonly init: Duration;
}

export const NO_STAGES: Stages = { provision: NO_TIME, image: NO_TIME, load: NO_TIME, init: NO_TIME };

export class ColdStart {
  readonly #stages: Readonly<Record<StageName, Distribution>>;

  constructor(spec: ColdStartSpec, stream: Stream) {
    const opened = STAGES.map((name) => [name, createDistribution(spec[name], stream)] as const);
    this.#stages = Object.fromEntries(opened) as Record<StageName, Distribution>;
  }

  /** Of the next launch. */
  next(): Stages {
    const { provision, image, load, init } = this.#stages;
    return {
      provision: withinCentury(provision.sample()),
      image: withinCentury(image.sample()),
      load: withinCentury(load.sample()),
      init: withinCentury(init.sample()),
    };
  }

  /** From asleep to ready. */
  wake(): Duration {
    return withinCentury(this.#stages.wake.sample());
  }

  /** About how long a launch takes, in seconds: stages at their means, the first only where nodes have to come up. */
  meanOn(nodesStand: boolean): number {
    const { provision, image, load, init } = this.#stages;
    return (nodesStand ? 0 : provision.mean) + image.mean + load.mean + init.mean;
  }
}
