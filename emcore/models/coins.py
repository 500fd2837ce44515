"""Coins with hidden labels: the model of Do & Batzoglou (2008), and the binomial mixture."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .. import validate
from ..mixture import Mixture, component_sizes
from ..numerics import Array, log_factorial, ratio, xlog1py, xlogy

Tosses = int | tuple[int, ...]


@dataclass(frozen=True)
class Coins(Mixture):
    """Sets of tosses, each set made with one hidden coin, drawn with known probabilities.

    p(x_n, z_n = k | theta) = mixing_k p_k^x_n (1 - p_k)^(tosses - x_n)

    x: heads per set, shape (N,), each between 0 and tosses. tosses: one number, or one for each set.
    theta: Coins.Theta(p), with p_k = P(heads | coin k), shape (K,). Probabilities are those of the sequences
    of tosses: no binomial coefficients. Source: Do & Batzoglou, Nature Biotechnology 26 (2008) 897.
    """

    tosses: Tosses
    mixing: tuple[float, ...] = (0.5, 0.5)

    class Theta(NamedTuple):
        p: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "tosses", _tosses(self.tosses))
        object.__setattr__(self, "mixing", tuple(validate.weights("mixing", self.mixing).tolist()))

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        (p,) = validate.fields(self.Theta, theta)
        p = validate.array("p", p, shape=(len(self.mixing),), at_least=0, at_most=1)
        return _heads(x, self.tosses), self.Theta(p)

    def log_joint(self, x: Any, theta: Any) -> Array:
        """log p(x_n, z_n = k | theta), shape (N, K)."""
        heads, tails = _heads_and_tails(x, self.tosses)
        rows = [np.log(share) + _log_tosses(heads, tails, p) for share, p in zip(self.mixing, *theta, strict=True)]
        return np.array(rows).T

    def m_step(self, x: Any, q: Any) -> Theta:
        """p_k = sum_n q_n(k) x_n / sum_n q_n(k) tosses_n: expected heads over expected tosses.

        Raises CollapseError when a coin has lost all its sets.
        """
        heads, tails = _heads_and_tails(x, self.tosses)
        q = validate.rows("q", q, shape=(len(heads), len(self.mixing)))
        component_sizes(q)
        return self.Theta(_share_of_heads(heads @ q, tails @ q))


@dataclass(frozen=True)
class BinomialMixture(Mixture):
    """Heads per set of tosses, with how often each coin is drawn unknown too.

    p(x_n, z_n = k | theta) = pi_k C(tosses, x_n) p_k^x_n (1 - p_k)^(tosses - x_n)

    x: heads per set, shape (N,). tosses: one number, or one for each set; at most a million, as the logarithms
    of larger factorials lose too many digits. theta: BinomialMixture.Theta(pi, p), both of shape (K,).
    """

    tosses: Tosses

    class Theta(NamedTuple):
        pi: Array
        p: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "tosses", _tosses(self.tosses, at_most=1e6))

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        pi, p = validate.fields(self.Theta, theta)
        pi = validate.weights("pi", pi)
        p = validate.array("p", p, shape=pi.shape, at_least=0, at_most=1)
        return _heads(x, self.tosses), self.Theta(pi, p)

    def log_joint(self, x: Any, theta: Any) -> Array:
        """log p(x_n, z_n = k | theta), shape (N, K)."""
        heads, tails = _heads_and_tails(x, self.tosses)
        log_choose = log_factorial(heads + tails) - log_factorial(heads) - log_factorial(tails)
        return np.array(
            [np.log(pi) + log_choose + _log_tosses(heads, tails, p) for pi, p in zip(*theta, strict=True)]
        ).T

    def m_step(self, x: Any, q: Any) -> Theta:
        """pi_k = N_k / N; p_k as for `Coins`.

        Raises CollapseError when a coin has lost all its sets.
        """
        heads, tails = _heads_and_tails(x, self.tosses)
        q = validate.rows("q", q, shape=(len(heads), "K"))
        sizes = component_sizes(q)
        return self.Theta(sizes / sizes.sum(), _share_of_heads(heads @ q, tails @ q))


def _tosses(tosses: Any, at_most: float | None = None) -> Tosses:
    """Return the number of tosses, one for all sets or one for each, or raise ValueError."""
    if validate.numbers("tosses", tosses).ndim == 0:
        return validate.whole_number("tosses", tosses, at_least=1, at_most=at_most)
    each = validate.column("tosses", tosses, whole=True, at_least=1, at_most=at_most)
    return tuple(each.astype(int).tolist())


def _heads(x: Any, tosses: Tosses) -> Array:
    """Return heads per set, shape (N,): whole numbers from 0 to tosses, or raise ValueError."""
    x = validate.column("x", x, whole=True, at_least=0)
    if isinstance(tosses, tuple) and len(tosses) != len(x):
        raise ValueError(f"x must hold the heads of {len(tosses)} sets, as tosses does; got {len(x)}")
    return validate.array("x", x, at_most=tosses)


def _heads_and_tails(x: Any, tosses: Tosses) -> tuple[Array, Array]:
    """Heads and tails per set, each of shape (N,)."""
    heads = _heads(x, tosses)
    return heads, np.asarray(tosses) - heads


def _log_tosses(heads: Array, tails: Array, p: float) -> Array:
    """heads log p + tails log(1 - p), shape (N,): the log-probability of one sequence of each set."""
    return xlogy(heads, p) + xlog1py(tails, -p)


def _share_of_heads(heads: Array, tails: Array) -> Array:
    """heads / (heads + tails), which rounding does not make 0 or 1."""
    p = ratio(heads, heads + tails)
    return np.where(tails > 0, np.minimum(p, 1 - 2**-53), p)
