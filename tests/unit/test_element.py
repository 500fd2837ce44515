"""The figure's element, tried by node in a document without a browser, on markup as emcore writes it."""

import os
import subprocess
from pathlib import Path

from test_figures import FIGURES, HEADS, PREDICT, SHARES, make, spread

from emcore.figures import page, scenes
from tools import frontend

ROOT = Path(__file__).resolve().parents[2]


def write_figures(folder):
    """A file with the figures that the tests in JavaScript try."""
    model, x, theta = HEADS
    halves = scenes.step(model, x, {"a": theta, "b": theta._replace(p=theta.p[::-1])}, iterations=2)
    halves.plan["jumps"] = {"there": (1, 3)}
    figure = folder / "figures.html"
    figures = [halves, make([0.0, 0.3, 0.5, 0.8, 1.0], at=1), FIGURES["one mean"](), spread()]
    figures += [make(SHARES, predict=PREDICT[kind]) for kind in ("across", "height", "point", "curve")]
    figure.write_text("".join(map(page.html, figures)), encoding="utf-8")
    return figure


def test_the_element_does_what_its_controls_say(tmp_path):
    node = frontend.program("node")
    assert (ROOT / "node_modules" / "jsdom").exists(), "needs jsdom: say make frontend"
    env = os.environ | {"FIGURE": str(write_figures(tmp_path))}
    command = [node, "--test", "tests/element.test.mjs"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
