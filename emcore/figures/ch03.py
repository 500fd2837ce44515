"""The figures of chapter 03, Two Gaussians."""

from collections.abc import Callable

import numpy as np

from ..core import Model
from ..numerics import log_normal
from .look import COLOR, LINE, panels, style
from .paint import HALO, HEIGHTS, draw_components, draw_label, draw_walk
from .stepper import Predict, Stepper, Words, number, significant, stepper


@style()
def two_bells(x: np.ndarray, bells: list[tuple[float, float]], density: Callable) -> Stepper:
    """Two heaps, one flat bell over both, and two bells whose heights change with the weight of the left one."""
    where, fine = np.linspace(-1, 12, 196), np.linspace(0.001, 0.999, 160)
    shares = [0.001, 0.01, *np.arange(0.05, 0.96, 0.05), 0.99, 0.999]

    middle = min(shares, key=lambda share: abs(share - 0.5))

    def loglik(pi1: float) -> float:
        return float(np.sum(np.log(density(x, pi1))))

    def draw(axes: np.ndarray, pi1: float) -> None:
        for k, share in enumerate((pi1, 1 - pi1), start=1):
            bell = share * np.exp(log_normal(where, *bells[k - 1]))
            axes[0].plot(where, bell, gid=f"component{k}", path_effects=[HALO], **LINE[f"component{k}"])
        draw_walk(axes[1], fine, loglik, pi1, begun=pi1 > shares[0])

    def say(pi1: float) -> Words:
        area = np.sum(density(where, pi1)) * (where[1] - where[0])
        numbers = {"π₁": number(pi1), "π₂": number(1 - pi1), "area under both": number(area), "ℓ": number(loglik(pi1))}
        return Words("The weights share an area of 1 between the two bells.", numbers)

    axes = panels(360, 360, height=250)
    axes[0].plot(x, np.zeros_like(x), "|", color=COLOR["data"], markersize=12)
    axes[0].plot(where, np.exp(log_normal(where, x.mean(), x.std())), color=COLOR["data"], linestyle=":")
    draw_label(axes[0], 4.7, 0.14, "one bell", "data", beside=(0, 4), ha="center", va="bottom")
    for k, (place, name) in enumerate(((bells[0][0], "π₁ × left"), (bells[1][0], "π₂ × right")), start=1):
        draw_label(axes[0], place, 0.87, name, f"component{k}", beside=(0, 0), ha="center", va="top")
    axes[0].set(xlabel="x", ylabel="density", xlim=(-1, 12), ylim=(-0.05, 0.9))
    axes[1].set(xlabel="π₁, the weight of the left bell", ylabel="ℓ", xlim=(-0.02, 1.02), ylim=(-190, -60))
    return stepper(
        shares, draw, say, axes=axes, title="Two bells fit where one cannot", label="π₁",
        stops=[f"{share:.3f}" for share in shares], interval=500,
        predict=Predict(
            "At which weight π₁ is ℓ highest?", "across", [(0.5, loglik(0.5))], (0, shares.index(middle)),
            "theta", panel=1,
        ),
        alt="Two heaps of points; one flat bell over both, dotted; two bells, one on each heap, whose heights change "
        "with the mixing weight; and the log-likelihood against that weight.",
    )  # fmt: skip


@style()
def spike(model: Model, height: np.ndarray, theta: Callable) -> Stepper:
    """The log-likelihood of theta(sigma) as sigma goes to 0: a spike on one person."""
    sigmas = np.geomspace(5, 1e-20, 19)
    near = 197 + np.array([-1e-9, -1e-6, -1e-3, -0.1, 0, 0.1, 1e-3, 1e-6, 1e-9])
    cm = np.sort(np.concatenate([np.linspace(150, 200, 151), near]))

    def along(digits: float) -> float:
        return model.loglik(height, theta(10.0**-digits))

    def draw(axes: np.ndarray, sigma: float) -> None:
        draw_components(axes[0], theta(sigma), cm)
        draw_walk(axes[1], -np.log10(sigmas), along, -np.log10(sigma), begun=sigma < sigmas[0])

    def say(sigma: float) -> Words:
        top = theta(sigma).pi[1] / (sigma * np.sqrt(2 * np.pi))
        numbers = {
            "σ": significant(sigma),
            "top of the spike": significant(top, 3),
            "ℓ": number(along(-np.log10(sigma)), 2),
        }
        return Words("The narrower the spike, the taller its top; everybody else pays a fixed price.", numbers)

    axes = panels(360, 360, height=250)
    axes[0].stairs(*np.histogram(height, HEIGHTS, density=True), fill=True, **LINE["data"])
    axes[0].set(xlim=(150, 200), ylim=(0, 0.06), yticks=[], xlabel="height (cm)")
    draw_label(axes[0], 171, 0.048, "everybody else", "component1", beside=(0, 4), ha="center", va="bottom")
    draw_label(axes[0], 196, 0.048, "one person", "component2", beside=(0, 4), ha="right", va="bottom")
    axes[1].set(xlim=(-1.2, 20.8), ylim=(-726, -672), xlabel="−log₁₀ σ of the second component", ylabel="ℓ")
    return stepper(
        sigmas, draw, say, axes=axes, title="A component can shrink onto one person", label="σ",
        stops=[significant(s) for s in sigmas], interval=600,
        predict=Predict(
            "Where is ℓ when σ has shrunk to 1e−20?", "height", [(20, along(20))], (0, len(sigmas) - 1), "theta",
            panel=1, digits=1,
        ),
        alt="The heights with a wide component and a spike at 197 cm, and the log-likelihood rising steadily as the "
        "spike's sigma shrinks.",
    )  # fmt: skip
