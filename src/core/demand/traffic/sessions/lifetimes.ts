// How long sessions last against an imaginary server: their mean, and what hardly any of them exceeds, by how many
// turns there are or by all that these tell. Worked out, not sampled. When sessions start is the population's.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import pow from "@stdlib/math-base-special-pow";
import type { Stream } from "../../../random/stream.js";
import { AgentTurns, drawAgentLength } from "./agent-turns.js";
import { ChatTurns, drawChatLength } from "./chat-turns.js";
import { atLeast, meanCount, meanSquareCount, normalTail } from "./expected.js";
import type { AgentSpec, ChatSpec, Lengths, LognormalPart } from "./spec.js";

/** An assumption: seconds to the first token, and tokens a second after it, of the server before the start. */
const NOMINAL = { ttft: 1, tokensPerSecond: 60 } as const;

/** Seconds that the imaginary server takes for an answer. */
export function nominalSeconds(outputTokens: number): number {
  return NOMINAL.ttft + outputTokens / NOMINAL.tokensPerSecond;
}

/** The turns of a session, before its requests are drawn. */
export interface SessionTurns {
  readonly length: number;
  /** Of all turns: requests of the session itself, seconds of pauses, and agents sent out. */
  readonly requests: number;
  readonly pauses: number;
  readonly agents: number;
}

/** Of sessions of one kind; seconds. */
export interface Lifetimes<Turns extends SessionTurns> {
  /** Of all sessions. */
  readonly mean: number;
  /** Chance of at least so many turns. */
  atLeast(turns: number): number;
  /** Share of the turns of all sessions that are in those of at least so many: about that of their time. */
  shareOf(turns: number): number;
  /** A session of so many turns that lasts longer is hardly ever seen. It grows with the turns. */
  longest(turns: number): number;
  /** The same of a session whose turns are drawn, which is much closer. */
  longestOf(turns: Turns): number;
  /** The turns of a session, given that there are at least so many. */
  draw(stream: Stream, least: number): Turns;
}

/**
 * Standard deviations above the mean up to which a session is looked for. Whatever the law, what lies beyond k of them
 * is at most sd / 4k on average (Scarf, "A min-max solution of an inventory problem", 1958); of the sessions here it is
 * .5 % of the time of chats and .04 % of that of agents.
 */
const SPREADS = 8;
/** Of what is left once the turns are known: many requests, none of which lasts for hours. */
const SPREADS_OF_TURNS = 5;

/** Mean and mean square of something that is never negative. */
interface Moments {
  readonly mean: number;
  readonly square: number;
}

const variance = ({ mean, square }: Moments) => Math.max(0, square - mean * mean);

/** Of a lognormal, cut to at most `most`. */
function lognormalMoments({ mu, sigma }: LognormalPart, most = Number.POSITIVE_INFINITY): Moments {
  const power = (order: number) => {
    const whole = exp(order * mu + (order * order * sigma * sigma) / 2);
    if (most === Number.POSITIVE_INFINITY) return whole;
    if (sigma === 0) return pow(Math.min(exp(mu), most), order);
    const z = (ln(most) - mu) / sigma;
    return whole * normalTail(order * sigma - z) + pow(most, order) * normalTail(z);
  };
  return { mean: power(1), square: power(2) };
}

function mixtureMoments(parts: Lengths): Moments {
  let [mean, square] = [0, 0];
  for (const part of parts) {
    const moments = lognormalMoments(part);
    mean += part.weight * moments.mean;
    square += part.weight * moments.square;
  }
  return { mean, square };
}

/** Mean of such lengths, each cut to at most `most`. */
export function meanTokens(parts: Lengths, most: number): number {
  return parts.reduce((mean, part) => mean + part.weight * lognormalMoments(part, most).mean, 0);
}

/** Of the imaginary server's answers of these lengths. */
function answerMoments(output: Lengths): Moments {
  const tokens = mixtureMoments(output);
  const mean = nominalSeconds(tokens.mean);
  return { mean, square: mean * mean + variance(tokens) / NOMINAL.tokensPerSecond ** 2 };
}

/** Of the sum of a random number of independent things. */
function sumMoments(count: Moments, one: Moments): Moments {
  const mean = count.mean * one.mean;
  const spread = count.mean * variance(one) + variance(count) * one.mean * one.mean;
  return { mean, square: mean * mean + spread };
}

const plus = (one: Moments, other: Moments): Moments => ({
  mean: one.mean + other.mean,
  square: one.square + other.square + 2 * one.mean * other.mean,
});

/** With that chance, else 0. */
const at = (chance: number, { mean, square }: Moments): Moments => ({
  mean: chance * mean,
  square: chance * square,
});

/** What shares an offset of this standard deviation on its logarithm varies by, as a share of its mean. */
const sharedSpread = (sigma: number) => Math.sqrt(Math.max(0, exp(sigma * sigma) - 1));

interface Parts {
  /** A turn of several requests, from its first request to its last answer, and the pause before it. */
  readonly turn: Moments;
  readonly pause: Moments;
  readonly answer: Moments;
  readonly tool: Moments;
  /** An agent that is sent out. */
  readonly agent: Moments;
  /** How much an answer and a tool differ between sessions, as standard deviations of seconds. */
  readonly sharedAnswer: number;
  readonly sharedTool: number;
}

