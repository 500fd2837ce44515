"""One setting names the public repository; every launch entry follows it, and leads to a file that is there."""

import re
import shutil
import sys
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from book_helpers import HTML, ROOT, pages
from bs4 import BeautifulSoup

from tools import launch

pytest_plugins = ["book_fixtures"]

HERE = launch.setting()
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))


@pytest.fixture
def tree(tmp_path):
    """A copy of the files that hold the address."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for name in ("_config.yml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def texts(tree):
    return {path.name: path.read_text(encoding="utf8") for path in tree.rglob("*.*") if path.is_file()}


def test_every_file_says_what_the_setting_says():
    assert launch.stale() == [], "run `python tools/launch.py`"


@pytest.mark.parametrize("name", ["README.md", f"notebooks/{NOTEBOOKS[0].name}"])
def test_a_file_that_disagrees_is_found(tree, name):
    path = tree / name
    path.write_text(path.read_text(encoding="utf8").replace(f"{HERE.owner}/{HERE.name}", "someone/else"), "utf8")
    assert launch.stale(tree) == [path]


def test_another_address_reaches_every_file(tree):
    before = texts(tree)
    launch.change(launch.Address.read("https://github.com/a.school/em-2027", "autumn"), tree)
    for path, text in launch.wanted(tree).items():
        path.write_text(text, encoding="utf8")
    after = texts(tree)
    assert launch.setting(tree) == ("a.school", "em-2027", "autumn") and launch.stale(tree) == []
    assert all("a.school/em-2027" in text for text in after.values())
    assert not [name for name, text in after.items() if f"{HERE.owner}/{HERE.name}" in text]
    launch.change(HERE, tree)
    for path, text in launch.wanted(tree).items():
        path.write_text(text, encoding="utf8")
    assert texts(tree) == before, "changed there and back, something else changed too"


@pytest.mark.parametrize(
    "url, branch, said",
    [
        ("https://example.org/a/b", "main", "OWNER/NAME"),
        ("github.com/a/b", "main", "OWNER/NAME"),
        ("https://github.com/a", "main", "OWNER/NAME"),
        ("https://github.com/a/b/tree/main", "main", "OWNER/NAME"),
        ("https://github.com/a/b", "my branch", "my branch"),
    ],
)
def test_an_address_that_cannot_be_launched_is_refused(url, branch, said):
    with pytest.raises(ValueError, match=said):
        launch.Address.read(url, branch)


def test_an_address_may_end_as_git_or_a_browser_gives_it():
    expected = ("a", "b.c", "main")
    for ending in ("", "/", ".git"):
        assert launch.Address.read(f"https://github.com/a/b.c{ending}", "main") == expected


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def first_cell(request):
    return nbformat.read(request.param, as_version=4).cells[0]


def test_the_first_cell_is_hidden_wherever_it_is_read(first_cell):
    assert first_cell.metadata.tags == ["remove-cell"]
    assert first_cell.metadata.cellView == "form" and first_cell.metadata.jupyter.source_hidden


def test_the_first_cell_does_nothing_but_on_colab(first_cell, capsys):
    assert first_cell.outputs == []
    exec(first_cell.source, {})  # it knows no get_ipython: calling it would fail
    assert capsys.readouterr() == ("", "")


def test_the_first_cell_installs_emcore_on_colab(first_cell, monkeypatch):
    said = []
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    exec(first_cell.source, {"get_ipython": lambda: SimpleNamespace(run_line_magic=lambda *words: said.append(words))})
    assert said == [("pip", f"install -q git+{HERE.url}@{HERE.branch}")]


def menu(page):
    """name -> address of the launch entries of a built page."""
    soup = BeautifulSoup((HTML / page).read_text(encoding="utf8"), "html.parser")
    links = soup.select(".dropdown-launch-buttons a")
    return {link.get_text(strip=True): link["href"] for link in links}


@pytest.mark.parametrize("page", [page for page in pages() if page.startswith("notebooks/")])
def test_a_chapters_launch_entries_open_that_chapter(page):
    source = page.replace(".html", ".ipynb")
    assert (ROOT / source).exists()
    found = menu(page)
    assert found.pop("Binder") == HERE.binder(source)
    assert found.pop("Colab") == HERE.colab(source)
    lite = urlsplit(found.pop("JupyterLite"))
    assert not lite.scheme and not lite.netloc and not lite.path.startswith("/"), "relative to the page"
    assert ((HTML / page).parent / lite.path).resolve() == HTML / "lite" / "notebooks" / "index.html"
    assert parse_qs(lite.query) == {"path": [source]}
    assert found == {}


@pytest.mark.parametrize("page", [page for page in pages() if not page.startswith("notebooks/")])
def test_a_page_without_a_notebook_has_no_launch_entry(page):
    assert menu(page) == {}


def test_what_the_launch_entries_name_is_in_the_repository():
    for path in re.findall(r"(?:blob/main|lab/tree)/([\w./]+)", (ROOT / "README.md").read_text(encoding="utf8")):
        assert (ROOT / path).exists(), path
    assert HERE.binder("x").startswith(
        f"https://mybinder.org/v2/gh/{HERE.owner}/{HERE.name}/{HERE.branch}?urlpath=lab/"
    )


def test_binder_gets_what_the_notebooks_import():
    """Binder installs requirements.txt alone; what the tests need besides is in requirements-dev.txt."""
    cells = [cell.source for path in NOTEBOOKS for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    found = {name for cell in cells for name in re.findall(r"^(?:from|import) (\w+)", cell, flags=re.M)}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf8").splitlines()
    installed = {line.split("==")[0] for line in lines if "==" in line} | {"emcore"}
    assert "-e ." in lines and "jupyterlab" in installed
    assert found - sys.stdlib_module_names <= installed


def test_binder_gets_the_python_that_the_book_is_tested_on():
    runtime = (ROOT / "runtime.txt").read_text().strip().removeprefix("python-")
    assert f'python-version: "{runtime}"' in (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert f'requires-python = ">={runtime}"' in (ROOT / "pyproject.toml").read_text()


def test_from_disk_the_jupyterlite_entry_says_what_it_needs(visit):
    with visit(f"notebooks/{NOTEBOOKS[0].stem}.html") as page:
        said, open_pages = [], len(page.context.pages)
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
        page.locator(".dropdown-launch-buttons > button").click()
        page.locator(".dropdown-launch-buttons a", has_text="JupyterLite").click()
        assert len(said) == 1 and "python -m http.server" in said[0] and len(page.context.pages) == open_pages
