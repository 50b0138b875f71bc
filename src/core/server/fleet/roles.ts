// What each instance is for, whatever state it is in: to serve, to stand by asleep, or to leave as soon as it can.
// Knows slots.
import { grown } from "../../base/grown.js";

export const Role = { serves: 0, standsBy: 1, leaves: 2 } as const;
export type Role = (typeof Role)[keyof typeof Role];

const FIRST_CAPACITY = 16;

export class Roles {
  #roles = new Uint8Array(FIRST_CAPACITY);

  of(slot: number): Role {
    return this.#roles[slot]! as Role;
  }

  set(slot: number, role: Role): void {
    while (slot >= this.#roles.length) this.#roles = grown(this.#roles, 2 * this.#roles.length);
    this.#roles[slot] = role;
  }
}
