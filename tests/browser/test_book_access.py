"""The built book for every reader: in the dark, by screen reader, by eyes that want contrast."""

import re

import pytest
from book_helpers import EXAMPLES, PHONE, REPAIRED, ROOT, figures, prepare, some_pages, to

from emcore.figures import PALETTE

pytest_plugins = ["book_fixtures"]

UNFOLD = """() => {
    document.querySelectorAll("details").forEach(part => { part.open = true; });
    document.querySelector("#pst-back-to-top")?.style.setProperty("display", "block");
}"""
COLOR_RULES = ["color-contrast", "link-in-text-block"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ROLES = {"loglik": "loglik", "bound": "bound", "component1": "component1", "component2": "component2", "theta": "ink"}
COLORS = """root => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgb = color => { canvas.fillStyle = color; return canvas.fillStyle; };
    let back = root;
    while (back && /, 0\\)$|transparent/.test(getComputedStyle(back).backgroundColor)) back = back.parentElement;
    const drawn = [...root.querySelectorAll(".em-panel > svg :is(path, use, text, tspan)")].flatMap(node => {
        const style = getComputedStyle(node), text = /text|tspan/.test(node.tagName);
        const part = node.closest("[data-name]")?.dataset.name;
        return (text ? ["fill"] : ["fill", "stroke"])
            .filter(kind => style[kind].startsWith("rgb") || style[kind].startsWith("color"))
            .filter(kind => text || kind === "stroke" || node.getAttribute("style")?.includes("fill"))
            .map(kind => ({part, text, kind, color: rgb(style[kind]), what: node.textContent.trim()}));
    });
    const words = [...root.querySelectorAll(".em-now, .em-title, output, legend, .em-slider span")]
        .map(node => ({text: true, color: rgb(getComputedStyle(node).color), what: node.textContent.trim()}));
    return {page: rgb(getComputedStyle(back || document.body).backgroundColor), drawn, words};
}"""


def contrast(*colors):
    """WCAG 2's ratio of two colors #rrggbb."""
    parts = [[int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)] for color in colors]
    linear = [[c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb] for rgb in parts]
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in linear)
    return (high + 0.05) / (low + 0.05)


@some_pages
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_wear_the_colors_of_the_theme(page, scheme):
    prepare(page, scheme=scheme)
    palette = {role: colors[scheme == "dark"].lower() for role, colors in PALETTE.items()}
    to(page, "End")
    for figure in figures(page):
        seen = figure.root.evaluate(COLORS)
        strange = {item["color"] for item in seen["drawn"]} - set(palette.values())
        assert not strange, f"{figure.name}, {scheme}: drawn in {strange}, which the palette does not hold"
        for item in seen["drawn"] + seen["words"]:
            what, color = f"{figure.name}, {scheme}: {item.get('part')} {item['what']!r}", item["color"]
            ratio = contrast(color, seen["page"])
            if item["text"]:
                assert ratio >= 4.5, f"{what}: text {color} on {seen['page']}, contrast {ratio:.2f}"
            elif item["part"] in ROLES:
                expected = palette[ROLES[item["part"]]]
                assert color == expected, f"{what}: {item['kind']} {color}, expected {expected}"
                assert ratio >= 3, f"{what}: line {color} on {seen['page']}, contrast {ratio:.2f}"


def test_axe_finds_nothing_serious(page):
    """In what a page says; what stands around it is the same on all, and is seen on some."""
    prepare(page)
    assert not seen_by_axe(page, where="html" if page.name in EXAMPLES else "article")


@some_pages
def test_axe_finds_no_serious_color_in_the_dark(page):
    prepare(page, scheme="dark")
    assert not seen_by_axe(page, only=COLOR_RULES)


@some_pages
def test_axe_finds_nothing_serious_on_a_phone(page):
    prepare(page, size=PHONE)
    assert not seen_by_axe(page)


def seen_by_axe(page, where="html", only=None):
    """What axe finds with every fold open, and the figures at their last frames, which show all their parts."""
    page.evaluate(UNFOLD)
    to(page, "End")
    page.evaluate(REPAIRED)
    page.evaluate(AXE.read_text(encoding="utf8"))
    return serious(page, where, only)


