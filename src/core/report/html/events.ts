// What happened to the fleet, as a time line with a row for each kind of event and as a table. Every mark has a shape
// of its own and says in words what it is; where there is no room for words beside it, the table has them.
import { RUN_EVENT_FAMILIES, type RunEventFamily, type RunEventKind } from "../../base/run-event.js";
import type { RunResult } from "../../results/shape/result.js";
import { familyOf, type RunEvent } from "../../results/shape/run-events.js";
import * as format from "../text/format.js";
import { html, type Markup } from "./markup.js";
import { MISSING, table } from "./tables.js";

const SHAPES: Readonly<Record<RunEventKind, string>> = {
  "scale-up": "▲",
  "scale-down": "▼",
  "no-gpus": "!",
  "instance-lost": "✕",
  "instance-back": "✓",
  "instance-slow": "~",
  "instance-hung": "…",
  "node-leaving": "?",
  "node-lost": "✖",
  "node-back": "✔",
  "fault-begins": "●",
  "fault-ends": "○",
  "outage-begins": "■",
  "outage-ends": "□",
  launch: "◆",
  retirement: "◇",
};

const LANES: Readonly<Record<RunEventFamily, { readonly title: string; readonly tone: number }>> = {
  scale: { title: "Scaling", tone: 0 },
  fault: { title: "Faults", tone: 5 },
  launch: { title: "Models", tone: 2 },
};

/** A word beside a mark takes that share of a row per character; narrow screens show none. */
const SHARE_OF_CHARACTER = 0.0075;
const SHARE_OF_MARK = 0.02;
const TICKS = 4;
/** A longer table is folded. */
const FEW = 12;

export function eventFigure(result: RunResult): Markup | null {
  const { timeline: events = [], series, time } = result;
  if (events.length === 0) return null;
  const bins = series.tiers[0]?.attempts.length ?? 0;
  const end = Math.max(Math.min(time.simulated, bins * series.interval), ...events.map(({ until }) => until));
  const several = new Set(events.map(({ pool }) => pool)).size > 1;
  const lanes = RUN_EVENT_FAMILIES.flatMap((family) => {
    const own = events.filter((event) => familyOf(event) === family);
    return own.length === 0 ? [] : [lane(family, own, end, several)];
  });
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => {
    const share = tick / TICKS;
    return html`<span style="left:${percent(share)}">${format.span(Number((end * share).toPrecision(3)))}</span>`;
  });
  return html`<figure class="events"><figcaption id="events">What happened to the fleet</figcaption>
<div class="timeline" aria-hidden="true">${lanes}<div class="ticks">${ticks}</div></div>
<details${events.length <= FEW && html` open`}><summary>As a table</summary>${table<RunEvent>({
    caption: "What happened to the fleet",
    head: "at",
    name: timeOf,
    columns: [
      { head: "pool", isText: true, cell: ({ pool }) => pool ?? MISSING },
      { head: "what", isText: true, cell: (event) => html`${SHAPES[event.kind]} ${event.text}` },
    ],
    rows: events,
  })}</details></figure>
`;
}

function timeOf({ at, until }: RunEvent): string {
  return until > at ? `${format.span(at)} to ${format.span(until)}` : format.span(at);
}

function lane(family: RunEventFamily, events: readonly RunEvent[], end: number, several: boolean): Markup {
  const { title, tone } = LANES[family];
  /** What the marks before this one, which had no room for words, began with. */
  let before: number | undefined;
  const marks = events.map((event, index) => {
    const { at, until } = event;
    const following = events[index + 1];
    const next = following?.at ?? Number.POSITIVE_INFINITY;
    before ??= event.before;
    const words = wordsOf({ ...event, ...(before !== undefined && { before }) }, several);
    const from = at / end;
    const room = Math.min(1, next / end) - from;
    const isShown = room >= SHARE_OF_MARK + SHARE_OF_CHARACTER * words.length;
    const goesOn = following?.kind === event.kind && following.pool === event.pool;
    if (isShown || !goesOn) before = undefined;
    const stretch =
      until > at &&
      html`<span class="stretch" style="left:${percent(from)};width:${percent((until - at) / end)}"></span>`;
    return html`${stretch}<span class="mark" style="left:${percent(from)}" title="${timeOf(event)}: ${
      event.pool !== null && `${event.pool}: `
    }${event.text}">${SHAPES[event.kind]}${isShown && html`<span class="words">${words}</span>`}</span>`;
  });
  return html`<div class="lane tone-${tone}"><span class="lane-title">${title}</span>
<div class="track">${marks}</div></div>`;
}

function wordsOf({ pool, text, before, after }: RunEvent, several: boolean): string {
  const words = before === undefined || after === undefined ? text : `${before} → ${after}`;
  return several && pool !== null ? `${pool}: ${words}` : words;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
