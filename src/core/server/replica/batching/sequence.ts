// A sequence inside a batching replica: what it is, and how far it has come. Its life is a prefill, whose last step
// yields the first token, then decode steps, each of which adds `perStep` tokens. After a preemption it prefills again,
// output so far included, and the step that ends this counts as a decode step.
import { NONE } from "../../../base/none.js";
import type { Stream } from "../../../random/stream.js";
import type { StepProfile } from "../../profile/step-profile.js";
import type { HostUse } from "../kv/host-memory.js";
import type { CacheUse } from "../kv/prefix-cache.js";
import type { SequenceWork } from "../replica.js";

/** Tokens a step are multiples of this, so that sums over any number of steps are exact in a double. */
const GRAIN = 2 ** -20;

export class Sequence implements CacheUse, HostUse {
  // In the order in which they are gone through: first what the end of a prefill and a completion look at.
  /** Tokens that its prefill has to cover, those it has, and those that the step in progress adds. */
  prompt = 0;
  prefilled = 0;
  chunk = 0;
  id = 0;
  /** Whether its first token has come. */
  answered = false;
  /** Decode steps done; while it decodes, the replica may count them elsewhere and bring this up to date later. */
  done = 0;
  /** Decode steps that it needs in all, and tokens that each adds: fewer steps where drafts are accepted. */
  steps = 0;
  perStep = 1;
  /**
   * Where it prefills, the steps that had started when it joined; where it decodes, counts of the batch's steps when it
   * began and completes. Then its turn among those, in a tie.
   */
  joined = 0;
  finish = 0;
  inputTokens = 0;
  outputTokens = 0;
  sharedBlocks = 0;
  ticket = 0;
  /** Of the prompt, what was there when its prefill began. */
  found = 0;
  offloaded = 0;
  loading = 0;
  /** Place in the order of admission to its replica. */
  order = 0;
  rank = 0;
  /** Whether it ends where it must, which is known before: at its `max_tokens`, or where a context may be no longer. */
  endsAtLimit = false;
  usesPrefix = false;
  usesSession = false;
  /** Of the prompt, there for certain. */
  cachedTokens = 0;
  prefix = NONE;
  prefixTokens = 0;
  session = NONE;
  sharedTokens = 0;

  begin(id: number, order: number, work: SequenceWork, profile: StepProfile, chance: Stream): void {
    this.id = id;
    this.order = order;
    this.inputTokens = work.inputTokens;
    this.cachedTokens = work.cachedTokens;
    this.outputTokens = work.outputTokens;
    this.rank = work.rank;
    this.prefix = work.prefix;
    this.prefixTokens = work.prefixTokens;
    this.session = work.session;
    this.sharedTokens = work.sharedTokens;
    const tokens = work.outputTokens - 1;
    this.steps = tokens;
    this.perStep = 1;
    if (profile.tokensPerSequence > 1 && tokens > 0) {
      this.steps = drawSteps(tokens, profile, chance);
      this.perStep = Math.floor(tokens / this.steps / GRAIN) * GRAIN;
    }
    this.done = 0;
    this.answered = false;
    this.loading = 0;
  }

  /** Tokens of context once `done` decode steps are done: fractions stand for drafts that were accepted meanwhile. */
  contextAfter(done: number): number {
    return this.inputTokens + 1 + this.perStep * done;
  }

  /** Tokens generated once `done` decode steps are done. */
  generatedAfter(done: number): number {
    if (!this.answered) return 0;
    return done >= this.steps ? this.outputTokens : 1 + Math.floor(this.perStep * done);
  }

  /** Decode steps done once the prefill is. */
  get doneAfterPrefill(): number {
    return this.answered ? this.done + 1 : 0;
  }

  /** Tokens of context that its prefill, and the token this yields, take. */
  get prefillContext(): number {
    return this.contextAfter(this.doneAfterPrefill);
  }

  /** Makes it prefill what it has lost, from the first token on that is not there any more. */
  restart(hit: number): void {
    this.prefilled = Math.min(hit, this.prompt - 1);
    this.found = this.prefilled;
    this.chunk = 0;
  }
}

/**
 * Steps until `tokens` tokens are generated, when a step drafts k = tokensPerSequence - 1 tokens, each accepted with
 * probability `acceptance` if all before it were, and adds one token of its own: one plus a geometric number cut off at
 * k, mean (1 - a^(k+1)) / (1 - a) (Leviathan, Kalman, Matias, "Fast inference from transformers via speculative
 * decoding", 2023). The sum is drawn here and spread evenly over the sequence's steps.
 */
function drawSteps(tokens: number, { tokensPerSequence, acceptance }: StepProfile, chance: Stream): number {
  let steps = 0;
  for (let generated = 0; generated < tokens; steps++) {
    let accepted = 0;
    let least = acceptance;
    const luck = chance.uniform();
    while (accepted < tokensPerSequence - 1 && luck < least) {
      accepted++;
      least *= acceptance;
    }
    generated += 1 + accepted;
  }
  return steps;
}