def test_a_fold_opens_at_once_where_motion_is_not_wanted(visit):
    with visit("notebooks/05_deriving_em.html") as page:
        running = """() => {
            document.querySelectorAll("details").forEach(part => { part.open = true; });
            return document.getAnimations().length;
        }"""
        assert page.evaluate(running) == 0


def serious(page, where="html", only=None):
    """axe's serious and critical findings: rule, how many, the first place."""
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": only} if only else {})
    run = "([where, options]) => axe.run(where, options).then(r => r.violations)"
    return [
        (
            rule["id"],
            rule["impact"],
            len(rule["nodes"]),
            rule["nodes"][0]["html"][:200],
            rule["nodes"][0]["failureSummary"],
        )
        for rule in page.evaluate(run, [where, options])
        if rule["impact"] in ("serious", "critical")
    ]


def test_axe_sees_what_it_looks_for(visit):
    with visit("book/notation.html") as page:
        page.evaluate("""document.querySelector(".bd-article h1").insertAdjacentHTML("afterend",
            '<img src="data:,"><p style="color: #999; background: #aaa">faint</p>')""")
        page.evaluate(AXE.read_text(encoding="utf8"))
        assert {"image-alt", "color-contrast"} <= {rule[0] for rule in serious(page)}


def test_every_picture_says_in_words_what_it_shows(page):
    pictures = page.eval_on_selector_all(
        ".bd-article img:not(.course-chapters img), .bd-article [role=img]:not([aria-hidden=true])",
        "nodes => nodes.map(n => [n.outerHTML.slice(0, 80), n.getAttribute(n.matches('img') ? 'alt' : 'aria-label')])",
    )
    for node, words in pictures:
        assert len(re.findall(r"[^\W\d_]{2,}", words or "")) >= 3, f"{page.name}: {node} is described as {words!r}"


@some_pages
def test_a_slider_tells_at_once_what_its_readout_shows(page):
    """Not its place in the list; before the next frame, for a screen reader reads it then."""
    prepare(page)
    for figure in figures(page):
        told = figure.root.evaluate("""root => {
            const slider = root.querySelector("input[type=range]");
            if (!slider) return ["", ""];
            slider.value = slider.max;
            slider.dispatchEvent(new Event("input", {bubbles: true}));
            return [slider.getAttribute("aria-valuetext"), root.querySelector("output").textContent];
        }""")
        assert told[0] == told[1], f"{figure.name}: told {told[0]!r}, shown {told[1]!r}"


@some_pages
def test_the_focus_stays_on_a_button_that_leads_no_further(page):
    prepare(page)
    ends = "b => { b.focus(); b.click(); return [document.activeElement === b, b.ariaDisabled]; }"
    for figure in figures(page):
        if not figure.button("back").count():
            continue  # a map of places
        to(page, "Home")
        assert figure.button("back").evaluate(ends) == [True, "true"], f"{figure.name}: Back"
        to(page, "End")
        for what in ("next", "E", "M"):
            if figure.button(what).count():
                assert figure.button(what).evaluate(ends) == [True, "true"], f"{figure.name}: {what}"


@some_pages
def test_what_one_presses_is_large_enough_and_can_be_seen(page):
    """24 px each way (WCAG 2.5.8), and 3:1 against the page (1.4.11)."""
    prepare(page, size=PHONE)
    small = page.evaluate("""() => {
        const pressed = "em-figure :is(button, summary, .em-choice span, input[type=range], .em-grab)";
        return [...document.querySelectorAll(pressed)]
            .map(node => [node.textContent.slice(0, 20) || node.className, node.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([name, box]) => [name, box.width, box.height]);
    }""")
    assert not small, f"{page.name}: {small}"
    for light, dark in (PALETTE["loglik"], PALETTE["data"]):
        assert contrast(light, "#ffffff") >= 3 and contrast(dark, "#121212") >= 3
