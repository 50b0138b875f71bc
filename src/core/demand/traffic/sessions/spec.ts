// What sessions and single requests are made of, as plain data, with the source of every default: WEKA and TraceLab are
// traces of coding agents, Azure those of a public service; the rest says that it is assumed. Seconds and tokens.

/** A lognormal by mean and standard deviation of the natural logarithm. */
export interface LognormalPart {
  readonly mu: number;
  readonly sigma: number;
}

export interface WeightedPart extends LognormalPart {
  readonly weight: number;
}

/** Lengths of a request: a mixture of lognormals. */
export type Lengths = readonly WeightedPart[];

/** Standard deviations of an offset of the logarithm that everything of one owner shares. */
export interface Offsets {
  readonly input: number;
  readonly output: number;
}

export interface SubAgentSpec {
  /** Share of the turns of more than one request that start some. */
  readonly share: number;
  /** Weights of starting 1, 2, 3 ... of them, which run at once. */
  readonly counts: readonly number[];
  /** Mean requests of one, which are one and a Poisson number. */
  readonly requests: number;
  readonly first: LognormalPart;
  /** Tokens of its own application prefix. */
  readonly prefixTokens: number;
  /** New tokens of each later request beyond the output before it. */
  readonly growth: LognormalPart;
  readonly gap: LognormalPart;
  /** Share of them that asks for the cheap model, where there is one. */
  readonly cheap: number;
}

export interface AgentSpec {
  readonly turns: LognormalPart & { readonly most: number };
  /** `one` is the share of turns of one request, among sessions of several turns; the others have two or more. */
  readonly requests: LognormalPart & { readonly one: number; readonly most: number };
  readonly prefix: {
    readonly tokens: number;
    readonly groups: number;
    readonly skew: number;
    /** An account has 1 to this many of the groups, each number as likely. */
    readonly mostPerAccount: number;
  };
  readonly first: Lengths;
  /** New tokens of a request beyond the output before it. */
  readonly growth: Lengths;
  /** Share of requests that bring nothing new. */
  readonly noGrowth: number;
  readonly output: Lengths;
  readonly toolGap: Lengths;
  readonly humanGap: LognormalPart & { readonly most: number };
  readonly maxContext: number;
  /** Share of the sessions whose model takes more, and how much. */
  readonly largeContext: { readonly share: number; readonly tokens: number };
  /** Compacts where the prompt would reach this share of the largest, to `to`. */
  readonly compaction: { readonly at: number; readonly to: LognormalPart };
  /** Share of requests that find only a part of what they had, between the bounds, evenly. */
  readonly bust: { readonly share: number; readonly keepFrom: number; readonly keepTo: number };
  readonly subAgents: SubAgentSpec;
  /** Both are taken from the spread within a session, so that the whole stays what was measured. */
  readonly sessionOffsets: Offsets & { readonly gap: number };
  readonly accountOffsets: Offsets;
  /** Chance that a session ends when its client has given up a request. */
  readonly abandon: number;
}

export interface ChatSpec {
  /** Share of sessions of a single turn, and the mean turns of all. */
  readonly turns: { readonly one: number; readonly mean: number };
  readonly first: Lengths;
  readonly growth: LognormalPart;
  readonly output: Lengths;
  readonly gap: LognormalPart & { readonly most: number };
  readonly accountOffsets: Offsets;
  readonly abandon: number;
}

export interface ApiSpec {
  readonly input: Lengths;
  readonly output: Lengths;
  readonly accountOffsets: Offsets;
}

const only = (mu: number, sigma: number): Lengths => [{ weight: 1, mu, sigma }];

