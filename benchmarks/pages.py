"""The built book as a reader meets it: weight of a page, time to a figure that answers, time to the screen.

Printed beside each figure: its budget. A page is opened from a local server in a fresh browser context, with
nothing in its cache. The seconds to build the book are those of a copy of the tree.
"""

import gzip
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.browser import FLAGS, chromium, served

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
VISITS, MOVES = 7, 40
TIMED = {
    "book/home.html",
    "notebooks/05_deriving_em.html",
    "notebooks/12_when_em_goes_wrong.html",
}
KILOBYTES, TOGETHER, SECONDS, MILLISECONDS = 400, 1300, 0.3, 16  # the budgets
WIDGETS = "2,400 kB, and 0.9 s"  # the same with ipywidgets' html-manager, as this book had it; measured then

ANSWERS = """
    // Presses the first figure's button until its words change: when was the figure there, and when did it answer?
    const ask = () => {
        const words = document.querySelector("em-figure .em-now"), next = "[data-do=E], [data-do=next], [data-do=M]";
        if (words) {
            window.there ??= performance.now();
            window.first ??= words.textContent;
            for (const button of words.closest("em-figure").querySelectorAll(next)) button.click();
            if (words.textContent !== window.first) { window.answered = performance.now(); return; }
        }
        setTimeout(ask, 4);
    };
    ask();
"""
MARKS = """() => new MutationObserver(() => performance.mark("changed")).observe(
    document.querySelector("em-figure:has(input[type=range]) .em-picture"), {childList: true, subtree: true})"""


def visit(browser, address):
    """Open a page in a fresh context: the page, and the paths of what it fetched."""
    page, fetched = browser.new_context().new_page(), []
    page.on("requestfinished", lambda request: fetched.append(request.url.split("?")[0].split("#")[0]))
    page.add_init_script(ANSWERS)
    page.goto(address, wait_until="networkidle")
    return page, fetched


def weight(path):
    return len(gzip.compress(path.read_bytes()))


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def measure(browser, base, name):
    page, fetched = visit(browser, f"{base}/{name}")
    files = [HTML / url.removeprefix(base + "/") for url in dict.fromkeys(fetched) if url.startswith(base)]
    page.context.close()
    print(
        f"  {name}: {weight(HTML / name) / 1e3:.0f} kB of HTML gzipped (budget {KILOBYTES}); all {len(files)} files "
        f"{sum(map(weight, files)) / 1e3:.0f} kB gzipped (budget {TOGETHER})",
        flush=True,
    )
    if name in TIMED:
        answers = [answered(browser, f"{base}/{name}") for _ in range(VISITS)]
        print(
            f"    a figure answers {spread(answers)} s after it is there, {VISITS} visits (budget {SECONDS})",
            flush=True,
        )
        changed, shown = moves(browser, f"{base}/{name}")
        print(f"    a move is on the screen after {spread(shown, 1)} ms, {MOVES} moves (budget {MILLISECONDS});")
        print(f"    the picture has changed after {spread(changed, 1)} ms", flush=True)


def answered(browser, address):
    page, _ = visit(browser, address)
    seconds = page.wait_for_function("window.answered && window.answered - window.there").json_value() / 1e3
    page.context.close()
    return seconds


def moves(browser, address):
    """Real key presses on the first slider of a figure, at random moments, each after the last motion has ended.

    For each: milliseconds until the picture has changed, and until the frame with that change is on the screen. The
    second is Chromium's own Event Timing, from its trace: what a page can read of it is rounded to 8 ms.
    """
    page, _ = visit(browser, address)
    page.wait_for_function("window.answered")
    page.locator("em-figure input[type=range]").first.press("Home")
    page.wait_for_timeout(500)
    page.evaluate(MARKS)
    moment = random.Random(0)
    browser.start_tracing(page=page, categories=["devtools.timeline", "blink.user_timing"])
    for i in range(MOVES):
        page.keyboard.press("ArrowRight" if i % 16 < 8 else "ArrowLeft")
        page.wait_for_timeout(300 + 50 * moment.random())
    trace = json.loads(browser.stop_tracing())["traceEvents"]
    page.context.close()
    data = [(event["name"], event["args"]["data"]) for event in trace if event.get("args", {}).get("data")]
    marks = [mark["startTime"] for name, mark in data if name == "changed"]
    presses = [press for name, press in data if name == "EventTiming" and press.get("type") == "keydown"]
    assert len(presses) == MOVES, f"{len(presses)} of {MOVES} key presses in the trace"
    changed, shown = [], []
    for press in presses:
        mark = min(mark for mark in marks if mark > press["timeStamp"])
        assert mark < press["commitFinishTime"], "the first frame after a move does not show its change"
        changed.append(mark - press["timeStamp"])
        shown.append(press["duration"])
    return changed, shown


def clean_copy():
    """Seconds to build the book from nothing, in a copy that disturbs nobody."""
    with tempfile.TemporaryDirectory() as folder:
        tree, here = Path(folder) / "tree", Path(sys.executable).parent
        leave = shutil.ignore_patterns(".*", "_build", "node_modules", "__pycache__", "*.egg-info")
        shutil.copytree(ROOT, tree, ignore=leave)
        build = [here / "jupyter-book", "build", ".", "-W", "-n", "--keep-going", "--all"]
        start = time.perf_counter()
        failed = subprocess.run(build, cwd=tree, capture_output=True).returncode
        print(f"  a clean build: {time.perf_counter() - start:.1f} s{' (it failed)' if failed else ''}", flush=True)


def main():
    names = sorted(
        str(path.relative_to(HTML)) for part in ("book", "notebooks") for path in HTML.glob(f"{part}/*.html")
    )
    if not names:
        sys.exit(f"no built book in {HTML}: run `make book` first")
    with served(HTML) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        print(f"  all files of a chapter, and until a figure answers, with the widgets of before: {WIDGETS}")
        for name in names:
            measure(browser, base, name)
        browser.close()
    clean_copy()
