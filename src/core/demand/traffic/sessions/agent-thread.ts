// What the plans of an agent and of its sub-agents have in common: a context that grows from request to request, and
// the answer that is added to it. How turns, gaps and prompts are drawn is each plan's own.
import type { Stream } from "../../../random/stream.js";
import { Cuts } from "../lengths.js";
import { AgentContext } from "./context.js";
import type { PlanLimits, ThreadPlan } from "./plan.js";
import type { AgentSpec } from "./spec.js";

export abstract class AgentThread implements ThreadPlan {
  outputTokens = 0;
  gap = 0;
  readonly cuts: Cuts = new Cuts();
  abstract readonly byHuman: boolean;
  abstract readonly children: number;
  protected readonly spec: AgentSpec;
  protected readonly stream: Stream;
  protected readonly limits: PlanLimits;
  protected readonly context: AgentContext;

  constructor(spec: AgentSpec, stream: Stream, limits: PlanLimits, room: number) {
    this.spec = spec;
    this.stream = stream;
    this.limits = limits;
    this.context = new AgentContext(spec, room, limits.maxInput, limits.prefixTokens, this.cuts);
  }

  get inputTokens(): number {
    return this.context.inputTokens;
  }

  get sharedTokens(): number {
    return this.context.sharedTokens;
  }

  get prefixTokens(): number {
    return this.context.prefixTokens;
  }

  get restarts(): boolean {
    return this.context.restarts;
  }

  abstract next(): boolean;

  /** The answer to the planned request. */
  protected answer(tokens: number): void {
    this.outputTokens = this.cuts.output(Math.round(tokens), this.limits.maxOutput);
    this.context.answered(this.outputTokens);
  }
}
