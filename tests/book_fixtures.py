"""Fixtures of the tests of the built book: one browser, one server, and every frame of every figure."""

from contextlib import contextmanager

import pytest
from book_helpers import DESK, HTML, PATIENCE, READY, TOOL, Watch, figures, needs_browser, pages, served, walk
from playwright.sync_api import sync_playwright


class Lazy(dict):
    """A dict that makes what is asked for, once."""

    def __init__(self, make):
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium. Where none can be had the tests fail: they are never skipped."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs_browser(), args=TOOL["FLAGS"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visit(chromium):
    """visit(name, way, size) opens a page of the book from disk or over http, and waits until its figures are there."""
    with (
        served(HTML) as address,
        chromium.new_context(reduced_motion="reduce", viewport=DESK) as disk,
        chromium.new_context(reduced_motion="reduce", viewport=DESK) as http,
    ):
        ways = {"disk": (disk, HTML.as_uri()), "http": (http, address)}
        for context, _ in ways.values():
            context.set_default_timeout(PATIENCE)

        @contextmanager
        def visit(name, way="disk", size=DESK):
            context, base = ways[way]
            with context.new_page() as page:
                page.name, page.watch = name, Watch(page, base)
                page.set_viewport_size(size)
                page.goto(f"{base}/{name}")
                page.wait_for_function(READY)
                yield page

        yield visit


@pytest.fixture(scope="session", params=pages())
def page(request, visit):
    """Each page of the book in turn, opened from disk once for all tests: a test prepares it as it wants it."""
    with visit(request.param) as page:
        yield page


@pytest.fixture(scope="session")
def frames(visit):
    """page -> figure -> start -> frame, each as the browser showed it."""

    def show(name):
        with visit(name) as page:
            return [walk(figure) for figure in figures(page)]

    return Lazy(show)
