"""The figures of chapter 05 that are its own."""

from typing import Any, NamedTuple

import numpy as np

from ..core import Model, Step
from .look import panels, style
from .scenes import bound_axes, draw_bound
from .stepper import Stepper, Words, number, stepper


class Blend(NamedTuple):
    """A q between two others: how far, and F and l there."""

    share: float
    step: Step


@style()
def toward_posterior(model: Model, x: Any, theta: Any, q0: np.ndarray, q1: np.ndarray, *, grid: np.ndarray) -> Stepper:
    """F(q, .) as q goes from q0 straight to q1, with theta held."""

    def blend(share: float) -> Blend:
        q = (1 - share) * q0 + share * q1
        return Blend(share, Step("q", theta, q, model.lower_bound(x, q, theta), model.loglik(x, theta)))

    def say(frame: Blend) -> Words:
        share, step = frame
        numbers = {"F": number(step.bound), "gap": number(abs(step.loglik - step.bound)), "ℓ": number(step.loglik)}
        return Words(f"q has gone {share:.0%} of the way from half and half to the posterior.", numbers)

    shares = np.linspace(0, 1, 21)
    axes = panels(360, 90, height=260)
    bound_axes(axes, model=model, x=x, grid=grid, low=-1560, high=-690, label="women's mean height, μ₂ (cm)")
    return stepper(
        [blend(share) for share in shares],
        lambda axes, frame: draw_bound(axes, frame.step, model=model, x=x, grid=grid),
        say, axes=axes, label="toward the posterior", stops=[f"{share:.0%}" for share in shares], grab="gap-line",
        title="θ is held: only q moves the bound",
        alt="The lower bound rises as q moves from half-and-half to the posterior, until it touches ℓ at 150 cm.",
    )  # fmt: skip
