"""The genetic linkage model of Dempster, Laird & Rubin (1977): EM where one cell of a table hides two."""

from dataclasses import dataclass
from typing import NamedTuple

from .. import validate
from ..history import CollapseError
from ..numerics import xlogy


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

    def check(self, x, theta):
        """Return x as an array and theta as a Theta, or raise ValueError naming what is wrong."""
        (t,) = validate.fields(self.Theta, theta)
        return validate.array("x", x, shape=(4,), at_least=0, whole=True), self.Theta(
            validate.number("t", t, at_least=0, at_most=1)
        )

    def e_step(self, x, theta):
        """r = (t/4) / (1/2 + t/4) = t / (2 + t)."""
        (t,) = theta
        return t / (2 + t)

    def m_step(self, x, q):
        """t = (x1 r + x4) / (x1 r + x2 + x3 + x4): animals that speak for t, of all that speak.

        Raises CollapseError when none speaks.
        """
        x1, x2, x3, x4 = x
        if x1 * q + x2 + x3 + x4 == 0:
            raise CollapseError("no animal says anything about t: start from a t above 0, or bring other counts")
        return self.Theta(float((x1 * q + x4) / (x1 * q + x2 + x3 + x4)))

    def lower_bound(self, x, q, theta):
        """F(r, t): the first cell's l with its log brought inside the sum over its two parts."""
        (t,), r, x1 = theta, q, x[0]
        parts = xlogy(r, t / 4) - xlogy(r, r) + xlogy(1 - r, 1 / 2) - xlogy(1 - r, 1 - r)
        return float((x1 * parts if x1 else 0.0) + self._seen(x, t))

    def loglik(self, x, theta):
        """l(t) = x1 log(1/2 + t/4) + (x2 + x3) log((1 - t)/4) + x4 log(t/4)."""
        (t,) = theta
        return float(xlogy(x[0], 1 / 2 + t / 4) + self._seen(x, t))

    def _seen(self, x, t):
        return xlogy(x[1] + x[2], (1 - t) / 4) + xlogy(x[3], t / 4)
