"""The figures of chapter 06, Two coins."""

from collections.abc import Callable

import numpy as np

from ..core import Model, fit
from .look import COLOR, panels, style
from .paint import draw_contours, draw_label, draw_path, draw_split
from .scenes import Frame, draw_history, draw_line, frames, history_axes, line_axes, say_step, sweep
from .stepper import Predict, Stepper, Words, number, stepper

LEVELS = [-60, -50, -45, -40, -37, -35, -34, -33, -32.5, -32, -31.7]


@style()
def who_made_which(heads: np.ndarray, responsibilities: Callable) -> Stepper:
    """The five sets shared out between a fair coin B and a coin A that bends; responsibilities(p_a) gives q."""
    bends = np.arange(0.05, 0.96, 0.05)

    def say(p_a: float) -> Words:
        shares = {f"set {n}": number(q) for n, q in enumerate(responsibilities(p_a)[:, 0], start=1)}
        return Words(
            f"With heads of probability {p_a:.2f} for coin A and 0.50 for B, A's share of each set is:", shares
        )

    ax = panels(370, height=240)
    ax.set(xlim=(0.4, 5.6), ylim=(0, 1), yticks=[0, 0.5, 1], ylabel="responsibility")
    ax.set_xticks(range(1, 6), [f"set {n}\n{h:.0f} heads" for n, h in enumerate(heads, start=1)])
    draw_label(ax, 0.45, 0.03, "A", "component1", beside=(0, 0))
    draw_label(ax, 0.45, 0.93, "B", "component2", beside=(0, 0))
    return stepper(
        bends, lambda ax, p_a: draw_split(ax, responsibilities(p_a)), say, axes=ax, label="p of coin A",
        stops=[f"{p_a:.2f}" for p_a in bends], interval=600,
        predict=Predict(
            "When coin A is at 0.80, how large is its share of set 2, with nine heads?", "height",
            [(2, responsibilities(bends[15])[1, 0])], (0, 15), "share1",
        ),
        title="The better a coin explains a set, the larger its share",
        alt="Five bars, one a set, each split between coin A, below, and coin B, above, by the probability that the "
        "coin made the set.",
    )  # fmt: skip


@style()
def map_of_coins(model: Model, heads: np.ndarray, starts: list[tuple[float, float]]) -> Stepper:
    """EM's path over the map of the log-likelihood of two coins, and l and F so far."""
    grid = np.linspace(0.15, 0.95, 65)
    runs = {str(p): fit(model, heads, (p,), tol=0, max_iter=11) for p in starts}
    series = {name: frames(run) for name, run in runs.items()}
    first = next(iter(runs.values()))[2]

    def draw(axes: np.ndarray, frame: Frame) -> None:
        path = np.array([step.theta.p for step in frame.so_far])
        draw_path(axes[0], path, length=23)
        draw_history(axes[1], frame.so_far)
        draw_line(axes[2], frame, model=model, x=heads, points=61)

    axes = panels(360, 360, 360, height=320)
    draw_contours(axes[0], lambda a, b: model.loglik(heads, ((a, b),)), grid, grid, LEVELS)
    axes[0].set(xlabel="p of coin A", ylabel="p of coin B")
    axes[0].axline((0.2, 0.2), slope=1, color=COLOR["ink"], linestyle=":", linewidth=1)
    draw_label(axes[0], 0.9, 0.9, "equal coins", beside=(-4, -14), ha="right")
    history_axes(axes[1], [step for run in runs.values() for step in run], 22)
    line_axes(axes[2])
    return stepper(
        series, draw, lambda frame: say_step(frame, 4), axes=axes, start_label="start p",
        title="Each start climbs by a path of its own",
        predict=Predict(
            f"From {next(iter(runs))}, where does the first M-step put the two coins?", "point", [first.theta.p],
            (0, 2), "theta",
        ),
        details={2: "For experts: ℓ and F along the line from this θ to the next"},
        alt="A map of the log-likelihood over the two coins, with EM's path; log-likelihood and lower bound so far.",
    )  # fmt: skip


def every_start(model: Model, heads: np.ndarray) -> Stepper:
    """EM from a grid of starts over the map of the two coins, each with its path and its end."""
    grid = np.linspace(0.2, 0.9, 15).round(2)
    return sweep(
        model, heads, lambda a, b: model.Theta(np.array([a, b])), (grid, grid), LEVELS,  # type: ignore[attr-defined]
        labels=("p of coin A", "p of coin B"), title="The start decides which twin EM finds",
        alt="A map of the log-likelihood over the two coins, a start to drag over it, and EM's path from there.",
    )  # fmt: skip
