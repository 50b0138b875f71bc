// In how many worlds each feature of engines, of the time outside them and of callers in a hurry does something: not that
// a world has it, but that it bites. Only watches; it sees a world before it begins, and counts when it is over.
import type { Engine } from "../../src/core/engine/engine.js";
import { NetworkEvent } from "../../src/core/engine/world/network.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import type { Scenario } from "../../src/core/scenario/schema.js";
import { engineVersionOf } from "../../src/core/server/profile/machine.js";
import { KvMemory } from "../../src/core/server/replica/kv/memory.js";

const LAYOUT = ["tensor", "pipeline", "data", "expert"] as const;
const REASONS = ["attempt_timeout", "request_timeout", "quota"] as const;

/** What replicas do by themselves, with no time outside and whoever calls. */
export const OF_REPLICAS = ["the host keeps what a sequence had", "the host has no room", ...LAYOUT] as const;

const FEATURES = [
  "steps are scheduled ahead",
  "a call is on its way in",
  "a first token is on its way out",
  "an end is on its way out",
  "a call is called off on its way",
  ...OF_REPLICAS,
  ...REASONS,
] as const;
type Feature = (typeof FEATURES)[number];

const OF_EVENTS: Readonly<Record<NetworkEvent, Feature>> = {
  [NetworkEvent.received]: "a call is on its way in",
  [NetworkEvent.firstToken]: "a first token is on its way out",
  [NetworkEvent.ended]: "an end is on its way out",
};

export class EngineBites {
  readonly worlds = new Map<Feature, number>(FEATURES.map((feature) => [feature, 0]));
  readonly #keepInHost = KvMemory.prototype.keepInHost;
  #seen = new Set<Feature>();
  #pools: Scenario["pools"] = {};

  /** Of a world that is about to begin. */
  readonly watch = (engine: Engine, { pools }: Scenario): void => {
    const seen = new Set<Feature>();
    this.#seen = seen;
    this.#pools = pools;
    const hasOffload = Object.values(pools).some(
      ({ replica }) => replica.engine === "batching" && replica.kvOffload !== undefined,
    );
    const keep = this.#keepInHost;
    KvMemory.prototype.keepInHost = function (sequence, tokens) {
      const lost = keep.call(this, sequence, tokens);
      if (lost < tokens) seen.add("the host keeps what a sequence had");
      else if (hasOffload) seen.add("the host has no room");
      return lost;
    };
    const { network } = engine;
    if (network === undefined) return;
    const { handle, cancel } = network;
    network.handle = (kind, reference, now) => {
      seen.add(OF_EVENTS[kind]);
      handle.call(network, kind, reference, now);
    };
    network.cancel = (call, now) => {
      const before = network.outside;
      cancel.call(network, call, now);
      if (network.outside < before) seen.add("a call is called off on its way");
    };
  };

  /** Of that world when it is over. */
  finish(result: RunResult | undefined): void {
    KvMemory.prototype.keepInHost = this.#keepInHost;
    for (const name of REASONS) if ((result?.all.reasons[name] ?? 0) > 0) this.#seen.add(name);
    if ((result?.work.steps ?? 0) > 0) this.#ofReplicas();
    for (const feature of this.#seen) this.worlds.set(feature, this.worlds.get(feature)! + 1);
  }

  /** Of replicas that have gone through steps. */
  #ofReplicas(): void {
    for (const { replica } of Object.values(this.#pools)) {
      if (replica.engine !== "batching") continue;
      if (replica.stepAhead ?? engineVersionOf(replica).stepAhead)
        this.#seen.add("steps are scheduled ahead");
      const { profile } = replica;
      if (typeof profile === "string" || !("parallel" in profile)) continue;
      for (const name of LAYOUT) if ((profile.parallel?.[name] ?? 1) > 1) this.#seen.add(name);
    }
  }
}
