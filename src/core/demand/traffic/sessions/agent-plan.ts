// The requests of an agent session, drawn one by one from the session's own stream in an order that nothing outside
// changes: first the session's offsets and turns, then turn by turn, then request by request.
import type { Stream } from "../../../random/stream.js";
import { cutTokens } from "../lengths.js";
import { AgentContext } from "./context.js";
import { drawIndex, drawLognormal, drawMixture, drawNormal } from "./draws.js";
import type { PlanLimits, ThreadPlan } from "./plan.js";
import type { AgentSpec } from "./spec.js";

export class AgentPlan implements ThreadPlan {
  outputTokens = 0;
  gap = 0;
  byHuman = true;
  children = 0;
  readonly #spec: AgentSpec;
  readonly #stream: Stream;
  readonly #limits: PlanLimits;
  readonly #context: AgentContext;
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
    this.#spec = spec;
    this.#stream = stream;
    this.#limits = limits;
    const { sessionOffsets, largeContext, maxContext, turns } = spec;
    this.#inputOffset = limits.inputOffset + sessionOffsets.input * drawNormal(stream);
    this.#outputOffset = limits.outputOffset + sessionOffsets.output * drawNormal(stream);
    this.#gapOffset = sessionOffsets.gap * drawNormal(stream);
    const isLarge = stream.uniform() < largeContext.share;
    const room = isLarge ? Math.max(largeContext.tokens, maxContext) : maxContext;
    this.#context = new AgentContext(spec, room, limits.maxInput, limits.prefixTokens);
    this.#turns = Math.min(turns.most, Math.max(1, Math.round(drawLognormal(stream, turns))));
  }

  get inputTokens(): number {
    return this.#context.inputTokens;
  }

  get sharedTokens(): number {
    return this.#context.sharedTokens;
  }

  get prefixTokens(): number {
    return this.#context.prefixTokens;
  }

  get restarts(): boolean {
    return this.#context.restarts;
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
    const { output, sessionOffsets, accountOffsets } = this.#spec;
    const variance = sessionOffsets.output ** 2 + accountOffsets.output ** 2;
    const drawn = drawMixture(this.#stream, output, this.#outputOffset, variance);
    this.outputTokens = cutTokens(Math.round(drawn), this.#limits.maxOutput);
    this.#context.answered(this.outputTokens);
    this.children = this.#request === this.#spawnAfter ? this.#spawns : 0;
    return true;
  }

  #beginTurn(): void {
    const { requests, subAgents } = this.#spec;
    const stream = this.#stream;
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
    const { humanGap, toolGap, sessionOffsets } = this.#spec;
    if (this.byHuman) return Math.min(humanGap.most, drawLognormal(this.#stream, humanGap));
    return drawMixture(this.#stream, toolGap, this.#gapOffset, sessionOffsets.gap * sessionOffsets.gap);
  }

  #drawPrompt(): void {
    const { first, growth, noGrowth, sessionOffsets, accountOffsets } = this.#spec;
    const stream = this.#stream;
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#context.begin(drawMixture(stream, first));
      return;
    }
    const isStill = stream.uniform() < noGrowth;
    const variance = sessionOffsets.input ** 2 + accountOffsets.input ** 2;
    const drawn = drawMixture(stream, growth, this.#inputOffset, variance);
    this.#context.grow(isStill ? 0 : drawn, stream);
  }
}
