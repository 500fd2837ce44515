"""Between frames: parts move where motion is welcome, soon stand exactly where they belong, and never elsewhere."""

import math
import re
from itertools import pairwise

import pytest
from book_helpers import figures, prepare, some_pages
from book_moments import FIGURES

pytest_plugins = ["book_fixtures"]

RECORD = """([root, keys, slider]) => new Promise(done => {
    const svg = root.querySelector(".em-picture svg"), handle = root.querySelectorAll(".noUi-handle")[slider];
    const show = () => new XMLSerializer().serializeToString(svg);
    const seen = [];
    let quiet = 0;
    const look = () => {
        const picture = show();
        if (seen.at(-1) === picture) quiet += 1;
        else { seen.push(picture); quiet = 0; }
        if (quiet < 4) requestAnimationFrame(look); else done(seen);
    };
    for (const key of keys) handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    requestAnimationFrame(look);
})"""


def record(figure, *keys, slider=0):
    """Press keys at once; every picture that followed until all was quiet for some frames."""
    return figure.page.evaluate(RECORD, [figure.root.element_handle(), keys, slider])


@some_pages
def test_parts_move_and_soon_rest_exactly_where_the_frame_has_them(page, frames):
    prepare(page, motion="no-preference")
    for figure, shown in zip(figures(page), frames[page.name], strict=True):
        last, most = len(shown[0]) - 1, 0
        for keys, step in (["ArrowRight"], 1), (["ArrowRight"] * 4, 5), (["End"], last):
            seen, what = record(figure, *keys), f"{figure.name}, keys {keys}"
            most = max(most, len(seen))
            assert seen[-1] == shown[0][step].state.picture, f"{what}: comes to rest elsewhere than frame {step}"
        if 'data-part="theta"' in shown[0][0].state.picture:
            assert most > 3, f"{figure.name}: {most} pictures from one frame to another; the dot jumps"
        if len(shown) > 1:
            seen = record(figure, "ArrowRight", slider=1)
            assert seen[-1] == shown[1][last].state.picture, f"{figure.name}: start 2 rests elsewhere"


@some_pages
def test_the_smallest_move_of_a_figure_begins_with_the_next_frame(page, frames):
    prepare(page)
    smallest = []
    for figure, shown in zip(figures(page), frames[page.name], strict=True):
        pictures = [frame.state.picture for frame in shown[0]]
        step = min(range(len(pictures) - 1), key=lambda i: distance(*pictures[i : i + 2]))
        record(figure, *["ArrowRight"] * step)
        smallest.append((figure, step, pictures[step]))
    page.emulate_media(reduced_motion="no-preference")
    for figure, step, picture in smallest:
        first = record(figure, "ArrowRight")[0]
        what = f"{figure.name}, from frame {step}: the first frame after the move shows no change"
        assert numbers(first) != numbers(picture), what


def distance(before, after):
    """How far the numbers of a picture move; infinite where it is not the same drawing."""
    if before == after or len(a := numbers(before)) != len(b := numbers(after)):
        return math.inf
    return sum(abs(y - x) for x, y in zip(a, b, strict=True))


def numbers(picture):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", picture)]


@some_pages
def test_reduced_motion_shows_the_frame_at_once(page, frames):
    prepare(page, motion="reduce")
    for figure, shown in zip(figures(page), frames[page.name], strict=True):
        for key, step in ("ArrowRight", 1), ("End", len(shown[0]) - 1):
            seen = record(figure, key)
            at_once = seen == [shown[0][step].state.picture]
            assert at_once, f"{figure.name}, {key}: {len(seen)} pictures, expected frame {step} at once"


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_a_curve_keeps_its_number_of_points_so_that_it_can_move(moments, figure):
    for before, after in pairwise(moments[figure]):
        for part in "bound", "loglik":
            curves = [moment.drawn().curve(part) for moment in (before, after)]
            if before.frame.start == after.frame.start and all(curve is not None for curve in curves):
                a, b = map(len, curves)
                assert a == b, f"{after.frame}: {part} jumps from {a} points to {b} instead of moving"
