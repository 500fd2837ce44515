"""The pages with prose and code: notebooks and the book's pages that run, as lists of cells, and their execution."""

import contextlib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tools.claims.text import numbers

ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [*NOTEBOOKS, ROOT / "book" / "errata.md", ROOT / "book" / "home.md"]
CODE = re.compile(r"^```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```$", flags=re.M | re.S)


@dataclass
class Cell:
    id: str
    kind: str  # "markdown" or "code"
    source: str
    printed: str = ""


def find(name):
    """The path of the page whose name starts so."""
    path = next((path for path in PAGES if path.stem.startswith(name)), None)
    if path is None:
        raise SystemExit(f"no page {name!r}: say one of {', '.join(path.stem for path in PAGES)}")
    return path


def cells(path):
    return _notebook(path) if path.suffix == ".ipynb" else _book_page(path)


def _notebook(path):
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        outputs = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.get("outputs", [])]
        found.append(Cell(cell.id, cell.cell_type, cell.source, "\n".join(outputs)))
    return found


def _book_page(path):
    """One Markdown cell a section, named by its heading; its code cells are NAME-1, NAME-2, …"""
    text = re.sub(r"\A---.*?^---$", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
    found = []
    for section in re.split(r"^(?=##?#? )", text, flags=re.M)[1:]:
        name = "-".join(re.findall(r"[a-z0-9]+", section.splitlines()[0].lower())[:6])
        found.append(Cell(name, "markdown", CODE.sub("", section)))
        found += [Cell(f"{name}-{i}", "code", source) for i, source in enumerate(CODE.findall(section), start=1)]
    return found


def claimed(cells):
    """{id: numbers} of the Markdown cells that have any, up to the sources."""
    found = {}
    for cell in cells:
        if cell.kind == "markdown":
            body, *sources = re.split(r"^## Sources", cell.source, flags=re.M)
            if said := numbers(body):
                found[cell.id] = said
            if sources:
                break
    return found


def run(path, cells, after=lambda cell, namespace: None):
    """The namespace after all code cells ran here, in order; `after` is called after each."""
    import matplotlib

    matplotlib.use("agg")
    namespace, here = {"__name__": "__main__"}, os.getcwd()
    os.chdir(path.parent)
    try:
        for cell in cells:
            if cell.kind == "code":
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    exec(compile(cell.source, cell.id, "exec"), namespace)
                cell.printed = cell.printed or out.getvalue()
                after(cell, namespace)
    finally:
        os.chdir(here)
    return namespace
