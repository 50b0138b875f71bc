// By what a run can be sliced: tiers, sources, accounts; and which of these the tags of a selector may name. Knows tags
// only.

/** What a selector may slice a run by: paths, sources of traffic, accounts. Marginals: by one of them at a time. */
export const SLICE_TAGS = ["tier", "source", "account"] as const;
export type SliceTag = (typeof SLICE_TAGS)[number];

/** The value of a tag that is not written: all tiers, sources or accounts together. */
export const ALL_TIERS = "all";

/** What a metric is of, with the tags that its selector may have; the first is that of a selector without any. */
export const METRIC_SUBJECTS = {
  /** Attempts, and the requests that they are for. */
  attempts: SLICE_TAGS,
  sessions: ["source"],
  /** How accounts fared beside each other. */
  accounts: ["tier"],
  run: [],
} as const satisfies Readonly<Record<string, readonly SliceTag[]>>;

export type MetricSubject = keyof typeof METRIC_SUBJECTS;

export function tagsOf(subject: MetricSubject): readonly SliceTag[] {
  return METRIC_SUBJECTS[subject];
}

/** What a selector's tags say: at most one of them is not `all`. */
export type Sliced = Readonly<Record<SliceTag, string>>;

export const ALL_OF_IT: Sliced = { tier: ALL_TIERS, source: ALL_TIERS, account: ALL_TIERS };

/** The tag by which a metric is asked; undefined for one of the whole run. */
export function tagOf(subject: MetricSubject, sliced: Sliced): SliceTag | undefined {
  const tags = tagsOf(subject);
  return tags.find((tag) => sliced[tag] !== ALL_TIERS) ?? tags[0];
}
