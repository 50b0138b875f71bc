// Account names and their indices. The rest of the simulator speaks of accounts as small integers.

export class AccountNames {
  readonly #indices = new Map<string, number>();
  readonly #names: string[] = [];

  get count(): number {
    return this.#names.length;
  }

  /** The index of a name, a new one when it is new. */
  indexOf(name: string): number {
    let index = this.#indices.get(name);
    if (index === undefined) {
      index = this.#names.length;
      this.#names.push(name);
      this.#indices.set(name, index);
    }
    return index;
  }

  nameOf(index: number): string {
    return this.#names[index]!;
  }
}
