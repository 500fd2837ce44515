"""The stepper: what it draws, what it says, and what it keeps."""

import re
from collections import Counter
from types import SimpleNamespace

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets.embed import dependency_state, embed_data
from models import MODELS

from emcore import HMM, CensoredLifetimes, Coins, Linkage, data, fit, plots
from emcore.widgets import Flipbook, stepper


def draw(ax, frame):
    ax.plot([0, 1, 2, 3], [frame, 0, frame, 1], color=plots.COLOR["bound"], gid="bound")
    ax.plot([frame / 10], [0], "o", color=plots.COLOR["ink"], gid="theta")


def make(frames, **options):
    ax = plt.subplots()[1]
    ax.set(xlim=(0, 3), ylim=(0, 10))
    ax.plot([0, 3], [1, 2], color=plots.COLOR["loglik"], gid="loglik")
    return stepper(frames, draw, lambda f: f"page {f}, l = {f / 7:.3f}", axes=ax, alt="a test figure", **options)


def book(figure):
    return figure.children[-1]


def part(flipbook, step, name, start=0):
    slot = [n for _, n in flipbook.slots].index(name)
    return flipbook.parts[flipbook.pages[start][step]["parts"][slot]]


def path(svg):
    """The points of the first path, in figure points."""
    kind, *numbers = re.search(r' d="([^"]*)"', svg)[1].replace("l", "").split()
    assert kind == "M"
    return np.cumsum(np.reshape([float(n) for n in numbers], (-1, 2)), axis=0)


def test_its_text_is_its_captions():
    bundle = make(range(3))._repr_mimebundle_()
    assert bundle["text/plain"] == " 0  page 0, l = 0.000\n 1  page 1, l = 0.143\n 2  page 2, l = 0.286"
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]


def test_a_caption_and_a_slider_say_minus_as_the_axes_do():
    ax = plt.subplots()[1]
    said = "from -1 to -.5 (-2, -3), 1e-3, 1910-12, half-and-half, E-step 1, a - b"
    figure = stepper([0], draw, lambda f: said, axes=ax, alt="a test figure", stops=["-0.2"])
    assert figure.text == " 0  from −1 to −.5 (−2, −3), 1e-3, 1910-12, half-and-half, E-step 1, a - b"
    assert book(figure).pages[0][0]["caption"] in figure.text
    assert figure.children[0].children[1].value == "−0.2"


def test_with_starts_its_text_names_them_and_short_runs_rest_on_their_last_page():
    figure = make({"a": [0, 1, 2], "b": [5]}, start_label="from")
    assert repr(figure).splitlines()[0] == "from a:" and "from b:\n 0  page 5" in repr(figure)
    assert [page["caption"][:6] for page in book(figure).pages[1]] == ["page 5"] * 3


def test_every_page_draws_its_own_frame():
    flipbook = book(make(range(5)))
    height = [path(part(flipbook, step, "bound"))[0, 1] for step in range(5)]
    assert np.allclose(np.diff(height), height[1] - height[0], atol=0.011) and height[1] < height[0]


def test_rounding_errors_do_not_add_up_along_a_path():
    ax = plt.subplots(figsize=(5, 5))[1]
    ax.set(xlim=(0, 1), ylim=(-1, 1), position=[0, 0, 1, 1])
    grid = np.linspace(0, 1, 400)
    figure = stepper(
        [1], lambda ax, f: ax.plot(grid, np.sin(9 * grid), gid="wave"), str, axes=ax, alt="a wave", label="x"
    )
    points = path(part(book(figure), 0, "wave"))
    drawn = np.column_stack([360 * grid, 180 * (1 - np.sin(9 * grid))])
    assert np.abs(points - drawn).max() <= 0.0051


def test_numbers_that_a_reader_sees_are_not_rounded():
    figure = book(
        stepper([0.12345], lambda ax, f: ax.text(0, 0, f"{f}", gid="text"), str, axes=plt.subplots()[1], alt="a number")
    )
    assert ">0.12345<" in part(figure, 0, "text")


def test_words_in_a_figure_are_in_the_readers_own_typeface():
    fonts = re.findall(r"font(?:-family)?: ?([^;\"]*)", book(make([1])).scene)  # an older matplotlib: size and family
    assert fonts and all(font.split()[-1] == "sans-serif" for font in fonts)


def test_what_moves_does_not_move_the_axes():
    limits, ax = [], plt.subplots()[1]
    ax.plot([0, 1], [0, 1])

    def far_away(ax, frame):
        ax.plot([0, 10 * frame], [0, 10 * frame])
        limits.append((ax.get_xlim(), ax.get_ylim()))

    before = (ax.get_xlim(), ax.get_ylim())
    stepper([1, 2, 3], far_away, str, axes=ax, alt="far away")
    assert limits == [before] * 3


