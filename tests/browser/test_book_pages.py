"""The built book in a browser: nothing from outside, nothing broken, and every figure does what it says."""

import ast
import os
import re
from functools import cache

import nbformat
import pytest
from book_helpers import (
    DESK,
    EXAMPLES,
    HTML,
    INDEXES,
    PHONE,
    ROOT,
    STATE,
    Figure,
    figures,
    pages,
    prepare,
    some_pages,
    to,
)
from bs4 import BeautifulSoup

from emcore.figures import Stepper

pytest_plugins = ["book_fixtures"]

FOLLOW = """async places => {
    const top = place => {
        const {top} = document.getElementById(place).getBoundingClientRect(), page = document.documentElement;
        const end = scrollY + innerHeight >= page.scrollHeight - 1;  // nothing below that could be scrolled up
        return end ? Math.min(top, 120) : top;
    };
    if (!places.length) { const place = location.hash.slice(1); return {[place]: top(place)}; }
    const tops = {};
    for (const place of places) {
        scrollTo(0, 0);
        location.hash = "";
        location.hash = place;
        await new Promise(requestAnimationFrame);
        tops[place] = top(place);
    }
    return tops;
}"""


def stepper_texts(name: str) -> list[list[str]]:
    """The captions of a page's figures, as committed in its notebook or computed from its source."""
    source = (ROOT / name).with_suffix(".ipynb")
    return committed(source) if source.exists() else computed(source.with_suffix(".md"))


def committed(path):
    outputs = [out for cell in nbformat.read(path, 4).cells for out in cell.get("outputs", [])]
    texts = [out.get("data", {}).get("text/plain", "") for out in outputs]
    return [captions(text) for text in texts if re.search(r"^ 0  ", text, re.M)]


def computed(path):
    names, texts = {}, []
    for code in re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", path.read_text(encoding="utf8"), re.S):
        tree = ast.parse(re.sub(r"^:.*\n", "", code, flags=re.M))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), names)
        shown = last and eval(compile(ast.Expression(last.value), path.name, "eval"), names)
        if isinstance(shown, Stepper):
            texts.append(captions(repr(shown)))
    return texts


def captions(text):
    return [re.sub(r"^ ?\d+  ", "", line) for line in text.splitlines() if re.match(r" ?\d+  ", line)]


def test_every_page_but_sphinxs_own_is_in_the_table_of_contents(visit):
    with visit("book/home.html") as page:
        linked = page.eval_on_selector_all(".bd-sidebar-primary nav a", "links => links.map(a => a.href.split('#')[0])")
    linked = {link.removeprefix(HTML.as_uri() + "/") for link in linked} - {""}
    built = set(pages()) | {path.name for path in HTML.glob("*.html")} - INDEXES
    assert linked | {"book/home.html"} == built


@pytest.mark.parametrize("name", [*EXAMPLES, *sorted(INDEXES)])
def test_over_http_a_page_asks_nobody_outside_and_nothing_fails(visit, name):
    with visit(name, "http") as page:
        to(page, "End")
        clean(page, "over http")


@pytest.mark.parametrize("name", sorted(INDEXES))
def test_from_disk_an_index_asks_nobody_outside_and_nothing_fails(visit, name):
    with visit(name) as page:
        clean(page, "from disk")


def clean(page, way):
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert not page.watch.seen, f"{page.name} {way}: {page.watch.seen}"


def test_the_watch_sees_what_it_watches_for(visit):
    """Each kind of misdeed, done on purpose, is reported."""
    with visit("book/home.html", "http") as page:
        page.evaluate("""async () => {
            console.error("planted"); setTimeout(() => { throw Error("thrown") });
            await fetch("https://example.org/outside").catch(() => {}); await fetch("/nowhere");
        }""")
        page.wait_for_load_state("networkidle")
        seen = " ".join(page.watch.seen)
        assert all(word in seen for word in ("planted", "thrown", "outside: https://example.org", "404: http")), seen


@pytest.mark.parametrize("name", pages())
def test_every_solution_and_every_hint_is_closed(name):
    source = (ROOT / name).with_suffix(".ipynb")
    cells = nbformat.read(source, 4).cells if source.exists() else []
    article = BeautifulSoup((HTML / name).read_text(encoding="utf8"), "html.parser").select_one(".bd-article")
    for part in article.select(".cell :is(.cell_input, .cell_output)"):
        assert "BEGIN SOLUTION" not in part.text or part.find_parent("details"), f"in plain sight: {part.text[:80]}"
    for kind, selector, count in [
        ("solution", ".cell.tag_hide-cell details", sum("BEGIN SOLUTION" in cell.source for cell in cells)),
        ("hint", "details:not([class])", sum(cell.source.count("<details>") for cell in cells)),
    ]:
        folded = article.select(selector)
        assert len(folded) == count, f"{len(folded)} folded {kind}s, {count} in the source"
        assert not [part for part in folded if part.has_attr("open")], f"a {kind} is open from the start"


def test_a_fold_opens_with_the_keyboard(visit):
    with visit("notebooks/08_coordinate_ascent.html") as page:
        for selector in ".cell.tag_hide-cell details", "details:not([class])":
            for part in page.locator(f".bd-article {selector}").all():
                part.locator("> summary").press("Enter")
                assert part.evaluate("part => part.open"), f"{selector} does not open with Enter"


