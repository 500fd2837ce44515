"""A chapter in JupyterLite: what is downloaded, and the seconds to its first output and to its last.

Everything comes from a server on this machine, so the seconds are those of the browser, not of a network. Where
Pyodide's packages cannot be had, nothing is measured, and it says so.
"""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import lite, pyodide
from tools.browser import FLAGS, chromium, served

from .pages import ROOT

sys.path.insert(0, str(ROOT / "tests"))
import lite_browser

CHAPTER, SECONDS = "06_two_coins", 25  # the budget to the first output


def main():
    try:
        packages = pyodide.folder()
    except RuntimeError as error:
        return print(f"  NOT MEASURED: {error}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lite.build(Path(folder) / "lite", packages)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with served(folder) as base:
            page, sizes = browser.new_page(), {}
            page.context.on(
                "response", lambda r: sizes.setdefault(r.url.split("?")[0], int(r.headers.get("content-length", 0)))
            )
            began = time.perf_counter()
            page.goto(f"{base}/lite/notebooks/index.html?path=notebooks/{CHAPTER}.ipynb")
            lite_browser.start(page)
            first = time.perf_counter() - began
            lite_browser.finish(page)
            last = time.perf_counter() - began
        browser.close()
    biggest = sorted(sizes.items(), key=lambda item: -item[1])[:3]
    print(f"  {CHAPTER}: {sum(sizes.values()) / 1e6:.1f} MB in {len(sizes)} files, as sent")
    print("    the biggest:", ", ".join(f"{url.split('/')[-1]} {size / 1e6:.1f} MB" for url, size in biggest))
    print(f"    first output after {first:.1f} s (budget {SECONDS}), the last after {last:.1f} s", flush=True)
