"""Mixtures in several dimensions: Gaussians with full covariance, and K-means as hard EM."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import door
from .core import COLLAPSED, CollapseError, Mixture, component_sizes


@dataclass(frozen=True)
class GMM(Mixture):
    """A mixture of K Gaussians in d dimensions.

    p(x_n, z_n = k | theta) = pi_k N(x_n; mu_k, cov_k)

    x: shape (N, d). theta: GMM.Theta(pi, mu, cov) of shapes (K,), (K, d), (K, d, d). min_var clips the
    eigenvalues of every covariance from below, which is the exact constrained M-step.
    Source: Bishop (2006), section 9.2.
    """

    min_var: float = 0.0

    class Theta(NamedTuple):
        pi: np.ndarray
        mu: np.ndarray
        cov: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "min_var", door.number("min_var", self.min_var, at_least=0))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = door.array("x", x, ndim=2)
        pi, mu, cov = door.fields(self.Theta, theta)
        pi, d = door.weights("pi", pi), x.shape[1]
        mu = door.array("mu", mu, shape=(*pi.shape, d))
        cov = door.array("cov", cov, shape=(*pi.shape, d, d))
        values, variances = np.linalg.eigvalsh(cov), np.diagonal(cov, axis1=1, axis2=2)
        sd = np.sqrt(np.abs(variances))
        if (np.abs(cov - cov.swapaxes(1, 2)) > 1e-8 * sd[:, :, None] * sd[:, None, :]).any():
            raise ValueError(f"cov must hold symmetric matrices; got {door.short(cov.tolist())}")
        flat = thinnest(cov, np.sqrt(np.where(variances > 0, variances, 1))) <= COLLAPSED**2
        flat |= values[:, 0] < (1 - 1e-9) * self.min_var - 1e-14 * values[:, -1]
        if flat.any():
            k, floor = int(np.argmax(flat)), f" with eigenvalues of at least {self.min_var:g}" if self.min_var else ""
            raise ValueError(
                f"cov must hold positive definite matrices{floor}; got {values[k, 0]:.3g} as the smallest "
                f"eigenvalue of component {k + 1}: {door.short(cov[k].tolist())}"
            )
        return x, self.Theta(pi, mu, cov)

    def log_joint(self, x, theta):
        """log pi_k + log N(x_n; mu_k, cov_k), shape (N, K)."""
        pi, mu, cov = map(np.asarray, theta)
        columns, d = np.ascontiguousarray(np.asarray(x, float).T), mu.shape[1]
        rows = []
        for k, root in enumerate(np.linalg.cholesky(cov)):
            with np.errstate(over="ignore"):
                squares = ((np.linalg.inv(root) @ (columns - mu[k][:, None])) ** 2).sum(axis=0)
            log_scale = np.log(pi[k]) - np.log(np.diag(root)).sum() - 0.5 * d * np.log(2 * np.pi)
            rows.append(log_scale - 0.5 * squares)
        return np.stack(rows).T

    def m_step(self, x, q):
        """pi_k = N_k / N, mu_k = sum_n q_n(k) x_n / N_k, cov_k = the weighted covariance about mu_k.

        Raises CollapseError when a component is flat: in some direction, with every column measured by
        its range, a standard deviation is at most COLLAPSED.
        """
        columns, q = np.ascontiguousarray(np.asarray(x, float).T), np.asarray(q, float)
        sizes = component_sizes(q)
        weights = (q / sizes).T
        mu = weights @ columns.T
        away = (columns - center[:, None] for center in mu)
        cov = np.array([(weight * side) @ side.T for weight, side in zip(weights, away, strict=True)])
        if self.min_var:
            cov = np.array([_raised(one, self.min_var) for one in cov])
        cov = (cov + cov.swapaxes(1, 2)) / 2  # symmetric to the last bit
        ranges = np.maximum(np.ptp(columns, axis=1), np.sqrt(self.min_var))
        thin = thinnest(cov, np.where(ranges > 0, ranges, 1))
        if (thin <= COLLAPSED**2).any():
            k = int(np.argmin(thin))
            raise CollapseError(
                f"component {k + 1} has collapsed: it is flat in some direction near {mu[k].round(4).tolist()}, where "
                "the likelihood has a spike without end; set a (larger) floor (min_var), or start from another theta"
            )
        return self.Theta(sizes / sizes.sum(), mu, cov)


def _raised(cov, floor):
    """cov with its eigenvalues clipped from below; itself where none is below, which Cholesky tells in any units."""
    try:
        np.linalg.cholesky(cov - floor * np.eye(len(cov)))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(cov)
        return (vectors * np.maximum(values, floor)) @ vectors.T
    return cov


def thinnest(cov, scale):
    """The smallest eigenvalue of each covariance when every column is measured in its scale, shape (K,)."""
    with np.errstate(over="ignore"):
        scaled = cov / scale[..., :, None] / scale[..., None, :]
    return np.linalg.eigvalsh(scaled.clip(-2, 2))[:, 0]  # beyond 1 it is no covariance, by however much


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
        object.__setattr__(self, "sigma", door.number("sigma", self.sigma, above=0))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = door.array("x", x, ndim=None)
        (mu,) = door.fields(self.Theta, theta)
        mu = door.array("mu", mu, ndim=x.ndim)
        return x, self.Theta(door.array("mu", mu, shape=(len(mu), *x.shape[1:])))

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
