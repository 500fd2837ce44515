"""The figures of chapter 02, A single Gaussian."""

from collections.abc import Callable
from functools import partial

import numpy as np

from ..numerics import log_normal
from .look import COLOR, LINE, panels, style
from .paint import HEIGHTS, draw_contours, draw_label
from .stepper import Predict, Stepper, Words, number, stepper


@style()
def map_of_loglik(height: np.ndarray, loglik: Callable) -> Stepper:
    """A normal density over the heights, and where its mean and width stand on the map of the log-likelihood."""
    best = height.mean(), height.std()
    mus = [*best[0] + 1.5 * np.arange(-7, 0), best[0], *best[0] + 1.5 * np.arange(1, 8)]
    wrong = mus[1]
    wide = np.sqrt(np.mean((height - wrong) ** 2))  # the best sigma there
    sigmas = sorted([6.0, 7.0, 8.0, 10.0, 11.0, 12.0, 13.0, best[1], wide])
    cm = np.linspace(140, 202, 125)

    def draw(axes: np.ndarray, page: tuple[float, float]) -> None:
        axes[0].plot(cm, np.exp(log_normal(cm, *page)), gid="density", color=COLOR["ink"], linewidth=2)
        axes[1].plot(*np.reshape(page, (2, 1)), gid="theta", zorder=5, **LINE["theta"])

    def say(page: tuple[float, float]) -> Words:
        mu, sigma = page
        away = sigma - np.sqrt(np.mean((height - mu) ** 2))
        says = f"For this μ a {'wider' if away < 0 else 'narrower'} bell would be better."
        if abs(away) < 1e-9:
            says = "For this μ no other σ is better, but another μ is."
        if np.allclose(page, best):
            says = "This is the top: no other bell gives the data a higher ℓ."
        return Words(says, {"μ": number(mu), "σ": number(sigma), "ℓ": number(loglik(height, mu, sigma))})

    axes = panels(360, 360, height=260)
    axes[0].stairs(*np.histogram(height, HEIGHTS, density=True), fill=True, **LINE["data"])
    axes[0].set(xlim=(140, 202), ylim=(0, 0.075), yticks=[], xlabel="height (cm)")
    draw_contours(
        axes[1], partial(loglik, height), np.linspace(158, 183, 51), np.linspace(5, 14, 46),
        levels=np.arange(-1000, -720, 25), equal=False,
    )  # fmt: skip
    axes[1].set(xlabel="μ (cm)", ylabel="σ (cm)")
    places = [(mu, sigma) for sigma in sigmas for mu in mus]
    return stepper(
        places, draw, say, axes=axes, title="One top: the mean of the data, and their spread", label="μ and σ",
        stops=[f"{mu:.2f}, {sigma:.2f}" for mu, sigma in places], places=(1, places),
        predict=Predict(
            f"If μ is held at {wrong:.1f} cm, which σ is best?", "height", [(wrong, wide)],
            (0, places.index((wrong, wide))), "theta", panel=1, unit=" cm",
        ),
        jumps={"Jump to the closed form": (0, places.index(best))},
        alt="A histogram of the heights with a normal density, and a map of the log-likelihood over mean and standard "
        "deviation with a star at its top.",
    )  # fmt: skip


@style()
def narrower(x: np.ndarray, loglik: Callable) -> Stepper:
    """A density of area 1 that grows as it narrows."""
    sigmas = sorted([*np.geomspace(0.2, 1.2, 21), x.std()], reverse=True)
    where = np.linspace(0, 3.8, 153)

    def say(sigma: float) -> Words:
        area = np.sum(np.exp(log_normal(where, x.mean(), sigma))) * (where[1] - where[0])
        numbers = {
            "σ": number(sigma, 5), "height of its top": number(np.exp(log_normal(0, 0, sigma))),
            "area drawn": number(area), "ℓ": number(loglik(x, x.mean(), sigma), 4),
        }  # fmt: skip
        away = "as wide as" if sigma == x.std() else "wider than" if sigma > x.std() else "narrower than"
        return Words(f"The bell is {away} the data are.", numbers)

    ax = panels(370, height=220)
    ax.plot(x, np.zeros_like(x), "|", color=COLOR["data"], markersize=14)
    ax.axhline(1, color=COLOR["data"], linewidth=0.8, linestyle=":")
    draw_label(ax, 3.75, 1, "1", "ink", beside=(0, 2), ha="right", va="bottom")
    ax.set(xlabel="x", ylabel="density", xlim=(0, 3.8), ylim=(-0.12, 2.1))

    def draw(ax, sigma: float) -> None:
        ax.plot(where, np.exp(log_normal(where, x.mean(), sigma)), gid="density", color=COLOR["ink"])
        ax.plot([x.mean() + sigma], [np.exp(log_normal(sigma, 0, sigma))], gid="theta", **LINE["theta"])

    return stepper(
        sigmas, draw, say, axes=ax, title="Narrower is taller, and the likelihood has a best width", label="σ",
        stops=[f"{s:.3f}" for s in sigmas], interval=500,
        predict=Predict(
            f"How high is the top of the bell when σ is {sigmas[-1]:.1f}?", "height",
            [(x.mean(), np.exp(log_normal(0, 0, sigmas[-1])))], (0, len(sigmas) - 1), "density",
        ),
        alt="Thirty points on a line, and a normal density over them that grows narrow and tall as sigma falls; "
        "a dot on it lies one sigma right of the mean.",
    )  # fmt: skip
