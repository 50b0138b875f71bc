// What will be, for autoscalers that foresee: the same world, same seed and all, in which the pools that they scale
// have the most replicas from the start. It runs on a clock of its own as far ahead as somebody asks, so that it takes
// no more memory than that, and shares nothing that changes with the world that is looked at. Callers who wait for
// answers are foreseen as well as others: as they would act if no replica were ever missing.
import type { EngineObserver } from "../../api/observer.js";
import { type Duration, type Instant, NEVER } from "../../base/units.js";
import type { Foresight } from "../../server/fleet/control/autoscalers/autoscaler.js";
import type { Pool } from "../../server/fleet/pool.js";
import type { StepProfile } from "../../server/profile/step-profile.js";
import { LoadRecord } from "./load-record.js";
import { PoolLoad } from "./pool-load.js";

/** A world as far as it is looked at. */
export interface AmpleWorld {
  /** NEVER once it is over. */
  readonly nextEventAt: Instant;
  step(): boolean;
  readonly service: {
    /** By pool. */
    readonly parts: {
      readonly pools: readonly Pool[];
      readonly profiles: readonly (StepProfile | undefined)[];
    };
  };
}

export interface AmpleRunOptions {
  /** Called once, when something is asked for the first time. */
  readonly makeWorld: (observer: EngineObserver) => AmpleWorld;
  /** The time of those who ask: they ask about nothing before. */
  readonly now: () => Instant;
  /** Width of the bins, by pool; undefined for pools that nobody asks about. */
  readonly resolutions: readonly (Duration | undefined)[];
}

interface Watched {
  readonly pool: number;
  readonly record: LoadRecord;
  load: PoolLoad | undefined;
  /** From when on its contexts are to be looked at again. */
  measuredUntil: number;
}

export class AmpleRun {
  readonly #options: AmpleRunOptions;
  readonly #watched: readonly Watched[];
  #world: AmpleWorld | undefined;

  constructor(options: AmpleRunOptions) {
    this.#options = options;
    this.#watched = options.resolutions.flatMap((width, pool): Watched[] =>
      width === undefined
        ? []
        : [
            {
              pool,
              record: new LoadRecord(width),
              load: undefined,
              measuredUntil: 0,
            },
          ],
    );
  }

  /** What those see who scale a pool. */
  of(pool: number): Foresight | undefined {
    const watched = this.#watched.find((one) => one.pool === pool);
    if (watched === undefined) return undefined;
    const { record } = watched;
    const isOver = () => this.#world?.nextEventAt === NEVER;
    return {
      resolution: record.width,
      mostLoad: (from, until) => {
        record.forget(this.#options.now());
        this.#runUntil(Math.ceil(until / record.width) * record.width);
        return record.most(from, until);
      },
      get end() {
        return isOver() ? record.end : NEVER;
      },
    };
  }

  #runUntil(until: number): void {
    this.#world ??= this.#begin();
    while (this.#world.nextEventAt < until) this.#world.step();
  }

  #begin(): AmpleWorld {
    // Looked at when an attempt has moved: how many events there are besides is another number step by step (LAW-5).
    let hasMoved = false;
    const world = this.#options.makeWorld({
      attempt: () => {
        hasMoved = true;
      },
      settled: (now) => {
        if (hasMoved) this.#look(now);
        hasMoved = false;
      },
    });
    const { pools, profiles } = world.service.parts;
    for (const one of this.#watched) one.load = new PoolLoad(pools[one.pool]!, profiles[one.pool]);
    return world;
  }

  #look(now: Instant): void {
    for (const one of this.#watched) {
      const { record, load } = one;
      if (now >= one.measuredUntil) {
        load!.measure(now);
        one.measuredUntil = now + record.width;
      }
      record.set(load!.replicas, now);
    }
  }
}
