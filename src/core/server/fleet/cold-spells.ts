// When a pool had no replica that takes requests: who comes then waits for a first one. A spell that is over in the
// instant in which it began, as where another replica takes the place of one at once, is none. Knows instants.
import { type Instant, NEVER, START } from "../../base/units.js";

export class ColdSpells {
  /** Of each spell in order; that of now ends never, as far as is known. */
  readonly #begins: Instant[] = [START];
  readonly #ends: Instant[] = [NEVER];
  #lastEnd: Instant = NEVER;

  /** The last replica takes no more. */
  begin(now: Instant): void {
    this.#begins.push(now);
    this.#ends.push(NEVER);
    this.#lastEnd = NEVER;
  }

  /** A first one takes requests. */
  end(now: Instant): void {
    if (this.#begins.at(-1) === now) {
      this.#begins.pop();
      this.#ends.pop();
    } else this.#ends[this.#ends.length - 1] = now;
    this.#lastEnd = this.#ends.at(-1) ?? START;
  }

  /** Whether an instant lies in one of them, whose end does not. */
  includes(at: Instant): boolean {
    if (at >= this.#lastEnd) return false;
    let spell = this.#begins.length - 1;
    while (spell >= 0 && this.#begins[spell]! > at) spell--;
    return spell >= 0 && at < this.#ends[spell]!;
  }
}
