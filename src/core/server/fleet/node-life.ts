// What happens to nodes as a whole: one goes and takes along all that stands on it, one is about to go, one is back.
// Others are launched elsewhere for the instances that are gone and still wanted. Why it happens is a fault's or a spot
// market's business.
import { InstanceState } from "../../base/instance-state.js";
import type { RunEventKind } from "../../base/run-event.js";
import type { Instant } from "../../base/units.js";
import type { HaltedSequence } from "../replica/replica.js";
import type { Nodes } from "./nodes.js";
import { Role } from "./roles.js";
import type { Sizing } from "./sizing.js";

const { lost } = InstanceState;

export class NodeLife {
  readonly #sizing: Sizing;
  /** By node: for how many reasons it is gone, as its rack and itself may have failed at once. */
  readonly #reasons = new Map<number, number>();

  constructor(sizing: Sizing) {
    this.#sizing = sizing;
  }

  get nodes(): Nodes {
    return this.#sizing.fleet.inventory.nodes;
  }

  /** A node is gone: hands back the sequences that were inside the instances on it. */
  lose(node: number, now: Instant): readonly HaltedSequence[] {
    const { fleet } = this.#sizing;
    const reasons = (this.#reasons.get(node) ?? 0) + 1;
    this.#reasons.set(node, reasons);
    if (reasons > 1) return [];
    fleet.inventory.nodeGoes(node, now);
    this.#tell("node-lost", node, now);
    const halted = [...this.nodes.instancesOn(node)].flatMap((slot) => {
      const inside = fleet.instances.stateOf(slot) === lost ? [] : fleet.lose(slot, now);
      if (fleet.instances.stateOf(slot) === lost) this.#moveElsewhere(slot, now);
      return inside;
    });
    this.#sizing.replace(now);
    return halted;
  }

  /**
   * A node is about to go: until `hasGone` it takes no more instances, though it may fail and be back in between. Those
   * on it leave as soon as they can; what is not up, lost ones among them, is given up, to start elsewhere.
   */
  drain(node: number, now: Instant): void {
    const { fleet } = this.#sizing;
    this.nodes.cordon(node);
    if (this.nodes.isGone(node)) return;
    this.#tell("node-leaving", node, now);
    for (const slot of [...this.nodes.instancesOn(node)]) {
      if (!fleet.instances.isUp(slot)) this.#moveElsewhere(slot, now);
      else if (fleet.drains(slot)) fleet.roles.set(slot, Role.leaves);
      else fleet.drain(slot, now);
    }
    this.#sizing.replace(now);
  }

  /** A node that was about to go has gone, or is to stay: that is over. */
  hasGone(node: number, now: Instant): void {
    this.nodes.uncordon(node);
    if (this.nodes.isOpen(node)) this.#sizing.gpusAreBack(now);
  }

  /** A node is back once that is so for each reason for which it was gone. */
  restore(node: number, now: Instant): void {
    const { fleet } = this.#sizing;
    const reasons = this.#reasons.get(node)! - 1;
    this.#reasons.set(node, reasons);
    if (reasons > 0) return;
    fleet.inventory.nodeComesBack(node, now);
    this.#tell("node-back", node, now);
    this.#sizing.gpusAreBack(now);
  }

  /** One that is not up is given up, and for one that was lost another one is to come. */
  #moveElsewhere(slot: number, now: Instant): void {
    const { fleet } = this.#sizing;
    const { instances, roles, returns } = fleet;
    if (instances.stateOf(slot) === lost) returns.owe(instances.poolOf(slot), roles.of(slot));
    fleet.abandon(slot, now);
  }

  #tell(kind: RunEventKind, node: number, now: Instant): void {
    const { name, zones } = this.nodes.types[this.nodes.typeOf(node)]!;
    const zone = zones > 1 ? { zone: this.nodes.zoneOf(node) + 1 } : {};
    this.#sizing.fleet.observers.happened(kind, undefined, now, { name, ...zone });
  }
}
