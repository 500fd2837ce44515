"""Censored lifetimes: EM without clusters, by the four functions of a model."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .. import validate
from ..history import CollapseError
from ..numerics import Array


@dataclass(frozen=True)
class CensoredLifetimes:
    """Exponential lifetimes with mean m, some of them known only to be longer than when the watch ended.

    p(x_n, z_n | theta) = exp(-z_n / m) / m, with z_n = x_n where seen and z_n > x_n where censored

    x: shape (N, 2), rows of (time, 1 if censored else 0). theta: CensoredLifetimes.Theta(mean), a float
    in the units of x. q: a float s, for lifetimes that go on past x_n by an exponential time of mean s;
    as an exponential has no memory, the posterior is of this form.
    """

    class Theta(NamedTuple):
        mean: float

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x as an array and theta as a Theta, or raise ValueError naming what is wrong."""
        x = _times(x)
        if not (x[:, 1] == 0).any() or x[:, 0].sum() == 0:
            raise ValueError("x must hold at least one lifetime that was seen to end, and times above 0; got none")
        (mean,) = validate.fields(self.Theta, theta)
        return x, self.Theta(validate.number("mean", mean, above=0))

    def e_step(self, x: Any, theta: Any) -> float:
        """s = m: an exponential lifetime that has lasted so far has m more to expect."""
        return float(theta[0])

    def m_step(self, x: Any, q: Any) -> Theta:
        """m = sum_n E(z_n) / N, with E(z_n) = x_n where seen and x_n + s where censored.

        Raises CollapseError when all lifetimes are 0.
        """
        (time, censored), q = _times(x).T, validate.number("q", q, at_least=0)
        mean = float((time + censored * q).mean())
        if mean == 0:
            raise CollapseError("all lifetimes are 0: there is no mean to estimate; bring times above 0")
        return self.Theta(mean)

    def lower_bound(self, x: Any, q: Any, theta: Any) -> float:
        """F(s, m) = sum_n [-log m - E(z_n)/m] + (1 + log s) for each censored lifetime, its entropy."""
        (mean,), (time, censored), q = theta, _times(x).T, validate.number("q", q, at_least=0)
        with np.errstate(divide="ignore", over="ignore"):  # -inf for s = 0, or for a mean far below every time
            expected = -len(time) * np.log(mean) - (time + censored * q).sum() / mean
            return float(expected + censored.sum() * (1 + np.log(q)) if censored.any() else expected)

    def loglik(self, x: Any, theta: Any) -> float:
        """l(m) = sum of -log m - x_n/m where seen, -x_n/m where censored."""
        (mean,), (time, censored) = theta, _times(x).T
        with np.errstate(over="ignore"):
            return float(-(1 - censored).sum() * np.log(mean) - time.sum() / mean)


def _times(x: Any) -> Array:
    """Return rows of (time, 0 or 1 for censored), shape (N, 2), or raise ValueError."""
    x = validate.array("x", x, ndim=2, at_least=0)
    if x.shape[1] != 2 or not np.isin(x[:, 1], (0, 1)).all():
        raise ValueError(f"x must hold rows of (time, 0 or 1 for censored); got {validate.short(x.tolist())}")
    return x
