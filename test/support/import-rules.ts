// The import rules of .dependency-cruiser.cjs, held to a tree of files in memory: in a hundredth of the time that the tool
// takes, by the form that imports have here. test/unit/rooms.test.ts has both by night, and they must say the same.
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";

type Patterns = string | readonly string[];

interface Side {
  readonly path?: Patterns;
  readonly pathNot?: Patterns;
  readonly dependencyTypes?: readonly string[];
  readonly dependencyTypesNot?: readonly string[];
  readonly circular?: boolean;
  readonly couldNotResolve?: boolean;
}

export interface ImportRule {
  readonly name: string;
  readonly from: Side;
  readonly to: Side;
}

/** Of package.json: what else may be imported. */
export interface Packages {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Import {
  readonly to: string;
  readonly types: readonly string[];
  readonly isFound: boolean;
}

const STATEMENT =
  /^(?:import|export)\b( type\b)?[^;"'`=]*?\bfrom\s+"([^"]+)"|^import "([^"]+)"|\b(?:import|require)\("([^"]+)"\)/gm;

const matches = (patterns: Patterns, text: string) =>
  [patterns].flat().some((pattern) => new RegExp(pattern).test(text));

/** `rule: path` of each file that breaks one, sorted. */
export function brokenImports(
  rules: readonly ImportRule[],
  files: ReadonlyMap<string, string>,
  packages: Packages,
): string[] {
  const graph = new Map([...files].map(([path, text]) => [path, importsIn(path, text, files, packages)]));
  const rings = ringsIn(graph);
  const found = new Set<string>();
  for (const [path, imports] of graph) {
    const own = rules.filter(({ from }) => isOf(from, path));
    for (const one of imports) {
      const inRing = one.to !== path && rings.get(path) === rings.get(one.to);
      for (const { name, to } of own) if (breaks(to, one, inRing)) found.add(`${name}: ${path}`);
    }
  }
  return [...found].sort();
}

const isOf = ({ path = "", pathNot }: Side, text: string) =>
  matches(path, text) && (pathNot === undefined || !matches(pathNot, text));

function breaks(rule: Side, { to, types, isFound }: Import, inRing: boolean): boolean {
  const { dependencyTypes, dependencyTypesNot = [], circular, couldNotResolve } = rule;
  return (
    isOf(rule, to) &&
    (dependencyTypes === undefined || dependencyTypes.some((type) => types.includes(type))) &&
    !dependencyTypesNot.some((type) => types.includes(type)) &&
    (circular === undefined || circular === inRing) &&
    (couldNotResolve === undefined || couldNotResolve !== isFound)
  );
}

function importsIn(
  path: string,
  text: string,
  files: ReadonlyMap<string, string>,
  { dependencies, devDependencies }: Packages,
): Import[] {
  return [...text.matchAll(STATEMENT)].map(([, isType, from, bare, called]) => {
    const name = (from ?? bare ?? called)!;
    const types = isType === undefined ? [] : ["type-only"];
    if (name.startsWith(".")) {
      const to = join(dirname(path), name.replace(/\.js$/, ".ts")).replaceAll("\\", "/");
      return { to, types: [...types, "local"], isFound: files.has(to) };
    }
    if (name.startsWith("node:") || builtinModules.includes(name))
      return { to: name, types: [...types, "core"], isFound: true };
    const library = /^(@[^/]+\/)?[^/]+/.exec(name)![0];
    const isDev = !(library in dependencies) && library in devDependencies;
    return {
      to: `node_modules/${name}/`,
      types: [...types, isDev ? "npm-dev" : "npm"],
      isFound: library in dependencies || isDev,
    };
  });
}

/** By file: the ring of imports that it is in, as a number; alone in its own where it is in none (Tarjan). */
function ringsIn(graph: ReadonlyMap<string, readonly Import[]>): Map<string, number> {
  const [order, lows, rings] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const stack: string[] = [];
  const visit = (path: string): number => {
    const number = order.size;
    order.set(path, number);
    lows.set(path, number);
    stack.push(path);
    for (const { to } of graph.get(path)!) {
      if (!graph.has(to) || rings.has(to)) continue;
      const low = order.has(to) ? order.get(to)! : visit(to);
      lows.set(path, Math.min(lows.get(path)!, low));
    }
    const low = lows.get(path)!;
    if (low === number) for (const one of stack.splice(stack.indexOf(path))) rings.set(one, number);
    return low;
  };
  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return rings;
}
