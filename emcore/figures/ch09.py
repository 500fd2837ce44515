"""The figures of chapter 09, Gaussian mixtures in practice."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..core import Step
from .look import COLOR, LINE, panels, style
from .paint import draw_ellipse, draw_label, draw_points, draw_so_far
from .scenes import draw_history, history_axes
from .stepper import Predict, Stepper, Words, number, significant, stepper

WIDE = np.eye(2)


def plane(*panel: float, height: float = 320) -> np.ndarray:
    """Two panels: the geyser's eruptions against its waits, and one for a curve."""
    axes = panels(*panel, height=height)
    axes[0].set(xlim=(1.3, 5.4), ylim=(38, 102), xlabel="length of the eruption (min)", ylabel="wait to the next (min)")
    return axes


@style()
def ellipses(x: np.ndarray, runs: Mapping[str, list[Step]]) -> Stepper:
    """The eruptions, each leaning to a component, the components' ellipses, and l and F so far."""

    def order(run: list[Step]) -> np.ndarray:
        """First the component that ends at the longer waits: it has the color of component 1 in the whole book."""
        return np.argsort(-run[-1].theta.mu[:, 1])

    def draw(axes: np.ndarray, page: tuple[list[Step], int]) -> None:
        run, i = page
        step = run[i]
        if step.q is None:
            draw_points(axes[0], x, "data", gid="points0")
        else:  # sure ones in their component's color, doubtful ones in ink
            for k, j in enumerate(order(run), start=1):
                draw_points(axes[0], x[step.q[:, j] > 0.9], f"component{k}", sides=(6, 3)[k - 1], gid=f"points{k}")
            draw_points(axes[0], x[step.q.max(axis=1) <= 0.9], "ink", sides=4, size=3, gid="doubtful")
        for k, j in enumerate(order(run), start=1):
            draw_ellipse(axes[0], step.theta.mu[j], step.theta.cov[j], f"component{k}")
            middle = {"beside": (0, 0), "ha": "center", "va": "center", "weight": "bold"}
            draw_label(axes[0], *step.theta.mu[j], str(j + 1), f"component{k}", gid=f"name{k}", **middle)
        draw_history(axes[1], run[: i + 1])

    def say(page: tuple[list[Step], int]) -> Words:
        run, i = page
        step, t = run[i], (i + 1) // 2
        says = {
            "init": "Start: nothing is shared out yet.",
            "E": f"E-step {t}: every eruption is shared out.",
            "M": f"M-step {t}: the ellipses move.",
        }
        means = {f"mean {k}": f"({m[0]:.2f}, {m[1]:.1f})" for k, m in enumerate(step.theta.mu, start=1)}
        taken = "–" if step.q is None else number(step.q[:, 0].sum(), 1)
        return Words(says[step.kind], {**means, "eruptions of 1": taken, "ℓ": number(step.loglik, 2)})

    axes = plane(360, 340)
    history_axes(axes[1], [step for run in runs.values() for step in run], 48)
    draw_label(axes[0], 5.3, 40, "diamonds: in doubt", beside=(0, 0), ha="right")
    return stepper(
        {name: [(run, i) for i in range(len(run))] for name, run in runs.items()}, draw, say, axes=axes,
        kinds=[step.kind for step in max(runs.values(), key=len)],
        title="Two ellipses find the short eruptions and the long ones",
        alt="Eruption lengths against waits, in the color of the component that they surely belong to, with two "
        "ellipses; log-likelihood and lower bound so far.",
    )  # fmt: skip


