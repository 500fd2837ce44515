"""The live scene under a dragging hand: the time from frame to frame, with 300 points and four components.

A page with one scene is opened from disk; real mouse moves paint over its bars, then drag a curve's top. Measured are
the gaps between animation frames while the hand moves, and the work of one frame alone. The budgets: half of the
frames within 16.7 ms, and 95 of 100 within 33 ms.
"""

import gzip
import statistics
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from emcore import GMM1D, figures
from emcore.figures import page as pages
from emcore.figures.live import html
from tools.browser import FLAGS, chromium

N, K, MOVES = 300, 4, 240
HALF, MOST = 16.7, 33.0  # milliseconds

RECORD = """() => {
    const scene = document.querySelector("em-live"), draw = scene.tick.bind(scene);
    [window.gaps, window.work, window.last] = [[], [], 0];
    scene.tick = () => { const began = performance.now(); draw(); work.push(performance.now() - began); };
    const look = (now) => { if (last && scene.hand) gaps.push(now - last); last = now; requestAnimationFrame(look); };
    requestAnimationFrame(look);
}"""


def scene():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(mu, 5, N // K) for mu in (0, 20, 40, 60)])
    theta = GMM1D.Theta(np.full(K, 1 / K), np.array([62.0, 38, 22, 1]), np.full(K, 7.0))
    return figures.live(GMM1D(), x, theta, title="Four bells to drag", label="x")


def main():
    scripts = {"live scenes": pages.live_script(), "the other figures": pages.script()}
    size = {name: len(gzip.compress(text.encode())) for name, text in scripts.items()}
    print("  gzipped:", ", ".join(f"{name} {bytes / 1e3:.1f} kB" for name, bytes in size.items()), flush=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "scene.html"
        look = pages.stylesheet() + pages.live_stylesheet()
        head = f"<meta charset=utf-8><style>{look}</style><script>{pages.live_script()}</script>"
        path.write_text(f"<!doctype html>{head}{html(scene())}", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        page.evaluate(RECORD)
        box = page.locator(".em-data").bounding_box()
        for what, start in (("painting the bars", None), ("dragging a curve's top", "[data-grab=top]")):
            measure(page, what, box, start)
        browser.close()


def measure(page, what, box, start):
    page.evaluate("window.gaps.length = window.work.length = 0")
    if start:
        page.locator(start).first.hover()
    else:
        left = page.evaluate("document.querySelector('em-live').boxes.find(bar => bar.floor - bar.top > 5).left")
        page.mouse.move(box["x"] + left + 1, box["y"] + 224)
    page.mouse.down()
    for i in range(MOVES):
        share = i / MOVES
        page.mouse.move(box["x"] + 30 + share * (box["width"] - 60), box["y"] + 150 + 60 * np.sin(20 * share))
    page.mouse.up()
    gaps, work = page.evaluate("[window.gaps, window.work]")
    late = np.percentile(gaps, 95)
    print(
        f"  {what}: from frame to frame {statistics.median(gaps):.1f} ms, 95 of 100 within {late:.1f} ms "
        f"({len(gaps)} frames; budgets {HALF} and {MOST:.0f}); a frame's own work {statistics.median(work):.1f} ms",
        flush=True,
    )
