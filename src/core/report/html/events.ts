// What happened to the fleet, as a time line with a row for each kind of event and as a table. The row says what its
// marks mean, and every mark says in words what it is; where there is no room for words beside it, the table has them.
// The time line stands in the column of the charts below it, and its time is theirs.
import { RUN_EVENT_KINDS, type RunEventFamily, type RunEventKind } from "../../base/run-event.js";
import type { RunResult } from "../../results/shape/result.js";
import { familyOf, type RunEvent } from "../../results/shape/run-events.js";
import * as format from "../text/format.js";
import { html, type Markup } from "./markup.js";
import { MISSING, table } from "./tables.js";

/** A mark, and what its row is called: short enough for the margin where charts have their axis. */
const MARKS: Readonly<Record<RunEventKind, readonly [mark: string, name: string]>> = {
  "scale-up": ["▲", "more"],
  "scale-down": ["▼", "fewer"],
  "no-gpus": ["!", "no GPUs"],
  "instance-lost": ["✕", "lost"],
  "instance-back": ["✓", "back"],
  "instance-slow": ["~", "slow"],
  "instance-hung": ["…", "hung"],
  "node-leaving": ["?", "node going"],
  "node-lost": ["✖", "node lost"],
  "node-back": ["✔", "node back"],
  "fault-begins": ["●", "fault"],
  "fault-ends": ["○", "fault over"],
  "outage-begins": ["■", "outage"],
  "outage-ends": ["□", "back up"],
  launch: ["◆", "launch"],
  retirement: ["◇", "retired"],
};

const TONES: Readonly<Record<RunEventFamily, number>> = { scale: 0, fault: 5, launch: 2 };

/** Marks nearer than that share of a row are one; words take so much of it per character. Narrow screens show none. */
const SHARE_OF_MARK = 0.032;
const SHARE_OF_CHARACTER = 0.0155;
/** Distances between ticks, in seconds, as the axes of charts have them, and how many there are at most. */
const TICKS = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12].map((h) => h * 3600),
];
const DAY = 86_400;
const MOST_TICKS = 7;
/** A longer table is folded. */
const FEW = 12;

export function eventFigure(result: RunResult): Markup | null {
  const { timeline: events = [], series, time } = result;
  if (events.length === 0) return null;
  const bins = series.tiers[0]?.attempts.length ?? 0;
  const end = Math.min(time.simulated, bins * series.interval);
  const several = new Set(events.map(({ pool }) => pool)).size > 1;
  const lanes = RUN_EVENT_KINDS.flatMap((kind) => {
    const own = events.filter((event) => event.kind === kind);
    return own.length === 0 ? [] : [lane(kind, own, end, several)];
  });
  const step = tickStep(end);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, tick) => {
    return html`<span style="left:${percent((tick * step) / end)}">${format.span(tick * step)}</span>`;
  });
  return html`<figure class="events"><figcaption id="events">What happened to the fleet</figcaption>
<div class="timeline" aria-hidden="true">${lanes}<div class="ticks">${ticks}</div></div></figure>
<div class="event-table"><details${events.length <= FEW && html` open`}><summary>As a table</summary>${table<RunEvent>(
    {
      caption: "What happened to the fleet",
      head: "at",
      name: timeOf,
      columns: [
        { head: "pool", isText: true, cell: ({ pool }) => pool ?? MISSING },
        { head: "what", isText: true, cell: (event) => html`${MARKS[event.kind][0]} ${event.text}` },
      ],
      rows: events,
    },
  )}</details></div>
`;
}

function tickStep(end: number): number {
  const step = TICKS.find((seconds) => end / seconds < MOST_TICKS);
  return step ?? DAY * Math.ceil(end / DAY / MOST_TICKS);
}

function timeOf({ at, until }: RunEvent): string {
  return until > at ? `${format.span(at)} to ${format.span(until)}` : format.span(at);
}

function lane(kind: RunEventKind, events: readonly RunEvent[], end: number, several: boolean): Markup {
  const [mark, name] = MARKS[kind];
  const share = (at: number) => Math.min(1, at / end);
  const placed = (at: number, until: number) =>
    `left:${percent(share(at))};width:${percent(share(until) - share(at))}`;
  const groups = nearTogether(events, SHARE_OF_MARK * end);
  const marks = groups.map((group, index) => {
    const from = share(group[0]!.at);
    const words = wordsOf(group, several);
    const room = share(groups[index + 1]?.[0]?.at ?? end) - from;
    const isShown = room >= SHARE_OF_MARK + SHARE_OF_CHARACTER * words.length;
    const stretches = group.map(
      ({ at, until }) => until > at && html`<span class="stretch" style="${placed(at, until)}"></span>`,
    );
    return html`${stretches}<span class="mark" style="left:${percent(from)}" title="${titleOf(group)}">${mark}${
      isShown && html`<span class="words">${words}</span>`
    }</span>`;
  });
  return html`<div class="lane tone-${TONES[familyOf(events[0]!)]}"><span class="lane-title">${mark} ${name}</span>
<div class="track">${marks}</div></div>`;
}

/** Those that begin no later than so many seconds after the first of a group. */
function nearTogether(events: readonly RunEvent[], seconds: number): RunEvent[][] {
  const groups: RunEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last !== undefined && event.at - last[0]!.at < seconds) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

function titleOf(group: readonly RunEvent[]): string {
  const lines = group.map((event) => {
    return `${timeOf(event)}: ${event.pool === null ? "" : `${event.pool}: `}${event.text}`;
  });
  return lines.join("; ");
}

/** Of several events of one pool the way from the first to the last; of others how many they are. */
function wordsOf(group: readonly RunEvent[], several: boolean): string {
  const { pool, text, before } = group[0]!;
  const { after } = group.at(-1)!;
  if (group.some((event) => event.pool !== pool)) return `${format.count(group.length)} events`;
  const way = before === undefined || after === undefined ? undefined : `${before} → ${after}`;
  const words = way ?? (group.length === 1 ? text : `${format.count(group.length)} events`);
  return several && pool !== null ? `${pool}: ${words}` : words;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
