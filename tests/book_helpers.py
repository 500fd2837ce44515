"""What the tests of the built book share: its pages, a browser that cannot reach out, and a hand on its figures."""

import runpy
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
INDEXES = {"index.html", "search.html", "genindex.html"}  # made by Sphinx, not in the table of contents
TOOL = runpy.run_path(str(ROOT / "tools" / "browser.py"))
served = TOOL["served"]
PATIENCE = 60_000  # milliseconds: a busy machine is slow, and no test fails for that
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
PROJECTOR = {"width": 1024, "height": 768}
# Between them their figures have all that a figure can have: one slider and two, named stops, jumps, moving text.
EXAMPLES = ["book/home.html", "notebooks/02_single_gaussian.html", "notebooks/08_coordinate_ascent.html"]
some_pages = pytest.mark.parametrize("page", EXAMPLES, indirect=True, scope="session")
READY = """() => document.readyState === "complete"
    && [...document.querySelectorAll("em-figure")].every(figure => figure.classList.contains("em-alive"))
    && !document.querySelector("meta[http-equiv=refresh]")
"""


def pages() -> list[str]:
    """Every page of the table of contents, as its address below the book's folder."""
    found = sorted(
        str(path.relative_to(HTML)) for part in ("book", "notebooks") for path in HTML.glob(f"{part}/*.html")
    )
    if not found:
        raise RuntimeError(f"no built book in {HTML}: run `make book` first")
    return found


def needs_browser() -> str:
    """The path of a Chromium; RuntimeError, with what to install, where there is none."""
    return TOOL["chromium"]()


class Watch:
    """What a page did that it should not: requests to elsewhere (which are stopped), failures, errors."""

    def __init__(self, page, base: str):
        self.seen: list[str] = []
        page.route(lambda url: not self.inside(url), self.stop)
        page.on("requestfailed", lambda r: self.note(f"failed: {r.url} ({r.failure})"))
        page.on("response", lambda r: r.status >= 400 and self.note(f"{r.status}: {r.url}"))
        page.on("websocket", lambda s: self.note(f"outside: {s.url}"))
        page.on("console", lambda m: m.type == "error" and self.note(f"console: {m.text}"))
        page.on("pageerror", lambda e: self.note(f"script: {e}"))
        self.base = base

    def inside(self, url: str) -> bool:
        return url.startswith((self.base, "data:", "blob:", "about:"))

    def stop(self, route):
        self.note(f"outside: {route.request.url}")
        route.abort()

    def note(self, what: str):
        self.seen.append(what[:300])


class State(NamedTuple):
    """What a figure shows at one moment."""

    caption: str  # as str(Words) says it
    picture: str  # its SVGs

    def __repr__(self):
        return f"State({self.caption!r})"


STATE = """root => {
    const numbers = [...root.querySelectorAll(".em-now dl div")]
        .map(cell => cell.firstChild.textContent + " " + cell.lastChild.textContent);
    const svgs = [...root.querySelectorAll(".em-panel > svg")].filter(svg => !svg.closest(".em-print"));
    const picture = svgs.map(svg => new XMLSerializer().serializeToString(svg)).join("");
    const words = [root.querySelector(".em-now p").textContent, ...numbers].join("  ");
    return [words, picture.replace(/ class="(em-moved)?"/g, "")];
}"""


class Figure:
    """A stepped figure in an open page."""

    def __init__(self, page, number: int):
        self.page, self.name = page, f"{page.name}, figure {number + 1}"
        self.root = page.locator("em-figure").nth(number)

    def button(self, label: str):
        return self.root.locator(f'button[data-do="{label}"]')

    @property
    def controls(self):
        """The slider over the pages, or the buttons in its place; and the choice among the starts, if any."""
        return [
            control for what in ("step", "start") if (control := self.root.locator(f"input[data-do={what}]")).count()
        ]

    def state(self) -> State:
        return State(*self.root.evaluate(STATE))

    def wait_for_other(self, caption: str, what: str, seconds: float = 60) -> State:
        """Wait until the caption is another one; the state then."""
        try:
            self.page.wait_for_function(
                f"([root, old]) => ({STATE})(root)[0] !== old",
                arg=[self.root.element_handle(), caption], timeout=1000 * seconds,
            )  # fmt: skip
        except Exception as error:
            raise AssertionError(f"{self.name}: {what} changed nothing; the caption is still {caption!r}") from error
        return self.state()


class Frame(NamedTuple):
    """One page of a figure as the browser showed it, and where it was found."""

    figure: str
    start: int
    step: int
    state: State

    def __str__(self):
        return f"{self.figure}, start {self.start + 1}, frame {self.step}"


def figures(page) -> list[Figure]:
    """The stepped figures of an open page, in order."""
    return [Figure(page, i) for i in range(page.locator("em-figure").count())]


def walk(figure: Figure) -> list[list[Frame]]:
    """Every frame of a figure, start by start."""
    starts = figure.root.evaluate(WALK)
    return [
        [Frame(figure.name, start, step, State(*state)) for step, state in enumerate(states)]
        for start, states in enumerate(starts)
    ]


WALK = f"""root => {{
    const show = (start, step) => {{ root.go(start, step); return ({STATE})(root); }};
    const shown = root.book.pages.map((run, start) => run.map((_, step) => show(start, step)));
    root.go(0, root.book.at);
    return shown;
}}"""


def to(page, key: str):
    """All figures of a page to their first or last pages."""
    page.evaluate(
        """key => document.querySelectorAll("em-figure").forEach(
            figure => figure.go(figure.start, key === "Home" ? 0 : figure.last))""",
        key,
    )


SETTLED = """scheme => document.documentElement.dataset.theme === scheme
    && document.getAnimations().every(motion => motion.playState !== "running")"""


# Nothing moves, and course.js has repaired the names of what is on the page.
REPAIRED = """() => new Promise(done => {
    addEventListener("repaired", () => Promise.allSettled(document.getAnimations().map(m => m.finished)).then(done),
        {once: true});
    dispatchEvent(new Event("resize"));
})"""


def prepare(page, scheme="light", motion="reduce", size=DESK):
    """Bring an open page to a window, a color scheme and a motion preference, and its figures to their first frames."""
    page.evaluate("document.querySelectorAll('em-figure details').forEach(part => { part.open = false; })")
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion=motion)
    page.wait_for_function(SETTLED, arg=scheme)
    to(page, "Home")
    page.evaluate(REPAIRED)
