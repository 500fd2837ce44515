"""Find a Chromium for the browser tests, or install one."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Root cannot use the sandbox; the rest keeps the browser from traffic of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
SYSTEM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def _runs(path):
    return (
        bool(path)
        and Path(path).exists()
        and subprocess.run([path, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    )


def _system():
    return next((path for name in SYSTEM if _runs(path := shutil.which(name))), None)


def _playwrights():
    # In a process of its own: a test may have Playwright running already.
    ask = """from playwright.sync_api import sync_playwright
with sync_playwright() as p: print(p.chromium.executable_path)"""
    path = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True).stdout.strip()
    return path if _runs(path) else None


def _install(*command):
    print("browser:", *command, flush=True)
    return subprocess.run(command).returncode == 0


@functools.cache
def chromium():
    """The path of a Chromium that starts: the system's, Playwright's, else a newly installed one."""
    if path := _system() or _playwrights():
        return path
    if _install(sys.executable, "-m", "playwright", "install", "chromium") and (path := _playwrights()):
        return path
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        if _install("apt-get", "update"):
            _install("apt-get", "install", "-y", "--no-install-recommends", "chromium")
        if path := _system():
            return path
    raise RuntimeError(
        "No Chromium: none is installed, and neither `playwright install chromium` nor apt-get "
        "could install one. Install Chromium or Google Chrome and run the tests again."
    )


if __name__ == "__main__":
    print(chromium())
