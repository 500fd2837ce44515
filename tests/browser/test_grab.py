"""What can be grabbed: marks in the pictures by mouse, finger and keyboard, and predictions."""

import re

import numpy as np
import pytest
from book_helpers import DESK, HTML, PHONE, READY, figures, prepare, some_pages

from emcore import Coins, data
from emcore.core import fit
from emcore.figures import number
from emcore.numerics import log_normal

pytest_plugins = ["book_fixtures"]

COINS, MAP, ZIGZAG, BOYS = (
    f"notebooks/{name}.html"
    for name in ("06_two_coins", "02_single_gaussian", "08_coordinate_ascent", "01_maximum_likelihood")
)
PLACE = """(root, [number, start, step]) => {  // where a handle stands on a page, in the window
    const {panel, at} = root.book.handles[number], node = root.querySelector(`.em-picture > [data-panel="${panel}"]`);
    const box = node.getBoundingClientRect(), [x, y] = at[start][step];
    return [box.left + x / 100 * box.width, box.top + y / 100 * box.height];
}"""


def figure_named(page, title):
    return next(f for f in figures(page) if title in f.root.locator(".em-title").text_content())


def place(figure, number, start, step):
    return figure.root.evaluate(PLACE, [number, start, step])


def pull(page, figure, number, start, step):
    """Take a handle with the mouse and pull it to where it stands on another page; the caption then."""
    ring = figure.root.locator(".em-grab:not(.em-mark)").nth(number)
    ring.scroll_into_view_if_needed()
    page.mouse.move(*place(figure, number, *figure.root.evaluate("root => [root.start, root.step]")))
    page.mouse.down()
    page.mouse.move(*place(figure, number, start, step), steps=6)
    page.mouse.up()
    return figure.state().caption


def stop(figure, name):
    return figure.root.evaluate("(root, name) => root.book.stops.indexOf(name)", name)


def coins_from(*start):
    """What the caption says of EM from this start, computed anew."""
    last = fit(Coins(10), data.coins(), (np.array(start),), tol=1e-9, max_iter=300)[-1]
    return "({}, {})".format(*(number(p, 3) for p in last.theta.p)), number(last.loglik)


def test_by_mouse_a_start_is_dragged_over_the_map_and_the_words_say_where_em_ends(visit):
    with visit(COINS) as page:
        figure = figure_named(page, "which twin")
        for start in ((0.8, 0.3), (0.25, 0.75), (0.4, 0.4)):
            caption = pull(page, figure, 0, 0, stop(figure, "{:g}, {:g}".format(*start)))
            end, height = coins_from(*start)
            assert f"From ({start[0]:.2f}, {start[1]:.2f})" in caption and end in caption and height in caption
        page.mouse.move(0, 0)
        assert figure.state().caption == caption, "it was let go, and follows all the same"


def test_a_press_on_the_map_moves_the_start_to_the_nearest_place(visit):
    with visit(COINS) as page:
        figure = figure_named(page, "which twin")
        figure.root.locator(".em-grab").scroll_into_view_if_needed()
        page.mouse.click(*place(figure, 0, 0, stop(figure, "0.8, 0.3")))
        assert "From (0.80, 0.30)" in figure.state().caption
        assert figure.root.locator(".em-grab").get_attribute("title") == "drag: another start"


def test_by_finger_a_start_is_dragged_and_the_page_does_not_scroll(chromium):
    with chromium.new_context(has_touch=True, is_mobile=True, viewport=PHONE) as context, context.new_page() as page:
        page.goto(f"{HTML.as_uri()}/{COINS}")
        page.wait_for_function(READY)
        page.name = COINS
        figure = figure_named(page, "which twin")
        figure.root.locator(".em-grab").scroll_into_view_if_needed()
        touch, scrolled = context.new_cdp_session(page), page.evaluate("scrollY")
        there = stop(figure, "0.7, 0.4")
        (x, y), (to_x, to_y) = (
            place(figure, 0, 0, figure.root.evaluate("root => root.step")),
            place(figure, 0, 0, there),
        )
        send = lambda kind, *at: touch.send(  # noqa: E731
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}] if at else []}
        )
        send("touchStart", x, y)
        for share in (0.2, 0.5, 0.8, 1):
            send("touchMove", x + share * (to_x - x), y + share * (to_y - y))
        send("touchEnd")
        end, height = coins_from(0.7, 0.4)
        caption = figure.state().caption
        assert "From (0.70, 0.40)" in caption and end in caption and height in caption
        assert page.evaluate("scrollY") == scrolled
        free = page.evaluate("""() => {
            const beside = "em-figure :is(.em-panel, svg, .em-over:not(.em-canvas))";
            return [...document.querySelectorAll(beside)].every(node => getComputedStyle(node).touchAction === "auto");
        }""")
        assert free, "a finger beside the handles must be free to scroll"


