"""The figures of chapter 07, Does it converge?"""

from collections.abc import Mapping

import numpy as np

from ..core import Model, Step, fit
from .look import LINE, panels, style
from .paint import draw_contours, draw_label, draw_path
from .scenes import Frame, draw_history, draw_line, frames, history_axes, line_axes, say_step, sweep, theta_numbers
from .stepper import Predict, Stepper, Words, number, significant, stepper

LEVELS = [-2000, -1700, -1500, -1350, -1250, -1200, -1150, -1120, -1100, -1085, -1077, -1060, -1045, -1037]


@style()
def staircase(run: list[Step]) -> Stepper:
    """l and F by half-step: F rises at every half-step, and l at every M-step by the sure gain and a bonus."""
    edges, places = np.arange(len(run) + 1) - 0.5, np.arange(len(run))
    loglik = np.array([step.loglik for step in run])
    bound = np.array([loglik[0], *(step.bound for step in run[1:])])

    def draw(ax, step: Step) -> None:
        i = next(j for j in places if run[j] is step)
        shown = np.where(places <= i, 1.0, np.nan)
        base = np.where(places <= i, bound, np.nan)
        ax.stairs(loglik * shown, edges, baseline=base, fill=True, gid="gap", **LINE["gap"])
        ax.stairs(bound * shown, edges, baseline=None, gid="bound", **LINE["bound"])
        ax.stairs(loglik * shown, edges, baseline=None, gid="loglik", **LINE["loglik"])
        ax.plot([i], [loglik[i]], gid="theta", zorder=4, **LINE["theta"])
        draw_label(ax, i, loglik[i], "ℓ", "loglik", beside=(0, 9), ha="center", va="bottom", gid="name-loglik")
        if i > 0:
            draw_label(ax, i, bound[i], "F", "bound", beside=(0, -5), ha="center", va="top", gid="name-bound")

    def say(step: Step) -> Words:
        i = next(j for j in places if run[j] is step)
        before = bound[max(i - 1, 0)]
        says = {
            "init": "Start: θ is given, and with it ℓ.",
            "E": f"E-step {(i + 1) // 2}: F catches up with ℓ; ℓ stays, because θ stays.",
            "M": f"M-step {i // 2}: ℓ gains what F gains, which is sure, and the gap that opens, a bonus.",
        }[step.kind]
        gains = {"F gains": number(bound[i] - before, 4), "bonus": number(loglik[i] - bound[i], 4)}
        return Words(says, {**theta_numbers(step.theta), **gains, "ℓ": number(loglik[i], 4)})

    ax = panels(370, height=260)
    ax.set(xlim=(-0.6, len(run) - 0.4), ylim=(-32.08, -31.51), xlabel="half-step", ylabel="ℓ and F")
    return stepper(
        run, draw, say, axes=ax, title="No half-step leads down",
        predict=Predict(
            "How high is ℓ after the first M-step, at half-step 2?", "height", [(2, loglik[2])], (0, 2), "theta",
            digits=3,
        ),
        alt="A staircase: the log-likelihood rises at every M-step, and at every E-step the bound catches up with it.",
    )  # fmt: skip


@style()
def valley(model: Model, waiting: np.ndarray, starts: list) -> Stepper:
    """EM's path over the map of the log-likelihood of two means, which has two tops of different height."""
    runs = {f"{start.mu[0]:g}, {start.mu[1]:g}": fit(model, waiting, start, tol=0, max_iter=9) for start in starts}
    series = {name: frames(run) for name, run in runs.items()}
    plane, first = np.linspace(44, 96, 53), next(iter(runs))

    def draw(axes: np.ndarray, frame: Frame) -> None:
        draw_path(axes[0], np.array([step.theta[0] for step in frame.so_far]), length=19)
        draw_history(axes[1], frame.so_far)
        draw_line(axes[2], frame, model=model, x=waiting, points=61)

    axes = panels(360, 360, 360, height=320)
    kind = type(starts[0])
    draw_contours(axes[0], lambda u, v: model.loglik(waiting, kind(np.array([u, v]))), plane, plane, LEVELS)
    axes[0].set(xlabel="μ₁, weight .36 (minutes)", ylabel="μ₂, weight .64 (minutes)")
    history_axes(axes[1], [step for run in runs.values() for step in run], 18)
    line_axes(axes[2])
    return stepper(
        series, draw, say_step, axes=axes, start_label="start μ",
        title="This likelihood has two tops, and one is higher",
        predict=Predict(
            f"From ({first}), where does EM end?", "point", [runs[first][18].theta[0]], (0, 18), "theta", digits=1,
        ),
        details={2: "For experts: ℓ and F along the line from this θ to the next"},
        alt="A map of the log-likelihood over two means, with two tops, and EM's path; log-likelihood and lower bound "
        "so far.",
    )  # fmt: skip


def every_start(model: Model, waiting: np.ndarray, kind: type) -> Stepper:
    """EM from a grid of starts over the map of the two means, each with its path and its end."""
    grid = np.linspace(48, 90, 15)
    return sweep(
        model, waiting, lambda u, v: kind(np.array([u, v])), (grid, grid), LEVELS,
        labels=("μ₁, weight .36 (minutes)", "μ₂, weight .64 (minutes)"), digits=2,
        title="The start decides whether EM finds the higher top",
        alt="A map of the log-likelihood over two means, a start to drag over it, and EM's path from there.",
    )  # fmt: skip


@style()
def how_fast(errors: Mapping[str, np.ndarray], ratios: Mapping[str, float], names: list[str]) -> Stepper:
    """The error after each iteration on a logarithmic scale, and the slope that two curvatures predict."""
    places = np.arange(17)

    def draw(ax, page: tuple[str, int]) -> None:
        name, t = page
        logs = np.log10(errors[name][:17] / errors[name][0])
        slope = np.log10(ratios[name])
        ax.plot([0, 16], [logs[8] - 8 * slope, logs[8] + 8 * slope], gid="predicted", **LINE["bound"])
        seen = np.minimum(places, t)
        ax.plot(seen, logs[seen], gid="error", **LINE["theta"])

    def say(page: tuple[str, int]) -> Words:
        name, t = page
        ratio = "–" if t == 0 else number(errors[name][t] / errors[name][t - 1], 4)
        numbers = {"error": significant(errors[name][t], 3), "of the error before": ratio}
        wait = np.log(10) / -np.log(ratios[name])
        says = f"At the predicted ratio, one more digit takes {wait:.1f} iterations."
        return Words(says, {**numbers, "predicted ratio": number(ratios[name], 4)})

    ax = panels(370, height=270)
    ax.set(
        xlim=(-0.5, 16.5),
        ylim=(-14.5, 0.8),
        xlabel="iteration",
        xticks=range(0, 17, 4),
        ylabel="log₁₀ of error / first error",
    )
    draw_label(ax, 16, -0.1, "dashed: the slope that two curvatures predict", "bound", beside=(0, 6), ha="right")
    return stepper(
        {name: [(name, t) for t in range(17)] for name in names}, draw, say, axes=ax, label="iteration",
        start_label="data", interval=500, grab="error", title="Two curvatures predict how fast the error shrinks",
        alt="The error after each iteration on a logarithmic scale, with a dashed line whose slope is predicted from "
        "two curvatures.",
    )  # fmt: skip
