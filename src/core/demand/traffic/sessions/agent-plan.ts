// The requests of an agent session, drawn from the session's own stream in an order that nothing outside changes: first
// the session's offsets and its turns, then request by request.
import type { Stream } from "../../../random/stream.js";
import { AgentThread } from "./agent-thread.js";
import { AgentTurns } from "./agent-turns.js";
import { drawMixture, drawNormal } from "./draws.js";
import type { PlanLimits } from "./plan.js";
import type { AgentSpec } from "./spec.js";

export class AgentPlan extends AgentThread {
  byHuman = true;
  children = 0;
  readonly #inputOffset: number;
  readonly #outputOffset: number;
  readonly #gapOffset: number;
  readonly #turns: AgentTurns;
  #turn = -1;
  /** Of the turn: its requests, and the last one that was planned. */
  #requests = 0;
  #request = 0;

  /** `turns` that are drawn already are not drawn again. */
  constructor(spec: AgentSpec, stream: Stream, limits: PlanLimits, turns?: AgentTurns) {
    const { sessionOffsets, largeContext, maxContext } = spec;
    const inputOffset = limits.inputOffset + sessionOffsets.input * drawNormal(stream);
    const outputOffset = limits.outputOffset + sessionOffsets.output * drawNormal(stream);
    const gapOffset = sessionOffsets.gap * drawNormal(stream);
    const isLarge = stream.uniform() < largeContext.share;
    super(spec, stream, limits, isLarge ? Math.max(largeContext.tokens, maxContext) : maxContext);
    this.#inputOffset = inputOffset;
    this.#outputOffset = outputOffset;
    this.#gapOffset = gapOffset;
    this.#turns = turns ?? new AgentTurns(spec, stream);
  }

  next(): boolean {
    const turns = this.#turns;
    const stream = this.stream;
    this.byHuman = this.#request === this.#requests;
    if (this.byHuman) {
      if (this.#turn === turns.length - 1) return false;
      this.#requests = turns.requestsOf(++this.#turn);
      this.#request = 0;
    }
    const isFirst = this.#turn === 0 && this.#request === 0;
    this.#request++;
    this.gap = this.byHuman ? turns.pause(this.#turn) : this.#drawToolGap();
    if (isFirst) this.context.begin(drawMixture(stream, this.spec.first));
    else this.#growPrompt();
    const { output, sessionOffsets, accountOffsets } = this.spec;
    const variance = sessionOffsets.output ** 2 + accountOffsets.output ** 2;
    this.answer(drawMixture(stream, output, this.#outputOffset, variance));
    this.children = turns.agentsAfter(this.#turn, this.#request);
    return true;
  }

  #drawToolGap(): number {
    const { toolGap, sessionOffsets } = this.spec;
    return drawMixture(this.stream, toolGap, this.#gapOffset, sessionOffsets.gap * sessionOffsets.gap);
  }

  #growPrompt(): void {
    const { growth, noGrowth, sessionOffsets, accountOffsets } = this.spec;
    const stream = this.stream;
    const isStill = stream.uniform() < noGrowth;
    const variance = sessionOffsets.input ** 2 + accountOffsets.input ** 2;
    const drawn = drawMixture(stream, growth, this.#inputOffset, variance);
    this.context.grow(isStill ? 0 : drawn, stream);
  }
}
