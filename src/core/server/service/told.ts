// Whom the server answers to. While an answer is being told no call is made or cancelled: the rule of the wire.
import type { Answers } from "../../api/wire.js";
import { assert } from "../../base/assert.js";

export class Told {
  #answers: Answers | undefined;
  #isTelling = false;

  /** Once, before the first call. */
  answerTo(answers: Answers): void {
    assert(this.#answers === undefined, "a server answers to one");
    this.#answers = answers;
  }

  assertNotTelling(): void {
    assert(!this.#isTelling, "no call is made or cancelled while an answer is being told");
  }

  /** What follows is an answer, until `ends`. */
  begins(): Answers {
    assert(this.#answers !== undefined, "a server is given its Answers before the first call");
    this.#isTelling = true;
    return this.#answers;
  }

  ends(): void {
    this.#isTelling = false;
  }
}
