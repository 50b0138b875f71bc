// Random worlds whose models come and go: paths are launched and retired under way, at ends of the run and all at once
// too, sources move from one to another, and launches are spikes. What else they are is the random world's own.
import { lifeOfKey, livingPaths } from "../../src/core/scenario/path-lives.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { Draw } from "./draw.js";
import { randomScenario } from "./random-scenario.js";

type SourceInput = ScenarioInput["traffic"][string];
type MoveInput = NonNullable<SourceInput["moves"]>[number];
type PathInput = ScenarioInput["paths"][string];

const written = (micros: number) => `${Math.round(micros)}us`;

export function modelLifeScenario(seed: string): ScenarioInput {
  return withModelLife(randomScenario(seed), new Draw(seed, "model-life"));
}

function withModelLife(scenario: ScenarioInput, draw: Draw): ScenarioInput {
  const length = Number.parseInt(String(scenario.duration), 10);
  const moments = [0, 1, Math.floor(length / 2), Math.floor(length / 2), length - 1];
  const moment = () =>
    Math.min(length - 1, draw.chance(0.5) ? draw.pick(moments) : draw.whole(0, length - 1));
  const paths = Object.fromEntries(
    Object.entries(scenario.paths).map(([name, path]) => [name, { ...path, ...drawLife(draw, moment) }]),
  );
  const fitting = withoutContradictions(paths);
  const traffic = Object.fromEntries(
    Object.entries(scenario.traffic).map(([name, source]) => {
      return [name, { ...withSpike(draw, source, moment), ...drawMoves(draw, source, fitting, length) }];
    }),
  );
  return { ...scenario, paths: fitting, traffic };
}

function drawLife(draw: Draw, moment: () => number): Pick<PathInput, "launch" | "retire"> {
  const [one, other] = [moment(), moment()].sort((first, second) => first - second) as [number, number];
  const kind = draw.pick(["for ever", "for ever", "launched", "retired", "both"]);
  if (kind === "launched") return { launch: written(one) };
  if (kind === "retired" && other > 0) return { retire: written(other) };
  return kind === "both" && one < other ? { launch: written(one), retire: written(other) } : {};
}

/** A tier that its plain path's life does not leave any time lives by itself. */
function withoutContradictions(paths: Readonly<Record<string, PathInput>>): Record<string, PathInput> {
  const lives = livingPaths({ paths });
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => {
      const { launch = 0, retire = Number.POSITIVE_INFINITY } = lives.get(name)!;
      if (launch < retire) return [name, path];
      return [name, { ...path, launch: "0us", retire: written(retire > 0 ? retire : 1) }];
    }),
  );
}

function withSpike(draw: Draw, source: SourceInput, moment: () => number): SourceInput {
  const { arrivals } = source;
  if (!("process" in arrivals) || !("rate" in arrivals) || !draw.chance(0.3)) return source;
  const spike = {
    at: written(moment()),
    peak: draw.magnitude(1, 20),
    halfLife: written(Math.max(1, moment() / 4)),
    before: draw.pick([0, 0.5, 1]),
  };
  return { ...source, arrivals: { ...arrivals, spike } };
}

/** From what the source asks for to any path that is there in time. */
function drawMoves(
  draw: Draw,
  source: SourceInput,
  paths: Readonly<Record<string, PathInput>>,
  length: number,
): Pick<SourceInput, "moves"> {
  const lives = livingPaths({ paths });
  const asked = Object.keys(source.mix);
  const moves: MoveInput[] = [];
  for (let count = draw.pick([0, 1, 2, 4]); count > 0; count--) {
    const from = draw.pick(asked);
    const to = draw.pick(Object.keys(paths));
    const { launch = 0, retire = length } = lifeOfKey(to, lives);
    const latest = Math.min(length, retire) - 1;
    if (from === to || latest < launch) continue;
    asked.push(to);
    moves.push({
      from,
      to,
      ...(draw.chance(0.8) && { at: written(draw.whole(launch, latest)) }),
      over: written(draw.pick([0, 0.2, 1]) * length),
      share: draw.pick([1, 1, 0.5, draw.real(0, 1)]),
      ...(draw.chance(0.5) && { by: draw.pick(["account", "request"] as const) }),
    });
  }
  return moves.length > 0 ? { moves } : {};
}