def test_what_several_pages_use_is_defined_once():
    ids = re.findall(r'(?<= id=")[^"]+', book(make(range(3))).scene)
    assert len(ids) == len(set(ids)) > 3


def test_what_stays_is_drawn_once_and_equal_parts_are_stored_once():
    flipbook = book(make([1, 2, 1, 2, 1]))
    assert "loglik" in flipbook.scene and not any("loglik" in p for p in flipbook.parts)
    assert flipbook.pages[0][0]["parts"] == flipbook.pages[0][4]["parts"]
    assert len(flipbook.parts) == 1 + 2 * 2  # nothing, and two parts in two states


def test_colors_follow_the_theme_and_ids_belong_to_one_figure():
    one, two = book(make([1, 2])), book(make([1, 2, 3]))
    text = one.scene + "".join(one.parts)
    assert "var(--em-bound)" in text and not re.search("#[0-9a-f]{6}", text)
    ids = [set(re.findall(r' id="([^"]*)"', flipbook.scene)) for flipbook in (one, two)]
    assert ids[0] and not ids[0] & ids[1]
    used = set(re.findall(r'(?:url\(|href=")#([^")]*)', text))
    assert used <= set(re.findall(r' id="([^"]*)"', text))


def test_the_stylesheet_has_every_color_light_and_dark():
    for role, (light, dark) in plots.PALETTE.items():
        assert f"--em-{role}: {light};" in Flipbook._css and f"--em-{role}: {dark};" in Flipbook._css


def test_drawing_leaves_no_figure_open_and_is_repeatable():
    before = plt.get_fignums()
    one, two = book(make(range(4))), book(make(range(4)))
    assert plt.get_fignums() == before
    assert one.scene == two.scene and one.parts == two.parts


def test_the_controls_span_the_pages_and_say_where_they_are():
    figure = make(
        {"a": range(20), "b": range(20)}, stops=[f"{n}%" for n in range(20)], at=3, jumps={"to the end": (1, 19)}
    )
    (play, slider), (starts,) = (row.children for row in figure.children[:2])
    assert (play.max, play.value, slider.index, slider.value) == (19, 3, 3, "3%")
    assert starts.options == ("a", "b") and book(figure).step == 3
    assert book(figure).jumps == {"to the end": (1, 19)}


def test_the_links_live_in_the_browser(monkeypatch):
    links = []
    monkeypatch.setattr(ipywidgets, "jslink", lambda source, target: links.append((*source, *target)))
    figure = make({"a": range(4), "b": range(4)})
    (play, slider), (starts,) = (row.children for row in figure.children[:2])
    flipbook = book(figure)
    assert set(links) == {
        (play, "value", flipbook, "step"), (slider, "index", flipbook, "step"), (starts, "index", flipbook, "start")
    }  # fmt: skip


@pytest.mark.parametrize("frames", [[], {}, {"a": []}])
def test_no_frames_is_an_error_that_says_so(frames):
    with pytest.raises(ValueError, match="at least one frame"):
        make(frames)


def test_the_words_say_what_was_computed():
    history = fit(Coins(10), data.coins(), Coins.Theta((0.6, 0.5)), max_iter=1)
    start, e, m = map(plots.say_step, plots.frames(history))
    assert start == "Start: p = (0.6000, 0.5000). Log-likelihood -33.0939."
    assert "touches" in e and "gap 0.0000" in e
    assert "p = (0.7130, 0.5813)" in m and "gap 0.1380" in m


def test_an_e_step_that_does_not_close_the_gap_is_not_said_to_touch():
    class Hard(Coins):
        def e_step(self, x, theta):
            return np.round(super().e_step(x, theta))

    _, e, _ = fit(Hard(10), data.coins(), Coins.Theta((0.6, 0.5)), max_iter=1)
    assert "stays below" in plots.say_step(plots.Frame(1, e, e.theta, e.theta))


def test_frames_say_where_each_line_starts_and_ends():
    history = fit(Coins(10), data.coins(), Coins.Theta((0.6, 0.5)), max_iter=2, tol=0)
    thetas = [history[0].theta, history[2].theta, history[4].theta]
    assert [frame.t for frame in plots.frames(history)] == [0, 1, 1, 2, 2]
    for frame in plots.frames(history)[1:]:
        assert (frame.start, frame.end) == (thetas[frame.t - 1], thetas[frame.t])
    assert len(plots.frames(history[:4])) == 3  # an E-step whose M-step is missing has no line


def test_the_line_is_drawn_for_a_model_of_four_functions_and_no_more():
    whole = Linkage()
    bare = SimpleNamespace(**{name: getattr(whole, name) for name in ("e_step", "m_step", "lower_bound", "loglik")})
    ax = plots.panels()
    plots.draw_line_axes(ax)
    frame = plots.frames(fit(bare, data.linkage(), Linkage.Theta(0.5), max_iter=1))[1]
    plots.draw_line(ax, frame, model=bare, x=data.linkage())
    lines = {line.get_gid(): line.get_xydata() for line in ax.lines}
    plt.close(ax.figure)
    at_start = [np.interp(0, *lines[part].T) for part in ("loglik", "bound")]
    assert np.allclose(at_start, 0, atol=1e-3) and np.interp(1, *lines["bound"].T) == pytest.approx(1, abs=1e-3)


