// Flags of `surgefleet plan` that say how a value is searched along a key: which values are better, how many are tried
// first, how exact the answer is, for which demand, and what of the fleet is out meanwhile.
import { Option } from "@commander-js/extra-typings";
import { readStep } from "../../../core/internal.js";
import { by, wholeNumber, wrong } from "../../flags/values.js";
import { SURVEYED } from "./goal.js";

const MOST_SURVEYED = 100;
const MOST_SPARE = 100_000;

const DEMANDS = [0.9, 1, 1.1];

export const demand = () =>
  new Option("--demand <factors>", "with --find: demands to repeat it for; 1: none")
    .argParser(demands)
    .default(DEMANDS, DEMANDS.join(","));

export const better = () =>
  new Option(
    "--better <way>",
    "with --find: which values are (default: more replicas, else found out)",
  ).choices(["higher", "lower"] as const);

export const survey = () =>
  new Option(
    "--survey <n>",
    `with --find: values over the range that are tried first (default: ${SURVEYED}, replicas 0)`,
  ).argParser(surveyed);

export const step = () =>
  new Option("--step <value>", "with --find: how exact, as in 100ms, 0.5% or 1k").argParser(by(readStep));

export const spare = () =>
  new Option("--spare <n>", "with --find replicas: so many beside them, out all the time (N + 1)").argParser(
    wholeNumber(MOST_SPARE),
  );

function surveyed(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 1;
  if (count !== 1 && count <= MOST_SURVEYED) return count;
  return wrong(`Write 0, or a whole number from 2 to ${MOST_SURVEYED}.`);
}

function demands(text: string): number[] {
  const factors = text.split(",").map(Number);
  if (factors.every((factor) => factor > 0 && Number.isFinite(factor))) return [...new Set(factors)];
  return wrong("Write a list of factors like 0.8,1,1.2.");
}
