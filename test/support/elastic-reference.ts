// The tables of docs/elastic.md, written from the definitions of autoscalers, cold starts and prices.

import { toSeconds } from "../../src/core/base/units.js";
import type { Sourced } from "../../src/core/document/definition.js";
import type { Time } from "../../src/core/document/times.js";
import { showDuration } from "../../src/core/document/units.js";
import { COLD_START_PRESETS, WEIGHT_SOURCES } from "../../src/core/server/fleet/cold-start-keys.js";
import { type Knobs, samplePeriod } from "../../src/core/server/fleet/control/autoscalers/knobs.js";
import { AUTOSCALERS, autoscaler } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { GPU_PRICE_DATE, GPU_PRICES, gpuPrice } from "../../src/core/server/fleet/gpu-prices.js";
import { MARKETS } from "../../src/core/server/fleet/node-type.js";
import { markdownTable } from "./markdown.js";

function rateText(rate: Knobs["upRate"]): string {
  if (rate === "unlimited") return rate;
  const { replicas, times, per } = rate;
  const most = [...(replicas > 0 ? [`${replicas}`] : []), ...(times > 0 ? [`${100 * times}%`] : [])];
  return `${most.join(" or ")} in ${showDuration(per)}`;
}

/** Each with the defaults of the knobs that all have. */
export function autoscalerTable(): string {
  const rows = AUTOSCALERS.map((definition) => {
    const {
      name,
      summary,
      sources = [],
      defaults = {},
    } = definition as (typeof AUTOSCALERS)[number] & Sourced;
    const own = autoscaler.parse(name) as Knobs;
    const windows = `${showDuration(own.upWindow)}, ${showDuration(own.downWindow)}`;
    const every = `${showDuration(own.interval)}, ${showDuration(samplePeriod(own))}`;
    const rates = `${rateText(own.upRate)}; ${rateText(own.downRate)}`;
    const origins = [...new Set(Object.values(defaults))].sort().join(", ");
    const source = `${sources.map(({ text }) => `${text}; `).join("")}defaults: ${origins}`;
    const goesToZero = autoscaler.safeParse({ algorithm: name, min: 0 }).success;
    const least = `${own.min}; ${goesToZero ? "yes" : "no"}`;
    return [`\`${name}\``, summary, every, `${own.tolerance}`, windows, rates, least, source];
  });
  const head = ["algorithm", "what it wants", "decides, samples every", "tolerance", "windows up, down"];
  return markdownTable(
    [...head, "rates up; down", "min; takes 0", "where rule and defaults come from"],
    rows,
  );
}

/** Median and ninth decile, in seconds; the stages of presets are log-normal by these or take no time. */
const stageText = (stage: Time) =>
  typeof stage === "object" && "p90" in stage
    ? `${toSeconds(stage.median)} / ${toSeconds(stage.p90)} s`
    : "none";

export function coldStartTable(): string {
  const rows = COLD_START_PRESETS.map(({ name, summary, source, from, provision, image, init, wake }) => {
    const stages = [provision, image, init, wake].map(stageText);
    return [`\`${name}\``, summary, ...stages, from ?? "none", source];
  });
  return markdownTable(
    ["preset", "when", "provision", "image", "init", "wake", "weights from", "source"],
    rows,
  );
}

export function weightSourceTable(): string {
  const rows = WEIGHT_SOURCES.map(({ name, gigabytesPerSecond, source }) => {
    return [`\`${name}\``, `${gigabytesPerSecond}`, source];
  });
  return markdownTable(["weights from", "GB/s", "source"], rows);
}

export function gpuPriceTable(): string {
  const rows = Object.keys(GPU_PRICES).map((gpu) => [
    gpu,
    ...MARKETS.map((market) => `${gpuPrice(gpu, market)}`),
  ]);
  return markdownTable([`$ per GPU-hour, ${GPU_PRICE_DATE}`, ...MARKETS], rows);
}
