"""A stepped figure of 40 frames against matplotlib's `to_jshtml` of the same frames.

The figure is the first of chapter 05 without its record: half-steps of EM on the women's mean height, and a bar.
Bytes are gzipped, of all that a page holds for the figure: pictures, words, controls, and the script and style that
all figures of a page share. The two builds take turns.
"""

import gzip
import statistics
import time

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation

from emcore import OneMean, data, figures, fit
from emcore.figures import page, scenes

FRAMES, RUNS = 40, 3
LIGHTER, SLOWER = 100, 1.0  # the budgets

X = data.heights().height
MODEL = OneMean(pi=(0.44, 0.56), mu1=178, sigma=(6.4, 5.6))
GRID = np.linspace(146, 184, 115)


def draw(axes, frame):
    scenes.draw_bound(axes, frame.step, model=MODEL, x=X, grid=GRID)


def scene(axes):
    scenes.bound_axes(axes, model=MODEL, x=X, grid=GRID, low=-1000, high=-690, label="mean height (cm)")
    return axes


def stepped(frames) -> str:
    axes = scene(figures.panels(360, 90))
    figure = figures.stepper(frames, draw, figures.say_step, axes=axes, title="The bound touches l", alt="l, F, gap")
    return page.html(figure) + page.stylesheet() + page.script()


def animated(frames) -> str:
    axes = scene(plt.subplots(1, 2, figsize=(6.3, 3.6), width_ratios=[4, 1], layout="constrained")[1])
    fig = axes[0].figure
    fig.draw_without_rendering()
    fig.set_layout_engine("none")
    stays = {artist for ax in axes for artist in ax.get_children()}

    def update(frame):
        for ax in axes:
            for artist in set(ax.get_children()) - stays:
                artist.remove()
            ax.autoscale(False)
        draw(axes, frame)

    page = FuncAnimation(fig, update, frames, init_func=lambda: None).to_jshtml()
    plt.close(fig)
    return page


def main():
    frames = figures.frames(fit(MODEL, X, (150,), max_iter=FRAMES // 2, tol=0))[:FRAMES]
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
