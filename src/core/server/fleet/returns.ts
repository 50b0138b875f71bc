// Which instances that take requests, or sleep, make up for lost ones: one that was lost and has started anew where it
// stood, or another one in the place of one that was given up, as its node is gone. Of these it is known how many of a
// pool are owed, not which of those that start comes for which: the first ones do. Knows slots, pools and roles.
import type { Role } from "./roles.js";

export class Returns {
  /** Slots of those that were lost, and are back once they have started. */
  readonly #slots = new Set<number>();
  /** By pool: how many are owed in each role. */
  readonly #owed: number[][] = [];

  /** A lost one starts anew where it stands. */
  startsAgain(slot: number): void {
    this.#slots.add(slot);
  }

  /** What was to come back in a slot does not. */
  forget(slot: number): void {
    this.#slots.delete(slot);
  }

  /** One that was lost is given up: another one is to come for it. */
  owe(pool: number, role: Role): void {
    this.#owedBy(pool)[role]!++;
  }

  /** No more than so many of a pool are owed in a role: others are not wanted any more. */
  oweAtMost(pool: number, role: Role, most: number): void {
    const owed = this.#owedBy(pool);
    owed[role] = Math.min(owed[role]!, Math.max(0, most));
  }

  /** One has started: says whether it makes up for a lost one. */
  hasStarted(slot: number, pool: number, role: Role): boolean {
    if (this.#slots.delete(slot)) return true;
    const owed = this.#owedBy(pool);
    if (owed[role] === 0) return false;
    owed[role]!--;
    return true;
  }

  #owedBy(pool: number): number[] {
    this.#owed[pool] ??= [0, 0, 0];
    return this.#owed[pool];
  }
}
