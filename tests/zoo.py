"""Right models beyond the course's, written as a reader would: without a check at the door, q in whatever form fits.

`ZOO` holds each with its data and a start: no law of EM may be found broken in any of them.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from models import ELLIPSES, GEYSER
from scipy.optimize import brentq
from scipy.special import digamma, gammaln, log_ndtr, xlogy
from scipy.stats import norm

from emcore import GMM, Mixture, data

RNG = np.random.default_rng(0)
LOG_2PI = np.log(2 * np.pi)


# Mixtures: two functions.


class Rates(NamedTuple):
    pi: np.ndarray
    rate: np.ndarray


class Waits(Mixture):
    """Waiting times from two exponential distributions."""

    def log_joint(self, x, theta):
        return np.log(theta.pi * theta.rate) - theta.rate * np.asarray(x)[:, None]

    def m_step(self, x, q):
        sizes = q.sum(axis=0)
        return Rates(sizes / len(x), sizes / (x @ q))


class Counts(Mixture):
    """Poisson counts, without log x!: no probabilities, and yet every other law holds."""

    def log_joint(self, x, theta):
        return np.log(theta.pi) + xlogy(np.asarray(x)[:, None], theta.rate) - theta.rate

    def m_step(self, x, q):
        return Rates(q.mean(axis=0), x @ q / q.sum(axis=0))


class PriorOnRates(Counts):
    """Maximum a posteriori: each rate has a Gamma(3, 1) prior, which belongs to l and to F."""

    def log_prior(self, theta):
        return float((2 * np.log(theta.rate) - theta.rate).sum())

    def m_step(self, x, q):
        return Rates(q.mean(axis=0), (x @ q + 2) / (q.sum(axis=0) + 1))

    def loglik(self, x, theta):
        return super().loglik(x, theta) + self.log_prior(theta)

    def lower_bound(self, x, q, theta):
        return super().lower_bound(x, q, theta) + self.log_prior(theta)


class Zeros(NamedTuple):
    extra: float  # the share of zeros that are no counts
    rate: float


class ZeroInflated(Mixture):
    """Counts, some of them 0 whatever the rate: of the two labels the first can give nothing but 0."""

    def log_joint(self, x, theta):
        zero = np.where(x == 0, np.log(theta.extra), -np.inf)
        return np.stack([zero, np.log(1 - theta.extra) + xlogy(x, theta.rate) - theta.rate - gammaln(x + 1)], axis=1)

    def m_step(self, x, q):
        return Zeros(q[:, 0].mean(), x @ q[:, 1] / q[:, 1].sum())


class Lines(NamedTuple):
    pi: np.ndarray
    slope: np.ndarray  # (K, p)
    sigma: np.ndarray


class Regressions(Mixture):
    """Rows of (y, u_1 .. u_p): y lies about one of K hyperplanes through the origin."""

    def log_joint(self, x, theta):
        away = (x[:, :1] - x[:, 1:] @ theta.slope.T) / theta.sigma
        return np.log(theta.pi / theta.sigma) - (away**2 + LOG_2PI) / 2

    def m_step(self, x, q):
        y, u = x[:, 0], x[:, 1:]
        slope = np.array([np.linalg.solve((u.T * w) @ u, (u.T * w) @ y) for w in q.T])
        return self.with_slope(x, q, slope)

    def with_slope(self, x, q, slope):
        squares = (q * (x[:, :1] - x[:, 1:] @ slope.T) ** 2).sum(axis=0)
        return Lines(q.mean(axis=0), slope, np.sqrt(squares / q.sum(axis=0)))


class Experts(NamedTuple):
    gate: np.ndarray  # log odds of the second line: gate[0] + gate[1] u
    slope: np.ndarray
    sigma: np.ndarray


class MixtureOfExperts(Mixture):
    """Rows of (y, u): which of two lines y lies about depends on u. The gate has no formula: Newton's method."""

    def log_joint(self, x, theta):
        y, u = x.T
        odds = theta.gate[0] + theta.gate[1] * u
        weights = -np.logaddexp(0, np.stack([odds, -odds], axis=1))
        return (
            weights - np.log(theta.sigma) - (((y[:, None] - np.outer(u, theta.slope)) / theta.sigma) ** 2 + LOG_2PI) / 2
        )

    def m_step(self, x, q):
        y, u = x.T
        slope = (u * y) @ q / (u * u @ q)
        sigma = np.sqrt((q * (y[:, None] - np.outer(u, slope)) ** 2).sum(axis=0) / q.sum(axis=0))
        return Experts(self.gate(np.stack([np.ones_like(u), u]), q[:, 1]), slope, sigma)

    def gate(self, u, share, steps=30):
        gate = np.zeros(2)
        for _ in range(steps):
            p = 1 / (1 + np.exp(-gate @ u))
            gate = gate + np.linalg.solve((u * p * (1 - p)) @ u.T, u @ (share - p))
        return gate