KINDS = {
    "one run": ([0, 1, 2], {}),
    "named stops": ([0, 1, 2], {"stops": ["a", "b", "c"], "label": "where"}),
    "starts": ({"a": [0, 1, 2], "b": [5]}, {"start_label": "from"}),
    "starts and jumps": ({"a": [0, 1, 2], "b": [5, 6]}, {"jumps": {"to the end": (1, 1)}, "at": 1}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_saved_state_of_a_figure_is_complete(kind):
    """Also with ipywidgets 7.7: a page or a notebook that saves the state can show the figure without a kernel."""
    frames, options = KINDS[kind]
    figure = make(frames, **options)
    saved = embed_data(views=[figure], state=dependency_state([figure], drop_defaults=False))
    assert [view["model_id"] for view in saved["view_specs"]] == [figure.model_id]
    models = saved["manager_state"]["state"]
    assert set(re.findall(r"IPY_MODEL_(\w+)", repr(models))) <= set(models)
    names = Counter(model["model_name"] for model in models.values())
    sliders = 2 if isinstance(frames, dict) else 1
    assert names["AnyModel"] == names["PlayModel"] == 1 and names["SelectionSliderModel"] == sliders
    assert names["LinkModel"] == sliders + 1
    modules = {model["model_module"] for model in models.values()}
    assert modules == {"@jupyter-widgets/base", "@jupyter-widgets/controls", "anywidget"}
    (flipbook,) = [model["state"] for model in models.values() if model["model_name"] == "AnyModel"]
    for trait in ("_esm", "_css", "alt", "scene", "slots", "parts", "pages", "jumps", "start", "step"):
        assert trait in flipbook, trait
    assert flipbook["_esm"] and flipbook["pages"] == book(figure).pages


@pytest.mark.parametrize(
    "frames, options, said",
    [
        ([], {}, "at least one frame in every sequence"),
        ({"a": [1], "b": []}, {}, "at least one frame in every sequence"),
        ([0, 1, 2], {"stops": ["a"]}, "stops must name each of 3 pages; got 1"),
        ([0, 1, 2], {"at": 9}, r"a start of 0 to 0 and a page of 0 to 2; got \(0, 9\)"),
        ([0, 1, 2], {"jumps": {"there": (1, 0)}}, r"a start of 0 to 0 and a page of 0 to 2; got \(1, 0\)"),
    ],
)
def test_what_does_not_go_together_is_refused(frames, options, said):
    with pytest.raises(ValueError, match=said):
        make(frames, **options)
    plt.close("all")


def test_a_generator_of_frames_is_welcome_and_a_failed_drawing_leaves_no_figure_open():
    assert len(book(make(f for f in range(4))).pages[0]) == 4
    with pytest.raises(TypeError):
        stepper([1], lambda ax: None, str, axes=plt.subplots()[1], alt="nothing")
    assert not plt.get_fignums()


EVERY = {name: MODELS[name].example for name in MODELS} | {
    "Linkage": (Linkage(), data.linkage(), (0.5,)),
    "CensoredLifetimes": (CensoredLifetimes(), [[1, 0], [2, 0], [2, 1]], (2.4,)),
    "HMM": (HMM(3), data.ice_creams() - 1, ([0.4, 0.6], [[0.8, 0.2], [0.3, 0.7]], [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_model_gets_its_line_and_its_words_even_where_em_stands_still(name):
    model, x, theta = EVERY[name]
    history = fit(model, x, theta, tol=0, max_iter=100)
    still = [step._replace(theta=history[-1].theta) for step in history[-2:]]
    for frame in [*plots.frames(history)[:3], plots.Frame(9, still[1], still[0].theta, still[1].theta)]:
        assert all(field in plots.say_step(frame) for field in ("og-likelihood", " = "))
        ax = plots.panels()
        plots.draw_line_axes(ax)
        plots.draw_line(ax, frame, model=model, x=x)
        assert all(np.isfinite(line.get_xydata()).all() and len(line.get_xydata()) in (1, 81) for line in ax.lines)
        plt.close(ax.figure)


def test_a_theta_without_names_is_said_by_its_places():
    assert plots.say_theta((0.5, [1, 2]), digits=1) == "θ[0] = 0.5, θ[1] = (1.0, 2.0)"


def test_more_components_than_colors_are_refused_in_words():
    ax = plots.panels()
    with pytest.raises(ValueError, match="at most three components to draw; got component 4"):
        plots.draw_split(ax, np.full((3, 4), 0.25))
    plt.close(ax.figure)
