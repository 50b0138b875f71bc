// The requests of one sub-agent, which has a context and a stream of its own. Its parent waits for it.
import type { Stream } from "../../../random/stream.js";
import { cutTokens } from "../lengths.js";
import { AgentContext } from "./context.js";
import { drawLognormal, drawMixture, drawPoisson } from "./draws.js";
import type { PlanLimits, ThreadPlan } from "./plan.js";
import type { AgentSpec } from "./spec.js";

export class SubAgentPlan implements ThreadPlan {
  outputTokens = 0;
  gap = 0;
  readonly byHuman = false;
  readonly children = 0;
  readonly #spec: AgentSpec;
  readonly #stream: Stream;
  readonly #limits: PlanLimits;
  readonly #context: AgentContext;
  readonly #requests: number;
  #request = 0;

  constructor(spec: AgentSpec, stream: Stream, limits: PlanLimits) {
    this.#spec = spec;
    this.#stream = stream;
    this.#limits = limits;
    this.#context = new AgentContext(spec, spec.maxContext, limits.maxInput, limits.prefixTokens);
    this.#requests = 1 + drawPoisson(stream, Math.max(0, spec.subAgents.requests - 1));
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
    if (this.#request === this.#requests) return false;
    const { output, subAgents, accountOffsets } = this.#spec;
    const { inputOffset, outputOffset, maxOutput } = this.#limits;
    this.gap = drawLognormal(this.#stream, subAgents.gap);
    if (this.#request === 0) this.#context.begin(drawLognormal(this.#stream, subAgents.first));
    else
      this.#context.grow(
        drawLognormal(this.#stream, subAgents.growth, inputOffset, accountOffsets.input ** 2),
        this.#stream,
      );
    this.outputTokens = cutTokens(
      Math.round(drawMixture(this.#stream, output, outputOffset, accountOffsets.output ** 2)),
      maxOutput,
    );
    this.#context.answered(this.outputTokens);
    this.#request++;
    return true;
  }
}
