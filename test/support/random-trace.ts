// Traces for random worlds, as text that is not kept: the path that a scenario gives is the recipe, so that a world
// with a trace is still its seed and nothing else. Rows come in bursts, and sessions grow, throw their context away and
// start again.
import { Draw } from "./draw.js";

export interface TraceRecipe {
  readonly seed: string;
  readonly rows: number;
  /** Seconds from the first row to about the last. */
  readonly span: number;
  /** Mean tokens of a prompt that starts a session, and of an answer. */
  readonly input: number;
  readonly output: number;
  /** 0 for a trace without them. */
  readonly sessions: number;
  /** Whether some rows say themselves how much was cached. */
  readonly cached: boolean;
}

/** What a scenario writes for a trace. */
export function traceName(recipe: TraceRecipe): string {
  return `random:${JSON.stringify(recipe)}`;
}

/** Opens such a trace: the `readTrace` of random worlds. */
export function readRandomTrace(path: string): Iterable<string> {
  return [traceText(JSON.parse(path.slice("random:".length)) as TraceRecipe)];
}

function traceText({ seed, rows, span, input, output, sessions, cached }: TraceRecipe): string {
  const draw = new Draw(seed, "trace");
  const contexts = Array.from({ length: sessions }, () => 0);
  const columns = [
    "timestamp",
    "input_tokens",
    "output_tokens",
    "session",
    ...(cached ? ["cached_tokens"] : []),
  ];
  const lines = [columns.join(",")];
  let at = 0;
  for (let row = 0; row < rows; row++) {
    if (draw.chance(0.7)) at += (draw.real(0, 2) * span) / rows / 0.7;
    const tokens = (mean: number) => Math.max(1, Math.round(draw.magnitude(0.2, 3) * mean));
    const session = sessions > 0 && draw.chance(0.8) ? draw.whole(0, sessions - 1) : -1;
    const before = session < 0 || draw.chance(0.1) ? 0 : contexts[session]!;
    const prompt = Math.min(before, 20 * input) + tokens(input);
    const answer = tokens(output);
    if (session >= 0) contexts[session] = prompt + answer;
    const known = cached ? [draw.chance(0.5) ? Math.floor(prompt / 2) : 0] : [];
    lines.push([at.toFixed(6), prompt, answer, session < 0 ? "" : `s${session}`, ...known].join(","));
  }
  return `${lines.join("\n")}\n`;
}
