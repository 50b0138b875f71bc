// Virtual token counter: fair between accounts, rank by rank. Each account has a counter of what it was served in a
// rank, weighted tokens of prompts and of answers, and the one with the least goes first. An account that comes back to
// the queue is lifted to the least of those that wait, so that it saves nothing up while it is away. Source: Sheng et
// al., "Fairness in serving large language models", OSDI 2024, whose rule, weights and lift these are. There answers
// count token by token; here, as at a gateway, a prompt counts when it starts and an answer when it ends. So two
// accounts that both wait are never further apart than one prompt and what one of them can have inside at once: the
// account that has more had the least when it last started a request, and was charged that prompt and the answers of
// what it had inside since. Over any time in which both wait their service differs by twice that at most. In a batch
// that holds so many tokens of prompts and answers, that is within the bound of the paper, twice the weight of a full
// batch.
import { real } from "../../../document/units.js";
import { FlowOrder } from "./flow-order.js";
import { defineQueueRule, ranksOfLanes } from "./rule.js";

/** What a token counts. */
export interface TokenWeights {
  readonly input: number;
  readonly output: number;
}

const NO_FLOW = -1;

/** A flow is an account, and its number what it was served. */
export class VirtualTokenCounter extends FlowOrder {
  readonly #weights: TokenWeights;
  /** By rank: of the flows that have none waiting, the last that had. */
  readonly #lastFlow: Int32Array;

  constructor(weights: TokenWeights, ranks: readonly number[]) {
    super(ranks);
    this.#weights = weights;
    this.#lastFlow = new Int32Array(this.queue.rankCount).fill(NO_FLOW);
  }

  override join(request: number, path: number, account: number): void {
    const lane = this.#laneFor(path, account);
    this.enter(request, lane, this.flowOf(lane));
  }

  override passed(request: number, path: number, account: number, inputTokens: number): void {
    const { queue } = this;
    const lane = this.#laneFor(path, account);
    queue.pass(request, lane);
    this.#lastFlow[queue.rankOf(lane)] = this.flowOf(lane);
    this.started(request, inputTokens);
  }

  /** Of an account that comes to the queue, and is lifted if it has none there. */
  #laneFor(path: number, account: number): number {
    const { queue } = this;
    const lane = account * queue.ranks.length + path;
    const flow = this.flowOf(lane);
    this.makeRoom(flow);
    if (this.waiting[flow] === 0) this.#lift(flow, queue.rankOf(lane));
    return lane;
  }

  override leave(request: number): void {
    super.leave(request);
    const { queue } = this;
    const lane = queue.laneOf(request);
    const flow = this.flowOf(lane);
    if (this.waiting[flow] === 0) this.#lastFlow[queue.rankOf(lane)] = flow;
  }

  /** Of the lowest rank the account that was served most. */
  protected override lastNumberOf(flow: number): number {
    return this.numbers[flow]!;
  }

  override started(request: number, inputTokens: number): void {
    this.#serve(request, this.#weights.input * inputTokens);
  }

  override settled(request: number, outputTokens: number): void {
    this.#serve(request, this.#weights.output * outputTokens);
  }

  #serve(request: number, tokens: number): void {
    const flow = this.flowOf(this.queue.laneOf(request));
    this.setNumber(flow, this.numbers[flow]! + tokens);
  }

  /** A flow that comes to the queue begins where the others of its rank are. */
  #lift(flow: number, rank: number): void {
    const { numbers } = this;
    const last = this.#lastFlow[rank]!;
    const before = last === NO_FLOW ? 0 : numbers[last]!;
    const least = this.queue.countOfRank(rank) === 0 ? before : this.leastOf(rank);
    this.setNumber(flow, Math.max(numbers[flow]!, least));
  }
}

const weight = () => real({ from: 0, to: 1000 });

export const vtc = defineQueueRule({
  name: "vtc",
  summary: "By rank, then the account that was served least: a virtual token counter.",
  keepsOrder: true,
  starves: "lower",
  options: {
    inputWeight: weight().prefault(1).describe("What a prompt token counts."),
    outputWeight: weight().prefault(2).describe("What a generated token counts."),
  },
  sources: [
    {
      text: 'Sheng et al., "Fairness in serving large language models", OSDI 2024: the abstract',
      date: "2026-11",
    },
  ],
  defaults: { inputWeight: "memory", outputWeight: "memory" },
  refine({ inputWeight, outputWeight }, context) {
    if (inputWeight > 0 || outputWeight > 0) return;
    const message = "with outputWeight: 0, too, no account is ever served more than another";
    context.addIssue({ code: "custom", path: ["inputWeight"], message, input: inputWeight });
  },
  create: ({ inputWeight, outputWeight }, context) =>
    new VirtualTokenCounter({ input: inputWeight, output: outputWeight }, ranksOfLanes(context)),
});
