// The streams of one world, kept hold of, so that all chance can branch off at once: from a branch on every stream
// goes on as another one, and so does every stream that opens later. Knows names of streams, not what they are for.
import {
  openReseedable,
  type ReseedableStream,
  type Stream,
  type StreamSource,
} from "../../random/stream.js";

export class BranchingStreams implements StreamSource {
  readonly #seed: string;
  readonly #opened: { readonly name: string; readonly stream: ReseedableStream }[] = [];
  #branch = "";

  /** Until it branches, the streams are those that the seed by itself would open. */
  constructor(seed: string) {
    this.#seed = seed;
  }

  open(name: string): Stream {
    const stream = openReseedable(this.#seed, name + this.#branch);
    this.#opened.push({ name, stream });
    return stream;
  }

  /**
   * All chance from here on is that of this branch, whatever branches there were before. What has been drawn stays as
   * it is: the next arrival, the lengths of requests under way.
   */
  branch(id: string): void {
    this.#branch = `/branch-${id}`;
    for (const { name, stream } of this.#opened) stream.reseed(this.#seed, name + this.#branch);
  }
}