class Laplace(Mixture):
    """Two Laplace distributions: the bound has a kink at the weighted median, where it is highest."""

    def log_joint(self, x, theta):
        return np.log(theta.pi / 2) - np.abs(x[:, None] - theta.rate)

    def m_step(self, x, q):
        order = np.argsort(x)
        below = np.cumsum(q[order], axis=0) / q.sum(axis=0)
        return Rates(q.mean(axis=0), x[order][(below < 0.5).sum(axis=0)])


class Tosses(NamedTuple):
    pi: np.ndarray
    p: np.ndarray


class SureCoins(Mixture):
    """Rows of (heads, tails), with 0 log 0 = 0: a coin may come out as one that always gives heads."""

    def log_joint(self, x, theta):
        return np.log(theta.pi) + xlogy(x[:, :1], theta.p) + xlogy(x[:, 1:], 1 - theta.p)

    def m_step(self, x, q):
        heads, tails = x.T @ q
        return Tosses(q.mean(axis=0), heads / (heads + tails))


# Numbers that belong together.


class Tied(GMM):
    """All components share one covariance matrix: the weighted mean of their own."""

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        shared = np.einsum("k,kij->ij", theta.pi, theta.cov)
        return theta._replace(cov=np.stack([shared] * len(theta.pi)))


class Halves(NamedTuple):
    mu1: float
    mu2: float
    sigma1: float
    sigma2: float  # the same


class SharedSigma(Mixture):
    """Two Gaussians of equal weight and sigma, every number a field of its own."""

    def log_joint(self, x, theta):
        mu, sigma = np.array(theta[:2]), np.array(theta[2:])
        return -np.log(2 * sigma) - (((x[:, None] - mu) / sigma) ** 2 + LOG_2PI) / 2

    def m_step(self, x, q):
        mu = x @ q / q.sum(axis=0)
        sigma = np.sqrt((q * (x[:, None] - mu) ** 2).sum() / len(x))
        return Halves(*mu, sigma, sigma)


class Pairs(NamedTuple):
    pi: np.ndarray
    table: np.ndarray


class Columns(Mixture):
    """Symbols from K dice, a die a column of the table."""

    def log_joint(self, x, theta):
        return np.log(theta.pi * theta.table[x])

    def m_step(self, x, q):
        counts = np.stack([q[x == s].sum(axis=0) for s in range(3)])
        return Pairs(q.mean(axis=0), counts / counts.sum(axis=0))


class OneTable(NamedTuple):
    joint: np.ndarray  # (S, K): p(symbol, component), which sums to 1 as a whole


class JointTable(Mixture):
    """The same dice, as one table of joint probabilities."""

    def log_joint(self, x, theta):
        return np.log(theta.joint[x])

    def m_step(self, x, q):
        return OneTable(np.stack([q[x == s].sum(axis=0) for s in range(3)]) / len(x))


class Axis(NamedTuple):
    pi: np.ndarray
    axis: np.ndarray  # (K, d), unit vectors


class Directions(Mixture):
    """Unit vectors about K directions (von Mises-Fisher with a known concentration); check refuses any other axis."""

    def check(self, x, theta):
        if not np.allclose(np.linalg.norm(theta.axis, axis=1), 1, rtol=0, atol=1e-10):
            raise ValueError("axis must hold unit vectors")
        return x, theta

    def log_joint(self, x, theta):
        return np.log(theta.pi) + 3 * x @ theta.axis.T

    def m_step(self, x, q):
        sums = q.T @ x
        return Axis(q.mean(axis=0), sums / np.linalg.norm(sums, axis=1, keepdims=True))


class Diagonal(GMM):
    """Covariances that are diagonal by definition, which check says."""

    def check(self, x, theta):
        x, theta = super().check(x, theta)
        if np.count_nonzero(theta.cov) > theta.cov.shape[0] * theta.cov.shape[1]:
            raise ValueError("cov must hold diagonal matrices")
        return x, theta

    def m_step(self, x, q):
        theta = super().m_step(x, q)
        return theta._replace(cov=theta.cov * np.eye(theta.cov.shape[1]))


