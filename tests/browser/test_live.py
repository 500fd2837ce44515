"""The live scenes in the built book: by mouse, by touch and by keyboard, and every number is emcore's."""

import json
from itertools import pairwise

import numpy as np
import pytest
from book_helpers import DESK, HTML, PATIENCE, PHONE, PROJECTOR, ROOT, pages, prepare
from unit import test_engine

from emcore import GMM1D, BinomialMixture

pytest_plugins = ["book_fixtures"]
NAMES = [name for name in pages() if "<em-live" in (HTML / name).read_text(encoding="utf-8")]
every_page = pytest.mark.parametrize("name", NAMES)


class Scene:
    """A live scene in an open page."""

    def __init__(self, page):
        self.page, self.root = page, page.locator("em-live").first
        page.wait_for_function("document.querySelector('em-live').classList.contains('em-alive')")
        prepare(page, size=page.viewport_size)
        self.root.scroll_into_view_if_needed()

    def state(self):
        """x, q, theta, F and l, once the picture has followed them."""
        self.page.wait_for_function("() => !document.querySelector('em-live').request")
        return self.root.evaluate("""({ now: { x, q, theta, F, l, hard, record } }) =>
            ({ x, q, theta, F, l, hard, deeds: record.length - 1 })""")

    def said(self):
        return self.root.locator(".em-now").inner_text()

    def number(self, what):
        return float(self.root.locator(f"[data-sum={what}]").inner_text().replace("−", "-"))

    def press(self, what):
        self.root.locator(f"button[data-do={what}]").click()
        return self.state()

    def handle(self, what, k=0):
        return self.root.locator(f"[data-grab={what}][data-k='{k}']")

    def bars(self):
        """Bars that are tall and behind no handle: the middle of each, its foot and its top, on the screen."""
        return self.root.evaluate("""root => {
            const { left, top } = root.plot.getBoundingClientRect();
            return root.boxes.map(box => [left + (box.left + box.right) / 2, top + box.floor, top + box.top])
                .filter(([x, floor, high]) => floor - high > 8 && [0.9, 0.5].every(share =>
                    document.elementFromPoint(x, floor - share * (floor - high))?.dataset.grab === "bars"));
        }""")

    def drag(self, *points):
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point, steps=4)
        self.page.mouse.up()
        return self.state()

    def center(self, handle):
        box = handle.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def held_to_emcore(self):
        """The state, after its F, l and score have been compared with emcore's."""
        state = self.state()
        model, x, theta, q = self.emcore(state)
        assert np.isclose(state["l"], model.loglik(x, theta), rtol=1e-9)
        assert np.isclose(state["F"], model.lower_bound(x, q, theta), rtol=1e-9)
        assert state["F"] <= state["l"] + 1e-9 * (1 + abs(state["l"]))
        assert abs(self.number("l") - state["l"]) <= 0.00051 and abs(self.number("F") - state["F"]) <= 0.00051
        return state

    def emcore(self, state):
        tosses = self.root.evaluate("root => root.book.tosses")
        model = BinomialMixture(tosses) if tosses else GMM1D()
        theta = model.Theta(**{name: np.array(field) for name, field in state["theta"].items()})
        return model, np.array(state["x"]), theta, np.array(state["q"])


def test_home_and_five_chapters_have_one():
    assert len(NAMES) == 6 and NAMES[0] == "book/home.html"


def test_the_engine_agrees_with_emcore_in_the_browser_itself(visit):
    """The cases and the laws of tests/unit/test_engine.py, which asks node."""
    script = (ROOT / "emcore" / "figures" / "engine.js").read_text(encoding="utf-8")
    script += (ROOT / "tests" / "engine_cases.js").read_text(encoding="utf-8")
    cases = [test_engine.plain(case) for _, case in test_engine.cases()]
    with visit(NAMES[0]) as page:
        answers = page.evaluate(f"cases => {{ {script}; return answers(cases); }}", cases)
    solved = test_engine.beside_emcore(json.loads(answers))
    laws = [law for name, law in vars(test_engine).items() if name.startswith("test_")]
    assert len(laws) == 7
    for law in laws:
        law(solved)


@every_page
def test_half_steps_are_emcores(visit, name):
    with visit(name) as page:
        scene = Scene(page)
        for kind in "EMEM":
            before = scene.held_to_emcore()
            model, x, theta, q = scene.emcore(before)
            after = scene.press(kind)
            if before["hard"] and kind == "E":
                assert np.array_equal(after["q"], np.eye(len(theta.pi))[model.log_joint(x, theta).argmax(axis=1)])
            elif kind == "E":
                assert np.allclose(after["q"], model.e_step(x, theta), rtol=1e-9, atol=1e-300)
            else:
                for field, value in model.m_step(x, q)._asdict().items():
                    if not before["hard"] or field == "mu":  # K-means moves the means alone
                        assert np.allclose(after["theta"][field], value, rtol=1e-9)
            scene.held_to_emcore()


