// What a call costs: price lists that come with surgefleet, by name. Knows dollars and tokens, not who pays.

/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

const price = (input: number, cached: number, output: number): Price => ({ input, cached, output });

/** Source: Fireworks' public price page, serverless list prices; `llama-3.1-8b` is illustrative. */
export const PRICES = {
  "kimi-k2p6": price(0.95, 0.16, 4),
  "kimi-k2p6-turbo": price(2, 0.3, 8),
  "glm-5p1": price(1.4, 0.26, 4.4),
  "glm-5p1-fast": price(2.8, 0.52, 8.8),
  "deepseek-v4-pro": price(1.74, 0.145, 3.48),
  "gpt-oss-120b": price(0.15, 0.015, 0.6),
  "llama-3.1-8b": price(0.2, 0.1, 0.2),
};

export const PRICE_NAMES = Object.keys(PRICES) as readonly (keyof typeof PRICES)[];

/** What a service tier costs over the same model's plain path, where the scenario gives it no price. */
export const TIER_PRICE_FACTOR = 1.5;