class Change(NamedTuple):
    when: int
    low: float


class ChangePoint(Mixture):
    """A rate that changes by a known factor at an unknown whole time; x: counts, each from one of two sources."""

    def log_joint(self, x, theta):
        rate = np.where(np.arange(len(x)) < theta.when, 1.0, 3.0)[:, None] * np.array([theta.low, 4.0])
        return np.log(0.5) + x[:, None] * np.log(rate) - rate

    def m_step(self, x, q):
        return max((self.best_low(x, q, when) for when in range(len(x) + 1)), key=lambda t: self.lower_bound(x, q, t))

    def best_low(self, x, q, when):
        factor = np.where(np.arange(len(x)) < when, 1.0, 3.0)
        return Change(float(when), float(q[:, 0] @ x / (q[:, 0] @ factor)))


# Other kinds of q: four functions.


class Reach(NamedTuple):
    mean: float
    variance: float


class HeavyTails:
    """A t density with known degrees of freedom as an infinite mixture: q is (N, 2), a Gamma for each observation."""

    nu = 5.0

    def e_step(self, x, theta):
        rate = (self.freedom(theta) + (x - theta.mean) ** 2 / theta.variance) / 2
        return np.stack([np.full(len(x), (self.freedom(theta) + 1) / 2), rate], axis=1)

    def freedom(self, theta):
        return self.nu

    def m_step(self, x, q):
        weight = q[:, 0] / q[:, 1]
        mean = weight @ x / weight.sum()
        return Reach(float(mean), float(weight @ (x - mean) ** 2 / len(x)))

    def loglik(self, x, theta):
        nu, z = self.freedom(theta), (x - theta.mean) ** 2 / theta.variance
        scale = gammaln((nu + 1) / 2) - gammaln(nu / 2) - np.log(nu * np.pi * theta.variance) / 2
        return float(np.sum(scale - (nu + 1) / 2 * np.log1p(z / nu)))

    def lower_bound(self, x, q, theta):
        (a, b), half = q.T, self.freedom(theta) / 2
        u, log_u = a / b, digamma(a) - np.log(b)
        about = (log_u - np.log(theta.variance) - LOG_2PI - u * (x - theta.mean) ** 2 / theta.variance) / 2
        prior = half * np.log(half) - gammaln(half) + (half - 1) * log_u - half * u
        entropy = a - np.log(b) + gammaln(a) + (1 - a) * digamma(a)
        return float((about + prior + entropy).sum())


class FreeReach(NamedTuple):
    mean: float
    variance: float
    nu: float


class FreeTails(HeavyTails):
    """The same with the degrees of freedom unknown: they solve an equation."""

    def freedom(self, theta):
        return theta.nu

    def m_step(self, x, q):
        u, log_u = q[:, 0] / q[:, 1], digamma(q[:, 0]) - np.log(q[:, 1])
        nu = brentq(lambda nu: np.log(nu / 2) - digamma(nu / 2) + 1 + np.mean(log_u - u), 1e-2, 1e4)
        return FreeReach(*super().m_step(x, q), nu)


class InADict(HeavyTails):
    """The same with q in a dict."""

    def e_step(self, x, theta):
        shape, rate = super().e_step(x, theta).T
        return {"shape": shape, "rate": rate}

    def m_step(self, x, q):
        return super().m_step(x, np.stack([q["shape"], q["rate"]], axis=1))

    def lower_bound(self, x, q, theta):
        return super().lower_bound(x, np.stack([q["shape"], q["rate"]], axis=1), theta)


@dataclass
class GammaQ:
    """The q of `HeavyTails` as an object, with something that is no number beside it."""

    shape: np.ndarray
    rate: np.ndarray
    name: str = "gamma"
    prior: None = None


class InAnObject(InADict):
    """The same with q in an object."""

    def e_step(self, x, theta):
        return GammaQ(**super().e_step(x, theta))

    def m_step(self, x, q):
        return super().m_step(x, vars(q))

    def lower_bound(self, x, q, theta):
        return super().lower_bound(x, vars(q), theta)


class Gaussian(NamedTuple):
    mu: np.ndarray
    cov: np.ndarray


