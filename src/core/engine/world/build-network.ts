// The network of one run, out of a scenario's words: what calls take on their way to each path, by the replicas of that
// path's pool. Each pool has a stream of its own.
import type { Answers, Handle } from "../../api/wire.js";
import { CENTURY, type Duration, MICROS_PER_SECOND } from "../../base/units.js";
import type { Demand } from "../../demand/callers/demand.js";
import { createDistribution } from "../../random/distribution.js";
import { openStream, type Seed, type Stream } from "../../random/stream.js";
import { timeDistribution } from "../../random/time-distribution.js";
import type { Scenario } from "../../scenario/schema.js";
import type { FrontEndTimes } from "../../server/profile/front-end.js";
import { frontEndOf } from "../../server/replica/engines.js";
import type { SimulatedService } from "./build-service.js";
import { type FrontEnd, Network } from "./network.js";
import type { ServiceBooks } from "./service-books.js";

type NetworkOptions = Omit<ConstructorParameters<typeof Network>[0], "frontEnds" | "poolOf"> & {
  readonly seed: Seed;
  /** Of the server behind the network. */
  readonly ledger: Pick<ServiceBooks, "behind" | "wasted">;
};

/** Undefined where calls take no time anywhere: callers and server are one beside the other then. */
export function buildNetwork(
  scenario: Scenario,
  { seed, events, calls, ledger }: NetworkOptions,
): Network | undefined {
  const frontEnds = Object.entries(scenario.pools).map(([name, { replica }]) => {
    const times = frontEndOf(replica);
    if (times === undefined || takesNoTime(times)) return undefined;
    return drawn(times, openStream(seed, `network/${name}/front-end`));
  });
  if (frontEnds.every((frontEnd) => frontEnd === undefined)) return undefined;
  const names = Object.keys(scenario.pools);
  const poolOf = Object.values(scenario.paths).map(({ pool }) => names.indexOf(pool));
  const network = new Network({ events, calls, ledger, frontEnds, poolOf });
  ledger.behind(network);
  return network;
}

function takesNoTime({ prompt, perPromptToken, token }: FrontEndTimes): boolean {
  return prompt === 0 && perPromptToken === 0 && token === 0;
}

function drawn({ prompt, perPromptToken, token }: FrontEndTimes, stream: Stream): FrontEnd {
  const [before, behind] = [prompt, token].map((time) => createDistribution(timeDistribution(time), stream));
  return {
    wayIn: (promptTokens) => micros(before!.sample() * MICROS_PER_SECOND + perPromptToken * promptTokens),
    wayOut: () => micros(behind!.sample() * MICROS_PER_SECOND),
  };
}

function micros(value: number): Duration {
  return Math.min(CENTURY, Math.round(value)) as Duration;
}

/** Answers go to callers, by the network where there is one. */
export function connect(service: SimulatedService, network: Network | undefined, answers: Answers): void {
  network?.answerTo(answers);
  service.answerTo(network ?? answers);
}

/** Where the server has the attempt of a call; NONE where it has none. */
export function slotOf(service: SimulatedService, network: Network | undefined, handle: Handle): number {
  return service.attempts.slotOf(network?.serverHandle(handle) ?? handle);
}

/** LAW-1, from callers over the network to the server. Call at the end. */
export function assertConserved(
  service: SimulatedService,
  network: Network | undefined,
  { sent, requests }: Pick<Demand, "sent" | "requests">,
): void {
  network?.assertConserved(sent);
  service.assertConserved(network?.passed ?? sent, requests.underWayCount - (network?.outside ?? 0));
}
