// Every workload that a scenario may name: kinds of callers as plain data, in seconds, tokens and natural logarithms. A
// new one is a definition here and its place in the list. Nothing is drawn here.
import { type Definition, definitionOf } from "../../../document/definition.js";
import type { DayName } from "../rate/shape.js";
import {
  AGENT,
  type AgentSpec,
  type ApiSpec,
  CHAT,
  CHAT_API,
  type ChatSpec,
  COMPLETION,
  LONG_AGENT,
} from "../sessions/spec.js";

export interface Workload {
  readonly accounts: { readonly count: number; readonly skew: number };
  /** Shares of the requests. */
  readonly archetypes: { readonly agent: number; readonly api: number; readonly chat: number };
  /** Swings of the logarithm of an account's rate; `tau` in seconds. */
  readonly swings: readonly { readonly sigma: number; readonly tau: number }[];
  /** Seconds, and the share of the programs that send so. */
  readonly onOff: { readonly on: number; readonly off: number; readonly share: number } | undefined;
  readonly daily: DayName;
  /** Of the gaps of a program; drawn for each where undefined. */
  readonly cv: number | undefined;
  readonly agent: AgentSpec;
  readonly chat: ChatSpec;
  readonly api: ApiSpec;
}

type NoOptions = Readonly<Record<never, never>>;

/** Its summary says what differs from `agentic`. */
interface WorkloadDefinition<Name extends string> extends Definition<Name, NoOptions, undefined, Workload> {
  /** Where its numbers are from, for the documentation. */
  readonly madeAfter: string;
}

function defineWorkload<const Name extends string>(
  name: Name,
  summary: string,
  madeAfter: string,
  workload: Workload,
): WorkloadDefinition<Name> {
  return { name, summary, madeAfter, options: {}, create: () => workload };
}

const ONLY_PROGRAMS = { agent: 0, api: 1, chat: 0 };
/** An assumption. */
const MOSTLY_AGENTS = { agent: 0.8, api: 0.1, chat: 0.1 };

const AGENTIC: Workload = {
  // ServeGen: exponents of 1.0 to 1.8.
  accounts: { count: 200, skew: 1.2 },
  // An assumption: no public trace splits them.
  archetypes: { agent: 0.5, api: 0.35, chat: 0.15 },
  // ServeGen's ten minutes, and the minutes of Azure's conversation trace.
  swings: [
    { sigma: 0.8, tau: 5700 },
    { sigma: 0.6, tau: 900 },
  ],
  // Azure's coding trace: 23.0 and 52.8 s. The share is an assumption.
  onOff: { on: 25, off: 55, share: 0.3 },
  daily: "alibaba",
  cv: undefined,
  agent: AGENT,
  chat: CHAT,
  api: COMPLETION,
};

const steady = defineWorkload("steady", "Programs only, Poisson, no swings, flat day.", "", {
  ...AGENTIC,
  archetypes: ONLY_PROGRAMS,
  swings: [],
  onOff: undefined,
  daily: "flat",
  cv: 1,
  api: CHAT_API,
});

const conv = defineWorkload(
  "conv",
  "Programs only; accounts as given, best 160 with skew 1.2; one swing of sigma .9 and tau 900 s; cv 1.1; flat day.",
  "Azure's conversation trace of 2023",
  {
    ...AGENTIC,
    accounts: { count: 160, skew: 1.2 },
    archetypes: ONLY_PROGRAMS,
    swings: [{ sigma: 0.9, tau: 900 }],
    onOff: undefined,
    daily: "flat",
    cv: 1.1,
    api: CHAT_API,
  },
);

const agentic = defineWorkload(
  "agentic",
  "Nothing: agents, programs and chats as in the tables above.",
  "their sources",
  AGENTIC,
);

const codeBursty = defineWorkload(
  "code-bursty",
  "One program, on 20 s and off 55 s, cv 3.2, no swings, flat day. Give it no more than one account.",
  "Azure's coding trace of 2023",
  {
    ...AGENTIC,
    accounts: { count: 1, skew: 0 },
    archetypes: ONLY_PROGRAMS,
    swings: [],
    onOff: { on: 20, off: 55, share: 1 },
    daily: "flat",
    cv: 3.2,
  },
);

const longContext = defineWorkload(
  "long-context",
  "80 % agents; 70 % of the sessions are resumed ones; turns LN(1.11, 1.48), mean 9.2; context 262,144.",
  "TraceLab's turns, a Kimi's context; the shares are an assumption",
  {
    ...AGENTIC,
    archetypes: MOSTLY_AGENTS,
    agent: {
      ...LONG_AGENT,
      first: [
        { weight: 0.3, mu: 9.88, sigma: 0.24 },
        { weight: 0.7, mu: 11.82, sigma: 0.65 },
      ],
      maxContext: 262_144,
    },
  },
);

const fanOut = defineWorkload(
  "fan-out",
  "80 % agents; 25 % of the turns of several requests send out up to eight agents.",
  "assumption, for stress",
  {
    ...AGENTIC,
    archetypes: MOSTLY_AGENTS,
    agent: {
      ...AGENT,
      subAgents: { ...AGENT.subAgents, share: 0.25, counts: [0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05] },
    },
  },
);

export const WORKLOADS = [steady, conv, agentic, codeBursty, longContext, fanOut] as const;

export type WorkloadName = (typeof WORKLOADS)[number]["name"];

export function workloadNamed(name: WorkloadName): Workload {
  return definitionOf(WORKLOADS, name, "workload").create({}, undefined);
}
