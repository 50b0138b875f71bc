// The requests of one sub-agent, which has a context and a stream of its own. Its parent waits for it.
import type { Stream } from "../../../random/stream.js";
import { AgentThread } from "./agent-thread.js";
import { drawLognormal, drawMixture, drawPoisson } from "./draws.js";
import type { PlanLimits } from "./plan.js";
import type { AgentSpec } from "./spec.js";

export class SubAgentPlan extends AgentThread {
  readonly byHuman = false;
  readonly children = 0;
  readonly #requests: number;
  #request = 0;

  constructor(spec: AgentSpec, stream: Stream, limits: PlanLimits) {
    super(spec, stream, limits, spec.maxContext);
    this.#requests = 1 + drawPoisson(stream, Math.max(0, spec.subAgents.requests - 1));
  }

  next(): boolean {
    if (this.#request === this.#requests) return false;
    const { output, subAgents, accountOffsets } = this.spec;
    const { inputOffset, outputOffset } = this.limits;
    this.gap = drawLognormal(this.stream, subAgents.gap);
    if (this.#request === 0) this.context.begin(drawLognormal(this.stream, subAgents.first));
    else
      this.context.grow(
        drawLognormal(this.stream, subAgents.growth, inputOffset, accountOffsets.input ** 2),
        this.stream,
      );
    this.answer(drawMixture(this.stream, output, outputOffset, accountOffsets.output ** 2));
    this.#request++;
    return true;
  }
}
