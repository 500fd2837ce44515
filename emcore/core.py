"""EM in one breath: coordinate ascent on F(q, theta) = E_q[log p(x, z | theta)] + H(q).

The E-step climbs F over q, the M-step climbs F over theta. Everything else here is bookkeeping.
"""

from collections.abc import Iterator
from inspect import signature
from itertools import islice
from typing import Any, NamedTuple, Protocol

import numpy as np

from . import validate


class Model(Protocol):
    """What EM needs to know of a model: four functions, their arguments in the order x, q, theta."""

    def e_step(self, x, theta) -> Any:
        """The q that maximizes F(q, theta): for an exact model, the posterior p(z | x, theta)."""

    def m_step(self, x, q) -> Any:
        """The theta that maximizes F(q, theta); as m_step(x, q, theta), one that raises it from theta: generalized EM."""

    def lower_bound(self, x, q, theta) -> float:
        """F(q, theta) for any q: never more than loglik(x, theta)."""

    def loglik(self, x, theta) -> float:
        """l(theta) = log p(x | theta), summed over the observations."""


class Step(NamedTuple):
    """One half-step, and where it led.

    kind: "init", "E" or "M". bound: F(q, theta). loglik: l(theta). At "init" there is no q and no bound: both are None.
    """

    kind: str
    theta: Any
    q: Any
    bound: float | None
    loglik: float


class CollapseError(ArithmeticError):
    """A component shrank onto a point, or lost all its data: EM cannot go on from here.

    `history` holds the half-steps before the collapse when `fit` was running, else [].
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.history: list[Step] = []


def em(model: Model, x, theta0) -> Iterator[Step]:
    """Yield the half-steps of EM without end: init, E, M, E, M, ...

    x and theta0 are checked once, here, by `model.check` where the model has one.
    Raises ValueError for bad input and CollapseError when a component collapses.
    """
    x, theta0 = checked(model, x, theta0)
    loglik = model.loglik(x, theta0)
    if not np.isfinite(loglik):
        raise ValueError(
            f"theta0 must make the data possible; got {theta0}, whose log-likelihood is {loglik}; "
            "expected a start under which every observation has positive probability"
        )
    return _half_steps(model, x, theta0, loglik)


def _half_steps(model, x, theta, loglik):
    yield Step("init", theta, None, None, loglik)
    while True:
        q = model.e_step(x, theta)
        yield Step("E", theta, q, model.lower_bound(x, q, theta), loglik)
        theta = take_m_step(model, x, q, theta)
        if theta is None:
            raise ValueError(f"m_step must return a theta; got None from {type(model).__name__}.m_step")
        loglik = model.loglik(x, theta)
        if np.isnan(loglik):
            raise ValueError(f"m_step must give a theta that has a log-likelihood; got {theta}, whose is nan")
        yield Step("M", theta, q, model.lower_bound(x, q, theta), loglik)


def fit(model: Model, x, theta0, *, tol=1e-9, max_iter=1000, keep_q=True) -> list[Step]:
    """Run EM until an iteration gains at most `tol * (1 + |l|)`, or for max_iter iterations.

    What an iteration gains is what its M-step adds to l or, where q is not the posterior and l may fall, to F.
    Returns every half-step; the estimate is the last one's theta. tol=0 never stops early.
    keep_q=False keeps only the last q (100 q's of a million rows and two columns fill 1.6 GB).
    Raises ValueError for bad input and CollapseError, with the history so far, on a collapse.
    """
    tol = validate.number("tol", tol, at_least=0)
    max_iter = validate.whole_number("max_iter", max_iter, at_least=0, at_most=1e15)
    history: list[Step] = []
    try:
        for step in islice(em(model, x, theta0), 2 * max_iter + 1):
            if history and not keep_q:
                history[-1] = history[-1]._replace(q=None)
            history.append(step)
            if step.kind == "M" and tol > 0:
                before = history[-2]
                gain = max(step.loglik - before.loglik, step.bound - before.bound)
                if gain <= tol * (1 + abs(step.loglik)):
                    break
    except CollapseError as error:
        error.history = history
        raise
    return history


def take_m_step(model, x, q, theta):
    """The model's M-step from q, and from theta too where it has an argument of that name."""
    takes_theta = "theta" in signature(model.m_step).parameters
    return model.m_step(x, q, theta) if takes_theta else model.m_step(x, q)


def checked(model, x, theta):
    """x and theta as the model's own check, where it has one, gives them back; it raises ValueError."""
    return model.check(x, theta) if hasattr(model, "check") else (x, theta)
