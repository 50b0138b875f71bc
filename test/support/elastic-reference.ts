// The tables of docs/elastic.md, written from the definitions of autoscalers, cold starts and prices.

import { showDuration } from "../../src/core/document/units.js";
import {
  COLD_START_PRESETS,
  coldStart,
  coldStartSpec,
  WEIGHT_SOURCES,
} from "../../src/core/server/fleet/cold-start-keys.js";
import { type Knobs, samplePeriod } from "../../src/core/server/fleet/control/autoscalers/knobs.js";
import { AUTOSCALERS, autoscaler } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { GPU_PRICE_DATE, GPU_PRICES, gpuPrice } from "../../src/core/server/fleet/gpu-prices.js";
import { MARKETS } from "../../src/core/server/fleet/node-type.js";
import { markdownTable } from "./markdown.js";

const rateText = (rate: Knobs["upRate"]) =>
  rate === "unlimited" ? rate : `${rate.replicas} or x${rate.times} in ${showDuration(rate.per)}`;

/** Each with the defaults of the knobs that all have. */
export function autoscalerTable(): string {
  const rows = AUTOSCALERS.map((definition) => {
    const { name, summary, provenance } = definition;
    const own = autoscaler.parse(name) as Knobs;
    const windows = `${showDuration(own.upWindow)}, ${showDuration(own.downWindow)}`;
    const every = `${showDuration(own.interval)}, ${showDuration(samplePeriod(own))}`;
    const rates = `${rateText(own.upRate)}; ${rateText(own.downRate)}`;
    const source = `${provenance!.of} (${provenance!.tag})`;
    return [`\`${name}\``, summary, every, `${own.tolerance}`, windows, rates, `${own.min}`, source];
  });
  const head = ["algorithm", "what it wants", "decides, samples every", "tolerance", "windows up, down"];
  return markdownTable([...head, "rates up; down", "min", "where rule and defaults come from"], rows);
}

/** Median and ninth decile of each stage, in seconds. */
export function coldStartTable(): string {
  const rows = COLD_START_PRESETS.map(({ name, summary, source, from }) => {
    const keys = coldStart.parse({ preset: name, ...(from !== undefined && { weights: { bytes: 16e9 } }) });
    const { provision, image, init, wake } = coldStartSpec(keys)!;
    const stages = [provision, image, init, wake].map((stage) =>
      stage.dist === "lognormal" ? `${stage.median} s` : `${(stage as { readonly value: number }).value} s`,
    );
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
