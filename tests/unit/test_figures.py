"""Figures: what is composed is what matplotlib draws; what cannot be shown is refused; what a page holds."""

import json
import re
from collections import Counter
from functools import cache
from itertools import combinations

import figure_laws
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from models import MODELS
from pictures import difference, drawn_by_matplotlib, marks, path

from emcore import GMM1D, Coins, OneMean, data, figures
from emcore.core import fit
from emcore.figures import LINE, PALETTE, Predict, Words, page, scenes, stepper, style

SHARES = [0.0, 0.3, 1.0, 0.3]


def make_axes():
    """Two panels, with lines, markers, hatched bars, words and a key that stay."""
    axes = figures.panels(360, 120, height=200)
    for ax in axes:
        ax.set(xlim=(0, 3), ylim=(-1, 10), xlabel="θ")
    axes[0].plot([0, 3], [1, 2], gid="loglik", marker="o", label="ℓ", **LINE["loglik"])
    axes[0].plot([0, 1, 2], [5, 5, 5])
    axes[0].legend()
    axes[1].bar([1], [4], **LINE["share2"])
    return axes


def draw(axes, share):
    grid = np.linspace(0, 3, 60)
    axes[0].plot(grid, 4 * share + np.sin(5 * grid), gid="bound", **LINE["bound"])
    axes[0].plot([2 * share], [0], gid="theta", zorder=4, **LINE["theta"])
    axes[0].plot([0, 1, 2], [share, 4, 5])
    axes[0].stairs([1, 2, 3 + share], [0, 1, 2, 3], fill=True, baseline=0, gid="share1", zorder=0.5, **LINE["share1"])
    axes[1].bar([2], [9 * share], gid="gap", **LINE["gap"])
    if share < 1:
        axes[1].text(0.2, 6, f"{share / 7:.5f}", gid="number")


def make(frames=SHARES, draw=draw, say=lambda f: Words(f"page {f}", {"l": figures.number(-f)}), axes=None, **options):
    with style():
        axes = make_axes() if axes is None else axes
        return stepper(frames, draw, say, axes=axes, title="A claim", alt="a test", **options)


PREDICT = {  # what `draw` draws on page 2, where the share is 1; its axes go from 0 to 3, and from -1 to 10
    "across": Predict("Where does it end?", "across", [(2, 0)], (0, 2), "theta", digits=1, unit=" cm"),
    "height": Predict("How high?", "height", [(0, 4)], (0, 2), "bound", digits=1),
    "point": Predict("Where?", "point", [(2, 0)], (0, 2), "theta"),
    "curve": Predict(
        "Draw it.", "curve", [(x, 4 + np.sin(5 * x)) for x in np.linspace(0, 3, 9)], (0, 2), "bound", digits=2
    ),
}


def test_every_page_is_what_matplotlib_draws_of_its_frame():
    pages = make().pages
    for step, frame in enumerate(SHARES):
        expected = drawn_by_matplotlib(make_axes, draw, frame)
        found = [marks(svg) for svg in pages.compose(0, step)]
        assert [difference(*pair) for pair in zip(found, expected, strict=True)] == ["", ""]


HEADS = Coins(10), data.coins(), Coins.Theta(np.array([0.6, 0.5]))
HEIGHTS = GMM1D(), data.heights().height, GMM1D.Theta(np.full(2, 0.5), np.array([172.0, 162]), np.full(2, 5.0))


def test_the_law_sees_what_is_wrong():
    """A mark too few, one that stands still, another order, another color."""
    one, other = (drawn_by_matplotlib(make_axes, draw, share)[0] for share in (0.0, 0.3))
    assert difference(one, other) and difference(one, one[:-1]) and difference(one, one[::-1])
    red = [(kind, {**look, "stroke": "#ff0000"}, *rest) for kind, look, *rest in one]
    assert difference(one, red) and not difference(one, one)


