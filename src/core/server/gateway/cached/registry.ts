// Every estimator of cached prompt tokens that a scenario may name. A new one is one file beside this one and one line
// here.
import { definitionOf } from "../../../document/definition.js";
import type { CacheEstimator } from "./estimator.js";
import { nothing } from "./nothing.js";
import { sessionLast } from "./session-last.js";
import { stated } from "./stated.js";

export const CACHE_ESTIMATORS = [sessionLast, stated, nothing] as const;

export type CacheEstimatorName = (typeof CACHE_ESTIMATORS)[number]["name"];

export function createCacheEstimator(name: CacheEstimatorName): CacheEstimator {
  return definitionOf(CACHE_ESTIMATORS, name, "estimator of cached tokens").create();
}