@every_page
def test_by_mouse_paint_q_and_the_gap_opens_e_closes_it_drag_theta_and_press_m(visit, name):
    with visit(name) as page:
        scene = Scene(page)
        start = scene.press("E")
        bars = scene.bars()
        heights = zip((0.9, 0.1, 0.6), bars, strict=False)
        painted = scene.drag(*[(x, foot - share * (foot - top)) for share, (x, foot, top) in heights])
        assert painted["l"] == start["l"] and painted["F"] < start["F"], "paint q: F falls, l stays"
        assert "the gap opened" in scene.said() and scene.number("gap") > 0 and painted["deeds"] == 2
        scene.held_to_emcore()
        closed = scene.press("E")
        assert closed["F"] == pytest.approx(start["F"], rel=1e-12)
        x, y = scene.center(scene.handle("top"))
        moved = scene.drag((x, y), (x - 70, y))
        assert moved["theta"] != closed["theta"] and moved["F"] < closed["F"]
        scene.held_to_emcore()
        assert scene.press("M")["F"] >= closed["F"] - 1e-9
        for _ in range(5):
            scene.press("undo")
        assert scene.state()["deeds"] == 0 and not page.watch.seen


@every_page
def test_by_keyboard_every_handle_is_reached_and_moves_and_undo_takes_it_back(visit, name):
    with visit(name) as page:
        scene = Scene(page)
        first = scene.state()
        handles = scene.root.locator("[role=slider]")
        handles.first.focus()
        for i in range(handles.count()):
            here = page.evaluate("document.activeElement.getAttribute('aria-valuetext')")
            assert here == handles.nth(i).get_attribute("aria-valuetext"), "Tab goes from handle to handle"
            ring = page.evaluate("getComputedStyle(document.activeElement.querySelector('.em-reach')).strokeWidth")
            assert ring == "3px", "where the focus is, is seen"
            page.keyboard.press("ArrowUp")
            page.keyboard.press("ArrowRight")
            scene.held_to_emcore()
            assert handles.nth(i).get_attribute("aria-valuetext") != here
            page.keyboard.press("Tab")
        handles.first.focus()
        for _ in range(40):
            page.keyboard.press("Control+z")
        last = scene.state()
        assert all(last[key] == first[key] for key in ("x", "q", "theta", "deeds"))


@every_page
def test_data_come_and_go_and_k_grows(visit, name):
    with visit(name) as page:
        scene = Scene(page)
        N = len(scene.state()["x"])
        assert len(scene.press("add")["x"]) == N + 1 and page.evaluate("document.activeElement.dataset.grab") == "datum"
        scene.held_to_emcore()
        page.keyboard.press("Delete")
        assert len(scene.state()["x"]) == N
        scene.root.locator(".em-choice input[value='3']").check(force=True)
        assert len(scene.held_to_emcore()["theta"]["pi"]) == 3 and scene.handle("divider", 1).is_visible()
        for kind in "EM":
            scene.press(kind)
            scene.held_to_emcore()
        scene.root.locator(".em-own summary").press("Enter")
        scene.root.locator("textarea").fill("how many\n1\n2\nnone\n2\n0\n")
        scene.press("use")
        told = scene.root.locator(".em-read").inner_text()
        assert scene.held_to_emcore()["x"] == [1, 2, 2, 0] and "Line 4, “none”, is no number." in told
        assert "Line 1, “how many”, is the heading." in told
        scene.press("undo")
        assert len(scene.state()["x"]) == N


@every_page
def test_the_machine_runs_from_the_same_start_and_both_scores_are_said(visit, name):
    with visit(name) as page:
        scene = Scene(page)
        mine = scene.press("E")
        after = scene.press("machine")
        assert "The machine rests at" in scene.said() and f"{mine['l']:.3f}".replace("-", "−") in scene.said()
        assert after["hard"] or after["l"] >= mine["l"]
        scene.held_to_emcore()
        assert scene.press("undo")["q"] == mine["q"]