@some_pages
def test_every_control_changes_the_picture_and_the_words(page):
    prepare(page)
    for figure in figures(page):
        to(page, "Home")
        first = figure.state()
        for i, control in enumerate(figure.controls):
            if i:
                figure.root.evaluate("root => root.go(0, 1)")  # at the first frame another start may look the same
            before = figure.state()
            handle = control.first
            handle.press("ArrowRight")
            changed(figure, before, f"an arrow key on control {i + 1}")
            (control.first if i == 0 else control.nth(1)).press("ArrowLeft")
            back(figure, before, f"the other arrow key on control {i + 1}")
            if handle.get_attribute("type") == "range":
                drag(page, handle)
                changed(figure, before, f"a drag of control {i + 1}")
                handle.press("Home")
            else:
                control.nth(1).check(force=True)
                changed(figure, before, f"a click on control {i + 1}")
                control.first.check(force=True)
            figure.root.evaluate("root => root.go(0, 0)")
        if not figure.controls:  # a map of places: tests/browser/test_grab.py drags it
            assert figure.root.locator(".em-grab[role=slider]").count()
            continue
        forward = figure.button("next") if figure.button("next").count() else figure.button("E")
        forward.click()
        second = changed(figure, first, "the forward button")
        figure.button("back").press("Enter")
        back(figure, first, "Enter on Back")
        forward.press("Enter")
        assert figure.state() == second, f"{figure.name}: a click on the forward button and Enter differ"
        figure.button("reset").click()
        for jump in figure.root.locator("button[data-to]").all():
            to(page, "Home")
            jump.press("Enter")
            changed(figure, first, jump.text_content())
        to(page, "Home")
        figure.button("play").click()
        changed(figure, first, "Play")
        figure.button("play").click()


def test_from_disk_a_page_asks_nobody_outside_and_nothing_fails(page):
    to(page, "End")
    clean(page, "from disk")


@cache
def places():
    """page -> its places that any page of the book links to, in the text or in its own table of contents."""
    found = {name: [] for name in pages()}
    for name in pages():
        soup = BeautifulSoup((HTML / name).read_text(encoding="utf8"), "html.parser")
        for link in soup.select("article a[href*='#'], .bd-toc a[href*='#']"):
            path, _, place = link["href"].partition("#")
            target = os.path.normpath(HTML / name / ".." / path if path else HTML / name)
            page = os.path.relpath(target, HTML).replace(os.sep, "/")
            if place and page in found and place not in found[page]:
                found[page].append(place)
    return found


@pytest.mark.parametrize("name", pages())
def test_a_link_to_a_place_in_a_page_lands_there(visit, name):
    """One place is in the address that is opened, the others follow in the open page, each from the top."""
    if there := places()[name]:
        with visit(f"{name}#{there[-1]}", size=PHONE) as page:
            landed = {"opened": page.evaluate(FOLLOW, [])}
            for size in (PHONE, DESK) if name in EXAMPLES else (PHONE,):
                prepare(page, size=size)
                landed[size["width"]] = page.evaluate(FOLLOW, there)
        missed = [
            (how, place, top) for how, tops in landed.items() for place, top in tops.items() if not 0 <= top <= 120
        ]
        assert not missed, f"{name}: pixels below the top: {missed}"


def drag(page, slider):
    """Take the handle with the mouse and pull it most of the way to the right."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 13, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def changed(figure: Figure, before, what):
    after = figure.wait_for_other(before.caption, what)
    assert after.picture != before.picture, f"{figure.name}: {what} left the picture as it was at {after.caption!r}"
    return after


def back(figure: Figure, first, what):
    figure.page.wait_for_function(
        f"([root, text]) => ({STATE})(root)[0] === text", arg=[figure.root.element_handle(), first.caption]
    )
    assert figure.state() == first, f"{figure.name}: {what} should lead back to {first.caption!r}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_captions_in_the_browser_are_those_of_the_source(frames, name):
    expected = stepper_texts(name)
    assert len(expected) == len(frames[name]), f"{name}: captions of {len(expected)} figures, {len(frames[name])} shown"
    for figure, texts in zip(frames[name], expected, strict=True):
        shown = [frame for start in figure for frame in start]
        assert len(shown) == len(texts), f"{shown[0].figure}: {len(texts)} captions, {len(shown)} frames"
        for frame, text in zip(shown, texts, strict=True):
            assert frame.state.caption == text, f"{frame}: shown {frame.state.caption!r}, expected {text!r}"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", [*EXAMPLES, "notebooks/05_deriving_em.html"])
def test_a_page_does_not_jump_while_it_loads(visit, name, size):
    """Cumulative layout shift below .02, once figures and formulas are there."""
    with visit(name, size=size) as page:
        shift = page.evaluate("""() => new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; })
                .observe({type: "layout-shift", buffered: true});
            requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
        })""")
    assert shift < 0.02, f"{name}: {shift:.3f}"


@some_pages
def test_on_paper_a_figure_shows_several_pages_and_no_buttons(page):
    prepare(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    try:
        for figure in figures(page):
            assert figure.root.locator(".em-print > div:visible").count() >= 3, figure.name
            assert figure.root.locator("button:visible").count() == 0, figure.name
    finally:
        page.emulate_media(media="screen")
