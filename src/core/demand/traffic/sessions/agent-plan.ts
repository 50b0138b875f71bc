// The requests of an agent session, drawn one by one from the session's own stream in an order that nothing outside
// changes: first the session's offsets and turns, then turn by turn, then request by request.
import type { Stream } from "../../../random/stream.js";
import { AgentThread } from "./agent-thread.js";
import { drawIndex, drawLognormal, drawMixture, drawNormal } from "./draws.js";
import type { PlanLimits } from "./plan.js";
import type { AgentSpec } from "./spec.js";

export class AgentPlan extends AgentThread {
  byHuman = true;
  children = 0;
  readonly #inputOffset: number;
  readonly #outputOffset: number;
  readonly #gapOffset: number;
  readonly #turns: number;
  #turn = 0;
  #requests = 0;
  #request = 0;
  /** Request of the turn after which sub-agents run, and how many. */
  #spawnAfter = 0;
  #spawns = 0;
  #isFirst = true;

  constructor(spec: AgentSpec, stream: Stream, limits: PlanLimits) {
    const { sessionOffsets, largeContext, maxContext, turns } = spec;
    const inputOffset = limits.inputOffset + sessionOffsets.input * drawNormal(stream);
    const outputOffset = limits.outputOffset + sessionOffsets.output * drawNormal(stream);
    const gapOffset = sessionOffsets.gap * drawNormal(stream);
    const isLarge = stream.uniform() < largeContext.share;
    super(spec, stream, limits, isLarge ? Math.max(largeContext.tokens, maxContext) : maxContext);
    this.#inputOffset = inputOffset;
    this.#outputOffset = outputOffset;
    this.#gapOffset = gapOffset;
    this.#turns = Math.min(turns.most, Math.max(1, Math.round(drawLognormal(stream, turns))));
  }

  next(): boolean {
    this.byHuman = this.#request === this.#requests;
    if (this.byHuman) {
      if (this.#turn === this.#turns) return false;
      this.#beginTurn();
    }
    this.#request++;
    this.gap = this.#drawGap();
    this.#drawPrompt();
    const { output, sessionOffsets, accountOffsets } = this.spec;
    const variance = sessionOffsets.output ** 2 + accountOffsets.output ** 2;
    this.answer(drawMixture(this.stream, output, this.#outputOffset, variance));
    this.children = this.#request === this.#spawnAfter ? this.#spawns : 0;
    return true;
  }

  #beginTurn(): void {
    const { requests, subAgents } = this.spec;
    const stream = this.stream;
    this.#turn++;
    this.#request = 0;
    this.#spawnAfter = 0;
    const isOne = stream.uniform() < requests.one && this.#turns > 1;
    const many = Math.round(drawLognormal(stream, requests));
    this.#requests = isOne ? 1 : Math.min(requests.most, Math.max(2, many));
    if (isOne || stream.uniform() >= subAgents.share) return;
    this.#spawns = drawIndex(stream, subAgents.counts) + 1;
    this.#spawnAfter = 1 + stream.below(this.#requests - 1);
  }

  #drawGap(): number {
    if (this.#isFirst) return 0;
    const { humanGap, toolGap, sessionOffsets } = this.spec;
    if (this.byHuman) return Math.min(humanGap.most, drawLognormal(this.stream, humanGap));
    return drawMixture(this.stream, toolGap, this.#gapOffset, sessionOffsets.gap * sessionOffsets.gap);
  }

  #drawPrompt(): void {
    const { first, growth, noGrowth, sessionOffsets, accountOffsets } = this.spec;
    const stream = this.stream;
    if (this.#isFirst) {
      this.#isFirst = false;
      this.context.begin(drawMixture(stream, first));
      return;
    }
    const isStill = stream.uniform() < noGrowth;
    const variance = sessionOffsets.input ** 2 + accountOffsets.input ** 2;
    const drawn = drawMixture(stream, growth, this.#inputOffset, variance);
    this.context.grow(isStill ? 0 : drawn, stream);
  }
}
