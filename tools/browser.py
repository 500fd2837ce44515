"""Find a Chromium for the browser tests, or install one; and a local server to serve it a folder."""

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
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


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # a page that is closed early hangs up
            super().handle_error(request, client_address)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a local server: its address."""
    server = _Server(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)  # seconds until it sees its end
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    print(chromium())
