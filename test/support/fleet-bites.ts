// How often each feature of an elastic fleet bites in the worlds that a law is tried on: not that a world has it, but
// that it did something. Only watches; it sees a world before it begins, and says of which features it has seen any.
import { InstanceState, START_STAGES } from "../../src/core/base/instance-state.js";
import { Moves } from "../../src/core/demand/traffic/moves.js";
import type { Engine } from "../../src/core/engine/engine.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import type { Scenario } from "../../src/core/scenario/schema.js";
import { AUTOSCALERS } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { FAULTS } from "../../src/core/server/fleet/faults/registry.js";

const { pending, ready, sleeping, draining, lost, free } = InstanceState;

const OTHERS = [
  "a pool displaces another",
  "a pool gets back what it gave up",
  "an instance waits for GPUs",
  ...START_STAGES.map((stage) => `an instance is ${stage}`),
  "an instance is woken",
  "an instance goes back to sleep",
  "an instance drains with work inside",
  "an instance is recalled while it drains",
  "a crashed instance starts again",
  "callers wait for a pool at zero",
  "instances leave a node that is about to go",
  "a model is launched",
  "a model is retired",
  "a pool comes with its model",
  "a pool goes with its model",
  "a model that is not there is asked for",
  "a request moves to another model",
] as const;

export class FleetBites {
  /** By feature: in how many worlds it has done something. */
  readonly worlds = new Map<string, number>();
  readonly #readdress = Moves.prototype.readdress;
  #seen = new Set<string>();
  #atEnd: () => void = () => undefined;

  constructor() {
    const features = [
      ...AUTOSCALERS.map(({ name }) => `autoscaler ${name}`),
      ...FAULTS.map(({ name }) => `fault ${name}`),
      ...OTHERS,
    ];
    for (const feature of features) this.worlds.set(feature, 0);
  }

