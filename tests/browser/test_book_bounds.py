"""The log-likelihood and its lower bound as the browser draws them: read from the paths, measured by their ticks.

Lengths are in points of the SVG, in which the book rounds its paths to a hundredth.
"""

import re
from functools import partial

import numpy as np
import pytest
from book_helpers import State, pages
from book_moments import CHAPTER5, FIGURES, NUMBERS
from drawing import panels
from formulas import bound, loglik

pytest_plugins = ["book_fixtures"]

ROUNDED = 0.015  # a hundredth of a point, and what a tick mark's own rounding adds
FITTED = 0.02  # how well the heights of two curves are known where no vertex stands
SLOPE = 0.005
TOP = 0.15  # a flat top is not sharper than this


def in_sight(panel, curve):
    """Which vertices lie inside the axes: beyond, a curve is cut."""
    return (curve[:, 1] > panel.box[:, 1].min()) & (curve[:, 1] < panel.box[:, 1].max())


def curves_are_those_of_the_formulas(moment):
    panel = moment.drawn()
    x, y = moment.axes(panel)
    noise = abs(moment.noise / y.unit)
    functions = {"loglik": partial(loglik, moment.model)}
    if moment.kind != "init":
        functions["bound"] = partial(bound, moment.model, moment.q)
    for name, function in functions.items():
        curve = panel.curve(name)
        seen = in_sight(panel, curve)
        assert seen.sum() >= 20, f"{moment.frame}: {seen.sum()} vertices of {name} in sight, expected 20"
        for at, height in curve[seen]:
            around = [y.place(moment.height(function, x.read(at + off))) for off in (-ROUNDED, 0, ROUNDED)]
            assert min(around) - ROUNDED - noise <= height <= max(around) + ROUNDED + noise, (
                f"{moment.frame}: {name} at {x.read(at):.4f} is {y.read(height):.5g}, expected {y.read(around[1]):.5g}"
            )


def gap_drawn(moment):
    """Where F and l both have a vertex in sight, and how far F lies below l there, in points."""
    panel = moment.drawn()
    curves = [panel.curve(name) for name in ("loglik", "bound")]
    heights = [{round(x, 2): y for x, y in curve[in_sight(panel, curve)]} for curve in curves]
    places = sorted(heights[0].keys() & heights[1].keys())
    assert len(places) >= 20, f"{moment.frame}: {len(places)} vertices of l and F above one another, expected 20"
    return np.array(places), np.array([heights[1][x] - heights[0][x] for x in places])


def near(places, values, x, *, count=9, degree=3):
    """The value and the slope at x of a smooth curve through the nearest vertices."""
    nearest = np.argsort(abs(places - x))[:count]
    *_, slope, value = np.polyfit(places[nearest] - x, values[nearest], degree)
    return value, slope


def bound_touches_with_the_same_slope_after_an_e_step(moment):
    if moment.kind == "E":
        x, _ = moment.axes(moment.drawn())
        gap, slope = near(*gap_drawn(moment), x.place(0 if moment.line else moment.theta[0]))
        assert abs(gap) <= FITTED, f"{moment.frame}: the bound is {gap:.3f} below l where it should touch"
        assert abs(slope) <= SLOPE, f"{moment.frame}: slopes of F and l differ by {slope:.4f} where they touch"


def bound_is_never_above_loglik(moment):
    if moment.kind != "init":
        places, gap = gap_drawn(moment)
        worst = gap.argmin()
        assert gap[worst] >= -ROUNDED, f"{moment.frame}: F is {-gap[worst]:.3f} above l at x = {places[worst]:.2f}"


def m_step_lands_on_the_top_of_the_bound(moment):
    if moment.kind == "M":
        panel = moment.drawn()
        curve, (dot,) = panel.curve("bound"), panel.dots("theta")
        curve = curve[in_sight(panel, curve)]
        high = curve[curve[:, 1].argmin()]
        away = abs(curve[:, 0] - high[0])
        room = min(40, away[0], away[-1])  # a bound that ends near its top is steep there, and its top less well read
        hill = curve[away <= max(0.7 * room, np.sort(away)[8])]
        fit = np.polyfit((hill[:, 0] - dot[0]) / 40, hill[:, 1], 4)
        flat = np.roots(np.polyder(fit))
        off = 40 * min(flat[np.isreal(flat)].real, key=abs)
        assert abs(off) <= TOP * (40 / room) ** 2, (
            f"{moment.frame}: the top of the bound is {off:.2f} to the right of the dot"
        )


