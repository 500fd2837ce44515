"""Gaussian mixtures on the line."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import door
from .core import COLLAPSED, CollapseError, Mixture, component_sizes


@dataclass(frozen=True)
class GMM1D(Mixture):
    """A mixture of K Gaussians on the line.

    p(x_n, z_n = k | theta) = pi_k N(x_n; mu_k, sigma_k^2)

    x: shape (N,). theta: GMM1D.Theta(pi, mu, sigma), each of shape (K,); sigma holds standard
    deviations, in the units of x. min_sigma clips sigma from below; shared_sigma=True gives all
    components one sigma. Both are exact constrained M-steps. Source: Bishop (2006), section 9.2.
    """

    min_sigma: float = 0.0
    shared_sigma: bool = False

    class Theta(NamedTuple):
        pi: np.ndarray
        mu: np.ndarray
        sigma: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "min_sigma", door.number("min_sigma", self.min_sigma, at_least=0))
        object.__setattr__(self, "shared_sigma", door.flag("shared_sigma", self.shared_sigma))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        pi, mu, sigma = door.fields(self.Theta, theta)
        pi = door.weights("pi", pi)
        mu = door.array("mu", mu, shape=pi.shape)
        sigma = door.array("sigma", sigma, shape=pi.shape, above=0, at_least=self.min_sigma)
        if self.shared_sigma and np.ptp(sigma) > 0:
            raise ValueError(f"sigma must be one value, repeated, when sigma is shared; got {sigma}")
        return door.array("x", x), self.Theta(pi, mu, sigma)

    def log_joint(self, x, theta):
        """log pi_k + log N(x_n; mu_k, sigma_k^2), shape (N, K)."""
        pi, mu, sigma = (np.asarray(field)[:, None] for field in theta)
        return (np.log(pi) + log_normal(np.asarray(x, float), mu, sigma)).T

    def m_step(self, x, q):
        """pi_k = N_k / N, mu_k = sum_n q_n(k) x_n / N_k, sigma_k^2 = sum_n q_n(k) (x_n - mu_k)^2 / N_k.

        Raises CollapseError when, without a floor, a sigma falls to COLLAPSED times the data's range.
        """
        x, q = np.asarray(x, float), np.asarray(q, float)
        sizes = component_sizes(q)
        mu = x @ q / sizes
        squares = (q.T * (x - mu[:, None]) ** 2).sum(axis=1)
        if self.shared_sigma:
            squares, shares = np.full_like(sizes, squares.sum()), sizes.sum()
        else:
            shares = sizes
        sigma = np.maximum(np.sqrt(squares / shares), self.min_sigma)
        if self.min_sigma == 0:
            refuse_collapse(x, mu, sigma)
        return self.Theta(sizes / sizes.sum(), mu, sigma)


@dataclass(frozen=True)
class OneMean(Mixture):
    """Two Gaussians of which everything is known but the second mean: one parameter to draw.

    p(x_n, z_n = k | theta) = pi_k N(x_n; mu_k, sigma_k^2), with only mu_2 unknown

    x: shape (N,). theta: OneMean.Theta(mu2), a float. pi and sigma have two entries each.
    """

    pi: tuple
    mu1: float
    sigma: tuple

    class Theta(NamedTuple):
        mu2: float

    def __post_init__(self):
        object.__setattr__(self, "pi", tuple(door.weights("pi", self.pi, shape=(2,)).tolist()))
        object.__setattr__(self, "mu1", door.number("mu1", self.mu1))
        object.__setattr__(self, "sigma", tuple(door.array("sigma", self.sigma, shape=(2,), above=0).tolist()))

    def check(self, x, theta):
        """Return x as an array and theta as a Theta, or raise ValueError naming what is wrong."""
        (mu2,) = door.fields(self.Theta, theta)
        return door.array("x", x), self.Theta(door.number("mu2", mu2))

    def log_joint(self, x, theta):
        """log pi_k + log N(x_n; mu_k, sigma_k^2), shape (N, 2)."""
        (mu2,) = theta
        return GMM1D().log_joint(x, GMM1D.Theta(self.pi, (self.mu1, mu2), self.sigma))

    def m_step(self, x, q):
        """mu_2 = sum_n q_n(2) x_n / N_2.

        Raises CollapseError when the second component has lost all its data.
        """
        q2 = np.asarray(q, float)[:, 1:]  # the first component may well be empty: nothing of it is estimated
        return self.Theta((np.asarray(x, float) @ q2 / component_sizes(q2, first=2)).item())


def log_normal(x, mu, sigma):
    """log N(x; mu, sigma^2), elementwise."""
    with np.errstate(over="ignore"):  # 1e154 sigmas away, -inf is right to the last digit
        return -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))


def refuse_collapse(x, mu, sigma):
    """Raise CollapseError when a sigma is at most COLLAPSED times the range of x."""
    spread = np.ptp(x)
    if spread == 0 or (sigma <= COLLAPSED * spread).any():
        k = int(np.argmin(sigma))
        raise CollapseError(
            f"component {k + 1} has collapsed onto x = {mu[k]:g}: its sigma fell to {sigma[k]:.3g}, where the "
            "likelihood has a spike without end; set a floor (min_sigma), or start from another theta"
        )