class WithHoles:
    """A Gaussian in d dimensions, of which some entries were not seen (nan): q holds their means and covariances."""

    def e_step(self, x, theta):
        filled, spread = x.copy(), np.zeros((*x.shape, x.shape[1]))
        for n, holes in enumerate(np.isnan(x)):
            gain = np.linalg.solve(theta.cov[np.ix_(~holes, ~holes)], theta.cov[np.ix_(~holes, holes)]).T
            filled[n, holes] = theta.mu[holes] + gain @ (x[n] - theta.mu)[~holes]
            spread[n][np.ix_(holes, holes)] = theta.cov[np.ix_(holes, holes)] - gain @ theta.cov[np.ix_(~holes, holes)]
        return filled, spread

    def m_step(self, x, q):
        filled, spread = q
        away = filled - filled.mean(axis=0)
        return Gaussian(filled.mean(axis=0), (away.T @ away + spread.sum(axis=0)) / len(x))

    def lower_bound(self, x, q, theta):
        filled, spread = q
        precision, away = np.linalg.inv(theta.cov), filled - theta.mu
        squares = np.einsum("ni,ij,nj->n", away, precision, away) + np.einsum("nij,ji->n", spread, precision)
        expected = -(squares + np.linalg.slogdet(2 * np.pi * theta.cov)[1]) / 2
        return float(expected.sum() + sum(entropy(c[np.ix_(h, h)]) for c, h in zip(spread, np.isnan(x), strict=True)))

    def loglik(self, x, theta):
        seen = [(row[~h] - theta.mu[~h], theta.cov[np.ix_(~h, ~h)]) for row, h in zip(x, np.isnan(x), strict=True)]
        return float(sum(log_gaussian(away, cov) for away, cov in seen))


def entropy(cov) -> float:
    return np.linalg.slogdet(2 * np.pi * np.e * cov)[1] / 2 if len(cov) else 0.0


def log_gaussian(away, cov) -> float:
    return -(away @ np.linalg.solve(cov, away) + np.linalg.slogdet(2 * np.pi * cov)[1]) / 2


class Factors(NamedTuple):
    loadings: np.ndarray  # (d, L)
    noise: np.ndarray  # (d,)


class FactorAnalysis:
    """x_n = W z_n + noise of a variance for each column: q holds the means (N, L) and the covariance of every z_n."""

    def e_step(self, x, theta):
        scaled = theta.loadings.T / theta.noise
        cov = np.linalg.inv(np.eye(scaled.shape[0]) + scaled @ theta.loadings)
        return x @ scaled.T @ cov, (cov + cov.T) / 2

    def m_step(self, x, q):
        mean, cov = q
        loadings = np.linalg.solve(mean.T @ mean + len(x) * cov, mean.T @ x).T
        return self.with_loadings(x, q, loadings)

    def with_loadings(self, x, q, loadings):
        return Factors(loadings, self.left_over(x, q, loadings).mean(axis=0))

    def left_over(self, x, q, loadings):
        mean, cov = q
        return (x - mean @ loadings.T) ** 2 + np.einsum("il,lm,im->i", loadings, cov, loadings)

    def lower_bound(self, x, q, theta):
        (mean, cov), N = q, len(x)
        seen = np.log(2 * np.pi * theta.noise) + self.left_over(x, q, theta.loadings) / theta.noise
        hidden = (mean**2).sum() + N * np.trace(cov) + N * cov.shape[0] * LOG_2PI
        return float(-(seen.sum() + hidden) / 2 + N * entropy(cov))

    def loglik(self, x, theta):
        cov = theta.loadings @ theta.loadings.T + np.diag(theta.noise * np.ones(x.shape[1]))
        return float(sum(log_gaussian(row, cov) for row in x))


class ProbabilisticPCA(FactorAnalysis):
    """The same with one variance for all columns."""

    def with_loadings(self, x, q, loadings):
        return Factors(loadings, float(self.left_over(x, q, loadings).mean()))


class Genes(NamedTuple):
    share: np.ndarray  # of the genes A, B and O


class BloodGroups:
    """Counts of the groups A, B, AB, O; q holds the chance that an A is AA, and that a B is BB."""

    def e_step(self, x, theta):
        a, b, o = theta.share
        return a / (a + 2 * o), b / (b + 2 * o)

    def genes(self, x, q):
        (A, B, AB, zero), (aa, bb) = x, q
        return np.array([A * (1 + aa) + AB, B * (1 + bb) + AB, A * (1 - aa) + B * (1 - bb) + 2 * zero])

    def m_step(self, x, q):
        return Genes(self.genes(x, q) / (2 * sum(x)))

    def lower_bound(self, x, q, theta):
        hidden = sum(n * (np.log(2) * (1 - r) - xlogy(r, r) - xlogy(1 - r, 1 - r)) for n, r in zip(x, q, strict=False))
        return float(xlogy(self.genes(x, q), theta.share).sum() + hidden + x[2] * np.log(2))

    def loglik(self, x, theta):
        a, b, o = theta.share
        return float(xlogy(x, [a * a + 2 * a * o, b * b + 2 * b * o, 2 * a * b, o * o]).sum())


