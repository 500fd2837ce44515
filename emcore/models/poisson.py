"""A mixture of Poisson counts."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .. import validate
from ..mixture import Mixture, component_sizes
from ..numerics import Array, log_factorial, ratio, xlogy


@dataclass(frozen=True)
class PoissonMixture(Mixture):
    """Counts from K Poisson distributions.

    p(x_n, z_n = k | theta) = pi_k rate_k^x_n exp(-rate_k) / x_n!

    x: counts, shape (N,), at most 10^6: beyond, log x! loses digits. theta: PoissonMixture.Theta(pi, rate),
    both of shape (K,); a rate is the mean count. Source: Hasselblad, JASA 64 (1969) 1459-1471.
    """

    class Theta(NamedTuple):
        pi: Array
        rate: Array

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        pi, rate = validate.fields(self.Theta, theta)
        pi = validate.weights("pi", pi)
        return _counts(x), self.Theta(pi, validate.array("rate", rate, shape=pi.shape, at_least=0))

    def log_joint(self, x: Any, theta: Any) -> Array:
        """log pi_k + x_n log rate_k - rate_k - log x_n!, shape (N, K)."""
        x = _counts(x)
        ways = log_factorial(x)
        rows = [np.log(pi) + xlogy(x, rate) - rate - ways for pi, rate in zip(*theta, strict=True)]
        return np.array(rows).T

    def m_step(self, x: Any, q: Any) -> Theta:
        """pi_k = N_k / N, rate_k = sum_n q_n(k) x_n / N_k.

        Raises CollapseError when a component has lost all its data.
        """
        x = _counts(x)
        q = validate.rows("q", q, shape=(len(x), "K"))
        sizes = component_sizes(q)
        return self.Theta(sizes / sizes.sum(), ratio(x @ q, sizes))


def _counts(x: Any) -> Array:
    """Return counts, shape (N,): whole numbers from 0 to 10^6, or raise ValueError."""
    return validate.column("x", x, whole=True, at_least=0, at_most=1e6)
