// The table of workloads in docs/traffic.md, written from their definitions.
import { WORKLOADS } from "../../src/core/demand/traffic/population/workloads.js";

const HEAD = ["| workload | what differs from `agentic` | made after |", "| --- | --- | --- |"];

export function workloadTable(): string {
  const rows = WORKLOADS.map(({ name, summary, madeAfter }) => `| \`${name}\` | ${summary} | ${madeAfter} |`);
  return [...HEAD, ...rows].join("\n");
}