class Bell(NamedTuple):
    mu: float
    sigma: float


class Tobit:
    """Normal readings of a meter with a limit, rows of (reading, 1 at the limit); q: the normal cut off there."""

    def e_step(self, x, theta):
        return Bell(*theta)

    def moments(self, x, q):
        """Mean, mean square and entropy of a reading beyond the limit."""
        limit = (x[x[:, 1] == 1, 0] - q.mu) / q.sigma
        hazard = np.exp(norm.logpdf(limit) - log_ndtr(-limit))
        mean, square = hazard, 1 + limit * hazard
        entropy = np.log(q.sigma) + LOG_2PI / 2 + log_ndtr(-limit) + square / 2
        return q.mu + q.sigma * mean, q.mu**2 + 2 * q.mu * q.sigma * mean + q.sigma**2 * square, entropy

    def sums(self, x, q):
        seen, (mean, square, entropy) = x[x[:, 1] == 0, 0], self.moments(x, q)
        return seen.sum() + mean.sum(), seen @ seen + square.sum(), entropy.sum()

    def m_step(self, x, q):
        total, squares, _ = self.sums(x, q)
        mu = total / len(x)
        return Bell(float(mu), float(np.sqrt(squares / len(x) - mu**2)))

    def lower_bound(self, x, q, theta):
        (total, squares, entropy), (mu, sigma) = self.sums(x, q), theta
        return float(
            entropy
            - len(x) * (np.log(sigma) + LOG_2PI / 2)
            - (squares - 2 * mu * total + len(x) * mu**2) / (2 * sigma**2)
        )

    def loglik(self, x, theta):
        z = (x[:, 0] - theta.mu) / theta.sigma
        return float(np.where(x[:, 1] == 1, log_ndtr(-z), norm.logpdf(z) - np.log(theta.sigma)).sum())


class Level(NamedTuple):
    noise: float
    walk: float


class LocalLevel:
    """A random walk seen with noise: q holds the mean (T,) and covariance (T, T) of the walk."""

    start = 100.0  # the variance of the first level

    def precision(self, T, theta):
        """Of the walk: levels differ by steps of variance walk."""
        steps = np.diff(np.eye(T), axis=0)
        first = np.zeros((T, T))
        first[0, 0] = 1 / self.start
        return first + steps.T @ steps / theta.walk

    def e_step(self, x, theta):
        cov = np.linalg.inv(self.precision(len(x), theta) + np.eye(len(x)) / theta.noise)
        cov = (cov + cov.T) / 2
        return cov @ x / theta.noise, cov

    def squares(self, x, q):
        mean, cov = q
        step = np.diff(cov, axis=0)
        return ((x - mean) ** 2).sum() + np.trace(cov), (np.diff(mean) ** 2).sum() + np.trace(np.diff(step, axis=1))

    def m_step(self, x, q):
        noise, walk = self.squares(x, q)
        return Level(float(noise / len(x)), float(walk / (len(x) - 1)))

    def lower_bound(self, x, q, theta):
        (mean, cov), (noise, walk), T = q, self.squares(x, q), len(x)
        first = (mean[0] ** 2 + cov[0, 0]) / self.start + np.log(2 * np.pi * self.start)
        seen = T * np.log(2 * np.pi * theta.noise) + noise / theta.noise
        moved = (T - 1) * np.log(2 * np.pi * theta.walk) + walk / theta.walk
        return float(entropy(cov) - (first + seen + moved) / 2)

    def loglik(self, x, theta):
        return log_gaussian(x, np.linalg.inv(self.precision(len(x), theta)) + theta.noise * np.eye(len(x)))


# Data and starts.