def test_by_keyboard_a_place_is_walked_to_and_its_words_are_those_of_the_model(visit):
    heights = data.heights().height
    with visit(MAP) as page:
        figure = figure_named(page, "One top")
        ring = figure.root.locator(".em-grab:not(.em-mark)")
        for keys in (["ArrowRight"] * 3, ["ArrowUp"] * 2, ["ArrowLeft"]):
            for key in keys:
                before = figure.state().caption
                ring.press(key)
                assert figure.state().caption != before, key
        mu, sigma, loglik = figure.root.locator("dd").all_text_contents()[:3]
        at = figure.root.evaluate("root => root.book.stops[root.step]")
        found = np.sum(log_normal(heights, float(mu), float(sigma)))
        assert at == f"{float(mu):.2f}, {float(sigma):.2f}"
        assert abs(float(loglik.replace("−", "-")) - found) < 0.02
        assert figure.root.locator(".em-now p").text_content() == ring.get_attribute("aria-valuetext")


def test_a_drag_along_a_path_shows_its_pages_and_the_opening_page_leads_to_other_starts(visit):
    with visit(COINS) as page:
        figure = figure_named(page, "path of its own")
        assert "M-step 3" in pull(page, figure, 0, 0, 6)
        figure.root.evaluate("root => root.go(0, 0)")
        pull(page, figure, 0, 3, 0)
        assert figure.root.evaluate("root => [root.start, root.step]") == [3, 0]
        assert figure.root.locator("input[data-do=start]").nth(3).is_checked()


REVEALED = re.compile(r"You said \(?(.*?)\)?, it is \(?(.*?)\)?: ")


@pytest.mark.parametrize(
    "name, title, truth",
    [(ZIGZAG, "E walks", "0.20"), (BOYS, "same top", "0.90"), (COINS, "path of its own", "0.71, 0.58")],
    ids=["height", "across", "point"],
)
def test_a_prediction_is_marked_and_reveal_says_the_true_number(visit, name, title, truth):
    with visit(name) as page:
        figure = figure_named(page, title)
        mark, asked = figure.root.locator(".em-mark"), figure.root.locator(".em-asked p")
        question = asked.text_content()
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        page.mouse.move(box["x"] + 16, box["y"] + 16)
        page.mouse.down()
        page.mouse.move(box["x"] - 14, box["y"] - 24, steps=4)
        page.mouse.up()
        mark.press("ArrowUp")
        said = mark.get_attribute("aria-valuetext")
        figure.button("reveal").click()
        found = REVEALED.match(asked.text_content())
        assert found and found[1] == said.strip("()") and found[2] == truth
        assert figure.root.evaluate("root => [root.start, root.step]") == figure.root.evaluate(
            "root => root.book.predict.page"
        )
        figure.button("reveal").click()
        assert asked.text_content() == question and mark.is_visible()


def test_a_curve_is_painted_and_its_farthest_knot_is_told(visit):
    with visit("notebooks/04_lower_bound.html") as page:
        figure = figure_named(page, "No q lifts")
        canvas = figure.root.locator(".em-canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        page.mouse.move(box["x"] + 2, box["y"] + 0.5 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 0.5 * box["height"], steps=5)
        page.mouse.up()
        figure.button("reveal").click()
        truth = figure.root.evaluate("root => root.book.predict.truth")
        low, high = -9.2, -5.2
        x, y = max(truth, key=lambda knot: abs(knot[1] - (low + high) / 2))
        text = figure.root.locator(".em-asked p").text_content()
        assert text.startswith(f"Farthest off at {x:.2f}: you said −7.20, it is {number(y, 2)}: ")


@some_pages
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_handle_is_on_its_picture_and_large_enough(page, size):
    prepare(page, size=size)
    for figure in figures(page):
        found = figure.root.evaluate("""root => [...root.querySelectorAll(".em-grab:not([hidden])")].map(node => {
            const box = node.getBoundingClientRect(), panel = node.closest(".em-panel").getBoundingClientRect();
            const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
            const inside = x >= panel.left - 1 && x <= panel.right + 1 && y >= panel.top - 1 && y <= panel.bottom + 1;
            return [box.width, box.height, inside];
        })""")
        for width, height, inside in found:
            assert min(width, height) >= 24 and inside, f"{figure.name}: {width} x {height}, inside: {inside}"