export const AGENT: AgentSpec = {
  // WEKA, sessions of type n; the bound is an assumption.
  turns: { mu: 1.11, sigma: 0.96, most: 10_000 },
  // WEKA. Its sessions of one turn have at least two requests.
  requests: { one: 0.25, mu: 2.26, sigma: 1.14, most: 400 },
  // WEKA: 12,300 tokens of tools and 2,800 of instructions; the groups and their skew as in AIPerf.
  prefix: { tokens: 15_000, groups: 100, skew: 0.6, mostPerAccount: 3 },
  // WEKA: new sessions and resumed ones.
  first: [
    { weight: 0.7, mu: 9.88, sigma: 0.24 },
    { weight: 0.3, mu: 11.82, sigma: 0.65 },
  ],
  // WEKA.
  growth: [
    { weight: 0.32, mu: 4.03, sigma: 1.38 },
    { weight: 0.68, mu: 6.67, sigma: 1.38 },
  ],
  noGrowth: 0.12,
  output: [
    { weight: 0.47, mu: 5.07, sigma: 0.39 },
    { weight: 0.53, mu: 6.04, sigma: 0.97 },
  ],
  // TraceLab: medians .5, 8 and 80 s.
  toolGap: [
    { weight: 0.7, mu: -0.69, sigma: 1 },
    { weight: 0.25, mu: 2.079, sigma: 1 },
    { weight: 0.05, mu: 4.382, sigma: 1 },
  ],
  // Between WEKA and TraceLab.
  humanGap: { mu: 4.65, sigma: 1.75, most: 14_400 },
  maxContext: 200_000,
  // WEKA: 17 % of its sessions pass 200,000 tokens. What the path does not take is compacted before.
  largeContext: { share: 0.2, tokens: 1_000_000 },
  // WEKA: from 152,000 tokens to 35,000 at the median.
  compaction: { at: 0.85, to: { mu: 10.47, sigma: 0.45 } },
  bust: { share: 0.015, keepFrom: 0.1, keepTo: 0.9 },
  subAgents: {
    // WEKA: 44 groups in 2.6 % of the turns of several requests, rounded.
    share: 0.03,
    counts: [0.66, 0.23, 0.11],
    requests: 10.7,
    first: { mu: 9.2, sigma: 0.3 },
    // An assumption: nine in ten tokens of its first prompt are instructions and tools.
    prefixTokens: 8_000,
    // The context grows by a factor of 3.7 on average over 10.7 requests, outputs included.
    growth: { mu: 6.85, sigma: 1.38 },
    gap: { mu: 1.4, sigma: 0.9 },
    // An assumption.
    cheap: 0.3,
  },
  // WEKA: .5 and .32 between sessions, of accounts that it does not name; half of the variance to each level (an
  // assumption). Gaps: TraceLab.
  sessionOffsets: { input: 0.35, output: 0.23, gap: 0.39 },
  accountOffsets: { input: 0.35, output: 0.23 },
  // An assumption.
  abandon: 0.5,
};

/** TraceLab: mean of 9.2 turns. */
export const LONG_AGENT: AgentSpec = { ...AGENT, turns: { ...AGENT.turns, mu: 1.11, sigma: 1.48 } };

/** Azure, conversation trace of 2023, by expectation and maximisation: more than a quarter are of about 400 tokens. */
const CONV_OUTPUT: Lengths = [
  { weight: 0.72, mu: 4.64, sigma: 0.71 },
  { weight: 0.28, mu: 6.006, sigma: 0.05 },
];

/** ServeGen: offsets of the accounts of programs. */
const API_OFFSETS: Offsets = { input: 1, output: 1 };

export const CHAT: ChatSpec = {
  // Mooncake, BurstGPT and RAGPulse: .36 to .59 of one turn, means 1.8 to 4.2.
  turns: { one: 0.45, mean: 3 },
  first: only(6.63, 0.985),
  // Median 485; the spread is an assumption.
  growth: { mu: 6.184, sigma: 1 },
  output: CONV_OUTPUT,
  gap: { mu: 4.8, sigma: 1.4, most: 14_400 },
  // An assumption: people differ less than programs.
  accountOffsets: { input: 0.5, output: 0.32 },
  abandon: 0.5,
};

/** Azure, coding trace of 2023. */
export const COMPLETION: ApiSpec = {
  input: only(7, 1.36),
  output: only(2.79, 0.85),
  accountOffsets: API_OFFSETS,
};

/** Azure, conversation trace of 2023. */
export const CHAT_API: ApiSpec = {
  input: only(6.63, 0.985),
  output: CONV_OUTPUT,
  accountOffsets: API_OFFSETS,
};
