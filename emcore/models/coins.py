"""Coins with hidden labels: the model of Do & Batzoglou (2008), and the binomial mixture."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .. import validate
from ..mixture import Mixture, component_sizes
from ..numerics import log_factorial, ratio, xlogy


@dataclass(frozen=True)
class Coins(Mixture):
    """Sets of tosses, each set made with one hidden coin, drawn with known probabilities.

    p(x_n, z_n = k | theta) = mixing_k p_k^x_n (1 - p_k)^(tosses - x_n)

    x: heads per set, shape (N,), each between 0 and tosses. theta: Coins.Theta(p), with
    p_k = P(heads | coin k), shape (K,). Probabilities are those of the sequences of tosses:
    no binomial coefficients. Source: Do & Batzoglou, Nature Biotechnology 26 (2008) 897.
    """

    tosses: int
    mixing: tuple = (0.5, 0.5)

    class Theta(NamedTuple):
        p: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "tosses", validate.whole_number("tosses", self.tosses, at_least=1))
        object.__setattr__(self, "mixing", tuple(validate.weights("mixing", self.mixing).tolist()))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        (p,) = validate.fields(self.Theta, theta)
        p = validate.array("p", p, shape=(len(self.mixing),), at_least=0, at_most=1)
        return check_heads(x, self.tosses), self.Theta(p)

    def log_joint(self, x, theta):
        """log p(x_n, z_n = k | theta), shape (N, K)."""
        (p,) = map(np.asarray, theta)
        return (np.log(self.mixing)[:, None] + log_tosses(x, p, self.tosses)).T

    def m_step(self, x, q):
        """p_k = sum_n q_n(k) x_n / (tosses N_k): expected heads over expected tosses.

        Raises CollapseError when a coin has lost all its sets.
        """
        return self.Theta(share_of_heads(x, q, self.tosses))


@dataclass(frozen=True)
class BinomialMixture(Mixture):
    """Heads per set of tosses, with how often each coin is drawn unknown too.

    p(x_n, z_n = k | theta) = pi_k C(tosses, x_n) p_k^x_n (1 - p_k)^(tosses - x_n)

    x: heads per set, shape (N,). theta: BinomialMixture.Theta(pi, p), both of shape (K,). There may be
    up to a million tosses: the logarithms of larger factorials lose too many digits.
    """

    tosses: int

    class Theta(NamedTuple):
        pi: np.ndarray
        p: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "tosses", validate.whole_number("tosses", self.tosses, at_least=1, at_most=1e6))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        pi, p = validate.fields(self.Theta, theta)
        pi = validate.weights("pi", pi)
        p = validate.array("p", p, shape=pi.shape, at_least=0, at_most=1)
        return check_heads(x, self.tosses), self.Theta(pi, p)

    def log_joint(self, x, theta):
        """log p(x_n, z_n = k | theta), shape (N, K)."""
        pi, p = map(np.asarray, theta)
        table = log_factorial(np.arange(self.tosses + 1))
        log_choose = table[-1] - table - table[::-1]
        return (np.log(pi)[:, None] + log_choose[np.asarray(x, int)] + log_tosses(x, p, self.tosses)).T

    def m_step(self, x, q):
        """pi_k = N_k / N; p_k as for `Coins`.

        Raises CollapseError when a coin has lost all its sets.
        """
        sizes = component_sizes(q)
        return self.Theta(sizes / sizes.sum(), share_of_heads(x, q, self.tosses))


def check_heads(x, tosses):
    """Return heads per set, shape (N,): whole numbers from 0 to tosses, or raise ValueError."""
    return validate.array("x", x, whole=True, at_least=0, at_most=tosses)


def log_tosses(x, p, tosses):
    """x_n log p_k + (tosses - x_n) log(1 - p_k), shape (K, N): the log-probability of one sequence."""
    x, p = np.asarray(x, float), p[:, None]
    return xlogy(x, p) + xlogy(tosses - x, 1 - p)


def share_of_heads(x, q, tosses):
    """Expected heads / (expected heads + expected tails), shape (K,)."""
    x, q = np.asarray(x, float), np.asarray(q, float)
    component_sizes(q)
    heads, tails = x @ q, (tosses - x) @ q
    p = ratio(heads, heads + tails)
    return np.where(tails > 0, np.minimum(p, 1 - 2**-53), p)  # nor is it 1, unless no tails were seen
