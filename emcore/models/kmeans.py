"""K-means as hard EM."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .. import validate
from ..mixture import Mixture, component_sizes


@dataclass(frozen=True)
class KMeans(Mixture):
    """K-means as hard EM: every observation goes wholly to its nearest centroid.

    p(x_n, z_n = k | theta) = (1/K) N(x_n; mu_k, sigma^2 I)

    x: shape (N,) or (N, d). theta: KMeans.Theta(mu), shape (K,) or (K, d): the centroids. The E-step
    gives one-hot rows, the best q among those, and not the posterior: the gap stays open, and l may fall
    while F never does. sigma only sets the scale of l and F. Source: Bishop (2006), sections 9.1 and 9.3.2.
    """

    sigma: float = 1.0

    class Theta(NamedTuple):
        mu: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "sigma", validate.number("sigma", self.sigma, above=0))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = validate.array("x", x, ndim=None)
        (mu,) = validate.fields(self.Theta, theta)
        mu = validate.array("mu", mu, ndim=x.ndim)
        return x, self.Theta(validate.array("mu", mu, shape=(len(mu), *x.shape[1:])))

    def log_joint(self, x, theta):
        """-log K + log N(x_n; mu_k, sigma^2 I), shape (N, K)."""
        K, d = len(theta[0]), np.size(theta[0]) // len(theta[0])
        return -0.5 * _squares(x, *theta, self.sigma) - np.log(K) - d * np.log(self.sigma * np.sqrt(2 * np.pi))

    def e_step(self, x, theta):
        """q_n(k) = 1 for the nearest centroid, the first of them in a tie, else 0; shape (N, K)."""
        squares = _squares(x, *theta, 1.0)
        return np.eye(squares.shape[1])[squares.argmin(axis=1)]

    def m_step(self, x, q):
        """mu_k = sum_n q_n(k) x_n / N_k: the mean of the observations assigned to k.

        Raises CollapseError when a centroid has lost all its observations.
        """
        x, q = np.asarray(x, float), np.asarray(q, float)
        sizes = component_sizes(q)
        return self.Theta((q.T @ x.reshape(len(x), -1) / sizes[:, None]).reshape(len(sizes), *x.shape[1:]))


def _squares(x, mu, unit):
    """The squared distance of every x_n from every centroid in that unit of length, shape (N, K)."""
    x, mu = np.asarray(x, float), np.asarray(mu, float)
    x, mu = x.reshape(len(x), -1), mu.reshape(len(mu), -1)
    with np.errstate(over="ignore"):
        return np.stack([(((x - center) / unit) ** 2).sum(axis=1) for center in mu], axis=1)
