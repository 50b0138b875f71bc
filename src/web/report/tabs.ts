// Makes tabs of the links to the sections, in the pattern that screen readers know: one tab in the order of focus,
// arrow keys between them. Without this script the sections stand one below the other.

export function makeTabs(): void {
  const list = document.querySelector<HTMLElement>("nav.tabs");
  if (list === null) return;
  const tabs = [...list.querySelectorAll<HTMLAnchorElement>("a")];
  const panels = tabs.map((tab) => document.getElementById(tab.hash.slice(1))!);
  list.setAttribute("role", "tablist");
  for (const [index, tab] of tabs.entries()) {
    const panel = panels[index]!;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
  }

  const select = (selected: number, hasFocus: boolean) => {
    for (const [index, tab] of tabs.entries()) {
      tab.setAttribute("aria-selected", String(index === selected));
      tab.tabIndex = index === selected ? 0 : -1;
      panels[index]!.hidden = index !== selected;
    }
    if (hasFocus) tabs[selected]!.focus();
  };
  const indexOfHash = () => tabs.findIndex((tab) => tab.hash !== "" && tab.hash === location.hash);

  list.addEventListener("click", (event) => {
    const index = tabs.indexOf(event.target as HTMLAnchorElement);
    if (index < 0) return;
    event.preventDefault();
    select(index, true);
  });
  list.addEventListener("keydown", (event) => {
    const index = tabs.indexOf(event.target as HTMLAnchorElement);
    const next = nextTab(event.key, index, tabs.length);
    if (index < 0 || next === undefined) return;
    event.preventDefault();
    select(next, true);
  });
  addEventListener("hashchange", () => {
    const index = indexOfHash();
    if (index >= 0) select(index, false);
  });
  select(Math.max(0, indexOfHash()), false);
}

function nextTab(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (index + 1) % count;
    case "ArrowLeft":
      return (index + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
