"""The figures of chapter 01, Maximum likelihood: the page's own functions, walked along."""

from collections.abc import Callable, Mapping

import numpy as np

from .look import COLOR, panels, style
from .paint import draw_label, draw_walk
from .stepper import Predict, Stepper, Words, number, stepper


@style()
def boys(loglik: Callable, samples: Mapping[str, tuple[int, int]]) -> Stepper:
    """The likelihood of p, scaled to a largest value of 1, and its log; samples: name -> (boys, children met)."""
    chances, stops = np.linspace(0.301, 0.999, 175), np.arange(0.50, 0.985, 0.02)

    def above(p: float, boys: int, met: int) -> float:
        return loglik(p, boys, met) - loglik(boys / met, boys, met)

    def draw(axes: np.ndarray, page: tuple) -> None:
        p, *sample = page
        begun = p > stops[0]
        draw_walk(axes[0], chances, lambda v: np.exp(above(v, *sample)), p, begun=begun)
        draw_walk(axes[1], chances, lambda v: above(v, *sample), p, begun=begun)

    def say(page: tuple) -> Words:
        p, *sample = page
        away = p - sample[0] / sample[1]
        side = "at" if abs(away) < 1e-9 else "left of" if away < 0 else "right of"
        better = {"at": "no other p makes", "left of": "a larger p would make", "right of": "a smaller p would make"}
        numbers = {"p": number(p, 2), "relative likelihood": number(np.exp(above(*page))), "ℓ": number(loglik(*page))}
        return Words(f"You are {side} the top: {better[side]} what you saw more probable.", numbers)

    one = next(iter(samples.values()))
    best = one[0] / one[1]
    axes = panels(360, 360, height=240)
    for ax in axes:
        ax.set(xlim=(0.3, 1), xlabel="p, the probability of a boy")
    axes[0].set(ylabel="likelihood, largest = 1", ylim=(0, 1.08), yticks=[0, 0.5, 1])
    axes[1].set(ylabel="ℓ, largest = 0", ylim=(-40, 2))
    return stepper(
        {name: [(p, *sample) for p in stops] for name, sample in samples.items()}, draw, say, axes=axes,
        title="Likelihood and log-likelihood have the same top", label="p", stops=[f"{p:.2f}" for p in stops],
        start_label="boys", interval=600,
        predict=Predict(
            f"You met {one[1]} children, {one[0]} of them boys: which p makes that most probable?", "across",
            [(best, 1)], (0, int(np.argmin(abs(stops - best)))), "theta",
        ),
        alt="The likelihood of p, scaled to a largest value of 1, and its logarithm, each with a dot at the chosen p.",
    )  # fmt: skip


@style()
def slope(
    height: np.ndarray, weight: np.ndarray, squares: Callable, minus_loglik: Callable, *, sigma: float
) -> Stepper:
    """A line through the point of the means, its sum of squares, and the negative log-likelihood at the same slope."""
    slopes, fine = np.sort([*np.linspace(-0.2, 2.0, 23), 1.15]), np.linspace(-0.2, 2.0, 111)
    offset = minus_loglik(0.0) - squares(0.0) / (2 * sigma**2)
    ends = np.array([147, 198])
    best = np.polyfit(height, weight, 1)[0]

    def draw(axes: np.ndarray, b: float) -> None:
        axes[0].plot(ends, weight.mean() + b * (ends - height.mean()), gid="line", color=COLOR["ink"], linewidth=2)
        done = np.minimum(slopes, b)
        crosses = [offset + squares(value) / (2 * sigma**2) for value in done]
        axes[1].plot(done, crosses, "x", color=COLOR["data"], markersize=8, gid="squares")
        draw_walk(axes[1], fine, minus_loglik, b, begun=b > slopes[0])

    def say(b: float) -> Words:
        numbers = {"slope": number(b, 2), "sum of squares": number(squares(b), 1), "−ℓ": number(minus_loglik(b))}
        return Words("The crosses are the squares on a scale of their own: they lie on the curve of −ℓ.", numbers)

    axes = panels(360, 360, height=260)
    axes[0].plot(height, weight, ".", color=COLOR["data"])
    axes[0].set(xlim=(146, 199), ylim=(35, 122), xlabel="height (cm)", ylabel="weight (kg)")
    axes[1].set(xlim=(-0.25, 2.05), ylim=(600, 1100), xlabel="slope b (kg per cm)", ylabel="−ℓ")
    return stepper(
        slopes, draw, say, axes=axes, title="Least squares is maximum likelihood", label="slope",
        stops=[number(b, 2) for b in slopes], interval=600, grab=("theta", "line"),
        predict=Predict(
            "Turned around the means, at which slope does the line have the smallest sum of squares?", "across",
            [(best, minus_loglik(best))], (0, int(np.argmin(abs(slopes - best)))), "theta", panel=1,
        ),
        alt="Heights and weights with a line through their middle; the negative log-likelihood and the sum of squares "
        "against the slope.",
    )  # fmt: skip


@style()
def cross_entropy(height: np.ndarray, male: np.ndarray, entropy: Callable, *, center: float) -> Stepper:
    """The chance of being a man by height, an S as steep as w, and the cross-entropy at that w."""
    ws = np.concatenate([np.arange(0, 0.5, 0.025), np.arange(0.5, 1.01, 0.1)])
    cm, fine = np.linspace(146, 199, 121), np.linspace(0, 1.04, 105)

    def draw(axes: np.ndarray, w: float) -> None:
        axes[0].plot(cm, 1 / (1 + np.exp(-w * (cm - center))), gid="chance", color=COLOR["ink"], linewidth=2)
        draw_walk(axes[1], fine, entropy, w, begun=w > 0)

    def say(w: float) -> Words:
        chance = number(1 / (1 + np.exp(-w * (182 - center))), 2)
        numbers = {"w": number(w), "cross-entropy": number(entropy(w))}
        return Words(f"With this w, a person of 182 cm is a man with probability {chance}.", numbers)

    axes = panels(360, 360, height=240)
    axes[0].plot(height, 1.0 * male, "|", color=COLOR["data"], markersize=10)
    axes[0].set(xlim=(146, 199), ylim=(-0.06, 1.06), xlabel="height (cm)", ylabel="P(man)", yticks=[0, 0.5, 1])
    draw_label(axes[0], 149, 1, "men", "data", beside=(0, -8), va="top")
    draw_label(axes[0], 197, 0, "women", "data", beside=(0, 8), ha="right", va="bottom")
    axes[1].set(xlim=(-0.02, 1.04), ylim=(55, 160), xlabel="weight w", ylabel="cross-entropy = −ℓ")
    return stepper(
        ws, draw, say, axes=axes, title="Cross-entropy is −ℓ under another name", label="w",
        stops=[f"{w:.3f}" for w in ws], interval=600,
        predict=Predict(
            "How high is the cross-entropy at w = 1, where the S is nearly a step?", "height", [(1, entropy(1.0))],
            (0, len(ws) - 1), "theta", panel=1, digits=1,
        ),
        alt="The probability of being a man against height, an S-curve, and the cross-entropy against w.",
    )  # fmt: skip
