"""Gaussian mixtures, on the line and in several dimensions."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import validate
from ..history import CollapseError
from ..mixture import Mixture, component_sizes
from ..numerics import Array, log_normal

POINT = 1e-12  # a standard deviation of at most this share of |mu| may be the rounding of equal data: 4,500 units
FLAT = 1e-11  # a correlation matrix with a smaller eigenvalue: its own rounding would show in the ninth digit of l


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
        pi: Array
        mu: Array
        sigma: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "min_sigma", validate.number("min_sigma", self.min_sigma, at_least=0))
        object.__setattr__(self, "shared_sigma", validate.flag("shared_sigma", self.shared_sigma))

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        pi, mu, sigma = validate.fields(self.Theta, theta)
        pi = validate.weights("pi", pi)
        mu = validate.array("mu", mu, shape=pi.shape)
        sigma = validate.array("sigma", sigma, shape=pi.shape, above=0, at_least=self.min_sigma)
        if self.shared_sigma and np.ptp(sigma) > 0:
            raise ValueError(f"sigma must be one value, repeated, when sigma is shared; got {sigma}")
        return validate.column("x", x), self.Theta(pi, mu, sigma)

    def log_joint(self, x: Any, theta: Any) -> Array:
        """log pi_k + log N(x_n; mu_k, sigma_k^2), shape (N, K)."""
        pi, mu, sigma = (np.reshape(field, (-1, 1)) for field in theta)
        return (np.log(pi) + log_normal(validate.column("x", x), mu, sigma)).T

    def m_step(self, x: Any, q: Any) -> Theta:
        """pi_k = N_k / N, mu_k = sum_n q_n(k) x_n / N_k, sigma_k^2 = sum_n q_n(k) (x_n - mu_k)^2 / N_k.

        Raises CollapseError when a component has lost all its data or, without a floor, has shrunk onto a point:
        when its sigma is at most POINT times the size of mu, which is what rounding makes of equal data.
        """
        x = validate.column("x", x)
        q = validate.rows("q", q, shape=(len(x), "K"))
        sizes = component_sizes(q)
        mu = x @ q / sizes
        variances = np.array([q_k @ (x - mu_k) ** 2 for q_k, mu_k in zip(q.T, mu, strict=True)]) / sizes
        if self.shared_sigma:
            variances = np.full_like(sizes, sizes @ variances / sizes.sum())
        sigma = np.maximum(np.sqrt(variances), self.min_sigma)
        if self.min_sigma == 0 and (sigma <= POINT * np.abs(mu)).any():
            k = int(np.argmax(sigma <= POINT * np.abs(mu)))
            raise CollapseError(
                f"component {k + 1} has collapsed onto x = {mu[k]:g}: its sigma fell to {sigma[k]:.3g}, where the "
                "likelihood has a spike without end; set a floor (min_sigma), or start from another theta"
            )
        return self.Theta(sizes / sizes.sum(), mu, sigma)


@dataclass(frozen=True)
class OneMean(Mixture):
    """Two Gaussians of which everything is known but the second mean: one parameter to draw.

    p(x_n, z_n = k | theta) = pi_k N(x_n; mu_k, sigma_k^2), with only mu_2 unknown

    x: shape (N,). theta: OneMean.Theta(mu2), a float. pi and sigma have two entries each.
    """

    pi: tuple[float, ...]
    mu1: float
    sigma: tuple[float, ...]

    class Theta(NamedTuple):
        mu2: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "pi", tuple(validate.weights("pi", self.pi, shape=(2,)).tolist()))
        object.__setattr__(self, "mu1", validate.number("mu1", self.mu1))
        object.__setattr__(self, "sigma", tuple(validate.array("sigma", self.sigma, shape=(2,), above=0).tolist()))

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x as an array and theta as a Theta, or raise ValueError naming what is wrong."""
        (mu2,) = validate.fields(self.Theta, theta)
        return validate.column("x", x), self.Theta(validate.number("mu2", mu2))

    def log_joint(self, x: Any, theta: Any) -> Array:
        """log pi_k + log N(x_n; mu_k, sigma_k^2), shape (N, 2)."""
        (mu2,) = theta
        return GMM1D().log_joint(x, (self.pi, (self.mu1, mu2), self.sigma))

    def m_step(self, x: Any, q: Any) -> Theta:
        """mu_2 = sum_n q_n(2) x_n / N_2.

        Raises CollapseError when the second component has lost all its data.
        """
        x = validate.column("x", x)
        q2 = validate.rows("q", q, shape=(len(x), 2))[:, 1:]  # the first may be empty: nothing of it is estimated
        return self.Theta(float((x @ q2 / component_sizes(q2, first=2))[0]))


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
        pi: Array
        mu: Array
        cov: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "min_var", validate.number("min_var", self.min_var, at_least=0))

    def check(self, x: Any, theta: Any) -> tuple[Array, Theta]:
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = _table(x)
        pi, mu, cov = validate.fields(self.Theta, theta)
        pi, d = validate.weights("pi", pi), x.shape[1]
        mu = validate.array("mu", mu, shape=(*pi.shape, d))
        cov = validate.array("cov", cov, shape=(*pi.shape, d, d))
        values, sd = np.linalg.eigvalsh(cov), np.sqrt(np.abs(_variances(cov)))
        if (np.abs(cov - cov.swapaxes(1, 2)) > 1e-8 * sd[:, :, None] * sd[:, None, :]).any():
            raise ValueError(f"cov must hold symmetric matrices; got {validate.short(cov.tolist())}")
        flat = _is_flat(cov) | (values[:, 0] < (1 - 1e-9) * self.min_var - 1e-14 * values[:, -1])
        if flat.any():
            k, floor = int(np.argmax(flat)), f" with eigenvalues of at least {self.min_var:g}" if self.min_var else ""
            raise ValueError(
                f"cov must hold positive definite matrices{floor}, by more than rounding; got {values[k, 0]:.3g} as "
                f"the smallest eigenvalue of component {k + 1}: {validate.short(cov[k].tolist())}"
            )
        return x, self.Theta(pi, mu, cov)

    def log_joint(self, x: Any, theta: Any) -> Array:
        """log pi_k + log N(x_n; mu_k, cov_k), shape (N, K)."""
        pi, mu, cov = map(np.asarray, theta)
        columns, roots = np.ascontiguousarray(_table(x).T), np.linalg.cholesky(cov)
        with np.errstate(over="ignore"):
            squares = ((np.linalg.inv(roots) @ (columns - mu[:, :, None])) ** 2).sum(axis=1)
        log_scale = np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1) + 0.5 * len(columns) * np.log(2 * np.pi)
        return ((np.log(pi) - log_scale)[:, None] - 0.5 * squares).T

    def m_step(self, x: Any, q: Any) -> Theta:
        """pi_k = N_k / N, mu_k = sum_n q_n(k) x_n / N_k, cov_k = the weighted covariance about mu_k.

        Raises CollapseError when a component has lost all its data or is flat in some direction: when its correlation
        matrix has an eigenvalue of at most FLAT or, without a floor, its data are equal but for rounding (POINT).
        """
        x = _table(x)
        q = validate.rows("q", q, shape=(len(x), "K"))
        sizes = component_sizes(q)
        weights, columns = (q / sizes).T, np.ascontiguousarray(x.T)
        mu = weights @ x
        away = (columns - center[:, None] for center in mu)
        cov = np.array([(weight * side) @ side.T for weight, side in zip(weights, away, strict=True)])
        if self.min_var:
            cov = np.array([_raised(one, self.min_var) for one in cov])
        cov = (cov + cov.swapaxes(1, 2)) / 2  # symmetric to the last bit
        flat = _is_flat(cov, 0.0 if self.min_var else POINT * mu)
        if flat.any():
            k = int(np.argmax(flat))
            raise CollapseError(
                f"component {k + 1} has collapsed: it is flat in some direction near {mu[k].round(4).tolist()}, where "
                "the likelihood has a spike without end; set a (larger) floor (min_var), or start from another theta"
            )
        return self.Theta(sizes / sizes.sum(), mu, cov)


def _table(x: Any) -> Array:
    """Return x as an array of shape (N, d), or raise ValueError."""
    return validate.array("x", x, shape=("N", "d"))


def _raised(cov: Array, floor: float) -> Array:
    """cov with its eigenvalues clipped from below; itself where none is below, which Cholesky tells in any units."""
    try:
        np.linalg.cholesky(cov - floor * np.eye(len(cov)))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(cov)
        return (vectors * np.maximum(values, floor)) @ vectors.T
    return cov


def _variances(cov: Array) -> Array:
    return np.diagonal(cov, axis1=1, axis2=2)


def _is_flat(cov: Array, rounding: Any = 0.0) -> NDArray[np.bool_]:
    """Whether each covariance, less the squares of what is rounding in each column, is all but singular, shape (K,).

    Every column is measured in its own standard deviation.
    """
    variances = _variances(cov)
    sd = np.sqrt(np.where(variances > 0, variances, 1))
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = cov / sd[:, :, None] / sd[:, None, :]
        noise = (rounding / sd) ** 2
    return np.linalg.eigvalsh(scaled.clip(-2, 2) - noise.clip(0, 2)[:, :, None] * np.eye(cov.shape[1]))[:, 0] <= FLAT
