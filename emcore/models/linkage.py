"""The genetic linkage model of Dempster, Laird & Rubin (1977): EM where one cell of a table hides two."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from .. import validate
from ..history import CollapseError
from ..numerics import Array, xlogy


@dataclass(frozen=True)
class Linkage:
    """Animals in four cells with probabilities 1/2 + t/4, (1 - t)/4, (1 - t)/4, t/4.

    The first cell hides two, of 1/2 and t/4; which of them an animal of it belongs to is not seen.
    x: the four counts. theta: Linkage.Theta(t), a float in [0, 1]. q: a float r, the probability that
    an animal of the first cell belongs to the part with t/4; every such animal has the same. l is
    without the multinomial coefficient. Source: Dempster, Laird & Rubin (1977), section 1.
    """

    class Theta(NamedTuple):
        t: float

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x as an array and theta as a Theta, or raise ValueError naming what is wrong."""
        (t,) = validate.fields(self.Theta, theta)
        return _cells(x), self.Theta(validate.number("t", t, at_least=0, at_most=1))

    def e_step(self, x: Any, theta: Any) -> float:
        """r = (t/4) / (1/2 + t/4) = t / (2 + t)."""
        (t,) = theta
        return t / (2 + t)

    def m_step(self, x: Any, q: Any) -> Theta:
        """t = (x1 r + x4) / (x1 r + x2 + x3 + x4): animals that speak for t, of all that speak.

        Raises CollapseError when none speaks.
        """
        (x1, x2, x3, x4), r = _cells(x), _share(q)
        if x1 * r + x2 + x3 + x4 == 0:
            raise CollapseError("no animal says anything about t: start from a t above 0, or bring other counts")
        return self.Theta(float((x1 * r + x4) / (x1 * r + x2 + x3 + x4)))

    def lower_bound(self, x: Any, q: Any, theta: Any) -> float:
        """F(r, t): the first cell's l with its log brought inside the sum over its two parts."""
        (t,), r, x = theta, _share(q), _cells(x)
        parts = xlogy(r, t / 4) - xlogy(r, r) + xlogy(1 - r, 1 / 2) - xlogy(1 - r, 1 - r)
        return float((x[0] * parts if x[0] else 0.0) + _seen(x, t))

    def loglik(self, x: Any, theta: Any) -> float:
        """l(t) = x1 log(1/2 + t/4) + (x2 + x3) log((1 - t)/4) + x4 log(t/4)."""
        (t,), x = theta, _cells(x)
        return float(xlogy(x[0], 1 / 2 + t / 4) + _seen(x, t))


def _cells(x: Any) -> Array:
    """Return the four counts, or raise ValueError."""
    return validate.column("x", x, shape=(4,), at_least=0, whole=True)


def _share(r: Any) -> float:
    """Return q, the probability r, or raise ValueError."""
    return validate.number("q", r, at_least=0, at_most=1)


def _seen(x: Array, t: float) -> Array:
    """The part of l and F to which the other three cells add."""
    return xlogy(x[1] + x[2], (1 - t) / 4) + xlogy(x[3], t / 4)
