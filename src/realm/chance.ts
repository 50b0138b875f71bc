// Chance inside a realm, drawn from numbers of the host's own stream: the first draw after each is that number, and
// those after it come from a small generator that it seeds (SplitMix32 as in public-domain code, good enough for the
// second draw of a decision).

export class Chance {
  #first: number | undefined;
  #state = 0;

  reseed(uniform: number): void {
    this.#first = uniform;
    this.#state = Math.floor(uniform * 0x1_0000_0000) | 0;
  }

  /** Uniform on [0, 1). */
  readonly draw = (): number => {
    const first = this.#first;
    if (first !== undefined) {
      this.#first = undefined;
      return first;
    }
    this.#state = (this.#state + 0x9e37_79b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 0x1_0000_0000;
  };
}
