// The HTML report in a browser, from a file: that it asks nothing of any network, says no error, can be clicked and
// typed at, stays small, and that hostile names stay names. Chromium comes from scripts/system-packages.sh; without it
// the tests are skipped by name. Screenshots go to .cache/report.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "tsdown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../src/core/index.js";
import { comparisonHtml, embeddedResult, reportHtml } from "../../src/core/internal.js";
import { withHash } from "../../src/node/results/report-file.js";
import { reportClient } from "../../tsdown.config.js";
import { comparedSides } from "../support/compared.js";
import { NIGHTLY } from "../support/mode.js";
import {
  elasticResult,
  HOSTILE,
  hostileResult,
  largestResult,
  reportResult,
} from "../support/report-result.js";

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const FOLDER = resolve(".cache/report");
const CLIENT = join(FOLDER, "client");
const MOST_BYTES = 400_000;
/** To Playwright; else it gives up after half a minute, which a loaded machine may take. */
const NO_LIMIT = 0;

const isThere = existsSync(CHROMIUM);
const title = isThere ? "the report in Chromium" : `the report in Chromium (skipped: no ${CHROMIUM})`;

/** A page and everything it did that it should not have. */
interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

describe.skipIf(!isThere)(title, () => {
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true });
    await build({ ...reportClient(CLIENT), config: false, logLevel: "error" });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: NO_LIMIT });
  });
  afterAll(() => browser?.close());

  function written(name: string, result: RunResult): string {
    const file = join(FOLDER, `${name}.html`);
    const read = (name: string) => readFileSync(join(CLIENT, name), "utf8");
    const client = withHash({ script: read("report.js"), style: read("report.css") });
    const manifest = JSON.stringify({ scenario: { name: result.scenario } }, null, 2);
    writeFileSync(file, reportHtml(result, { scenario: `name: ${result.scenario}\n`, manifest, client }));
    return file;
  }

  /** `drawn` is there once the page is. */
  async function opened(
    file: string,
    scheme: "light" | "dark" = "light",
    width = 1280,
    drawn = ".uplot canvas",
  ): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    page.setDefaultTimeout(NO_LIMIT);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("dialog", async (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("request", (request) => complaints.push(`request: ${request.url().slice(0, 200)}`));
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector(drawn);
    // Opening it is the one request there may be.
    expect(complaints.splice(0, 1)).toEqual([`request: ${pathToFileURL(file).href.slice(0, 200)}`]);
    return { page, complaints };
  }

  const theme = (page: Page) => page.evaluate("getComputedStyle(document.body).backgroundColor");

  test("opens without a request or a complaint, draws all charts, and no wider than the window", async () => {
    const file = written("report", reportResult());
    for (const [scheme, width] of [
      ["light", 1280],
      ["dark", 1280],
      ["light", 420],
      ["dark", 420],
    ] as const) {
      const { page, complaints } = await opened(file, scheme, width);
      expect(await page.locator(".uplot canvas").count()).toBe(7);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      // For people to look at; to paint one takes as long as most of these tests.
      const picture = { path: join(FOLDER, `report-${scheme}-${width}.png`), fullPage: true };
      if (NIGHTLY) await page.screenshot(picture);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  test("lets nothing out: a request that is tried all the same is refused by the page", async () => {
    const { page, complaints } = await opened(written("report", reportResult()));
    const outcome = await page.evaluate(() =>
      fetch("http://127.0.0.1:9/").then(
        () => "sent",
        () => "refused",
      ),
    );
    expect(outcome).toBe("refused");
    expect(complaints.join("\n")).toContain("Content Security Policy");
    expect(complaints.filter((complaint) => complaint.startsWith("request"))).toEqual([]);
    await page.close();
  });

  test("switches between dark and light, tabs and lines by a click", async () => {
    const { page, complaints } = await opened(written("report", reportResult()));
    const [light, button] = [await theme(page), page.locator("#theme")];
    await button.click();
    expect(await theme(page)).not.toBe(light);
    expect(await button.textContent()).toBe("Light");
    await button.click();
    expect(await theme(page)).toBe(light);

    await page.getByRole("tab", { name: "Accounts" }).click();
    expect(await page.getByRole("tabpanel").count()).toBe(1);
    expect(await page.getByRole("tabpanel", { name: "Accounts" }).textContent()).toContain("account-49");
    await page.getByRole("tab", { name: "Over time" }).click();

    const line = page.locator('[data-chart="load"] .u-series th').nth(1);
    expect(await line.getAttribute("aria-checked")).toBe("true");
    await line.click();
    expect(await line.getAttribute("aria-checked")).toBe("false");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("moves one cursor through all charts with the mouse", async () => {
    const { page, complaints } = await opened(written("report", reportResult()));
    await page.locator('[data-chart="load"] .u-over').hover();
    const at = (chart: string) => page.locator(`[data-chart="${chart}"] .u-value`).first().textContent();
    await expect.poll(() => at("load")).toMatch(/^\d+m/);
    expect(await at("kv")).toBe(await at("load"));
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("does all of it by keyboard", async () => {
    const { page, complaints } = await opened(written("report", reportResult()));
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the report");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Over time" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tabpanel").getAttribute("id")).toBe("distributions");
    await page.keyboard.press("End");
    expect(await page.getByRole("tabpanel").getAttribute("id")).toBe("inputs");
    await page.keyboard.press("Home");

    await page.locator('[data-chart="queue"]').focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowRight");
    expect(await page.locator("#readout").textContent()).toMatch(
      /^Requests waiting, at 20s: shared [\d.]+, fast/,
    );
    expect(await page.locator('[data-chart="load"] .u-value').first().textContent()).toBe("20s");

    const line = page.locator('[data-chart="queue"] .u-series th').nth(1);
    await line.focus();
    await page.keyboard.press("Enter");
    expect(await line.getAttribute("aria-checked")).toBe("false");
    const summary = page.locator('figure:has([data-chart="queue"]) summary');
    await summary.focus();
    await page.keyboard.press("Enter");
    expect(await page.locator('figure:has([data-chart="queue"]) td').first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("draws areas, bars and a time line of a fleet that grows, and reads a stack out as it is", async () => {
    const { page, complaints } = await opened(written("elastic", elasticResult()), "dark", 420);
    expect(await page.locator(".uplot canvas").count()).toBe(9);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(420);
    // Every plot, that with an axis on the right as well, and the time line have their times above each other.
    const sides = await page.evaluate(`[...document.querySelectorAll(".track, .u-over")].map((one) => {
      const { left, right } = one.getBoundingClientRect();
      return Math.round(left) + " to " + Math.round(right);
    })`);
    expect([...new Set(sides as string[])]).toHaveLength(1);
    // The 60th bin is in the middle of the burst.
    await page.locator('[data-chart="states-0"]').focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press("PageDown");
    expect(await page.locator("#readout").textContent()).toBe(
      "Instances of shared, by state, at 9m50s: ready 3, draining 0, lost 1, starting 2, waiting for GPUs 1",
    );
    const values = await page.locator('[data-chart="capacity-0"] .u-value').allTextContents();
    expect(values).toEqual(["9m50s", "4.25", "6", "3", "4/s"]);
    // Reading pixels back below is what Chromium complains of.
    expect(complaints).toEqual([]);
    // The bars are there, in their own colour, until their legend is clicked.
    const barColour = () =>
      page.evaluate(`(() => {
        const canvas = document.querySelector('[data-chart="capacity-0"] canvas');
        const { width, height } = canvas;
        const bottom = canvas.getContext("2d").getImageData(0, 0, width, height * 0.9).data;
        let pixels = 0;
        for (let at = 0; at < bottom.length; at += 4)
          if (bottom[at] > 240 && bottom[at + 1] < 140 && bottom[at + 2] > 160) pixels++;
        return pixels;
      })()`);
    expect(await barColour()).toBeGreaterThan(500);
    await page.locator('[data-chart="capacity-0"] .u-series th').last().click();
    await expect.poll(barColour).toBe(0);
    if (NIGHTLY) await page.screenshot({ path: join(FOLDER, "elastic-dark-420.png"), fullPage: true });
    await page.close();
  });

  test("shows a comparison without any script, no wider than the window, with hostile names as names", async () => {
    const file = join(FOLDER, "comparison.html");
    const style = readFileSync(join(CLIENT, "report.css"), "utf8");
    const answered = comparedSides(["tail-drop", HOSTILE, "saturation", "trunk-reservation"]);
    writeFileSync(file, comparisonHtml(answered, { title: "fleet", caveats: [], style }));
    for (const [scheme, width] of [
      ["light", 1280],
      ["dark", 420],
    ] as const) {
      const { page, complaints } = await opened(file, scheme, width, ".scatter");
      expect(await page.locator(".scatter").count()).toBe(answered.tradeOffs.length);
      expect(await page.locator("script, img").count()).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      // A capital can be read on its filled disc.
      const colours = await page.evaluate(`(() => {
        const [disc] = document.querySelectorAll(".scatter .marked");
        return ["circle", "text"].map((one) => getComputedStyle(disc.querySelector(one)).fill);
      })()`);
      expect(new Set(colours as string[]).size).toBe(2);
      const picture = { path: join(FOLDER, `comparison-${scheme}-${width}.png`), fullPage: true };
      if (NIGHTLY) await page.screenshot(picture);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  test("prints every section in light, whatever is on the screen", async () => {
    const { page, complaints } = await opened(written("report", reportResult()), "dark");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.locator("section.panel:visible").count()).toBe(7);
    expect(await theme(page)).toBe("rgb(255, 255, 255)");
    // The drawings are made anew for the time of printing.
    const themeAfter = (event: string) =>
      page.evaluate(`dispatchEvent(new Event("${event}")); document.documentElement.dataset.theme ?? "none"`);
    expect([await themeAfter("beforeprint"), await themeAfter("afterprint")]).toEqual(["light", "none"]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("hostile names do nothing", async () => {
    const { page, complaints } = await opened(written("hostile", hostileResult()));
    for (const tab of await page.getByRole("tab").all()) await tab.click();
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("h1").textContent()).toBe(HOSTILE);
    expect(await page.locator("script").count()).toBe(3);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("fourteen days stay below 400 KB, open, and are read back", async () => {
    const file = written("largest", largestResult());
    expect(statSync(file).size).toBeLessThan(MOST_BYTES);
    const { page, complaints } = await opened(file);
    expect(complaints).toEqual([]);
    await page.close();
    const { replications } = JSON.parse(embeddedResult(readFileSync(file, "utf8"))!) as RunResult;
    expect(replications).toEqual(largestResult().replications);
  });
});
