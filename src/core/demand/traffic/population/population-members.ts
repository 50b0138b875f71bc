// The members of a population: accounts by weight, what each of them is, how its rate varies. Draws what is fixed
// once for an account; its requests are population.ts and sessions/.
import type { Duration, Instant } from "../../../base/units.js";
import { AliasTable } from "../../../random/alias-table.js";
import { openStream, type Seed, type Stream } from "../../../random/stream.js";
import { zipfWeights } from "../../../random/zipf.js";
import type { AccountNames } from "../accounts.js";
import { Mix, type MixEntry } from "../mix.js";
import type { MoveSpec } from "../moves.js";
import { type ArrivalProcess, createAccountArrivals } from "../rate/account-arrivals.js";
import { accountCv } from "../rate/account-cv.js";
import { onOffMembers } from "../rate/on-off.js";
import type { RateSpec } from "../rate/rate-spec.js";
import type { SessionBook } from "../session-book.js";
import { AgentPlan } from "../sessions/agent-plan.js";
import { ChatPlan } from "../sessions/chat-plan.js";
import { drawNormal } from "../sessions/draws.js";
import { agentRequests, chatRequests } from "../sessions/expected.js";
import { agentLifetimes, chatLifetimes } from "../sessions/lifetimes.js";
import type { PlanLimits } from "../sessions/plan.js";
import { Program, programOffsets } from "../sessions/program.js";
import type { AgentSpec, ApiSpec, ChatSpec } from "../sessions/spec.js";
import { type Archetype, accountRates, type RankedAccounts } from "./account-rates.js";
import { SessionKind, type SessionStarts } from "./session-starts.js";

export interface PopulationOptions extends RankedAccounts {
  /**
   * How rates vary: of session starts, and of a program's requests. `cv` is of programs, drawn by account where it is
   * undefined; sessions start independently of each other.
   */
  readonly rates: Omit<RateSpec, "cv" | "onOff"> & { readonly cv: number | undefined };
  /** Programs that send on and off, and their share of the programs. */
  readonly onOff: { readonly on: Duration; readonly off: Duration; readonly share: number } | undefined;
  readonly agent: AgentSpec;
  readonly chat: ChatSpec;
  readonly api: ApiSpec;
  readonly mix: readonly MixEntry[];
  readonly mixBy: "account" | "session" | "request";
  /** Where sub-agents on the cheap model go; like their parents where undefined. */
  readonly subAgentMix: readonly MixEntry[] | undefined;
  readonly moves?: readonly MoveSpec[] | undefined;
  readonly maxInput: number;
  readonly maxOutput: number;
  /** No session starts from here on. */
  readonly until: Instant;
  readonly book: SessionBook;
}

/** One account. */
export interface Member {
  readonly index: number;
  /** Beginning of the names of its streams. */
  readonly id: string;
  readonly kind: Archetype;
  /** Of its sessions, or of a program's requests. */
  readonly arrivals: ArrivalProcess;
  /** Undefined: it is a program. */
  readonly starts: SessionStarts | undefined;
  /** Groups of applications that it uses. */
  readonly groups: readonly number[];
  /** Where it sends, if that is settled by account. */
  readonly entry: MixEntry | undefined;
  readonly program: Program | undefined;
  readonly limits: PlanLimits;
  sessions: number;
}

export function buildMembers(options: PopulationOptions, seed: Seed, names: AccountNames): Member[] {
  const { name, agent, chat, rates, until } = options;
  const root = `traffic/${name}`;
  const accounts = accountRates(options);
  const programs = accounts.filter(({ kind }) => kind === "api").length;
  const isOnOff = onOffMembers(
    programs,
    options.onOff?.share ?? 0,
    openStream(seed, `${root}/on-off-members`),
  );
  const popularity = new AliasTable(zipfWeights(agent.prefix.groups, agent.prefix.skew));
  const mix = new Mix(options.mix, openStream(seed, `${root}/mix`));
  const perStart = { agent: agentRequests(agent), chat: chatRequests(chat), api: 1 };
  const sessions = {
    agent: new SessionKind(agentLifetimes(agent), (...given) => new AgentPlan(agent, ...given)),
    chat: new SessionKind(chatLifetimes(chat), (...given) => new ChatPlan(chat, ...given)),
  };
  let program = 0;
  return accounts.map(({ account, id, kind, requestsPerSecond }) => {
    const own = (purpose: string) => openStream(seed, `${id}/${purpose}`);
    const onOff = kind === "api" && isOnOff[program++]! ? options.onOff : undefined;
    const perSecond = requestsPerSecond / perStart[kind];
    const limits = limitsOf(options, kind, own("lengths"));
    const starts =
      kind === "api" ? undefined : sessions[kind].startsOf({ rates, perSecond, limits, until, own });
    return {
      index: names.indexOf(account),
      id,
      kind,
      arrivals: starts?.arrivals ?? programArrivals(options, onOff, perSecond, own),
      starts,
      groups: kind === "agent" ? drawGroups(agent, popularity, own("applications")) : [],
      entry: options.mixBy === "account" ? mix.pick(own("mix")) : undefined,
      program: kind === "api" ? new Program(options.api, own("lengths"), own("requests")) : undefined,
      limits,
      sessions: 0,
    };
  });
}

type Streams = (purpose: string) => Stream;

function programArrivals(
  { rates, until }: PopulationOptions,
  onOff: RateSpec["onOff"],
  perSecond: number,
  own: Streams,
): ArrivalProcess {
  const cv = rates.cv ?? accountCv(own("cv"));
  return createAccountArrivals({ ...rates, cv, onOff }, perSecond, own, until);
}

/** Groups of applications, the popular ones more often. */
function drawGroups({ prefix }: AgentSpec, popularity: AliasTable, stream: Stream): number[] {
  return Array.from({ length: 1 + stream.below(prefix.mostPerAccount) }, () => popularity.pick(stream));
}

/** What multiplies an account's mean lengths, as logarithms. */
export function lengthFactors(
  options: PopulationOptions,
  kind: Archetype,
  stream: Stream,
): { readonly input: number; readonly output: number } {
  if (kind === "api") return programOffsets(options.api, stream);
  const { inputOffset: input, outputOffset: output } = limitsOf(options, kind, stream);
  if (kind === "chat") return { input, output };
  // An agent's account takes its offsets from the spread of the whole.
  const { accountOffsets } = options.agent;
  return { input: input - accountOffsets.input ** 2 / 2, output: output - accountOffsets.output ** 2 / 2 };
}

function limitsOf(
  { agent, chat, maxInput, maxOutput }: PopulationOptions,
  kind: Archetype,
  stream: Stream,
): PlanLimits {
  const offsets = kind === "agent" ? agent.accountOffsets : chat.accountOffsets;
  const inputOffset = offsets.input * drawNormal(stream);
  const outputOffset = offsets.output * drawNormal(stream);
  const prefixTokens = kind === "agent" ? agent.prefix.tokens : 0;
  return { maxInput, maxOutput, inputOffset, outputOffset, prefixTokens };
}
