"""Every figure of the book, page by page: what is composed is what matplotlib draws, and the drawings keep the laws."""

import re
from pathlib import Path

import pytest
from book_helpers import HTML
from drawn import NOTEBOOKS, figures_of
from figure_laws import LAWS, points

# What a law asks and a figure rightly does not do: (figure, law): why.
OTHERWISE = {
    ("ch01.boys", "what_is_drawn_at_theta_is_what_the_words_say"): "its right panel shows l below its own top",
    ("ch04.chord", "every_page_moves"): "5 and 5 is one number: no gap, and nothing to move",
    ("ch08.zigzag", "every_page_moves"): "that the steps shrink is the point",
    ("ch08.against_gradient", "every_page_moves"): "EM has arrived while the gradient still walks",
    ("ch10.hard_steps", "the_log_likelihood_never_falls_from_page_to_page"): "K-means climbs its bound; l may fall",
    ("ch10.unequal", "shares_fill_the_same_bars_on_every_page"): "each page has data of its own",
    ("ch04.one_set", "theta_stands_on_the_log_likelihood"): "its dot is a q, on the bound",
}

each_chapter = pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem, marks=pytest.mark.xdist_group(f"drawn {p.stem}")) for p in NOTEBOOKS]
)


def short(name: str) -> str:
    return name.removeprefix("figures.")


@each_chapter
def test_every_page_is_what_matplotlib_draws_of_its_frame(path):
    assert {drawn.name: drawn.differs[:3] for drawn in figures_of(path) if drawn.differs} == {}


@each_chapter
def test_the_figures_of_the_built_page_are_these(path):
    folder = "book" if path.suffix == ".md" else "notebooks"
    built = (HTML / folder / f"{path.stem}.html").read_text(encoding="utf-8")
    assert re.findall(r'<em-figure id="(\w+)"', built) == [drawn.figure.plan["id"] for drawn in figures_of(path)]


@each_chapter
def test_every_figure_keeps_every_law(path):
    found = {
        f"{short(drawn.name)}: {law.__name__}": complaints[:3]
        for drawn in figures_of(path)
        for law in LAWS
        if (short(drawn.name), law.__name__) not in OTHERWISE and (complaints := list(law(drawn.figure)))
    }
    assert found == {}


@each_chapter
def test_no_figure_opens_on_empty_axes(path):
    for drawn in figures_of(path):
        pages, at = drawn.figure.pages, drawn.figure.plan["at"]
        for p, svg in enumerate(pages.scenes):
            slots = [int(slot) for slot in re.findall(r'data-slot="(\d+)"', svg)]
            shown = [points(pages.parts[pages.pages[0][at][slot]]) for slot in slots]
            assert sum(drawn.stands[p]) or any(shown), f"{drawn.name} opens with panel {p} empty"


def test_every_reason_is_still_needed():
    for figure, law in OTHERWISE:
        path = next(p for p in NOTEBOOKS if p.stem.startswith(figure[2:4]))
        (drawn,) = [drawn for drawn in figures_of(path) if short(drawn.name) == figure]
        assert list(next(rule for rule in LAWS if rule.__name__ == law)(drawn.figure)), f"{figure} keeps {law} by now"


def test_the_notebooks_are_all_here():
    assert len(NOTEBOOKS) == 14 and all(isinstance(path, Path) and path.exists() for path in NOTEBOOKS)
