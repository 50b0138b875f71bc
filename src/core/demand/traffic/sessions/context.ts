// The context of one agent, as it grows from request to request and is compacted. Knows tokens only.
import type { Stream } from "../../../random/stream.js";
import type { Cuts } from "../lengths.js";
import { drawLognormal } from "./draws.js";
import type { AgentSpec } from "./spec.js";

export class AgentContext {
  inputTokens = 0;
  sharedTokens = 0;
  restarts = false;
  readonly #spec: AgentSpec;
  /** Prompts stay below this, where they can. */
  readonly #limit: number;
  readonly #prefixTokens: number;
  /** Undefined where the agent itself keeps its prompts shorter than the path takes. */
  readonly #cuts: Cuts | undefined;
  /** Prompt and answer of the request before. */
  #held = 0;

  constructor(spec: AgentSpec, maxContext: number, maxInput: number, prefixTokens: number, cuts: Cuts) {
    this.#spec = spec;
    const summedUpAt = Math.max(1, Math.floor(spec.compaction.at * maxContext));
    this.#limit = Math.min(summedUpAt, maxInput);
    this.#cuts = maxInput < summedUpAt ? cuts : undefined;
    this.#prefixTokens = prefixTokens;
  }

  get prefixTokens(): number {
    return Math.min(this.#prefixTokens, this.inputTokens);
  }

  begin(tokens: number): void {
    const wanted = Math.max(1, Math.round(tokens), this.#prefixTokens);
    this.inputTokens = this.#cuts?.prompt(wanted, this.#limit) ?? Math.min(wanted, this.#limit);
    this.sharedTokens = 0;
    this.restarts = true;
  }

  /** The next prompt. Only the session's own draws decide what is drawn. */
  grow(tokens: number, stream: Stream): void {
    const { bust, compaction } = this.#spec;
    this.inputTokens = this.#held + Math.round(tokens);
    this.sharedTokens = this.#held;
    this.restarts = false;
    if (stream.uniform() < bust.share) {
      const keep = bust.keepFrom + (bust.keepTo - bust.keepFrom) * stream.uniform();
      this.sharedTokens = Math.floor(this.#held * keep);
    }
    // The limit itself is a prompt that the path still takes.
    if (this.inputTokens > this.#limit) this.begin(drawLognormal(stream, compaction.to));
  }

  answered(outputTokens: number): void {
    this.#held = this.inputTokens + outputTokens;
  }
}
