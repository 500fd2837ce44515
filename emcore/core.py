"""EM in one breath: coordinate ascent on F(q, theta) = E_q[log p(x, z | theta)] + H(q).

The E-step climbs F over q, the M-step climbs F over theta. Everything else here is bookkeeping.
"""

from collections.abc import Iterator
from itertools import islice
from math import lgamma
from typing import Any, NamedTuple, Protocol

import numpy as np

from . import door


class Model(Protocol):
    """What EM needs to know of a model: four functions, their arguments in the order x, q, theta."""

    def e_step(self, x, theta) -> Any:
        """The q that maximizes F(q, theta): for an exact model, the posterior p(z | x, theta)."""

    def m_step(self, x, q) -> Any:
        """The theta that maximizes F(q, theta)."""

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


COLLAPSED = 1e-7  # a standard deviation below this share of the data's range has shrunk onto a point


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
        theta = model.m_step(x, q)
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
    tol = door.number("tol", tol, at_least=0)
    max_iter = door.whole_number("max_iter", max_iter, at_least=0, at_most=1e15)
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


class Mixture:
    """A model whose hidden z_n is one of K labels: write two functions, get the other three.

    q is an (N, K) array: row n holds the responsibilities q_n(k), which sum to 1.
    """

    def log_joint(self, x, theta) -> np.ndarray:
        """log p(x_n, z_n = k | theta), shape (N, K)."""
        raise NotImplementedError(f"{type(self).__name__} needs log_joint(x, theta)")

    def m_step(self, x, q):
        """The theta that maximizes sum_nk q_n(k) log p(x_n, z_n = k | theta)."""
        raise NotImplementedError(f"{type(self).__name__} needs m_step(x, q)")

    def check(self, x, theta):
        """Return x as an array, and theta with its lists as arrays; raise ValueError unless x holds finite numbers."""
        if isinstance(theta, tuple | list):
            theta = like(theta, [np.asarray(field) if isinstance(field, list | tuple) else field for field in theta])
        numbers = door.array("x", x, ndim=None)
        return (numbers if np.asarray(x).dtype.kind == "f" else np.array(x)), theta  # whole numbers may be indices

    def e_step(self, x, theta) -> np.ndarray:
        """q_n(k) = p(x_n, z_n = k | theta) / p(x_n | theta): the posterior, shape (N, K).

        Raises ValueError where theta gives an observation probability 0: it has no posterior.
        """
        log_p = self.log_joint(x, theta)
        top = log_p.max(axis=1, keepdims=True)
        possible = np.isfinite(top)
        if not possible.all():
            n = int(np.argmin(possible))
            raise ValueError(
                f"theta must make every observation possible; got {theta}, under which observation {n} "
                f"(x = {np.asarray(x)[n]}) has probability 0 in every component"
            )
        q = np.exp(log_p - top)  # dividing by each row's largest first: it cannot underflow to 0/0
        return q / q.sum(axis=1, keepdims=True)

    def loglik(self, x, theta) -> float:
        """l(theta) = sum_n log sum_k p(x_n, z_n = k | theta)."""
        with np.errstate(over="ignore", invalid="ignore"):  # -inf beyond 1e308 is right; `em` refuses nan
            return float(np.logaddexp.reduce(self.log_joint(x, theta), axis=1).sum())

    def lower_bound(self, x, q, theta) -> float:
        """F(q, theta) = sum_nk q_n(k) log[p(x_n, z_n = k | theta) / q_n(k)], with 0 log 0 = 0.

        It is -inf where q puts weight on what theta makes impossible. Raises ValueError for a q with nan or below 0.
        """
        log_p, q = self.log_joint(x, theta), responsibilities(q)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return float((q * (log_p - np.log(q))).sum(where=q > 0))


def checked(model, x, theta):
    """x and theta as the model's own check, where it has one, gives them back; it raises ValueError."""
    return model.check(x, theta) if hasattr(model, "check") else (x, theta)


def between(start, end, share, only=None):
    """theta a share of the way along the straight line from start to end; `only` one field, where given."""
    away = [share if only in (None, i) else 0 for i in range(len(start))]
    return like(start, [(1 - a) * np.asarray(s) + a * np.asarray(e) for s, e, a in zip(start, end, away, strict=True)])


def like(theta, fields):
    """Fields as a theta of the same kind, single numbers as Python floats."""
    fields = [float(field) if np.ndim(field) == 0 else field for field in fields]
    return type(theta)(*fields) if hasattr(theta, "_fields") else tuple(fields)


def component_sizes(q, *, first=1) -> np.ndarray:
    """N_k = sum_n q_n(k), shape (K,); raise CollapseError when a component, counted from first, has no data."""
    sizes = responsibilities(q).sum(axis=0)
    if not (sizes > np.finfo(float).tiny * len(q)).all():
        k = int(np.argmin(sizes)) + first
        raise CollapseError(
            f"component {k} has lost all its data: its responsibilities sum to 0; "
            "start it nearer the data, or use fewer components"
        )
    return sizes


def responsibilities(q) -> np.ndarray:
    """q as a float array; raise ValueError where it holds nan or less than 0."""
    q = np.asarray(q, float)
    if not (ok := q >= 0).all():
        at = tuple(int(i) for i in np.argwhere(~ok)[0])
        raise ValueError(f"q must hold probabilities, so no nan and nothing below 0; got {q[at]:g} at position {at}")
    return q


def ratio(part, whole) -> np.ndarray:
    """part / whole elementwise; 0 only where part is 0: rounding must not make it so."""
    quotient = part / whole
    return np.where(part > 0, np.maximum(quotient, np.finfo(float).tiny), quotient)


def log_factorial(n) -> np.ndarray:
    """log n! elementwise."""
    return np.vectorize(lgamma, otypes=[float])(np.asarray(n, float) + 1)


def xlogy(x, y) -> np.ndarray:
    """x log y elementwise, with 0 log 0 = 0; x log 0 = -inf for x > 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.equal(x, 0), 0.0, x * np.log(y))
