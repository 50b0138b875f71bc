// The request of a decision, made of numbers, with its path by name.
import type { RequestNumbers } from "../core/custom/code.js";
import type { PolicyPath, PolicyRequest } from "../core/custom/policy.js";

export function requestOf(
  paths: readonly PolicyPath[],
  ...[account, path, model, rank, inputTokens, cachedTokens, maxTokens]: RequestNumbers
): PolicyRequest {
  const { name } = paths[path]!;
  return Object.freeze({ account, path: name, model, rank, inputTokens, cachedTokens, maxTokens });
}