PAUSES = RNG.exponential(np.repeat([1.0, 8.0], 30))
NOTICES = data.death_notices()[::10]
START = Rates(np.array([0.4, 0.6]), np.array([2.0, 0.2]))
RATES = Rates(np.array([0.3, 0.7]), np.array([1.0, 2.5]))
U = RNG.uniform(-2, 2, 80)
LINES = np.column_stack([np.where(RNG.random(80) < 0.4, 2 * U, -U) + 0.3 * RNG.standard_normal(80), U, np.ones(80)])
SWITCH = np.column_stack([np.where(RNG.random(80) < 1 / (1 + np.exp(-2 * U)), 2 * U, -U) + RNG.standard_normal(80), U])
T5 = RNG.standard_t(5, 100) + 1
SYMBOLS = RNG.choice(3, 60, p=[0.5, 0.3, 0.2])
FLAT = RNG.standard_normal((60, 3)) @ np.array([[2, 1, 0.5], [0, 1, 0.5], [0, 0, 1]]) + [1, 2, 3]
HOLES = np.where(RNG.random((60, 3)) < [0, 0.3, 0.3], np.nan, FLAT)
HEIGHTS = np.where(np.arange(60) < 30, 160, 178) + 6 * RNG.standard_normal(60)
UNIT = RNG.standard_normal((60, 3)) + np.repeat([[2, 0, 0], [0, 2, 0]], 30, axis=0)
UNIT /= np.linalg.norm(UNIT, axis=1, keepdims=True)
METER = np.minimum(RNG.normal(5, 2, 60), 6.5)
WALK = np.cumsum(RNG.standard_normal(30)) + RNG.standard_normal(30)
LOADINGS = Factors(np.array([[1.0, 0.2], [0.5, -0.3], [0.1, 0.6]]), np.array([1.0, 0.5, 0.8]))

ZOO = {
    "waiting times": (Waits(), PAUSES, START),
    "counts": (Counts(), NOTICES, RATES),
    "a prior": (PriorOnRates(), NOTICES, RATES),
    "zero-inflated": (ZeroInflated(), RNG.poisson(2, 60) * (RNG.random(60) < 0.7), Zeros(0.2, 1.0)),
    "regressions": (Regressions(), LINES, Lines(np.array([0.4, 0.6]), np.array([[1.0, 0], [-0.5, 0.1]]), np.ones(2))),
    "experts": (MixtureOfExperts(), SWITCH, Experts(np.array([0.1, 0.2]), np.array([1.0, -0.5]), np.ones(2))),
    "a kink": (Laplace(), PAUSES, Rates(np.array([0.5, 0.5]), np.array([1.0, 6.0]))),
    "a coin that is sure": (
        SureCoins(),
        np.array([[9, 0], [8, 0], [2, 7], [1, 6]]),
        Tosses(np.array([0.5, 0.5]), np.array([1.0, 0.4])),
    ),
    "tied covariances": (Tied(), GEYSER, ELLIPSES),
    "a sigma in two fields": (SharedSigma(), HEIGHTS, Halves(165.0, 170.0, 6.0, 6.0)),
    "columns": (Columns(), SYMBOLS, Pairs(np.array([0.4, 0.6]), np.array([[0.5, 0.2], [0.3, 0.3], [0.2, 0.5]]))),
    "a joint table": (JointTable(), SYMBOLS, OneTable(np.array([[0.2, 0.1], [0.1, 0.3], [0.2, 0.1]]))),
    "unit vectors": (Directions(), UNIT, Axis(np.array([0.5, 0.5]), np.array([[0.8, 0.6, 0], [0, 0.6, 0.8]]))),
    "diagonal": (Diagonal(), GEYSER, ELLIPSES),
    "a whole number": (ChangePoint(), RNG.poisson(np.where(np.arange(40) < 15, 2, 6)), Change(20.0, 1.0)),
    "t": (HeavyTails(), T5, Reach(0.5, 2.0)),
    "t in a dict": (InADict(), T5, Reach(0.5, 2.0)),
    "t in an object": (InAnObject(), T5, Reach(0.5, 2.0)),
    "t, free degrees": (FreeTails(), T5, FreeReach(0.5, 2.0, 8.0)),
    "holes": (WithHoles(), HOLES, Gaussian(np.zeros(3), np.eye(3))),
    "factors": (FactorAnalysis(), FLAT - FLAT.mean(axis=0), LOADINGS),
    "probabilistic PCA": (ProbabilisticPCA(), FLAT - FLAT.mean(axis=0), LOADINGS._replace(noise=0.7)),
    "blood groups": (BloodGroups(), (186, 38, 13, 284), Genes(np.array([0.3, 0.3, 0.4]))),
    "Tobit": (Tobit(), np.column_stack([METER, METER == 6.5]), Bell(4.0, 3.0)),
    "local level": (LocalLevel(), WALK, Level(2.0, 0.5)),
}
