// Requests of a run for the tests of validation: told by what differs.
import type { Run, RunRequest } from "../../../../src/core/tools/validation/run-request.js";

export function request(parts: Partial<RunRequest> = {}): RunRequest {
  const arrival = parts.arrival ?? 0;
  const scheduled = parts.scheduled ?? arrival;
  const firstToken = parts.firstToken ?? scheduled + 1;
  return {
    arrival,
    promptTokens: 100,
    cachedTokens: undefined,
    outputTokens: 11,
    scheduled,
    firstToken,
    finish: firstToken + 10,
    longestGap: 1,
    ...parts,
  };
}

const HEADER = "arrival_s,prompt_tokens,output_tokens,first_token_s,finish_s,scheduled_s,max_itl_ms";

/** A run of which all was served. */
export function served(requests: readonly RunRequest[]): Run {
  return { served: requests, lost: [] };
}

/** The CSV of a run, in the order given. */
export function requestsCsv(requests: readonly RunRequest[]): string {
  const rows = requests.map((one) =>
    [
      one.arrival,
      one.promptTokens,
      one.outputTokens,
      one.firstToken,
      one.finish,
      one.scheduled,
      (one.longestGap ?? 0) * 1000,
    ].join(","),
  );
  return `${[HEADER, ...rows].join("\n")}\n`;
}
