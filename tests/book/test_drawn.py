"""Every figure of the book, page by page: what is composed is what matplotlib draws, and the drawings keep the laws."""

import re
from pathlib import Path

import pytest
from book_helpers import HTML
from drawn import NOTEBOOKS, figures_of
from figure_laws import LAWS, points

from emcore import figures

# What a law asks and a figure rightly does not do: (figure, law): why.
OTHERWISE = {
    ("ch01.boys", "what_is_drawn_at_theta_is_what_the_words_say"): "its right panel shows l below its own top",
    ("ch04.chord", "every_page_moves"): "5 and 5 is one number: no gap, and nothing to move",
    ("ch08.zigzag", "every_page_moves"): "that the steps shrink is the point",
    ("ch08.against_gradient", "every_page_moves"): "EM has arrived while the gradient still walks",
    ("ch10.hard_steps", "the_log_likelihood_never_falls_from_page_to_page"): "K-means climbs its bound; l may fall",
    ("ch10.unequal", "shares_fill_the_same_bars_on_every_page"): "each page has data of its own",
    ("ch12.saddle", "every_page_moves"): "EM hardly moves near a saddle, for long: that is the point",
    ("ch12.collapse", "every_page_moves"): "a width creeps for long before it falls: that is the point",
    ("ch13.notices", "shares_fill_the_same_bars_on_every_page"): "its areas are fitted counts, not the data's bars",
    ("ch04.one_set", "theta_stands_on_the_log_likelihood"): "its dot is a q, on the bound",
}
# Every other figure can be grabbed in its picture.
NO_HANDLE = {
    "ch06.who_made_which": "its slider is a coin, which is not in the picture: the bars answer it",
    "ch11.trellis": "nodes light up one by one, and nothing moves",
    "ch12.collapse": "its pages are iterations, which are no direction of the picture: a bell changes its shape",
}


def short(name: str) -> str:
    return name.removeprefix("figures.")


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem, marks=pytest.mark.xdist_group(f"drawn-{p.stem}")) for p in NOTEBOOKS]
)
def test_every_figure_is_what_matplotlib_draws_and_keeps_every_law(path):
    """One run of the cells that figures need; each part of the test says what it found, by figure."""
    found, all_drawn = {}, figures_of(path)
    for drawn in all_drawn:
        name = short(drawn.name)
        found[name, "is what matplotlib draws"] = drawn.differs[:3]
        found[name, "opens on axes that are not empty"] = list(empty_axes(drawn))
        found[name, "can be grabbed, or says why not"] = list(grabbed(drawn, name))
        for law in LAWS:
            complaints = list(law(drawn.figure))
            if (name, law.__name__) in OTHERWISE:
                found[name, f"no longer breaks {law.__name__}"] = [] if complaints else [OTHERWISE[name, law.__name__]]
            else:
                found[name, law.__name__] = complaints[:3]
    assert {where: complaints for where, complaints in found.items() if complaints} == {}
    built = (HTML / path.parent.name / f"{path.stem}.html").read_text(encoding="utf-8")
    assert re.findall(r'<em-figure id="(\w+)"', built) == [drawn.figure.plan["id"] for drawn in all_drawn]


def grabbed(drawn, name):
    if bool(drawn.figure.plan["handles"]) == (name in NO_HANDLE):
        yield NO_HANDLE.get(name, "it has no handle")


def empty_axes(drawn):
    pages, at = drawn.figure.pages, drawn.figure.plan["at"]
    for p, svg in enumerate(pages.scenes):
        slots = [int(slot) for slot in re.findall(r'data-slot="(\d+)"', svg)]
        if not sum(drawn.stands[p]) and not any(points(pages.parts[pages.pages[0][at][slot]]) for slot in slots):
            yield f"panel {p} is empty"


def test_every_exception_names_a_law_and_a_figure():
    known = {law.__name__ for law in LAWS}
    for figure, law in [*OTHERWISE, *((figure, LAWS[0].__name__) for figure in NO_HANDLE)]:
        module, name = figure.split(".")
        assert law in known and hasattr(getattr(figures, module), name)


def test_the_notebooks_are_all_here():
    assert len(NOTEBOOKS) == 14 and all(isinstance(path, Path) and path.exists() for path in NOTEBOOKS)