@style()
def floors(x: np.ndarray, floors: Sequence[float], settled: list[Step]) -> Stepper:
    """Where EM ends with each floor under the variances, and l there: the rise says nothing about geysers."""
    logs, heights = -np.log2(floors), [step.loglik for step in settled]

    def draw(axes: np.ndarray, i: int) -> None:
        theta = settled[i].theta
        for k in range(3):
            draw_ellipse(axes[0], theta.mu[k], theta.cov[k], f"component{k + 1}")
        draw_so_far(axes[1], logs, heights, i, gid="loglik", marker="o", markersize=5, **LINE["loglik"])

    def say(i: int) -> Words:
        step = settled[i]
        thinnest = np.linalg.eigvalsh(step.theta.cov[0])[0]
        numbers = {
            "floor": significant(floors[i]),
            "weight of 1": number(step.theta.pi[0]),
            "variance of 1": significant(thinnest),
        }
        ends = "is as thin as the floor allows" if thinnest < 1.01 * floors[i] else "stays above the floor"
        return Words(f"From the same start: component 1 {ends}.", {**numbers, "ℓ": number(step.loglik, 2)})

    axes = plane(360, 340)
    draw_points(axes[0], x, "data", gid="data")
    axes[1].set(xlim=(3, 21.5), ylim=(min(heights) - 5, max(heights) + 5), xlabel="−log₂ of the floor", ylabel="ℓ")
    return stepper(
        range(len(floors)), draw, say, axes=axes, label="floor", interval=700, grab="loglik",
        predict=Predict(
            "Draw where ℓ ends as the floor sinks, from the highest to the lowest: press on the picture and sweep.",
            "curve",
            [(v, np.interp(v, logs, heights)) for v in np.linspace(logs[0], logs[-1], 9)], (0, len(floors) - 1),
            "loglik", panel=1, digits=1,
        ),
        stops=[significant(floor) for floor in floors],
        title="The lower the floor, the higher the spike",
        alt="The eruptions with three ellipses; the log-likelihood against the floor under the variances.",
    )  # fmt: skip


@style()
def how_many(
    x: np.ndarray, table: Mapping[tuple[str, int], tuple[Step, int, float]], families: Sequence[str]
) -> Stepper:
    """The best fit for each number of components, and its BIC; table: (family, K) -> (last step, parameters, BIC)."""

    def draw(axes: np.ndarray, page: tuple[str, int]) -> None:
        family, K = page
        theta = table[page][0].theta
        for k in range(8):
            mu, cov = (theta.mu[k], theta.cov[k]) if k < K else (np.full(2, np.nan), WIDE)
            draw_ellipse(axes[0], mu, cov, "ghost", gid=f"ellipse{k}", color=COLOR["ink"], alpha=1, linewidth=1.6)
        scores = [table[family, j][2] for j in range(1, 9)]
        look = {"color": COLOR["ink"], "marker": "o", "markersize": 5, "linewidth": 1.5}
        draw_so_far(axes[1], np.arange(1, 9), scores, K - 1, gid="bic", **look)

    def say(page: tuple[str, int]) -> Words:
        step, P, score = table[page]
        numbers = {"K": str(page[1]), "parameters": str(P), "ℓ": number(step.loglik, 2), "BIC": number(score, 2)}
        lowest = min(range(1, page[1] + 1), key=lambda K: table[page[0], K][2])
        return Words(f"{page[0].capitalize()}: the lowest BIC so far is at K = {lowest}.", numbers)

    best = min(range(1, 9), key=lambda K: table[families[0], K][2])
    axes = plane(360, 340)
    draw_points(axes[0], x, "data", gid="data")
    axes[1].set(xlim=(0.7, 8.3), ylim=(2300, 2620), xlabel="number of components K", ylabel="BIC", xticks=range(1, 9))
    return stepper(
        {family: [(family, K) for K in range(1, 9)] for family in families}, draw, say, axes=axes, label="K",
        stops=range(1, 9), start_label="family", interval=900, choices=True, grab="bic",
        predict=Predict(
            f"{families[0].capitalize()}: at which K is BIC lowest?", "across", [(best, table[families[0], best][2])],
            (0, best - 1), "bic", panel=1, digits=0,
        ),
        title="BIC falls, then rises: the lowest point names a K",
        alt="The eruptions with the fitted ellipses; BIC against the number of components.",
    )  # fmt: skip
