"""One setting names the public repository; every launch entry follows it, and leads to a file that is there.

Until it is set, nothing links or installs from anywhere: what a reader would need is said in words.
"""

import re
import shutil
import sys
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import yaml
from book_helpers import HTML, ROOT, pages
from bs4 import BeautifulSoup

from tools import book_extension, launch

pytest_plugins = ["book_fixtures"]

HERE = launch.setting()
SCHOOL = launch.Address("a.school", "em-2027", "v1.0-autumn")
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))
CHAPTERS = [page for page in pages() if page.startswith("notebooks/")]


@pytest.fixture
def tree(tmp_path):
    """A copy of the files that hold the address, as they are before one is given."""
    for name in ("notebooks", "emcore"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    for name in ("_config.yml", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    config = tmp_path / "_config.yml"
    config.write_text(
        re.sub(r"(?m)^  url: \S+", "  url: https://example.invalid/OWNER/NAME", config.read_text("utf8")), "utf8"
    )
    write(tmp_path)
    return tmp_path


def write(tree):
    for path, text in launch.wanted(tree).items():
        path.write_text(text, encoding="utf8")


def texts(tree):
    return {path: path.read_text(encoding="utf8") for path in [*launch.wanted(tree), tree / "_config.yml"]}


def test_every_file_says_what_the_setting_says():
    assert launch.stale() == [], "run `python -m tools.launch`"


def test_without_an_address_nothing_links_or_installs_and_the_readme_says_what_to_do(tree):
    assert launch.setting(tree) is None
    for path, text in texts(tree).items():
        assert "git+" not in text and "mybinder.org" not in text and "colab.research" not in text, path
    assert "make repository URL=" in launch.BLOCK.search((tree / "README.md").read_text("utf8"))[0]
    assert "urls =" not in (tree / "pyproject.toml").read_text("utf8")


def test_an_address_reaches_every_file(tree):
    before, placeholder = texts(tree), (tree / "_config.yml").read_text("utf8")
    launch.change(SCHOOL, tree)
    write(tree)
    assert launch.setting(tree) == SCHOOL and launch.stale(tree) == []
    assert all("a.school/em-2027" in text and "example.invalid" not in text for text in texts(tree).values())
    (tree / "_config.yml").write_text(placeholder, "utf8")
    write(tree)
    assert texts(tree) == before, "changed there and back, something else changed too"


@pytest.mark.parametrize("name", ["README.md", "pyproject.toml", f"notebooks/{NOTEBOOKS[0].name}"])
def test_a_file_that_disagrees_is_found(tree, name):
    launch.change(SCHOOL, tree)
    write(tree)
    (tree / name).write_text((tree / name).read_text("utf8").replace("a.school", "someone"), "utf8")
    assert launch.stale(tree) == [tree / name]


@pytest.mark.parametrize(
    "url, tag, said",
    [
        ("https://example.org/a/b", "v1", "OWNER/NAME"),
        ("github.com/a/b", "v1", "OWNER/NAME"),
        ("https://github.com/a", "v1", "OWNER/NAME"),
        ("https://github.com/a/b/tree/main", "v1", "OWNER/NAME"),
        ("https://github.com/a/b", "main", "a branch moves.*got 'main'"),
        ("https://github.com/a/b", "v1 2", "v1 2"),
    ],
)
def test_an_address_that_cannot_be_launched_is_refused(url, tag, said):
    with pytest.raises(ValueError, match=said):
        launch.Address.read(url, tag)


def test_an_address_may_end_as_git_or_a_browser_gives_it():
    for ending in ("", "/", ".git"):
        assert launch.Address.read(f"https://github.com/a/b.c{ending}", "v1") == ("a", "b.c", "v1")


def test_readers_install_the_release_that_this_is():
    branch = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["repository"]["branch"]
    assert branch.startswith(launch.release()), "say make repository URL=… after emcore's version has changed"


@pytest.mark.parametrize("address", [None, SCHOOL])
def test_the_first_cell_is_hidden_and_does_nothing_but_on_colab(address, capsys):
    cell = launch.first_cell(address, "01")
    assert cell.metadata.tags == ["remove-cell"]
    assert cell.metadata.cellView == "form" and cell.metadata.jupyter.source_hidden
    exec(cell.source, {})  # it knows no get_ipython: calling it would fail
    assert capsys.readouterr() == ("", "")


def test_on_colab_the_first_cell_installs_the_release(monkeypatch):
    said = []
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    shell = SimpleNamespace(run_line_magic=lambda *words: said.append(words))
    exec(launch.first_cell(SCHOOL, "01").source, {"get_ipython": lambda: shell})
    assert said == [("pip", f"install -q 'emcore[figures] @ git+{SCHOOL.url}@{SCHOOL.tag}'")]


def test_on_colab_the_first_cell_says_what_to_do_where_there_is_no_address(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    with pytest.raises(RuntimeError, match=r"names no public repository.*JupyterLite.*make repository URL="):
        exec(launch.first_cell(None, "01").source, {})


def menu(page):
    """name -> address of the launch entries of a built page."""
    soup = BeautifulSoup((HTML / page).read_text(encoding="utf8"), "html.parser")
    links = soup.select(".dropdown-launch-buttons a")
    return {link.get_text(strip=True): link["href"] for link in links}


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapters_launch_entries_open_that_chapter(page):
    source, found = page.replace(".html", ".ipynb"), menu(page)
    assert list(found) == ["JupyterLite", *(["Colab", "Binder"] if HERE else []), "With solutions"]
    for name, opened in {"JupyterLite": source.replace("notebooks/", "student/"), "With solutions": source}.items():
        lite = urlsplit(found[name])
        assert not lite.scheme and not lite.netloc and not lite.path.startswith("/"), "relative to the page"
        assert ((HTML / page).parent / lite.path).resolve() == HTML / "lite" / "notebooks" / "index.html"
        assert parse_qs(lite.query) == {"path": [opened]} and (HTML / "lite" / "files" / opened).exists()


def test_with_an_address_colab_and_binder_open_the_edition_without_solutions(monkeypatch):
    monkeypatch.setattr(launch, "setting", lambda: SCHOOL)
    source, context = "notebooks/06_two_coins.ipynb", {"header_buttons": [], "pathto": lambda path, _: f"../{path}"}
    env = SimpleNamespace(doc2path=lambda name, base: source)
    book_extension.add_launch_menu(SimpleNamespace(env=env), source[:-6], "page.html", context, None)
    (shown,) = context["header_buttons"]
    links = {button["text"]: button["url"] for button in shown["buttons"]}
    assert links["Colab"] == f"https://colab.research.google.com/github/a.school/em-2027/blob/student/{source}"
    assert links["Binder"] == f"https://mybinder.org/v2/gh/a.school/em-2027/student?urlpath=lab/tree/{source}"


@pytest.mark.parametrize("page", [page for page in pages() if page not in CHAPTERS])
def test_a_page_without_a_notebook_has_no_launch_entry(page):
    assert menu(page) == {}


def test_no_page_links_to_the_placeholder():
    assert [page for page in pages() if ".invalid" in (HTML / page).read_text(encoding="utf8")] == []


def test_what_the_readme_opens_is_in_the_editions():
    opened = re.findall(r"(?:blob/student/|lab/tree/|[?]path=)([\w./]+)", launch.links(SCHOOL))
    assert len(opened) == 4 and all((ROOT / path.replace("student/", "notebooks/")).exists() for path in opened)


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


def test_from_disk_an_entry_for_jupyterlite_says_what_it_needs(visit):
    with visit(CHAPTERS[0]) as page:
        said, open_pages = [], len(page.context.pages)
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
        for entry in "JupyterLite", "With solutions":
            page.locator(".dropdown-launch-buttons > button").click()
            page.locator(".dropdown-launch-buttons a", has_text=entry).click()
        assert len(said) == 2 and all("python -m http.server" in words for words in said)
        assert len(page.context.pages) == open_pages
