"""Walks: paragraphs that follow a figure, each of which names one of its pages, and parts that this page draws."""

import re
import sys
from unittest import mock

import nbformat
import pytest
from drawn import NOTEBOOKS, needed, run

from emcore.figures import Stepper
from emcore.figures.pages import draw_pages

PARAGRAPH = re.compile(r'<b data-to="(\d+),(\d+)">[^<]+</b>')
WORDS = re.compile(r'<span data-mark="([\w\- ]+)">[^<]+</span>')


def walks(path):
    """Of each cell that walks: the code before it, and its paragraphs."""
    cells = nbformat.read(path, as_version=4).cells if path.suffix == ".ipynb" else []
    for i, cell in enumerate(cells):
        if "data-to" in cell.source or "data-mark" in cell.source:
            before = [cell.source for cell in cells[:i] if cell.cell_type == "code"]
            yield pytest.param(cells[i - 1], path, before, cell.source.split("\n\n"), id=f"{path.stem}, {cell.id}")


def pages(paragraphs):
    """The pages that the paragraphs name, as (start, step); None for a paragraph that names none."""
    return [found and tuple(map(int, found.groups())) for found in map(PARAGRAPH.match, paragraphs)]


def drawn(path, before, named):
    """The names of what the figure of the last cell draws on each of these pages, but for those it does not have."""
    found = {}

    def draw_these(axes, draw, series, *, salt):
        series = [list(run) for run in series]
        there = [(s, i) for s, i in named if s < len(series) and i < len(series[s])]
        drawing = draw_pages(axes, draw, [[series[s][i]] for s, i in there], salt=salt)
        stays = set(re.findall(r'data-name="([^"]+)"', "".join(drawing.scenes)))
        for page, (parts,) in zip(there, drawing.pages, strict=True):
            found[page] = stays | {name for name, part in zip(drawing.slots, parts, strict=True) if part}
        return drawing

    with mock.patch.object(sys.modules[Stepper.__module__], "draw_pages", draw_these):
        assert list(run(path, needed(before, last=1)))
    return found


def problems(paragraphs, found):
    """What is no walk that a page can show, and what it names that the figure does not have."""
    named = pages(paragraphs)
    count = len(named) - named.count(None)
    if not 3 <= count <= 6 or None in named[:count]:
        yield f"{count} paragraphs name a page; expected three to six, the first of their cell"
    for page, text in zip(named, paragraphs, strict=True):
        words = WORDS.findall(text)
        if text.count("data-") != (len(words) + 1 if page else 0):
            yield f"cannot be read: {text}"
        elif page and page not in found:
            yield f"there is no page {page}: {text}"
        elif page:
            yield from (f"{page} draws no {name}" for name in " ".join(words).split() if name not in found[page])


WALKS = [walk for path in NOTEBOOKS for walk in walks(path)]


@pytest.mark.parametrize(("cell", "path", "before", "paragraphs"), WALKS)
def test_a_walk_names_pages_and_parts_that_the_figure_before_it_has(cell, path, before, paragraphs):
    assert cell.cell_type == "code" and re.search(r"^figures\.", cell.source, re.M), "no figure stands before it"
    assert list(problems(paragraphs, drawn(path, before, [page for page in pages(paragraphs) if page]))) == []


def test_what_goes_stale_is_seen():
    walk = [
        '<b data-to="0,1">E</b> <span data-mark="a b">lifts</span> it',
        '<b data-to="0,2">M</b> moves',
        '<b data-to="1,0">E</b>',
    ]
    found = {(0, 1): {"a", "b"}, (0, 2): {"a"}, (1, 0): {"a"}}
    assert list(problems([*walk, "the end"], found)) == []
    for wrong in (
        walk[:2],
        ["before", *walk],
        [*walk[:2], "between", walk[2]],
        [*walk, 'the <span data-mark="a">end</span>'],
        [walk[0].replace("a b", "c"), *walk[1:]],
        [walk[0].replace("0,1", "0,3"), *walk[1:]],
        [walk[0].replace("span", "i"), *walk[1:]],
        [walk[0].replace("a b", "b").replace("0,1", "0,2"), *walk[1:]],
    ):
        assert len(list(problems(wrong, found))) >= 1, wrong


def test_the_chapters_that_walk():
    assert {walk.values[1].stem[:2] for walk in WALKS} >= {"05", "06", "07", "11"}
