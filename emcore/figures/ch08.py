"""The figures of chapter 08, EM is coordinate ascent."""

from collections.abc import Callable, Mapping

import numpy as np

from ..core import Model
from .look import COLOR, LINE, panels, style
from .paint import draw_contours, draw_curve, draw_label, draw_path, draw_so_far
from .stepper import Predict, Stepper, Words, number, significant, stepper


@style()
def zigzag(model: Model, counts: np.ndarray, paths: Mapping[str, list[tuple[str, float, float]]]) -> Stepper:
    """F over t and r as a map, its two ridges, and EM's path; paths: name -> corners (what was done, t, r)."""
    ts, rs = np.linspace(0.03, 0.97, 60), np.linspace(0.01, 0.95, 60)

    def draw(ax, page: list) -> None:
        if len(page) > 1:  # where E and M end is for the reader to say first
            ax.plot(ts, ts / (2 + ts), gid="ridge-e", color=COLOR["bound"], linestyle=":", linewidth=2)
            ax.plot(
                (125 * rs + 34) / (125 * rs + 72), rs, gid="ridge-m", color=COLOR["ink"], linestyle=":", linewidth=2
            )
            draw_label(ax, 0.92, 0.34, "where E ends", "bound", beside=(0, 0), ha="right", gid="name-e")
            draw_label(ax, 0.74, 0.86, "where M ends", beside=(-6, 0), ha="right", gid="name-m")
        draw_path(ax, np.array([corner[1:] for corner in page]), length=9)

    def say(page: list) -> Words:
        done, t, r = page[-1]
        way = {
            "Start": ": t and r are given",
            "E-step": " walks up or down: r changes",
            "M-step": " walks sideways: t changes",
        }[done]
        F = model.lower_bound(counts, r, (t,))
        gap = abs(model.loglik(counts, (t,)) - F)
        turn = f" {len(page) // 2}" if len(page) > 1 else ""
        return Words(
            f"{done}{turn}{way}.", {"t": number(t, 6), "r": number(r, 6), "F": number(F), "gap": number(gap, 4)}
        )

    ax = panels(370, height=316)
    levels = [-400, -330, -290, -265, -245, -230, -220, -213, -209, -207, -206.2]
    draw_contours(ax, lambda t, r: model.lower_bound(counts, r, (t,)), ts, rs, levels, equal=False)
    ax.set(xlabel="t, the parameter", ylabel="r, the hidden share")
    half, first = ["init", "E", "M"], next(iter(paths.values()))
    return stepper(
        {name: [corners[: i + 1] for i in range(len(corners))] for name, corners in paths.items()}, draw, say, axes=ax,
        kinds=[half[0], *(half[1 + i % 2] for i in range(len(next(iter(paths.values()))) - 1))],
        predict=Predict(
            f"At t = {first[0][1]:g}, to which r does the first E-step walk?", "height", [first[1][1:]], (0, 1),
            "theta",
        ),
        title="E walks up or down, M sideways, both uphill",
        alt="A map of F over t and r, two dotted ridges that cross, and EM's path of vertical and horizontal pieces.",
    )  # fmt: skip


@style()
def against_gradient(loglik: Callable, best: float, paths: Mapping[str, list[float]]) -> Stepper:
    """The log-likelihood of t, and what EM and gradient ascent visit; paths: name -> the values of t."""
    grid = np.linspace(0.3, 0.96, 133)

    def draw(ax, page: tuple[str, int]) -> None:
        name, i = page
        inside = [(t, loglik(t)) for t in paths[name][: i + 1] if 0 < t < 1]
        draw_path(ax, np.array(inside), length=17)

    def say(page: tuple[str, int]) -> Words:
        name, i = page
        t, by = paths[name][i], name[0].upper() + name[1:]
        if not 0 < t < 1:
            says = f"{by}: t has left the interval from 0 to 1, beyond which ℓ means nothing; the dot stays inside."
            return Words(says, {"t": number(t, 7), "ℓ": "–", "left to climb": "–"})
        short = significant(abs(best - loglik(t)))
        return Words(f"{by}, iteration {i}.", {"t": number(t, 7), "ℓ": number(loglik(t), 6), "left to climb": short})

    em = next(iter(paths.values()))
    ax = panels(370, height=250)
    ax.set(xlim=(0.3, 0.97), ylim=(-245, -202), xlabel="t", ylabel="ℓ")
    draw_curve(ax, "loglik", grid, loglik)
    draw_label(ax, 0.95, loglik(0.95), "ℓ", "loglik", beside=(4, 4))
    return stepper(
        {name: [(name, i) for i in range(17)] for name in paths}, draw, say, axes=ax, label="iteration",
        start_label="by", interval=600,
        predict=Predict(
            "From t = 0.5, where does EM's first iteration end?", "across", [(em[1], loglik(em[1]))], (0, 1),
            "theta", digits=3,
        ),
        title="EM needs no step size; a gradient does",
        alt="The log-likelihood of t, and the points that EM or gradient ascent visits.",
    )  # fmt: skip


@style()
def passes(by_full: np.ndarray, by_one: np.ndarray) -> Stepper:
    """F by passes over the data: full EM, and one observation at a time."""
    places = np.arange(len(by_full))
    looks = {
        "full EM": (by_full, {**LINE["bound"], "marker": "o", "markersize": 5}),
        "wait by wait": (by_one, {"color": COLOR["ink"], "marker": "s", "markersize": 5, "linewidth": 1.5}),
    }

    def draw(ax, i: int) -> None:
        for name, (heights, look) in looks.items():
            draw_so_far(ax, places, heights, i, gid=name, **look)

    def say(i: int) -> Words:
        numbers = {name: number(heights[i]) for name, (heights, _) in looks.items()}
        return Words(f"F after {i} pass{'es' * (i != 1)} over the data.", numbers)

    ax = panels(370, height=250)
    ax.set(xlim=(-0.5, 17.5), ylim=(-1125, -1028), xticks=range(0, 18, 3), xlabel="passes over the data", ylabel="F")
    for name, (heights, look) in looks.items():
        ax.plot([0], heights[:1], label=name, **look)
    ax.legend(frameon=False, loc="lower right")
    return stepper(
        range(len(by_full)), draw, say, axes=ax, label="passes", interval=600, grab=tuple(looks),
        predict=Predict(
            "Where is F after the first pass, with an M-step after every wait?", "height", [(1, by_one[1])], (0, 1),
            "wait by wait", digits=1,
        ),
        title="An M-step after every wait gets ahead of full EM",
        alt="F against the number of passes over the data, for full EM and for incremental EM, which is ahead.",
    )  # fmt: skip
