// Which accounts a scenario has, as far as its file tells: those of a random source are its name with a number behind
// it, those of a trace are the trace's to name. Reads the raw document, like the cross-checks that it is part of.
import { WORKLOADS, workloadNamed } from "../demand/traffic/population/workloads.js";
import { nameOf } from "../document/definition.js";
import { asMap, maps, type Raw, read } from "../document/raw.js";
import { count } from "../document/units.js";
import { quote } from "../document/words.js";

const anyWorkload = nameOf(WORKLOADS);
const anyCount = count(1, Number.MAX_SAFE_INTEGER);

/** Accounts of a source; undefined where that cannot be read, and the schema says why. */
function countOf({ arrivals, accounts }: Raw): number | undefined {
  if (accounts !== undefined) return read(anyCount, asMap(accounts)["count"]);
  const workload = read(anyWorkload, asMap(arrivals)["workload"]);
  return workload === undefined ? 1 : workloadNamed(workload).accounts.count;
}

/** Why no account can have a name, in a sentence; undefined for one that can. */
export function accountProblems(traffic: unknown): (account: string) => string | undefined {
  const sources = maps(traffic).map(([name, source]) => ({
    name,
    isTrace: "trace" in asMap(source["arrivals"]),
    count: countOf(source),
  }));
  return (account) => {
    if (sources.some(({ isTrace, count: most }) => isTrace || most === undefined)) return undefined;
    const [, name, number] = /^(.*)-([1-9]\d*)$/.exec(account) ?? [];
    if (sources.some((one) => one.name === name && Number(number) <= one.count!)) return undefined;
    const names = sources.map((one) =>
      one.count === 1 ? `${one.name}-1` : `${one.name}-1 to -${one.count}`,
    );
    return `unknown account ${quote(account)}; the accounts are ${names.join(", ")}`;
  };
}
