// Light or dark: what the system says until the reader chooses. Paper is always light.

type Theme = "light" | "dark";

const KEY = "surgefleet-theme";
const root = document.documentElement;

/** `redraw` is called whenever colours have changed. */
export function offerTheme(redraw: () => void): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = document.getElementById("theme");
  const current = (): Theme => chosen() ?? (system.matches ? "dark" : "light");
  const apply = () => {
    if (button !== null) button.textContent = current() === "dark" ? "Light" : "Dark";
    redraw();
  };
  const stored = remembered();
  if (stored !== undefined) root.dataset["theme"] = stored;
  if (button !== null) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next: Theme = current() === "dark" ? "light" : "dark";
      root.dataset["theme"] = next;
      remember(next);
      apply();
    });
  }
  system.addEventListener("change", apply);
  printInLight(redraw);
  apply();
}

function chosen(): Theme | undefined {
  const value = root.dataset["theme"];
  return value === "light" || value === "dark" ? value : undefined;
}

/** Drawings do not follow the style sheet of paper by themselves. */
function printInLight(redraw: () => void): void {
  let before: string | undefined;
  addEventListener("beforeprint", () => {
    before = root.dataset["theme"];
    root.dataset["theme"] = "light";
    redraw();
  });
  addEventListener("afterprint", () => {
    if (before === undefined) delete root.dataset["theme"];
    else root.dataset["theme"] = before;
    redraw();
  });
}

function remembered(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : undefined;
  } catch {
    // A browser may keep no storage for a file: then nothing is remembered.
    return undefined;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
}
