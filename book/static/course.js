// Small repairs to what the theme puts on a page.

// A page appears in its own typeface, so that nothing moves when that comes; without it after half a second.
{
  const root = document.documentElement, show = () => { root.style.visibility = ""; };
  root.style.visibility = "hidden";
  Promise.all([["1em", "a"], ["1em", "θ"], ["italic 1em", "a"]].map(([look, letter]) => document.fonts.load(`${look} "Source Sans 3"`, letter)))
    .then(show, show);
  setTimeout(show, 500);
}

// JupyterLite needs a server: a page opened from disk says so, instead of leading to an empty one.
addEventListener("DOMContentLoaded", () => {
  if (location.protocol !== "file:") return;
  for (const entry of document.querySelectorAll(".dropdown-launch-buttons a[href*='lite/']")) {
    entry.title = "JupyterLite needs a server: run python -m http.server in the book's folder";
    entry.addEventListener("click", event => { event.preventDefault(); alert(entry.title); });
  }
});

// Print in light colors.
{
  let theme;
  const root = document.documentElement;
  addEventListener("beforeprint", () => { theme = root.dataset.theme; root.dataset.theme = "light"; });
  addEventListener("afterprint", () => { root.dataset.theme = theme; });
}

// Accessible names and roles, and a tab stop for every box that scrolls sideways.
{
  const all = (selector, repair) => document.querySelectorAll(selector).forEach(repair);
  const set = (node, name, value) => node.getAttribute(name) === value || node.setAttribute(name, value);

  const repair = () => {
    all(".search-button-field[aria-label], summary[aria-label]", node => node.removeAttribute("aria-label"));
    all(".theme-switch-button i:not([aria-hidden])", icon => { icon.removeAttribute("title"); set(icon, "aria-hidden", "true"); });
    all(".theme-switch-button title", title => title.remove());
    all("#pst-primary-sidebar:not([role])", bar => { set(bar, "role", "complementary"); set(bar, "aria-label", "Book"); });
    all("[role=doc-biblioentry], .citation-list[role]", node => node.removeAttribute("role"));
    all(".tag_hide-cell summary p.collapsed", text => { if (text.textContent !== "Show the solution") text.textContent = "Show the solution"; });
    all(".tag_hide-cell summary p.expanded", text => { if (text.textContent !== "Hide the solution") text.textContent = "Hide the solution"; });
    all("pre, mjx-container[display], div.math, .output, .pst-scrollable-table-container", box => {
      const scrolls = box.scrollWidth > box.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(box).overflowX);
      if (scrolls) set(box, "tabindex", "0");
      else if (box.tabIndex === 0 && !box.matches("button, [role]")) box.removeAttribute("tabindex");
    });
    dispatchEvent(new Event("repaired"));  // for the tests, which wait for it
  };

  let soon;  // after the page has settled, so that a moving figure is never kept waiting
  const later = () => { clearTimeout(soon); soon = setTimeout(repair, 100); };
  const watch = {childList: true, characterData: true, subtree: true};
  const moving = ({target}) => (target.closest ? target : target.parentElement)?.closest("em-figure, em-live");
  const changed = records => { if (!records.every(moving)) later(); };  // a figure's moves need no repair
  addEventListener("DOMContentLoaded", () => { repair(); new MutationObserver(changed).observe(document.body, watch); });
  addEventListener("resize", later);
  addEventListener("toggle", later, true);
}