def dot_stands_in_sight_on_loglik_at_theta(moment):
    panel = moment.drawn()
    x, y = moment.axes(panel)
    curve, dots = panel.curve("loglik"), panel.dots("theta")
    assert len(dots) == 1, f"{moment.frame}: {len(dots)} dots"
    expected = (moment.kind == "M") if moment.line else moment.here[0]
    assert abs(dots[0, 0] - x.place(expected)) <= ROUNDED, (
        f"{moment.frame}: dot at {x.read(dots[0, 0])}, not {expected}"
    )
    assert in_sight(panel, dots).all(), f"{moment.frame}: the dot is out of sight, at height {y.read(dots[0, 1]):.4g}"
    level, _ = near(*curve[in_sight(panel, curve)].T, dots[0, 0])
    assert abs(level - dots[0, 1]) <= FITTED, f"{moment.frame}: the dot is {level - dots[0, 1]:.3f} above l"


def caption_numbers_are_those_of_the_formulas(moment):
    caption = moment.frame.state.caption.replace("−", "-")
    low, high = bound(moment.model, moment.q, moment.here), loglik(moment.model, moment.here)
    for word, expected in {"bound": low, "gap": high - low, "log-likelihood": high}.items():
        for text in re.findall(rf"\b{word} (-?\d+\.\d+)", caption, re.I):
            says(moment, word, text, expected)
    said = moment.model.said(moment.here) if hasattr(moment.model, "said") else moment.here
    for (many, one), expected in zip(NUMBERS.findall(caption), said, strict=True):
        for text, value in zip((many or one).split(", "), np.ravel(expected), strict=True):
            says(moment, "theta", text, value)


def says(moment, word, text, expected):
    half_a_digit = 0.5001 * 10.0 ** -len(text.partition(".")[2])
    assert abs(float(text) - expected) <= half_a_digit, f"{moment.frame}: {word} {text}, expected {expected:.6f}"


LAWS = [
    curves_are_those_of_the_formulas,
    bound_touches_with_the_same_slope_after_an_e_step,
    bound_is_never_above_loglik,
    m_step_lands_on_the_top_of_the_bound,
    dot_stands_in_sight_on_loglik_at_theta,
    caption_numbers_are_those_of_the_formulas,
]


@pytest.mark.parametrize("name", pages())
def test_every_figure_of_the_line_is_measured_here(frames, name):
    """The picture of `draw_line`, whose x axis goes from theta_t to theta_t+1."""
    drawn = {
        number
        for number, figure in enumerate(frames[name])
        if any(panel.labels("x") == ["θt", "θt+1"] for panel in panels(figure[0][0].state.picture))
    }
    measured = {number for (page, number), make in FIGURES.items() if page == name and make.keywords.get("line")}
    assert drawn == measured, "give every such figure its formula in FIGURES"


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure[0]}-{figure[1] + 1}")
def test_drawn(moments, figure, law):
    for moment in moments[figure]:
        law(moment)


def moved(moment, part, dx=0.0, dy=0.0):
    """The same frame with one part drawn elsewhere."""

    def shift(found):
        return f"{found[1]}{float(found[2]) + dx}{found[3]}{float(found[4]) + dy}"

    place = {"theta": r'(data-part="theta">.*? x=")([-\d.]+)(" y=")([-\d.]+)'}
    place = place.get(part, rf'(data-part="{part}"><path d="M )(\S+)( )(\S+)')
    head, mark, tail = moment.frame.state.picture.partition(f'-panel{moment.panel}"')
    picture = head + mark + re.sub(place, shift, tail, count=1, flags=re.S)
    assert picture != moment.frame.state.picture
    return moment._replace(frame=moment.frame._replace(state=State(moment.frame.state.caption, picture)))


PLANTED = {  # what is wrong with the drawing, in points -> the laws that must say so
    ("bound", "E", 0, -0.1): LAWS[:3],
    ("bound", "E", 0, 0.1): LAWS[:2],
    ("bound", "M", 0.5, 0): [LAWS[0], LAWS[3]],
    ("theta", "M", 0, 0.1): [LAWS[4]],
    ("theta", "E", 0.5, 0): [LAWS[4]],
}


@pytest.mark.parametrize("planted", PLANTED, ids=str)
@pytest.mark.parametrize("figure", [f for f in FIGURES if f != (CHAPTER5, 1)], ids=str)
def test_a_misplaced_line_or_dot_breaks_its_laws(moments, figure, planted):
    part, kind, dx, dy = planted
    moment = next(moment for moment in moments[figure] if moment.kind == kind)
    for law in PLANTED[planted]:
        law(moment)
        with pytest.raises(AssertionError):
            law(moved(moment, part, dx, dy))
