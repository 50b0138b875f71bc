// Partial outages as callers of a service see them: when each begins, how long it lasts, what share of requests it
// fails. Each takes its share and its length from a stream of their own, so that they do not move when gaps are drawn
// otherwise.
//
// Source: atlarge-research/llm-service-analysis @36c4598 (status pages of OpenAI and Anthropic to 2024-08; elastic.md
// 2.11; derived): gaps between beginnings with a median of 65 h and a mean of 150 h, which is a cv of 2 (they come in
// clusters: 1 would be Poisson), lengths with a median of 60 min and a 90th percentile of 300 min. What share of
// requests fails is not published: 5 to 50 % is ours.

import type { Duration } from "../../../../base/units.js";
import { createDistribution, type Distribution } from "../../../../random/distribution.js";
import type { TimeSpec } from "../../../../random/distribution-spec.js";
import type { Stream } from "../../../../random/stream.js";
import { drawnTime } from "../../../../random/time-distribution.js";

export interface Incident {
  readonly lasts: Duration;
  readonly share: number;
}

export interface IncidentLaw {
  /** In seconds. */
  readonly lengths: TimeSpec;
  /** Shares of requests, each between the two alike. */
  readonly least: number;
  readonly most: number;
}

export class Incidents {
  readonly #law: IncidentLaw;
  readonly #lengths: Distribution;
  readonly #shares: Stream;

  constructor(law: IncidentLaw, lengths: Stream, shares: Stream) {
    this.#law = law;
    this.#lengths = createDistribution(law.lengths, lengths);
    this.#shares = shares;
  }

  next(): Incident {
    const { least, most } = this.#law;
    const share = least + (most - least) * this.#shares.uniform();
    return { lasts: drawnTime(this.#lengths.sample()), share };
  }
}
