"""Walks: paragraphs that follow a figure, each of which names one of its pages, and parts that this page draws."""

import re

import nbformat
import pytest
from drawn import NOTEBOOKS, needed, run

PARAGRAPH = re.compile(r'<b data-to="(\d+),(\d+)">')
NAMES = re.compile(r'<span data-mark="([^"]*)">')


def walks(path):
    """Of each cell that walks, the code before it and its paragraphs."""
    cells = nbformat.read(path, as_version=4).cells if path.suffix == ".ipynb" else []
    for i, cell in enumerate(cells):
        if "data-to" in cell.source or "data-mark" in cell.source:
            assert cells[i - 1].cell_type == "code" and "\nfigures." in f"\n{cells[i - 1].source}", cell.source
            before = [cell.source for cell in cells[:i] if cell.cell_type == "code"]
            yield pytest.param(path, before, cell.source.split("\n\n"), id=f"{path.stem}, {cell.id}")


def problems(figure, paragraphs):
    """What a walk names that the figure does not have; and what is not a walk that a page can show."""
    named = [PARAGRAPH.match(text) for text in paragraphs]
    walk = [text for text, found in zip(paragraphs, named, strict=True) if found]
    if not 3 <= len(walk) <= 6 or paragraphs[: len(walk)] != walk or "data-" in "".join(paragraphs[len(walk) :]):
        yield f"{len(walk)} paragraphs that name a page, expected three to six, the first of their cell"
    starts = figure.pages.pages
    for text in walk:
        start, step = map(int, PARAGRAPH.match(text).groups())
        if start >= len(starts) or step >= len(starts[start]):
            yield f"no page {start},{step}: {text}"
            continue
        drawn = {name for name, part in zip(figure.pages.slots, starts[start][step], strict=True) if part}
        drawn |= set(re.findall(r'data-name="([^"]+)"', "".join(figure.pages.scenes)))
        names = [name for names in NAMES.findall(text) for name in names.split()]
        yield from (f"page {start},{step} draws no {name}, only {sorted(drawn)}" for name in names if name not in drawn)
        if text.count("data-") != 1 + len(NAMES.findall(text)):
            yield f"not as it is read: {text}"


WALKS = [walk for path in NOTEBOOKS for walk in walks(path)]


@pytest.mark.parametrize(("path", "before", "paragraphs"), WALKS)
def test_a_walk_names_pages_and_parts_that_its_figure_has(path, before, paragraphs):
    *_, (_, figure) = run(path, needed(before, last=1))
    assert list(problems(figure, paragraphs)) == []


def test_the_chapters_that_walk():
    assert {walk.values[0].stem[:2] for walk in WALKS} >= {"05"}
