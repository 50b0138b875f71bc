// Account names and their indices. The rest of the simulator speaks of accounts as small integers.
import { NONE } from "../../base/none.js";

export class AccountNames {
  readonly #indices = new Map<string, number>();
  readonly #names: string[] = [];
  /** By name, and by index: places in the list of tracked accounts. */
  readonly #tracked: ReadonlyMap<string, number>;
  readonly #places: number[] = [];

  /** Some are tracked by themselves, wherever they come up. */
  constructor(tracked: readonly string[] = []) {
    this.#tracked = new Map(tracked.map((name, place) => [name, place]));
  }

  get count(): number {
    return this.#names.length;
  }

  /** The index of a name, a new one when it is new. */
  indexOf(name: string): number {
    let index = this.#indices.get(name);
    if (index === undefined) {
      index = this.#names.length;
      this.#names.push(name);
      this.#places.push(this.#tracked.get(name) ?? NONE);
      this.#indices.set(name, index);
    }
    return index;
  }

  nameOf(index: number): string {
    return this.#names[index]!;
  }

  /** Its place among the tracked accounts; NONE for all others. */
  trackedPlace(index: number): number {
    return this.#places[index]!;
  }
}