@pytest.mark.parametrize(
    "setting",
    [
        {"savefig.bbox": "tight"},
        {"text.usetex": True},
        {"font.size": 30},
        {"svg.fonttype": "path"},
        {"figure.dpi": 300},
    ],
    ids=str,
)
def test_a_readers_matplotlibrc_changes_nothing(setting):
    with mpl.rc_context(setting):
        assert page.html(make()) == plain()


@cache
def plain():
    return page.html(make())


def set_title(axes, share):
    axes[0].set_title(f"{share}")


def set_limits(axes, share):
    axes[0].set_xlim(0, 3 + share)


def move_a_line(axes, share):
    axes[0].lines[0].set_ydata([share, 5])


def remove_a_line(axes, share):
    axes[0].lines[0].remove()


def set_ticks(axes, share):
    axes[1].set_xticks([share])


@pytest.mark.parametrize(
    "bad", [set_title, set_limits, move_a_line, remove_a_line, set_ticks], ids=lambda f: f.__name__
)
def test_a_drawing_that_changes_what_stays_is_refused_and_leaves_no_figure_open(bad):
    _, axes = plt.subplots(1, 2)
    axes[0].plot([1, 2])
    with pytest.raises(ValueError, match="must only add artists"):
        make(draw=bad, axes=axes)
    assert not plt.get_fignums()


def test_axes_of_two_figures_are_two_panels_and_all_their_parts_are_placed():
    figure = make()
    assert len(figure.pages.scenes) == 2
    assert len(re.findall("data-slot", "".join(figure.pages.scenes))) == len(figure.pages.slots) == 6


def test_equal_drawings_are_stored_once_and_what_is_missing_on_a_page_is_empty():
    pages = make().pages
    assert pages.pages[0][1] == pages.pages[0][3] and len(pages.parts) == len(set(pages.parts))
    assert pages.parts[pages.pages[0][2][pages.slots.index("number")]] == ""


def test_rounding_errors_do_not_add_up_along_a_path():
    grid = np.linspace(0, 1, 400)
    with style():
        ax = figures.panels(360, height=360)
        ax.set(xlim=(0, 1), ylim=(-1, 1))
        found = make([1], lambda ax, f: ax.plot(grid, np.sin(9 * grid), gid="wave"), axes=ax).pages
    (box,) = found.panels[0]
    left, top, right, bottom = box["box"]
    points = path(re.search(r' d="([^"]*)"', found.parts[1])[1])
    drawn = np.column_stack([left + (right - left) * grid, (top + bottom) / 2 - (bottom - top) / 2 * np.sin(9 * grid)])
    assert np.abs(points - drawn).max() <= 0.0151


def test_a_panel_says_where_its_data_are():
    """A dot drawn at (x, y) lies where the panel's box and limits say."""
    found = make([0.5], lambda axes, f: axes[0].plot([2], [7], gid="dot", marker="o")).pages
    (box,) = found.panels[0]
    x, y = map(float, re.search(r'x="([\d.]+)" y="([\d.]+)"', found.parts[1]).groups())
    left, top, right, bottom = box["box"]
    assert np.isclose((x - left) / (right - left), (2 - box["x"][0]) / np.ptp(box["x"]), atol=1e-3)
    assert np.isclose((bottom - y) / (bottom - top), (7 - box["y"][0]) / np.ptp(box["y"]), atol=1e-3)


def test_its_text_is_its_words():
    assert repr(make([0.0, 0.3])) == " 0  page 0.0  l 0.000\n 1  page 0.3  l −0.300"
    several = make({"a": [0.0, 1.0], "b": [0.3]}, start_label="from")
    assert repr(several).splitlines()[::2] == ["from a:", " 1  page 1.0  l −1.000", " 0  page 0.3  l −0.300"]


