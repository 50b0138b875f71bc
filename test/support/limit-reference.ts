// The kinds of account limits for docs/gateway.md, written from their definitions.
import { METERS } from "../../src/core/server/gateway/accounts/registry.js";
import { markdownTable } from "./markdown.js";

export function meterTable(): string {
  const rows = METERS.map(({ name, summary, sources }) => [
    `\`${name}\``,
    summary,
    sources.map(({ text }) => text).join("; "),
  ]);
  return markdownTable(["window", "what", "who counts so"], rows);
}
