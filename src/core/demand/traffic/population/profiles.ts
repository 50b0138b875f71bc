// Named populations as plain data: seconds, tokens, natural logarithms. Nothing is drawn here.
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

export interface Profile {
  readonly accounts: { readonly count: number; readonly skew: number };
  /** Shares of the requests. */
  readonly archetypes: { readonly agent: number; readonly api: number; readonly chat: number };
  /** Swings of the logarithm of an account's rate; `tau` in seconds. */
  readonly swings: readonly { readonly sigma: number; readonly tau: number }[];
  /** Seconds, and the share of the programs that send so. */
  readonly onOff: { readonly on: number; readonly off: number; readonly share: number } | undefined;
  readonly daily: "flat" | "alibaba" | "office";
  /** Of the gaps of a program; drawn for each where undefined. */
  readonly cv: number | undefined;
  readonly agent: AgentSpec;
  readonly chat: ChatSpec;
  readonly api: ApiSpec;
}

const ONLY_PROGRAMS = { agent: 0, api: 1, chat: 0 };
/** An assumption. */
const MOSTLY_AGENTS = { agent: 0.8, api: 0.1, chat: 0.1 };

const AGENTIC: Profile = {
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

export const PROFILES = {
  /** Independent requests at an even rate. */
  steady: {
    ...AGENTIC,
    archetypes: ONLY_PROGRAMS,
    swings: [],
    onOff: undefined,
    daily: "flat",
    cv: 1,
    api: CHAT_API,
  },
  /** Azure's conversation trace of 2023. */
  conv: {
    ...AGENTIC,
    accounts: { count: 160, skew: 1.2 },
    archetypes: ONLY_PROGRAMS,
    swings: [{ sigma: 0.9, tau: 900 }],
    onOff: undefined,
    daily: "flat",
    cv: 1.1,
    api: CHAT_API,
  },
  agentic: AGENTIC,
  /** Azure's coding trace of 2023: one source, on and off, with bursts while it is on. */
  "code-bursty": {
    ...AGENTIC,
    accounts: { count: 1, skew: 0 },
    archetypes: ONLY_PROGRAMS,
    swings: [],
    onOff: { on: 20, off: 55, share: 1 },
    daily: "flat",
    cv: 3.2,
  },
  /** Agents that mostly go on with long sessions, in the context of a Kimi. The shares are assumptions. */
  "long-context": {
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
  /** Agents that send out many agents, for stress. An assumption. */
  "fan-out": {
    ...AGENTIC,
    archetypes: MOSTLY_AGENTS,
    agent: {
      ...AGENT,
      subAgents: { ...AGENT.subAgents, share: 0.25, counts: [0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05] },
    },
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;
