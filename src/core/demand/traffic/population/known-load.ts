// How much work a population will ask for in a stretch of time, as far as its largest accounts tell beforehand: by how
// their rates swing and by the lengths that they keep to, without drawing a request. Knows nothing of the fleet, and no
// more of the run than that it has the same streams.
import exp from "@stdlib/math-base-special-exp";
import { openStream, type Seed } from "../../../random/stream.js";
import { rateIntegral } from "../rate/rate-integral.js";
import { agentRequests, chatRequests } from "../sessions/expected.js";
import { agentLifetimes, meanTokens } from "../sessions/lifetimes.js";
import { type AccountRate, type Archetype, accountRates } from "./account-rates.js";
import { lengthFactors, type PopulationOptions } from "./population-members.js";

/** Share of the requests below which an account is taken to be as it is on average. */
const LEAST_SHARE = 0.01;
/** What a new prompt token takes of what a generated one does, where prompts are computed at all: an assumption. */
const PROMPT_TOKEN = 0.1;
/**
 * How far back the sessions of agents began that ask for something in a stretch of time, in lives of such a session on
 * average. One to four of them tell refusals apart about as well.
 */
const LIVES = 2;

export class KnownLoad {
  readonly #options: PopulationOptions;
  readonly #accounts: readonly AccountRate[];
  readonly #work: Readonly<Record<Archetype, { readonly input: number; readonly output: number }>>;
  /** Seconds. */
  readonly #memory: number;

  /** Whether the fleet computes prompts, or takes them as they come. */
  constructor(options: PopulationOptions, computesPrompts: boolean) {
    const { rate, agent, chat, api, maxInput, maxOutput } = options;
    const perPromptToken = computesPrompts ? PROMPT_TOKEN : 0;
    const work = (input: number, output: Parameters<typeof meanTokens>[0]) => ({
      input: perPromptToken * input,
      output: meanTokens(output, maxOutput),
    });
    this.#options = options;
    this.#accounts = accountRates(options).filter(
      ({ requestsPerSecond }) => requestsPerSecond >= LEAST_SHARE * rate,
    );
    const perRequest = (first: number, growth: number, requests: number) =>
      first / requests + growth * (1 - 1 / requests);
    const agentPrompt = perRequest(
      meanTokens(agent.first, maxInput),
      (1 - agent.noGrowth) * meanTokens(agent.growth, maxInput),
      agentRequests(agent),
    );
    const growth = meanTokens([{ weight: 1, ...chat.growth }], maxInput);
    const chatPrompt = perRequest(meanTokens(chat.first, maxInput), growth, chatRequests(chat));
    this.#work = {
      agent: work(agentPrompt, agent.output),
      chat: work(chatPrompt, chat.output),
      api: work(meanTokens(api.input, maxInput), api.output),
    };
    this.#memory = LIVES * agentLifetimes(agent).mean;
  }

  /** Whether anything of it differs between seeds. */
  get swings(): boolean {
    return this.#accounts.length > 0 && this.#options.rates.swings.some(({ sigma }) => sigma > 0);
  }

  /** Output tokens a second, and what stands for them, of the run of this seed between two times in seconds. */
  of(seed: Seed, from: number, until: number): number {
    const { rates } = this.#options;
    let load = 0;
    for (const { id, kind, requestsPerSecond } of this.#accounts) {
      const own = (purpose: string) => openStream(seed, `${id}/${purpose}`);
      // Single requests come as they are sent, those of agents of sessions that began a good while before.
      const since = kind === "agent" ? from - this.#memory : from;
      const mean = rateIntegral(rates, own, since, until) / (until - since);
      const { input, output } = lengthFactors(this.#options, kind, own("lengths"));
      const work = this.#work[kind];
      load += requestsPerSecond * mean * (work.input * exp(input) + work.output * exp(output));
    }
    return load;
  }
}
