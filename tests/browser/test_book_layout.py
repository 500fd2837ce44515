"""The built book on a phone and on a desk: nothing overlaps, nothing is cut off, everything can be read."""

from itertools import pairwise

import pytest
from book_helpers import DESK, PHONE, PROJECTOR, figures, prepare, to

pytest_plugins = ["book_fixtures"]

LEGIBLE = 12  # CSS pixels, on a phone too
TALL = 600  # of a figure on a desk: its picture, its controls and its words are seen together
LAYOUT = """root => {
    const box = node => { const r = node.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
    const named = (name, node) => ({name, box: box(node)});
    const panels = [...root.querySelectorAll(".em-picture > .em-panel > svg")].map(svg => {
        const scale = svg.getScreenCTM().a;
        const texts = [...svg.querySelectorAll("text")].filter(node => node.textContent.trim()).map(node => ({
            name: node.textContent.trim(), box: box(node), size: scale * parseFloat(node.style.fontSize),
            moving: Boolean(node.closest("[data-slot]")),
        }));
        return {svg: box(svg), texts};
    });
    const controls = [...root.querySelectorAll(".em-bar > *")]
        .map(node => named(node.textContent.trim().slice(0, 20), node));
    const blocks = [".em-title", ".em-picture", ".em-asked", ".em-bar", ".em-words"]
        .filter(name => root.querySelector(name)).map(name => named(name, root.querySelector(name)));
    const tall = root.getBoundingClientRect().height, wide = document.documentElement.clientWidth;
    return {panels, blocks, controls, wide, tall};
}"""


@pytest.fixture(scope="module", params=[PHONE, PROJECTOR, DESK], ids=["phone", "projector", "desk"])
def layout(request, page):
    """Name, pixels beyond the window, and where all parts of each figure are, at its first and its last frame."""
    size, seen = request.param, []
    prepare(page, size=size)
    for key in "Home", "End":
        to(page, key)
        for figure in figures(page):
            seen.append((f"{figure.name} at {size['width']} px, {key}", figure.root.evaluate(LAYOUT)))
    beyond = page.evaluate("document.documentElement.scrollWidth") - size["width"]
    return f"{page.name} at {size['width']} px", beyond, seen


def overlap(a, b, slack=0.5):
    """Whether two boxes (left, top, right, bottom) share more than slack pixels each way."""
    return min(a[2], b[2]) - max(a[0], b[0]) > slack and min(a[3], b[3]) - max(a[1], b[1]) > slack


def pairs(things):
    return [(a, b) for i, a in enumerate(things) for b in things[i + 1 :]]


def glyphs(text):
    """A text's box less the empty room above and below its letters."""
    a, b, c, d = text["box"]
    room = 0.15 * (d - b)
    return text | {"box": [a, b + room, c, d - room]}


def apart(things, what):
    for a, b in pairs(things):
        assert not overlap(a["box"], b["box"]), f"{what}: {a['name']!r} {a['box']} overlaps {b['name']!r} {b['box']}"


def test_a_page_does_not_scroll_sideways(layout):
    what, beyond, _ = layout
    assert beyond <= 0, f"{what} reaches {beyond} px beyond the window"


def test_title_picture_controls_and_words_keep_apart_and_inside(layout):
    for what, seen in layout[2]:
        apart(seen["blocks"], what)
        apart(seen["controls"], what)
        for item in seen["blocks"] + seen["controls"]:
            left, _, right, _ = item["box"]
            assert left >= -0.5 and right <= seen["wide"] + 0.5, f"{what}: {item['name']} from {left} to {right}"


def test_a_figure_is_seen_whole_on_a_desk_and_keeps_its_height(layout):
    heights = {}
    for what, seen in layout[2]:
        if seen["wide"] > 1000:
            assert seen["tall"] <= TALL, f"{what}: {seen['tall']:.0f} px tall, expected {TALL} or less"
        heights.setdefault(what.split(" at ")[0], set()).add(round(seen["tall"]))
    assert all(len(found) == 1 for found in heights.values()), heights


def test_panels_stand_side_by_side_where_there_is_room_and_below_each_other_on_a_phone(layout):
    for what, seen in layout[2]:
        wide = [panel["svg"] for panel in seen["panels"] if panel["svg"][2] - panel["svg"][0] > 250]
        for a, b in pairwise(wide):
            beside = abs(a[3] - b[3]) < 30
            assert beside == (seen["wide"] >= 900), f"{what}: panels at {a} and {b}"


def test_texts_of_a_picture_keep_inside_and_what_stands_still_keeps_apart(layout):
    for what, seen in layout[2]:
        for panel in seen["panels"]:
            texts, (left, top, right, bottom) = [glyphs(text) for text in panel["texts"]], panel["svg"]
            apart([text for text in texts if not text["moving"]], what)
            for text in texts:
                a, b, c, d = text["box"]
                inside = a >= left - 3 and b >= top - 3 and c <= right + 3 and d <= bottom + 3
                assert inside, f"{what}: {text['name']!r} {text['box']} is cut off by {panel['svg']}"


def test_texts_of_a_picture_are_large_enough(layout):
    for what, seen in layout[2]:
        for text in (text for panel in seen["panels"] for text in panel["texts"]):
            assert text["size"] >= LEGIBLE, f"{what}: {text['name']!r} is {text['size']:.2f} px high"


def test_overlap_sees_boxes_that_meet():
    assert overlap([0, 0, 10, 10], [9, 9, 20, 20])
    assert not overlap([0, 0, 10, 10], [10, 0, 20, 10]) and not overlap([0, 0, 10, 10], [0, 11, 10, 20])
