"""The live scene: tried by node in a document without a browser, on markup as emcore writes it, against emcore."""

import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from emcore import GMM1D, BinomialMixture, Coins, KMeans, data, figures, fit
from emcore.figures.live import html
from tools import frontend

ROOT = Path(__file__).resolve().parents[2]
GEYSER, Two = data.old_faithful(), GMM1D.Theta
SCENES = {  # model, data, start, options
    "waits": (GMM1D(), GEYSER.waiting[:90], Two((0.5, 0.5), (80, 60), (10, 10)), {"edges": np.arange(42, 100, 2)}),
    "coins": (BinomialMixture(10), data.coins(), BinomialMixture.Theta((0.5, 0.5), (0.6, 0.5)), {}),
    "three": (GMM1D(), GEYSER.eruption[:90], Two((0.4, 0.3, 0.3), (4.5, 3, 2), (0.5, 0.5, 0.5)), {}),
    "hard": (GMM1D(), data.heights().height[:60], Two((0.5, 0.5), (180, 160), (6, 6)), {"hard": True}),
}  # fmt: skip


def scene(name):
    model, x, start, options = SCENES[name]
    return figures.live(model, x, start, title="You are EM, by hand", label="x", **options)


def expected(name):
    """F and l at the start, those of some half-steps, and where EM ends."""
    model, x, start, options = SCENES[name]
    x, start = model.check(x, start)
    half = np.full((len(x), len(start.pi)), 1 / len(start.pi))
    numbers = {"F": model.lower_bound(x, half, start), "l": model.loglik(x, start)}
    if options.get("hard"):
        run = fit(KMeans(6.0), x, KMeans.Theta(start.mu), tol=0, max_iter=4)
        thetas = [{"mu": step.theta.mu.tolist()} for step in run]
    else:
        run = fit(model, x, start, tol=0, max_iter=4)
        thetas = [{key: value.tolist() for key, value in step.theta._asdict().items()} for step in run]
        numbers["end"] = fit(model, x, start, tol=1e-12, max_iter=3000)[-1].loglik
    steps = [{"F": step.bound, "l": step.loglik, "theta": t} for step, t in zip(run, thetas, strict=True)][1:]
    return {**numbers, "run": steps}


def test_the_hand_the_keys_and_the_buttons_do_what_they_say(tmp_path):
    node = frontend.program("node")
    assert (ROOT / "node_modules" / "jsdom").exists(), "needs jsdom: say make frontend"
    given = {"markup": {n: html(scene(n)) for n in SCENES}, "expected": {n: expected(n) for n in SCENES}}
    (tmp_path / "live.json").write_text(json.dumps(given), encoding="utf-8")
    env = os.environ | {"LIVE": str(tmp_path / "live.json")}
    done = subprocess.run(
        [node, "--test", "tests/live.test.mjs"], cwd=ROOT, env=env, capture_output=True, text=True
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("name", SCENES)
def test_its_text_is_where_it_begins(name):
    _, x, start, _ = SCENES[name]
    said, loglik = repr(scene(name)), expected(name)["l"]
    assert said.startswith("You are EM, by hand\n") and f"N {len(x)}  K {len(start.pi)}  " in said
    assert said.endswith(f"ℓ {figures.number(loglik)}") and not re.search(r"^ 0  ", said, re.M)


def test_a_page_gets_its_markup_and_a_notebook_its_widget(monkeypatch):
    monkeypatch.setenv("EMCORE_FIGURES", "html")
    found = scene("waits")._repr_mimebundle_()
    assert found["text/plain"] == repr(scene("waits")) and found["text/html"] == html(scene("waits"))
    monkeypatch.delenv("EMCORE_FIGURES")
    assert "application/vnd.jupyter.widget-view+json" in scene("waits")._repr_mimebundle_()


def test_its_markup_is_one_element_that_no_words_can_end():
    figure = figures.live(*SCENES["coins"][:3], title="</script><b>", label="<!-- x")
    text = html(figure)
    assert text.count("<script") == text.count("</script>") == 1 and "<b>" not in text and "<!--" not in text


@pytest.mark.parametrize(
    "given, says",
    [
        ((Coins(10), data.coins(), ((0.6, 0.5),)), "a live scene is for"),
        ((GMM1D(min_sigma=1.0), [1, 2], ((1,), (1,), (2,))), "a live scene is for"),
        ((GMM1D(), [1, 2], ((0.2,) * 5, range(5), (1,) * 5)), "the number of components must be at most 4"),
        ((GMM1D(), np.arange(2001), ((1,), (1,), (1,))), "the number of observations must be at most 2000"),
        ((GMM1D(), [1, 1], ((1,), (1,), (1,))), "at least two different numbers"),
        ((GMM1D(), [1, 2], ((1,), (1,), (0,))), "sigma must be above 0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_shown_is_refused(given, says):
    with pytest.raises(ValueError, match=says):
        figures.live(*given)


@pytest.mark.parametrize("edges", [[0, 1], [0, 3, 2], [1.5, 3]])
def test_edges_must_hold_the_data(edges):
    with pytest.raises(ValueError, match="edges must rise and hold all of x"):
        figures.live(GMM1D(), [1, 2], ((1,), (1,), (1,)), edges=edges)
