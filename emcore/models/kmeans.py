"""K-means as hard EM."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .. import validate
from ..mixture import Mixture, component_sizes
from ..numerics import Array


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
        mu: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "sigma", validate.number("sigma", self.sigma, above=0))

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = validate.array("x", x, ndim=None)
        (mu,) = validate.fields(self.Theta, theta)
        return x, self.Theta(validate.array("mu", mu, shape=("K", *x.shape[1:])))

    def log_joint(self, x: Any, theta: Any) -> Array:
        """-log K + log N(x_n; mu_k, sigma^2 I), shape (N, K)."""
        K, d = _as_rows(theta[0]).shape
        return -0.5 * _squares(x, theta[0], self.sigma) - np.log(K) - d * np.log(self.sigma * np.sqrt(2 * np.pi))

    def e_step(self, x: Any, theta: Any) -> Array:
        """q_n(k) = 1 for the nearest centroid, the first of them in a tie, else 0; shape (N, K)."""
        distances = _squares(x, theta[0], 1.0)
        return np.eye(distances.shape[1])[distances.argmin(axis=1)]

    def m_step(self, x: Any, q: Any) -> Theta:
        """mu_k = sum_n q_n(k) x_n / N_k: the mean of the observations assigned to k.

        Raises CollapseError when a centroid has lost all its observations.
        """
        x = validate.array("x", x, ndim=None)
        q = validate.rows("q", q, shape=(len(x), "K"))
        sizes = component_sizes(q)
        return self.Theta((q.T @ _as_rows(x) / sizes[:, None]).reshape(len(sizes), *x.shape[1:]))


def _squares(x: Any, mu: Any, unit: float) -> Array:
    """The squared distance of every x_n from every centroid, in that unit of length, shape (N, K)."""
    x, mu = _as_rows(validate.array("x", x, ndim=None)), _as_rows(mu)
    with np.errstate(over="ignore"):
        return np.array([(((x - center) / unit) ** 2).sum(axis=1) for center in mu]).T


def _as_rows(points: Any) -> Array:
    """Points of shape (N,) or (N, d) as (N, d)."""
    points = np.asarray(points, float)
    return points.reshape(len(points), -1)