@pytest.mark.parametrize(
    "options, says",
    [
        ({"frames": []}, "at least one frame"),
        ({"frames": {"a": [1], "b": []}}, "at least one frame"),
        ({"stops": ["a"]}, "must name each of 4 pages"),
        ({"at": 4}, "a page from 0 to 3"),
        ({"at": -1}, "a page from 0 to 3"),
        ({"jumps": {"far": (1, 0)}}, "far must lead to a start from 0 to 0"),
        ({"jumps": {"far": 3}}, "far must lead to"),
        ({"interval": 0}, "interval must be above 0"),
        ({"predict": PREDICT["point"]._replace(page=(0, 4))}, "predict must lead to"),
        ({"predict": PREDICT["point"]._replace(question="Mark it")}, "predict must ask one question"),
        ({"predict": PREDICT["point"]._replace(question=" ")}, "predict must ask one question"),
        ({"predict": PREDICT["point"]._replace(kind="line")}, 'a "point", "across"'),
        ({"predict": PREDICT["point"]._replace(panel=2)}, "a panel that is seen, from 0 to 1; got 2"),
        ({"predict": PREDICT["point"], "details": {0: "more"}}, "a panel that is seen"),
        ({"predict": PREDICT["point"]._replace(part="mean")}, "a part that is drawn; got 'mean'"),
        ({"predict": PREDICT["point"]._replace(kind="curve")}, "several for a curve; got 1"),
        ({"predict": PREDICT["curve"]._replace(kind="height")}, "needs one place as its truth"),
        ({"predict": PREDICT["point"]._replace(truth=[(2, 11)])}, "its truth within the axes"),
        ({"places": (0, [(1, 2)])}, "places must name one for each of 4 pages"),
        ({"frames": {"a": [0], "b": [1]}, "places": (0, [(1, 2)])}, "places must name one .* of one start"),
        ({"say": lambda f: Words("x", {"a": "1"} if f else {})}, "the same numbers on every page"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_go_together_is_refused(options, says):
    with pytest.raises(ValueError, match=says):
        make(**options)


@pytest.mark.parametrize("kind", PREDICT)
def test_a_prediction_is_asked_on_the_axes_and_its_truth_is_drawn(kind):
    figure = make(predict=PREDICT[kind])
    asked = page.data(figure)["predict"]
    assert list(figure_laws.a_prediction_is_held_against_what_is_drawn(figure)) == []
    assert asked["truth"] == [[float(x), float(y)] for x, y in PREDICT[kind].truth]
    left, top, right, bottom = figure.pages.panels[0][0]["box"]
    size = np.array(re.search(r'viewBox="0 0 (\S+) ([^"]+)"', figure.pages.scenes[0]).groups(), float)
    corners = np.array([left, top, right - left, bottom - top]) * 100 / np.tile(size, 2)
    assert np.allclose(asked["box"], corners, atol=0.02)
    for (x, _), (across, up) in zip(asked["truth"], asked["places"], strict=True):
        fixed = kind in ("height", "curve")  # where only the height is asked the mark stands at the truth's x
        assert np.isclose(across, x / 3 if fixed else 0.74, atol=1e-3) and up == 0.7
    html = page.html(figure)
    assert f'<p aria-live="polite">{PREDICT[kind].question}</p>' in html and 'data-do="reveal"' in html


def test_who_is_asked_nothing_has_no_question():
    assert "reveal" not in page.html(make()) and page.data(make())["predict"] is None


SPOTS = [(0.5 + x, y) for y in (1, 3, 5) for x in (0, 0.8, 1.6)]


def spread(**options):
    """A figure whose pages are the places of a grid of three by three, from the lower left."""

    def draw(axes, i):
        axes[0].plot(*np.reshape(SPOTS[i], (2, 1)), gid="theta", **LINE["theta"])

    return make(range(9), draw, say=lambda i: f"At {SPOTS[i]}.", places=(0, SPOTS), label="place", at=4, **options)


def handles_in(figure):
    """Every handle of a figure, with its places in the panel's units."""
    for handle in page.data(figure)["handles"]:
        size = re.search(r'viewBox="0 0 (\S+) ([^"]+)"', figure.pages.scenes[handle["panel"]]).groups()
        yield handle, [[np.multiply(spot, np.array(size, float) / 100) for spot in way] for way in handle["at"]]


@pytest.mark.parametrize("of", [make, spread, lambda: made("one mean")], ids=["make", "spread", "one mean"])
def test_a_handle_stands_on_its_mark_on_every_page(of):
    """Read from the drawings once more; a mark outside the axes has its handle at their edge."""
    figure = of()
    found = list(handles_in(figure))
    assert found
    for handle, at in found:
        left, top, right, bottom = figure.pages.panels[handle["panel"]][0]["box"]
        for start, way in enumerate(at):
            for view, spot in zip(figure_laws.views(figure, start), way, strict=True):
                (mark,) = (figure_laws.dot(v, "theta") for v in view if v.panel == handle["panel"])
                assert np.allclose(spot, np.clip(mark, [left, top], [right, bottom]), atol=0.06)


def test_what_stands_still_what_is_folded_away_and_what_is_not_named_is_no_handle():
    def still(axes, f):
        axes[0].plot([1], [2], gid="theta", marker="o")
        axes[0].plot([0, 1], [0, f], gid="line")
        axes[1].plot([2 * f], [0], gid="theta", marker="o")

    assert [h["panel"] for h in make(draw=still).plan["handles"]] == [1]
    assert make(draw=still, details={1: "more"}).plan["handles"] == []
    assert make(draw=still, grab=None).plan["handles"] == []
    ((line, at),) = handles_in(make(draw=still, grab="line"))
    assert at[0][0][1] - at[0][2][1] > 8 and not line["walk"]  # the end of a line that only climbs


def test_a_way_to_one_side_is_a_walk_and_a_way_there_and_back_is_not():
    assert [h["walk"] for h in make([0.0, 0.3, 1.0]).plan["handles"]] == [True]
    assert [h["walk"] for h in make([1.0, 0.3, 0.0]).plan["handles"]] == [True]
    assert [h["walk"] for h in make([0.0, 1.0, 0.3]).plan["handles"]] == [False]
    assert [h["walk"] for h in make({"a": [0.0, 1.0], "b": [0.3, 0.3]}).plan["handles"]] == [True]


def test_places_have_no_slider_and_no_buttons_to_the_next_page():
    html = page.html(spread(jumps={"There": (0, 3)}))
    assert "range" not in html and 'data-do="next"' not in html and 'data-do="play"' not in html
    assert 'data-to="0,3"' in html and 'data-do="reset"' in html and "Drag the ring" in html
    assert "Drag the ring" not in page.html(make())


def test_places_on_a_logarithmic_scale_stand_where_they_are_drawn():
    axes = figures.panels(360)
    axes.set(xlim=(1, 1000), xscale="log", ylim=(5, 0))
    spots = [(10, 1), (100, 4)]
    figure = make(
        spots, lambda ax, spot: ax.plot(*np.reshape(spot, (2, 1)), "o", gid="theta"), axes=axes,
        say=str, places=(0, spots),
    )  # fmt: skip
    ((_, (way,)),) = handles_in(figure)
    for spot, (view,) in zip(way, figure_laws.views(figure, 0), strict=True):
        assert np.allclose(spot, figure_laws.dot(view, "theta"), atol=0.06)


@pytest.mark.parametrize("name", ["title", "alt"])
def test_a_figure_without_words_is_refused(name):
    words = {"title": "t", "alt": "a"} | {name: " "}
    with pytest.raises(ValueError, match=f"{name} must say in words"):
        stepper([1], draw, str, axes=make_axes(), **words)


def data_in(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1])


def test_no_words_of_a_figure_can_end_its_element():
    html = page.html(make(say=lambda f: Words("</script><!-- <script> & \" '", {"<b>": "<i>"})))
    assert html.count("<script") == html.count("</script>") == 1 and "<!--" not in html
    assert data_in(html)["pages"][0][0][1] == "</script><!-- <script> & \" '"


def test_the_element_holds_every_page_and_opens_on_its_own():
    figure = make({"a": SHARES, "b": [1.0]}, at=2, stops="wxyz", jumps={"End": (1, 3)})
    html, data = page.html(figure), data_in(page.html(figure))
    assert data["at"] == 2 and data["stops"] == list("wxyz") and len(data["pages"][1]) == 4
    assert "<p>page 1.0</p>" in html and 'data-to="1,3"' in html and html.count('type="radio"') == 2
    for svg in figure.pages.compose(0, 2):
        assert svg in html


def test_half_steps_get_buttons_of_their_own():
    model, x, theta = HEADS
    figure = scenes.step(model, x, theta, iterations=2)
    assert data_in(page.html(figure))["kinds"] == ["init", "E", "M", "E", "M"]
    assert 'data-do="E"' in page.html(figure) and 'data-do="E"' not in page.html(make())


def test_ids_belong_to_one_figure_and_every_reference_is_there():
    texts = [page.html(make(SHARES[:n])) for n in (2, 3)]
    ids = [Counter(re.findall(r'(?<!data-)\bid="([^"]*)"', text)) for text in texts]
    assert all(max(found.values()) == 1 for found in ids) and not set(ids[0]) & set(ids[1])
    assert set(re.findall(r'(?:url\(|href=")#([^")]*)', texts[0])) <= set(ids[0])


def test_words_are_in_the_pages_own_typeface_and_keep_their_weight():
    def write(axes, f):
        axes[0].text(1, 5, f"at {f}", gid="number", weight="bold", style="italic")

    markup = page.html(make(draw=write))
    assert "DejaVu" not in markup and "font-family" not in markup and "font: " not in markup
    assert re.search(r"font-style: italic; font-weight: (bold|700); font-size: 13px", markup)


def test_colors_follow_the_theme():
    figure = scenes.step(*HEADS, iterations=2)
    assert not re.search("#[0-9a-f]{6}", "".join([*figure.pages.scenes, *figure.pages.parts]))


def test_a_step_of_em_says_what_the_history_says():
    model, x, theta = HEIGHTS
    history = fit(model, x, theta, tol=0, max_iter=2)
    found = scenes.step(model, x, theta, iterations=2, digits=6)
    for words, step in zip(found.says[0], history, strict=True):
        assert words.numbers["ℓ"] == figures.number(step.loglik, 6)
        assert words.numbers["F"] == ("–" if step.bound is None else figures.number(step.bound, 6))


@pytest.mark.parametrize("name", [name for name, entry in MODELS.items() if entry.exact])
def test_any_model_gets_the_whole_scene_in_one_line(name):
    figure = made(name)
    assert len(figure.says[0]) == 7 and {"loglik", "bound", "theta"} <= set(figure.pages.slots)


FIGURES = {
    **{name: lambda e=entry: scenes.step(*e.example, iterations=3) for name, entry in MODELS.items() if entry.exact},
    "one mean": lambda: scenes.bound(
        OneMean((0.44, 0.56), 178, (6.4, 5.6)), data.heights().height, [150.0, 190.0],
        grid=np.linspace(140, 215, 76), low=-1700, high=-690, label="mean", iterations=4,
    ),
}  # fmt: skip


@cache
def made(name):
    return FIGURES[name]()


@pytest.mark.parametrize("law", figure_laws.LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("name", FIGURES)
def test_a_whole_scene_keeps_the_law(name, law):
    assert list(law(made(name))) == []


def changed(figure, gid, change):
    """The figure with every drawing of one part changed."""
    slots = {j for j, name in enumerate(figure.pages.slots) if name == gid}
    numbers = {n for run in figure.pages.pages for page in run for j, n in enumerate(page) if j in slots and n}
    parts = [change(part) if i in numbers else part for i, part in enumerate(figure.pages.parts)]
    return figures.Stepper(figure.pages._replace(parts=parts), figure.says, figure.plan)


def lower(part):
    """A drawing six units farther down."""
    part = re.sub(r'y="([\d.]+)"', lambda m: f'y="{float(m[1]) + 6}"', part)
    return re.sub(r"M (\S+) (\S+)", lambda m: f"M {m[1]} {float(m[2]) + 6}", part)


def higher(part):
    return re.sub(r"M (\S+) (\S+)", lambda m: f"M {m[1]} {float(m[2]) - 6}", part)


def stepped(change):
    figure = made("one mean")
    return figures.Stepper(figure.pages, [[change(i, w) for i, w in enumerate(r)] for r in figure.says], figure.plan)


def falling(i, words):
    return Words(words.sentence, {**words.numbers, "ℓ": figures.number(-800 - i)})


WRONG = {
    "the_bound_is_nowhere_above_the_log_likelihood": lambda: changed(made("one mean"), "bound", higher),
    "theta_stands_on_the_log_likelihood": lambda: changed(made("one mean"), "theta", lower),
    "what_is_drawn_at_theta_is_what_the_words_say": lambda: stepped(falling),
    "an_e_step_that_leaves_no_gap_is_drawn_touching": lambda: changed(made("one mean"), "bound", lower),
    "the_log_likelihood_never_falls_from_page_to_page": lambda: stepped(falling),
    "shares_fill_the_same_bars_on_every_page": lambda: scenes_with_other_bars(),
    "a_prediction_is_held_against_what_is_drawn": lambda: make(predict=PREDICT["point"]._replace(truth=[(2, 1)])),
    "a_question_gives_nothing_away": lambda: make(predict=PREDICT["across"]._replace(truth=[(2.3, 0)])),
    "half_steps_take_turns": lambda: make(kinds=["init", "E", "E", "M"]),
    "no_figure_opens_on_its_answer": lambda: make([1.0, 0.3, 1.0]),
    "every_page_moves": lambda: make([1.0, 1.0001]),
    "words_are_well_formed": lambda: make(say=lambda f: Words("It is -3 now.", {"l": "1"})),
    "colors_are_roles": lambda: make(draw=lambda ax, f: ax[0].plot([0, f], [0, 1], color="#123456")),
    "the_taller_group_is_component_1": lambda: wrong_roles(),
}


def scenes_with_other_bars():
    def draw(ax, f):
        ax.bar([1], [1 + f], color=figures.COLOR["share1"], gid="share1")

    return make(draw=draw, axes=figures.panels())


def wrong_roles():
    axes = figures.panels()
    axes.set(xlim=(140, 200), ylim=(0, 1.2))

    def draw(ax, f):
        for k, place in ((1, 160), (2, 180)):
            cm = np.linspace(140, 200, 61)
            ax.plot(cm, np.exp(-(((cm - place) / 9) ** 2)), gid=f"component{k}", **LINE[f"component{k}"])

    return make(draw=draw, axes=axes)


@pytest.mark.parametrize("law", figure_laws.LAWS, ids=lambda law: law.__name__)
def test_each_law_of_figures_finds_what_breaks_it(law):
    assert list(law(WRONG[law.__name__]()))


# Vienot's matrices would do as well: Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
SEEN = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "any": np.eye(3),
}


def linear(color):
    rgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    t = xyz / [0.9505, 1, 1.089]
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


TOLD_APART = [
    *[(f"{area}{j}", f"{area}{k}") for area in ("component", "share") for j, k in combinations(range(1, 5), 2)],
    ("loglik", "bound"), ("loglik", "gap"),
]  # fmt: skip


@pytest.mark.parametrize("eye", SEEN)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colors_that_must_be_told_apart_are_by_every_eye(eye, theme):
    for pair in TOLD_APART:
        one, other = (lab(SEEN[eye] @ linear(PALETTE[role][theme])) for role in pair)
        assert np.linalg.norm(one - other) >= 20, (pair, np.linalg.norm(one - other))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_lines_and_marks_stand_out_from_the_paper(theme):
    light = {role: linear(colors[theme]) @ [0.2126, 0.7152, 0.0722] for role, colors in PALETTE.items()}
    for role in ("data", "loglik", "bound", "gap", *(f"component{k}" for k in range(1, 5)), "share1", "ink"):
        low, high = sorted([light[role], light["paper"]])
        assert (high + 0.05) / (low + 0.05) >= 3, role
