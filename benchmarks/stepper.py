"""A stepped figure of 40 frames against matplotlib's `to_jshtml` of the same frames.

The figure is the first of chapter 05: 40 half-steps of EM on the women's mean height. Bytes are gzipped, of all that
a page holds for the figure: pictures, captions, controls and their script. The two builds take turns.
"""

import gzip
import json
import statistics
import time
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from emcore.widgets import stepper
from ipywidgets.embed import dependency_state
from matplotlib.animation import FuncAnimation

from emcore import OneMean, data, fit, plots

FRAMES, RUNS = 40, 7
LIGHTER, SLOWER = 30, 1.0  # the budgets

X = data.heights().height
MODEL = OneMean(pi=(0.44, 0.56), mu1=178, sigma=(6.4, 5.6))
GRID = np.linspace(146, 184, 115)
DRAW = partial(plots.draw_bound, model=MODEL, x=X, grid=GRID)


def scene():
    axes = plots.panels(1, 2, height=3.2, width_ratios=[5, 1], sharey=True)
    plots.draw_loglik_axes(axes, model=MODEL, x=X, grid=GRID, low=-1000, high=-690, label="mean height (cm)")
    return axes


def stepped(frames) -> str:
    figure = stepper(frames, DRAW, partial(plots.say_step, digits=3), axes=scene(), alt="l, F and the gap")
    return json.dumps(dependency_state([figure], drop_defaults=False))


def animated(frames) -> str:
    axes = scene()
    fig = axes[0].figure
    fig.draw_without_rendering()
    fig.set_layout_engine("none")
    stays = {artist for ax in axes for artist in ax.get_children()}

    def update(frame):
        for ax in axes:
            for artist in set(ax.get_children()) - stays:
                artist.remove()
            ax.autoscale(False)
        DRAW(axes, frame)

    page = FuncAnimation(fig, update, frames, init_func=lambda: None).to_jshtml()
    plt.close(fig)
    return page


def main():
    frames = plots.frames(fit(MODEL, X, (150,), max_iter=FRAMES // 2, tol=0))[:FRAMES]
    builds, sizes, seconds = (stepped, animated), {}, {stepped: [], animated: []}
    for turn in range(RUNS + 1):
        for build in builds:
            start = time.perf_counter()
            page = build(frames)
            if turn:  # the first turn warms up
                seconds[build].append(time.perf_counter() - start)
            sizes[build] = len(gzip.compress(page.encode()))
    lighter = sizes[animated] / sizes[stepped]
    ratios = [ours / theirs for ours, theirs in zip(seconds[stepped], seconds[animated], strict=True)]
    print(
        f"  {lighter:.0f} times lighter: {sizes[stepped] / 1e3:.1f} kB against {sizes[animated] / 1e3:.1f} kB gzipped "
        f"(budget: {LIGHTER} or more; the same in every run)"
    )
    print(
        f"  {statistics.median(ratios):.2f} of the time to build ({min(ratios):.2f} to {max(ratios):.2f} in {RUNS} "
        f"runs; {statistics.median(seconds[stepped]):.2f} s against {statistics.median(seconds[animated]):.2f} s; "
        f"budget: at most {SLOWER:.0f})"
    )