def test_by_touch_a_bar_is_painted_and_elsewhere_the_page_scrolls(chromium):
    with chromium.new_context(has_touch=True, viewport=PHONE, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"{HTML.as_uri()}/{NAMES[0]}")
        scene = Scene(page)
        before, top = scene.press("E"), page.evaluate("scrollY")
        (x, foot, high), *_ = [bar for bar in scene.bars() if bar[1] - bar[2] > 30]  # left of all handles
        swipe(page, (x, foot - 0.5 * (foot - high)), (x, foot - 0.05 * (foot - high)))
        after = scene.state()
        assert after["F"] < before["F"] and after["l"] == before["l"] and page.evaluate("scrollY") == top
        scene.held_to_emcore()
        record = scene.root.locator(".em-record")
        record.scroll_into_view_if_needed()
        top, box = page.evaluate("scrollY"), record.bounding_box()
        swipe(page, (180, box["y"] + 250), (180, box["y"] + 50))
        page.wait_for_function("top => scrollY > top + 50", arg=top)
        assert scene.state()["q"] == after["q"]


def swipe(page, start, end):
    client = page.context.new_cdp_session(page)
    for share in np.linspace(0, 1, 9):
        x, y = (1 - share) * np.array(start) + share * np.array(end)
        kind = "touchStart" if share == 0 else "touchMove"
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": float(x), "y": float(y)}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


LAYOUT = """root => {
    const place = node => {
        const { left, top, right, bottom } = node.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const inside = ([a, b, c, d], [left, top, right, bottom]) =>
        a >= left - 3 && b >= top - 3 && c <= right + 3 && d <= bottom + 3;
    const texts = [...root.querySelectorAll("svg text")].filter(text => text.textContent.trim());
    return {
        beyond: document.documentElement.scrollWidth - innerWidth, tall: root.offsetHeight,
        panels: [...root.querySelectorAll("svg")].map(place),
        small: texts.filter(text => parseFloat(getComputedStyle(text).fontSize) < 12).length,
        cut: texts.filter(text => !inside(place(text), place(text.ownerSVGElement))).map(text => text.textContent),
        targets: [...root.querySelectorAll("button, .em-reach, .em-choice span, summary")]
            .filter(node => node.checkVisibility())
            .map(place).filter(([a, b, c, d]) => c - a < 23.9 || d - b < 23.9).length,
    };
}"""


@pytest.mark.parametrize("size", [PHONE, PROJECTOR, DESK], ids=["phone", "projector", "desk"])
@every_page
def test_it_fits_its_page_and_keeps_its_height_whatever_is_done(visit, name, size):
    with visit(name, size=size) as page:
        scene, heights = Scene(page), set()
        scene.root.evaluate("root => new Promise(done => { root.fit(); requestAnimationFrame(done); })")
        for deed in ("", "E", "M", "machine", "3", "E", "4"):
            if deed.isdigit():
                scene.root.locator(f".em-choice input[value='{deed}']").check(force=True)
            elif deed:
                scene.press(deed)
            scene.state()
            seen = scene.root.evaluate(LAYOUT)
            heights.add(seen["tall"])
            assert seen["beyond"] <= 0 and not seen["small"] and not seen["cut"] and not seen["targets"], (deed, seen)
            (_, _, right, bottom), (left, top, _, _) = seen["panels"]
            assert (left >= right - 1) == (size["width"] >= 900) and (top >= bottom - 1) == (size["width"] < 900)
        assert len(heights) == 1


@every_page
def test_on_a_phone_e_m_and_the_sentence_are_seen_with_the_bars(visit, name):
    with visit(name, size=PHONE) as page:
        scene = Scene(page)
        order = [".em-data", "[data-do=E]", ".em-now", ".em-record", ".em-score", ".em-own"]
        boxes = [scene.root.locator(part).bounding_box() for part in order]
        assert all(a["y"] + a["height"] <= b["y"] + 1 for a, b in pairwise(boxes))
        assert boxes[2]["y"] + boxes[2]["height"] - boxes[0]["y"] <= PHONE["height"]


@every_page
def test_own_data_have_a_title_and_are_seen(visit, name):
    with visit(name) as page:
        scene = Scene(page)
        scene.root.locator(".em-own summary").press("Enter")
        scene.root.locator("textarea").fill("0\n1\n2\n2")
        scene.press("use")
        assert scene.root.locator(".em-title").inner_text() == "Your data: 4 numbers"
        box = scene.root.locator(".em-data").bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= page.viewport_size["height"]


@every_page
def test_on_paper_it_is_its_picture(visit, name):
    with visit(name) as page:
        scene = Scene(page)
        page.emulate_media(media="print")
        assert scene.root.locator("svg:visible").count() == 2 and scene.root.locator(".em-now").is_visible()
        assert scene.root.locator(".em-bar :visible, .em-own:visible").count() == 0
