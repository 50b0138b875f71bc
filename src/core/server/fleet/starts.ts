// The cold starts under way: which stage each instance is in, and when that ends. A node that comes up for an instance
// is up for the next one, too, for as long as anything stands on it. Knows slots, stages and nodes; what becomes of an
// instance that has started is the fleet's.
import { InstanceState } from "../../base/instance-state.js";
import { after, type Duration, type Instant, NO_TIME, START, since } from "../../base/units.js";
import { type EventHandle, type EventQueue, NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { NO_STAGES, type Stages } from "./cold-start.js";
import type { Instances } from "./instances.js";
import type { Nodes } from "./nodes.js";

const { provisioning, imaging, loading, warming } = InstanceState;

interface Stage {
  readonly state: InstanceState;
  readonly lasts: Duration;
}

interface Start {
  readonly stages: readonly Stage[];
  next: number;
  event: EventHandle;
}

export interface StartsOptions {
  readonly events: EventQueue;
  /** Of the events that end a stage; their subject is the slot. */
  readonly kind: number;
  readonly instances: Instances;
  readonly nodes: Nodes;
}

export class Starts {
  readonly #options: StartsOptions;
  /** By slot. */
  readonly #starts = new Map<number, Start>();
  /** By node: since when it is up, as long as something stands on it. */
  readonly #upAt: Instant[];

  constructor(options: StartsOptions) {
    this.#options = options;
    this.#upAt = Array.from({ length: options.nodes.count }, () => START);
  }

  /** An instance that has its GPUs starts: says whether it has done so already, all stages taking no time. */
  begin(slot: number, stages: Stages, now: Instant): boolean {
    const provision =
      stages === NO_STAGES ? NO_TIME : since(this.#nodesUpAt(slot, stages.provision, now), now);
    return this.#run(slot, now, [
      { state: provisioning, lasts: provision },
      { state: imaging, lasts: stages.image },
      { state: loading, lasts: stages.load },
      { state: warming, lasts: stages.init },
    ]);
  }

  /** One starts anew where it stood: its node is up, and has the image. */
  again(slot: number, { load, init }: Stages, now: Instant): boolean {
    return this.#run(slot, now, [
      { state: loading, lasts: load },
      { state: warming, lasts: init },
    ]);
  }

  /** One that sleeps is woken. */
  wake(slot: number, lasts: Duration, now: Instant): boolean {
    return this.#run(slot, now, [{ state: warming, lasts }]);
  }

  /** The stage of an instance is over: says whether that was the last one. */
  advance(slot: number, now: Instant): boolean {
    return this.#next(slot, this.#starts.get(slot)!, now);
  }

  /** It does not start after all. */
  stop(slot: number): void {
    const start = this.#starts.get(slot);
    if (start === undefined) return;
    this.#options.events.cancel(start.event);
    this.#starts.delete(slot);
  }

  #run(slot: number, now: Instant, stages: readonly Stage[]): boolean {
    const start = { stages: stages.filter(({ lasts }) => lasts > 0), next: 0, event: NO_EVENT };
    if (start.stages.length > 0) this.#starts.set(slot, start);
    return this.#next(slot, start, now);
  }

  #next(slot: number, start: Start, now: Instant): boolean {
    const { events, kind, instances } = this.#options;
    const stage = start.stages[start.next++];
    if (stage === undefined) {
      this.#starts.delete(slot);
      return true;
    }
    instances.move(slot, stage.state, now);
    start.event = events.schedule(after(now, stage.lasts), Phase.control, kind, slot);
    return false;
  }

  /** When all nodes of an instance are up: one that nothing else stands on has to come up for it. */
  #nodesUpAt(slot: number, provision: Duration, now: Instant): Instant {
    const { nodes } = this.#options;
    let upAt = now;
    for (const node of nodes.nodesOf(slot)) {
      const isNew = nodes.instancesOn(node).length === 1 && !nodes.types[nodes.typeOf(node)]!.isStanding;
      if (isNew) this.#upAt[node] = after(now, provision);
      if (this.#upAt[node]! > upAt) upAt = this.#upAt[node]!;
    }
    return upAt;
  }
}