  /** Of a world that is about to begin. */
  readonly watch = (engine: Engine, scenario: Scenario): void => {
    this.#seen = new Set();
    this.#watchSizing(engine, scenario);
    this.#watchFaults(engine, scenario);
    this.#watchInstances(engine);
    const [readdress, bites] = [this.#readdress, () => this.#bites("a request moves to another model")];
    Moves.prototype.readdress = function (arrival, made) {
      const { model, serviceTier } = arrival;
      readdress.call(this, arrival, made);
      if (arrival.model !== model || arrival.serviceTier !== serviceTier) bites();
    };
  };

  /** Of that world when it is over. */
  finish(result: RunResult | undefined): void {
    Moves.prototype.readdress = this.#readdress;
    this.#atEnd();
    for (const { kind } of result?.timeline ?? []) {
      if (kind === "launch") this.#bites("a model is launched");
      if (kind === "retirement") this.#bites("a model is retired");
    }
    if ((result?.all.reasons.unknown_model ?? 0) > 0) this.#bites("a model that is not there is asked for");
    for (const feature of this.#seen) this.worlds.set(feature, this.worlds.get(feature)! + 1);
    this.#seen = new Set();
  }

  #bites(feature: (typeof OTHERS)[number] | `autoscaler ${string}` | `fault ${string}`): void {
    this.#seen.add(feature);
  }

  /** A pool is resized by its own autoscaler, with its models, or, by nothing of its own, for another one. */
  #watchSizing({ service: { parts } }: Engine, { pools }: Scenario): void {
    const { sizing } = parts;
    const scalers = Object.values(pools).map(({ autoscaler }) => autoscaler?.algorithm);
    /** By pool that its autoscaler has let go to zero: attempts that had waited for a first replica until then. */
    const coldBefore = new Map<number, number>();
    let cause: "autoscaler" | "models" = "autoscaler";
    /** The pool that is being resized by its own. */
    let own = -1;
    const because = <Value>(why: typeof cause, run: () => Value): Value => {
      const before = cause;
      cause = why;
      try {
        return run();
      } finally {
        cause = before;
      }
    };
    const resize = sizing.resize.bind(sizing);
    sizing.watch({
      resized: (pool, before, wanted) => {
        if (pool === own) return;
        this.#bites(wanted < before ? "a pool displaces another" : "a pool gets back what it gave up");
      },
    });
    const [launch, retire] = [sizing.launchPool.bind(sizing), sizing.retirePool.bind(sizing)];
    sizing.resize = (pool, replicas, now) => {
      const before = sizing.wantedOf(pool);
      if (cause === "autoscaler" && replicas !== before) {
        this.#bites(`autoscaler ${scalers[pool]}`);
        if (replicas === 0) coldBefore.set(pool, parts.pools[pool]!.counts.coldWaits);
      }
      own = pool;
      resize(pool, replicas, now);
      own = -1;
    };
    sizing.launchPool = (...told) => {
      this.#bites("a pool comes with its model");
      own = told[0];
      because("models", () => launch(...told));
      own = -1;
    };
    sizing.retirePool = (...told) => {
      this.#bites("a pool goes with its model");
      because("models", () => retire(...told));
    };
    this.#atEnd = () => {
      for (const [pool, before] of coldBefore)
        if (parts.pools[pool]!.counts.coldWaits > before) this.#bites("callers wait for a pool at zero");
    };
  }

  #watchFaults({ service: { parts } }: Engine, { outages, faults: specs }: Scenario): void {
    const { faults, fleet, controllers, gateway } = parts;
    const before = outages.filter(({ instances }) => instances !== undefined).length;
    const kinds = Object.values(specs).map(({ fault }) => fault);
    const act = faults.act.bind(faults);
    let leaving = 0;
    fleet.watch({ happened: (kind) => (leaving += kind === "node-leaving" ? 1 : 0) });
    faults.act = (index, now) => {
      const known = leaving;
      const toll = act(index, now);
      const kind = kinds[index - before];
      if (kind !== undefined && toll.pools.size > 0) {
        this.#bites(`fault ${kind}`);
        if (leaving > known) this.#bites("instances leave a node that is about to go");
      }
      return toll;
    };
    let down = 0;
    const [goesDown, comesUp] = [
      controllers.goesDown.bind(controllers),
      controllers.comesUp.bind(controllers),
    ];
    const control = controllers.act.bind(controllers);
    controllers.goesDown = () => {
      down++;
      goesDown();
    };
    controllers.comesUp = (now) => {
      down--;
      comesUp(now);
    };
    controllers.act = (index, now) => {
      if (down > 0) this.#bites("fault control-plane");
      control(index, now);
    };
    this.#watchIncidents(gateway);
  }

  /** One bites where it fails a request. */
  #watchIncidents(gateway: Engine["service"]["parts"]["gateway"]): void {
    const [begins, ends] = [gateway.incidentBegins.bind(gateway), gateway.incidentEnds.bind(gateway)];
    const watched = new Map<() => boolean, () => boolean>();
    gateway.incidentBegins = (pool, fails) => {
      const known = watched.get(fails);
      const seen =
        known ??
        (() => {
          const isFailed = fails();
          if (isFailed) this.#bites("fault incident");
          return isFailed;
        });
      watched.set(fails, seen);
      begins(pool, seen);
    };
    gateway.incidentEnds = (pool, fails) => ends(pool, watched.get(fails)!);
  }

  #watchInstances({ service: { parts } }: Engine): void {
    const { instances } = parts.fleet;
    const stages = new Map<InstanceState, (typeof START_STAGES)[number]>(
      START_STAGES.map((stage) => [InstanceState[stage], stage]),
    );
    const move = instances.move.bind(instances);
    instances.move = (slot, to, now) => {
      const from = instances.stateOf(slot);
      const stage = stages.get(to);
      if (stage !== undefined) this.#bites(`an instance is ${stage}`);
      if (to === pending) this.#bites("an instance waits for GPUs");
      if (from === sleeping && to !== free && to !== lost) this.#bites("an instance is woken");
      if (from === draining && to === sleeping) this.#bites("an instance goes back to sleep");
      if (from === draining && to === ready) this.#bites("an instance is recalled while it drains");
      if (from === lost && to !== free) this.#bites("a crashed instance starts again");
      if (to === draining && instances.replicaOf(slot).slotsBusy > 0)
        this.#bites("an instance drains with work inside");
      move(slot, to, now);
    };
  }
}
