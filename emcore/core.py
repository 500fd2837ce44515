"""EM in one breath: coordinate ascent on F(q, theta) = E_q[log p(x, z | theta)] + H(q).

The E-step climbs F over q, the M-step climbs F over theta. Everything else here is bookkeeping.
"""

from collections.abc import Callable, Iterator
from inspect import signature
from itertools import islice
from typing import Any, Protocol

import numpy as np

from . import validate
from .history import CollapseError, FallError, History, Step


class Model(Protocol):
    """What EM needs to know of a model: four functions, their arguments in the order x, q, theta."""

    def e_step(self, x: Any, theta: Any) -> Any:
        """The q that maximizes F(q, theta): for an exact model, the posterior p(z | x, theta)."""

    def m_step(self, x: Any, q: Any) -> Any:
        """The theta that maximizes F(q, theta).

        As m_step(x, q, theta) it is handed theta_t too: generalized EM, that raises F from there.
        """

    def lower_bound(self, x: Any, q: Any, theta: Any) -> float:
        """F(q, theta) for any q: never more than loglik(x, theta)."""

    def loglik(self, x: Any, theta: Any) -> float:
        """l(theta) = log p(x | theta), summed over the observations."""


def em(model: Model, x: Any, theta0: Any) -> Iterator[Step]:
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


def _half_steps(model: Model, x: Any, theta: Any, loglik: float) -> Iterator[Step]:
    yield Step("init", theta, None, None, loglik)
    m_step = m_step_of(model)
    while True:
        q = model.e_step(x, theta)
        yield Step("E", theta, q, model.lower_bound(x, q, theta), loglik)
        theta = m_step(x, q, theta)
        if theta is None:
            raise ValueError(f"m_step must return a theta; got None from {type(model).__name__}.m_step")
        loglik = model.loglik(x, theta)
        if np.isnan(loglik):
            raise ValueError(f"m_step must give a theta that has a log-likelihood; got {theta}, whose is nan")
        yield Step("M", theta, q, model.lower_bound(x, q, theta), loglik)


def fit(model: Model, x: Any, theta0: Any, *, tol: float = 1e-9, max_iter: int = 3000, keep_q: bool = True) -> History:
    """Run EM until at most `tol` nats of F are left to climb, or for max_iter iterations; `.stopped` says which.

    What is left is g r + g r^2 + ... = g r / (1 - r), by the last gain g of F and the ratio r of the last gains
    (`left_to_climb`); it is the same in any unit of x, and means sqrt(2 left) standard errors of theta. Where q is
    not the posterior, fit goes on until theta stays as it is: K-means until no assignment changes. tol=0 never stops
    early. For a model with a `log_prior(theta)`, F + log_prior is what its M-step maximizes and what fit climbs.
    Returns every half-step; the estimate is the last one's theta. keep_q=False keeps only the last q (100 q's of a
    million rows and two columns fill 1.6 GB). Observations that count more than once: np.repeat(x, counts).
    Raises ValueError for bad input and, with the history so far, CollapseError on a collapse and FallError when a
    half-step lowers what fit climbs by more than rounding.
    """
    tol = validate.number("tol", tol, at_least=0)
    max_iter = validate.whole_number("max_iter", max_iter, at_least=0, at_most=1e15)
    keep_q = validate.flag("keep_q", keep_q)
    history = History("F + log_prior" if hasattr(model, "log_prior") else "F")
    try:
        for step in islice(em(model, x, theta0), 2 * max_iter + 1):
            if history and not keep_q:
                history[-1] = history[-1]._replace(q=None)
            history.add(step, log_prior(model, step.theta))
            if history.settles(tol) and tol > 0:
                break
    except (CollapseError, FallError) as error:
        history.ends_by(error)
        raise
    return history


def m_step_of(model: Model) -> Callable[[Any, Any, Any], Any]:
    """The model's M-step as a function of x, q and theta, which is handed on where it has an argument of that name."""
    m_step: Callable[..., Any] = model.m_step
    if "theta" in signature(m_step).parameters:
        return lambda x, q, theta: m_step(x, q, theta=theta)
    return lambda x, q, theta: m_step(x, q)


def log_prior(model: Model, theta: Any) -> float:
    """The model's log_prior(theta), up to a constant; 0 for a model without one."""
    return float(model.log_prior(theta)) if hasattr(model, "log_prior") else 0.0


def checked(model: Model, x: Any, theta: Any) -> tuple[Any, Any]:
    """x and theta as the model's own check, where it has one, gives them back; it raises ValueError."""
    return model.check(x, theta) if hasattr(model, "check") else (x, theta)