/** What sessions hardly ever exceed, out of the times of their parts. */
function boundsOf(parts: Parts): Pick<Lifetimes<SessionTurns>, "longest" | "longestOf"> {
  const { turn, pause, answer, tool, agent, sharedAnswer, sharedTool } = parts;
  const perTurn = turn.mean + pause.mean;
  /** Requests of a turn, about. */
  const requests = turn.mean / (answer.mean + tool.mean);
  const shared = requests * Math.sqrt(sharedAnswer ** 2 + sharedTool ** 2);
  return {
    longest: (count) => {
      const spread = count * variance(turn) + (count - 1) * variance(pause) + (count * shared) ** 2;
      return count * perTurn - pause.mean + SPREADS * Math.sqrt(spread);
    },
    longestOf: ({ requests: count, length, pauses, agents }) => {
      const tools = count - length;
      const mean = count * answer.mean + tools * tool.mean + agents * agent.mean;
      const spread =
        count * variance(answer) +
        tools * variance(tool) +
        agents * variance(agent) +
        (count * sharedAnswer) ** 2 +
        (tools * sharedTool) ** 2;
      return pauses + mean + SPREADS_OF_TURNS * Math.sqrt(spread);
    },
  };
}

export function agentLifetimes(spec: AgentSpec): Lifetimes<AgentTurns> {
  const { turns, requests, subAgents, humanGap, output, sessionOffsets, accountOffsets } = spec;
  const { mu, sigma, most } = turns;
  const answer = answerMoments(output);
  const tool = mixtureMoments(spec.toolGap);
  const agent = agentMoments(spec, answer);
  const count = {
    mean: meanCount(requests, 2, requests.most),
    square: meanSquareCount(requests, 2, requests.most),
  };
  // As if agents ran one after the other.
  const sent = at(subAgents.share, sumMoments(agentCount(spec), agent));
  const many = plus(sumMoments(count, plus(answer, tool)), sent);
  const pause = lognormalMoments(humanGap, humanGap.most);
  const mean = Math.max(1, exp(mu + (sigma * sigma) / 2));
  const ones = requests.one * (mean - (1 - atLeast(turns, 2)));
  const atLeastSo = (turn: number) => (turn <= 1 ? 1 : turn > most ? 0 : atLeast(turns, turn));
  return {
    mean: ones * answer.mean + (mean - ones) * many.mean + (mean - 1) * pause.mean,
    ...boundsOf({
      turn: many,
      pause,
      answer,
      tool,
      agent,
      sharedAnswer:
        answer.mean * sharedSpread(Math.sqrt(sessionOffsets.output ** 2 + accountOffsets.output ** 2)),
      sharedTool: tool.mean * sharedSpread(sessionOffsets.gap),
    }),
    atLeast: atLeastSo,
    shareOf: (turn) => {
      if (turn <= 1) return 1;
      return turn > most ? 0 : normalTail((ln(turn - 0.5) - mu) / sigma - sigma);
    },
    draw: (stream, least) => new AgentTurns(spec, stream, drawAgentLength(spec, stream, least)),
  };
}

/** An agent that is sent out, from the answer that starts it to its own last one. */
function agentMoments({ subAgents }: AgentSpec, answer: Moments): Moments {
  const mean = subAgents.requests;
  const count = { mean, square: mean * mean + Math.max(0, mean - 1) };
  return sumMoments(count, plus(answer, lognormalMoments(subAgents.gap)));
}

/** How many agents a turn sends out that sends some. */
function agentCount({ subAgents }: AgentSpec): Moments {
  let [mean, square] = [0, 0];
  subAgents.counts.forEach((weight, index) => {
    mean += weight * (index + 1);
    square += weight * (index + 1) ** 2;
  });
  return { mean, square };
}

const NOTHING: Moments = { mean: 0, square: 0 };

export function chatLifetimes(spec: ChatSpec): Lifetimes<ChatTurns> {
  const { turns, gap, output, accountOffsets } = spec;
  const answer = answerMoments(output);
  const pause = lognormalMoments(gap, gap.most);
  const mean = Math.max(turns.mean, 2 - turns.one);
  const several = 1 - turns.one;
  // Beyond two the number is geometric.
  const beyond = several === 0 ? 0 : (mean - turns.one) / several - 2;
  const atLeastSo = (turn: number) =>
    turn <= 1 ? 1 : several * (turn === 2 ? 1 : pow(beyond / (1 + beyond), turn - 2));
  return {
    mean: mean * answer.mean + (mean - 1) * pause.mean,
    ...boundsOf({
      turn: answer,
      pause,
      answer,
      tool: NOTHING,
      agent: NOTHING,
      sharedAnswer: answer.mean * sharedSpread(accountOffsets.output),
      sharedTool: 0,
    }),
    atLeast: atLeastSo,
    shareOf: (turn) => (turn <= 1 ? 1 : (atLeastSo(turn) * (turn + beyond)) / mean),
    draw: (stream, least) => new ChatTurns(spec, stream, drawChatLength(spec, stream, least)),
  };
}
