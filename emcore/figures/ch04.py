"""The figures of chapter 04, Jensen's inequality and the lower bound."""

from collections.abc import Callable

import numpy as np

from .look import LINE, panels, style
from .paint import draw_curve, draw_gap, draw_label, draw_walk
from .stepper import Predict, Stepper, Words, number, stepper


@style()
def chord(pairs: list[tuple[float, float]]) -> Stepper:
    """The logarithm, a chord between two of its points, and the gap between them at the average."""
    stops = np.linspace(0.05, 0.95, 19)

    def heights(page: tuple) -> tuple[float, float]:
        share, a, b = page
        return (1 - share) * a + share * b, (1 - share) * np.log(a) + share * np.log(b)

    def draw(ax, page: tuple) -> None:
        mean, below = heights(page)
        ends = np.array(page[1:])
        ax.plot(ends, np.log(ends), gid="chord", marker="o", markersize=5, **LINE["bound"])
        ax.plot([mean, mean], [below, np.log(mean)], gid="gap-line", **LINE["gap-line"])
        ax.plot([mean], [np.log(mean)], gid="theta", zorder=4, **LINE["theta"])

    def say(page: tuple) -> Words:
        (share, a, b), (mean, below) = page, heights(page)
        numbers = {
            "average": number(mean, 2), "log of the average": number(np.log(mean)),
            "average of the logs": number(below), "gap": number(abs(np.log(mean) - below)),
        }  # fmt: skip
        return Words(f"{a:g} with probability {1 - share:.2f}, {b:g} with probability {share:.2f}.", numbers)

    a, b = pairs[0]
    ax = panels(370, height=250)
    ax.set(xlim=(0.5, 9.7), ylim=(-0.6, 2.5), xlabel="value", ylabel="log")
    draw_curve(ax, "loglik", np.linspace(0.6, 9.6, 121), np.log)
    draw_label(ax, 9.6, np.log(9.6), "the logarithm", "loglik", beside=(0, 6), ha="right", va="bottom")
    draw_label(ax, 3.2, 0.35, "chord", "bound", beside=(0, 0), va="top")
    return stepper(
        {f"{a:g} and {b:g}": [(s, a, b) for s in stops] for a, b in pairs}, draw, say, axes=ax, label="λ",
        stops=[f"{s:.2f}" for s in stops], start_label="a and b", interval=500,
        predict=Predict(
            f"The number is {a} or {b}, each with probability 0.5: how high is the average of its logs?", "height",
            [((a + b) / 2, (np.log(a) + np.log(b)) / 2)], (0, 9), "gap-line",
        ),
        title="The logarithm bends down, so every chord lies below it",
        alt="The logarithm with a chord between two of its points; a vertical segment shows the gap between curve and "
        "chord at the average.",
    )  # fmt: skip


@style()
def one_set(joint: Callable, bound: Callable, heads: list[float]) -> Stepper:
    """F(q) as a dome under the level line log p(x), and the gap at the chosen weight of coin A."""
    weights, stops = np.linspace(0.001, 0.999, 121), np.linspace(0, 1, 21)

    few = min(heads)

    def level(h: float) -> float:
        return float(np.log(np.sum(joint(h))))

    def draw(axes: np.ndarray, page: tuple) -> None:
        a, h = page
        draw_curve(axes[0], "loglik", weights, lambda w: level(h))
        draw_walk(axes[0], weights, lambda w: bound(h, w), a, role="bound", begun=a > 0)
        axes[0].plot([a, a], [bound(h, a), level(h)], gid="gap-line", **LINE["gap-line"])
        draw_label(axes[0], 0.99, level(h), "log p(x)", "loglik", beside=(0, 3), ha="right", va="bottom", gid="level")
        draw_gap(axes[1], bound(h, a), level(h))

    def say(page: tuple) -> Words:
        a, h = page
        numbers = {"q(A)": number(a, 2), "F(q)": number(bound(h, a), 4), "gap": number(abs(level(h) - bound(h, a)), 4)}
        grows = a < joint(h)[0] / np.sum(joint(h))
        says = f"A set with {h:.0f} heads of ten: coin A deserves {'more' if grows else 'less'} weight than this."
        return Words(says, {**numbers, "log p(x)": number(level(h), 4)})

    axes = panels(360, 90, height=250)
    axes[0].set(xlim=(0, 1), ylim=(-9.2, -5.2), xlabel="q(A), the weight given to coin A", ylabel="log probability")
    axes[1].set(
        xlim=(-0.6, 0.6), ylim=(-9.2, -5.2), xticks=[0], xticklabels=["F + gap"], yticks=[], xlabel="= log p(x)"
    )
    return stepper(
        {f"{h:.0f} heads": [(a, h) for a in stops] for h in sorted(heads)}, draw, say, axes=axes, label="q(A)",
        stops=[f"{a:.2f}" for a in stops], start_label="set with", interval=500,
        predict=Predict(
            f"Draw F over q(A), for the set with {few:.0f} heads: press on the picture and sweep.", "curve",
            [(w, bound(few, w)) for w in np.linspace(0.02, 0.98, 9)], (0, len(stops) - 1), "bound",
        ),
        title="No q lifts the bound above log p(x); one q touches it",
        alt="The lower bound as a function of the weight given to coin A, a dome under a level line, with the gap at "
        "the chosen weight.",
    )  # fmt: skip
