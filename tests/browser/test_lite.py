"""JupyterLite in the book: what it holds, and a chapter that runs in it, in Chromium, with the network cut off."""

import json
import re
from urllib.parse import unquote

import lite_browser
import nbformat
import pytest
from book_helpers import HTML, PATIENCE, ROOT, served

import emcore
from tools import lite, pyodide

pytest_plugins = ["book_fixtures"]

CHAPTER = "06_two_coins"
SITE = HTML / "lite"


def listing(name):
    return {entry["name"] for entry in json.loads((SITE / f"api/contents/{name}/all.json").read_text())["content"]}


def test_every_chapter_and_the_pages_they_link_to_are_there():
    assert {path.name for path in ROOT.glob("notebooks/*.ipynb")} == listing("notebooks") == listing("student")
    for edition, folder in {"notebooks": "notebooks", "student": "_build/student/notebooks"}.items():
        for name in listing(edition):
            held = json.loads((SITE / "files" / edition / name).read_text(encoding="utf-8"))
            assert held == nbformat.read(ROOT / folder / name, as_version=4)
    assert {path.name for path in ROOT.glob("book/*.md")} <= listing("book")


def test_every_package_comes_from_the_site_or_from_pyodides_own_network():
    lock = json.loads((SITE / "static/pyodide/pyodide-lock.json").read_text())
    network = lite.NETWORK.format(lock["info"]["version"])
    for name, entry in lock["packages"].items():
        path = SITE / "static/pyodide" / entry["file_name"]
        if path.exists():
            assert lite.checksum(path) == entry["sha256"], name
        else:
            assert entry["file_name"].startswith(network) and len(entry["sha256"]) == 64, name
    assert all((SITE / "static/pyodide" / lock["packages"][name]["file_name"]).exists() for name in lite.OURS)


def test_a_folder_that_is_not_this_pyodide_is_refused(tmp_path):
    wheels = {name: tmp_path / f"{name}-1-py3-none-any.whl" for name in lite.OURS}
    for wheel in wheels.values():
        wheel.touch()
    with pytest.raises(RuntimeError, match=r"has no .* which Pyodide"):
        lite.distribution(tmp_path / "empty", wheels, tmp_path)
    lock = json.loads((lite.RUNTIME / "pyodide-lock.json").read_text())
    for entry in lock["packages"].values():
        (tmp_path / entry["file_name"]).write_text("not it")
    with pytest.raises(RuntimeError, match="another sha256"):
        lite.distribution(tmp_path / "false", wheels, tmp_path)


@pytest.fixture(scope="module")
def packages():
    """Pyodide's packages on this machine."""
    try:
        return pyodide.folder()
    except RuntimeError as error:
        pytest.skip(f"NOT TESTED: that a chapter runs in JupyterLite. {error}")


@pytest.fixture(scope="module")
def offline(packages, tmp_path_factory):
    """The book with a JupyterLite that holds its own packages: its folder."""
    folder = tmp_path_factory.mktemp("book")
    for part in HTML.iterdir():
        if part.name != "lite":
            (folder / part.name).symlink_to(part)
    lite.build(folder / "lite", packages)
    return folder


@pytest.fixture
def opened(chromium):
    """opened(base, entry, network): the tab that an entry of the chapter's launch menu opens, and what it asked for."""
    contexts = []

    def opened(base, entry, network=None):
        context, outside = chromium.new_context(viewport={"width": 1280, "height": 1600}), []
        context.set_default_timeout(PATIENCE)
        contexts.append(context)

        def elsewhere(route):
            url = route.request.url
            if network and url.startswith("https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"):
                headers = {"Access-Control-Allow-Origin": "*"}
                return route.fulfill(path=network / unquote(url.split("/")[-1]), headers=headers)
            outside.append(url)
            route.abort()

        context.route(lambda url: not url.startswith((base, "data:", "blob:")), elsewhere)
        page = context.new_page()
        page.goto(f"{base}/notebooks/{CHAPTER}.html")
        page.locator(".dropdown-launch-buttons > button").click()
        with context.expect_page() as tab:
            page.locator(".dropdown-launch-buttons a", has_text=entry).click()
        return tab.value, outside

    yield opened
    for context in contexts:
        context.close()


def test_the_entry_with_solutions_opens_the_chapter_which_runs_to_its_end_without_a_network(offline, opened):
    cells = [c for c in nbformat.read(ROOT / "notebooks" / f"{CHAPTER}.ipynb", 4).cells if c.cell_type == "code"]
    with served(offline) as base:
        page, outside = opened(base, "With solutions")
        shown_as_printed(page, cells)
        lite_browser.start(page)
        outputs = lite_browser.finish(page)
        assert len(outputs) == len(cells)
        failed = [out for cell in outputs for out in cell if out["output_type"] == "error"]
        assert not failed, failed
        for cell, shown in zip(cells, outputs, strict=True):
            assert text(shown) == text(cell.outputs), cell.source
        answers(page)
        assert outside == []


def test_from_the_content_network_the_kernel_gets_its_packages_too(packages, opened):
    """The published site: what it asks the network for is answered here from the same files."""
    with served(HTML) as base:
        page, outside = opened(base, "JupyterLite", network=packages)
        lite_browser.start(page)
        assert page.evaluate("jupyterapp.shell.currentWidget.context.path") == f"student/{CHAPTER}.ipynb"
        names = page.evaluate("indexedDB.databases().then(found => found.map(one => one.name))")
        assert f"EM course {emcore.__version__}" in names  # the notebooks; what else it keeps are settings
        page.wait_for_function("() => document.querySelector('em-figure')", timeout=120_000)
        failed = [out for cell in page.evaluate(lite_browser.OUTPUTS) for out in cell if out["output_type"] == "error"]
        assert not failed and outside == []


def shown_as_printed(page, cells):
    """Before anything runs: what a reader sees of the stored outputs is what the cells printed, line by line."""
    printed = next(out.text for cell in cells for out in cell.outputs if out.get("text", "").count("\n") > 1)
    shown = page.locator(".jp-OutputArea-output", has_text=printed.splitlines()[0]).first
    assert shown.inner_text().splitlines() == printed.splitlines()


def text(outputs):
    """What a cell printed, less what matplotlib says of its fonts the first time."""
    shown = [out for out in outputs if out.get("name") != "stderr"]
    return "".join(out.get("text") or out.get("data", {}).get("text/plain", "") for out in shown)


def answers(page):
    page.evaluate("""() => {
        const {content} = jupyterapp.shell.currentWidget;  // it hides the cells that are out of sight
        const figure = [...content.model.cells].findIndex(cell => /figures[.]ch/.test(cell.sharedModel.getSource()));
        content.activeCellIndex = figure;
        return content.scrollToItem(figure, "start");
    }""")
    page.locator("em-figure").first.wait_for(state="visible")
    caption = page.locator("em-figure .em-now").first
    before = caption.text_content()
    box = page.locator(".widget-slider .noUi-handle").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    page.wait_for_function("before => document.querySelector('em-figure .em-now').textContent !== before", arg=before)
    assert re.search(r"\d", caption.text_content())
