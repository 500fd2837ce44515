"""Gaussian mixtures, on the line and in several dimensions."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .. import validate
from ..history import CollapseError
from ..mixture import Mixture, component_sizes
from ..numerics import log_normal

COLLAPSED = 1e-7  # a standard deviation below this share of the data's range has shrunk onto a point


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
        object.__setattr__(self, "min_sigma", validate.number("min_sigma", self.min_sigma, at_least=0))
        object.__setattr__(self, "shared_sigma", validate.flag("shared_sigma", self.shared_sigma))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        pi, mu, sigma = validate.fields(self.Theta, theta)
        pi = validate.weights("pi", pi)
        mu = validate.array("mu", mu, shape=pi.shape)
        sigma = validate.array("sigma", sigma, shape=pi.shape, above=0, at_least=self.min_sigma)
        if self.shared_sigma and np.ptp(sigma) > 0:
            raise ValueError(f"sigma must be one value, repeated, when sigma is shared; got {sigma}")
        return validate.array("x", x), self.Theta(pi, mu, sigma)

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
        object.__setattr__(self, "pi", tuple(validate.weights("pi", self.pi, shape=(2,)).tolist()))
        object.__setattr__(self, "mu1", validate.number("mu1", self.mu1))
        object.__setattr__(self, "sigma", tuple(validate.array("sigma", self.sigma, shape=(2,), above=0).tolist()))

    def check(self, x, theta):
        """Return x as an array and theta as a Theta, or raise ValueError naming what is wrong."""
        (mu2,) = validate.fields(self.Theta, theta)
        return validate.array("x", x), self.Theta(validate.number("mu2", mu2))

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
        object.__setattr__(self, "min_var", validate.number("min_var", self.min_var, at_least=0))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = validate.array("x", x, ndim=2)
        pi, mu, cov = validate.fields(self.Theta, theta)
        pi, d = validate.weights("pi", pi), x.shape[1]
        mu = validate.array("mu", mu, shape=(*pi.shape, d))
        cov = validate.array("cov", cov, shape=(*pi.shape, d, d))
        values, variances = np.linalg.eigvalsh(cov), np.diagonal(cov, axis1=1, axis2=2)
        sd = np.sqrt(np.abs(variances))
        if (np.abs(cov - cov.swapaxes(1, 2)) > 1e-8 * sd[:, :, None] * sd[:, None, :]).any():
            raise ValueError(f"cov must hold symmetric matrices; got {validate.short(cov.tolist())}")
        flat = thinnest(cov, np.sqrt(np.where(variances > 0, variances, 1))) <= COLLAPSED**2
        flat |= values[:, 0] < (1 - 1e-9) * self.min_var - 1e-14 * values[:, -1]
        if flat.any():
            k, floor = int(np.argmax(flat)), f" with eigenvalues of at least {self.min_var:g}" if self.min_var else ""
            raise ValueError(
                f"cov must hold positive definite matrices{floor}; got {values[k, 0]:.3g} as the smallest "
                f"eigenvalue of component {k + 1}: {validate.short(cov[k].tolist())}"
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


def refuse_collapse(x, mu, sigma):
    """Raise CollapseError when a sigma is at most COLLAPSED times the range of x."""
    spread = np.ptp(x)
    if spread == 0 or (sigma <= COLLAPSED * spread).any():
        k = int(np.argmin(sigma))
        raise CollapseError(
            f"component {k + 1} has collapsed onto x = {mu[k]:g}: its sigma fell to {sigma[k]:.3g}, where the "
            "likelihood has a spike without end; set a floor (min_sigma), or start from another theta"
        )
