"""The figures of chapter 13, Your own model."""

from collections.abc import Sequence

import numpy as np

from ..core import Model, Step
from .look import COLOR, LINE, panels, style
from .paint import draw_label, draw_shares, draw_so_far
from .scenes import draw_history, frames, history_axes
from .stepper import Predict, Stepper, Words, number, stepper

EXPECTED = {"facecolor": "none", "edgecolor": COLOR["ink"], "hatch": "////", "linewidth": 1}


@style()
def notices(model: Model, deaths: np.ndarray, thetas: list, times: Sequence[int]) -> Stepper:
    """Days by number of notices, the fitted mixture stacked over them, and the weight that crawls."""
    values = np.arange(10)
    counts = np.array([np.sum(deaths == value) for value in values])
    logs = np.log10(np.maximum(times, 0.7))

    def fitted(theta) -> np.ndarray:
        return np.exp(model.log_joint(values, theta)).sum(axis=1)

    def draw(axes: np.ndarray, i: int) -> None:
        theta = thetas[times[i]]
        days = len(deaths) * np.exp(model.log_joint(values, theta))
        draw_shares(axes[0], values, days, np.arange(-0.5, 10), density=False)
        axes[0].plot(
            values, counts, "D", color=COLOR["ink"], markeredgecolor=COLOR["paper"], markersize=7, gid="counts"
        )
        weights = [thetas[t].pi[0] for t in times]
        draw_so_far(axes[1], logs, weights, i, gid="component1", marker="o", markersize=5, **LINE["component1"])

    def say(i: int) -> Words:
        theta = thetas[times[i]]
        numbers = {
            "weight of 1": theta.pi[0],
            "rate 1": theta.rate[0],
            "rate 2": theta.rate[1],
            "ℓ": model.loglik(deaths, theta),
        }
        t, moves = times[i], len(deaths) * np.abs(fitted(theta) - fitted(thetas[times[-1]]))
        says = f"After {t} iteration{'s' * (t != 1)} no bar is more than {moves.max():.1f} days from its last height."
        return Words(says, {name: number(value, 4) for name, value in numbers.items()})

    axes = panels(360, 360, height=260)
    axes[0].set(xlim=(-0.6, 9.6), ylim=(0, 290), xticks=values, xlabel="notices on a day", ylabel="days")
    draw_label(axes[0], 9.3, 270, "diamonds: observed", beside=(0, 0), ha="right")
    axes[1].set(xlim=(-0.3, 3.3), ylim=(0.27, 0.37), xlabel="iteration", ylabel="weight of component 1")
    axes[1].set_xticks([0, 1, 2, 3], ["1", "10", "100", "1000"])
    return stepper(
        range(len(times)), draw, say, axes=axes, label="iteration", stops=times, interval=600, grab="component1",
        predict=Predict(
            f"Where is the weight after {times[-1]} iterations?", "height", [(logs[-1], thetas[times[-1]].pi[0])],
            (0, len(times) - 1), "component1", panel=1, digits=3,
        ),
        title="The fit looks done long before the weight has settled",
        alt="Days by number of notices as diamonds, and the fitted mixture as stacked bars; and the weight of the "
        "first component against the iteration, on a log scale.",
    )  # fmt: skip


@style()
def lifetimes(machines: np.ndarray, steps: list[Step]) -> Stepper:
    """Lifetimes as bars, the censored ones extended by what is expected, the mean, and l and F so far."""
    rows = np.arange(len(machines), 0, -1)
    running = machines[:, 1] == 1

    def draw(axes: np.ndarray, frame) -> None:
        step = frame.step
        added = np.full(running.sum(), 0 if step.q is None else step.q)
        axes[0].barh(rows[running], added, 0.55, machines[running, 0], gid="expected", **EXPECTED)
        axes[0].plot([step.theta.mean] * 2, [0.4, len(machines) + 0.6], gid="mean", color=COLOR["ink"], linewidth=2.5)
        draw_label(axes[0], step.theta.mean, len(machines) + 0.3, "mean", gid="name-mean")
        draw_history(axes[1], frame.so_far)

    def say(frame) -> Words:
        step = frame.step
        says = {
            "init": "Start: the mean is a guess.",
            "E": f"E-step {frame.t}: every machine that still runs is expected to go on for the present mean.",
            "M": f"M-step {frame.t}: the mean of all lifetimes, the years to come included.",
        }
        numbers = {
            "mean": number(step.theta.mean, 4),
            "to come": number(step.q, 4),
            "F": number(step.bound, 4), "ℓ": number(step.loglik, 4),
        }  # fmt: skip
        return Words(says[step.kind], numbers)

    axes = panels(360, 360, height=240)
    axes[0].barh(rows, machines[:, 0], 0.55, **LINE["data"])
    axes[0].set(xlim=(0, 8.5), ylim=(0.3, len(machines) + 0.8), xlabel="years")
    axes[0].set_yticks(rows, ["still runs" if still else "failed" for still in running])
    history_axes(axes[1], steps, len(steps) - 1)
    return stepper(
        frames(steps), draw, say, axes=axes, grab=("theta", "mean"),
        predict=Predict(
            "Which mean lifetime does EM end with?", "across", [(steps[-1].theta.mean, 3)],
            (0, len(frames(steps)) - 1), "mean", unit=" years",
        ),
        title="E adds the years to come, M takes the mean",
        alt="Five lifetimes as bars, two of them extended by what is expected, and the mean as a line; log-likelihood "
        "and lower bound so far.",
    )  # fmt: skip
