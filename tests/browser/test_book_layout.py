"""The built book on a phone and on a desk: nothing overlaps, nothing is cut off, everything can be read."""

import pytest
from book_helpers import DESK, PHONE, figures, prepare, to

pytest_plugins = ["book_fixtures"]

LEGIBLE = 8.5  # CSS pixels
LAYOUT = """root => {
    const box = node => { const r = node.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
    const named = (name, node) => ({name, box: box(node)});
    const svg = root.querySelector(".em-picture svg"), scale = svg.getScreenCTM().a;
    const texts = [...svg.querySelectorAll("text")].map(node => ({
        name: node.textContent.trim(), box: box(node),
        size: scale * Math.max(...[node, ...node.children].filter(n => n.textContent.trim())
            .map(n => parseFloat(n.style.fontSize || 0))),
    }));
    const blocks = [named("Play", root.querySelector(".widget-play")),
        ...[...root.querySelectorAll(".widget-slider")].map((node, i) => named(`slider ${i + 1}`, node)),
        ...["picture", "caption-row"].map(name => named(name, root.querySelector(".em-" + name)))];
    const words = node => { const range = document.createRange(); range.selectNodeContents(node); return range; };
    const controls = [...root.querySelectorAll("button, .widget-label, .widget-readout, .noUi-handle, .em-caption")]
        .map(node => named(node.getAttribute("aria-label") || node.className,
            node.matches(".widget-label, .widget-readout, .em-caption") ? words(node) : node));
    return {svg: box(svg), texts, blocks, controls, wide: document.documentElement.clientWidth};
}"""


@pytest.fixture(scope="module", params=[PHONE, DESK], ids=["phone", "desk"])
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


def test_controls_picture_and_caption_keep_apart_and_inside(layout):
    for what, seen in layout[2]:
        apart(seen["blocks"], what)
        apart(seen["controls"], what)
        for item in seen["blocks"] + seen["controls"]:
            left, _, right, _ = item["box"]
            assert left >= -0.5 and right <= seen["wide"] + 0.5, (
                f"{what}: {item['name']} reaches from {left} to {right}"
            )


def test_controls_picture_and_caption_stand_together(layout):
    for what, seen in layout[2]:
        *controls, picture, caption = seen["blocks"]
        for item in controls:
            tall = item["box"][3] - item["box"][1]
            assert tall <= 64, f"{what}: {item['name']} is {tall:.0f} px tall, expected 64 or less"
        bottom = max(item["box"][3] for item in controls)
        for above, below in (bottom, picture["box"][1]), (picture["box"][3], caption["box"][1]):
            assert below - above <= 24, f"{what}: {below - above:.0f} px of nothing around the picture"


def test_texts_of_a_picture_keep_apart_and_inside(layout):
    for what, seen in layout[2]:
        texts, (left, top, right, bottom) = [glyphs(text) for text in seen["texts"]], seen["svg"]
        apart(texts, what)
        for text in texts:
            a, b, c, d = text["box"]
            inside = a >= left - 0.5 and b >= top - 0.5 and c <= right + 0.5 and d <= bottom + 0.5
            assert inside, f"{what}: {text['name']!r} {text['box']} is cut off by the picture's edge {seen['svg']}"


def test_texts_of_a_picture_are_large_enough(layout):
    for what, seen in layout[2]:
        for text in seen["texts"]:  # a formula counts by its largest letters
            size = text["size"]
            assert size >= LEGIBLE, f"{what}: {text['name']!r} is {size:.2f} px high, expected {LEGIBLE} or more"


def test_overlap_sees_boxes_that_meet():
    assert overlap([0, 0, 10, 10], [9, 9, 20, 20])
    assert not overlap([0, 0, 10, 10], [10, 0, 20, 10]) and not overlap([0, 0, 10, 10], [0, 11, 10, 20])
