"""The models under test. A new model is one entry of MODELS: random cases, and its definition in plain Python."""

from collections.abc import Callable
from itertools import takewhile
from math import comb, factorial, fsum, inf, log, pi, sqrt
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from emcore import GMM, GMM1D, BinomialMixture, Coins, CollapseError, KMeans, OneMean, PoissonMixture, data, fit


class Entry(NamedTuple):
    kind: type
    cases: st.SearchStrategy  # draws (model, x, theta, q), with any q at all
    example: tuple  # (model, x, theta): a start on real data
    log_p: Callable  # (model, theta, x_n, k) -> log p(x_n, z_n = k | theta), from the definition
    collapses: Callable  # (model, x, q) -> is there truly no M-step to take?
    permuted: Callable | None  # (model, theta, order) -> the same with its components in another order
    exact: bool = True  # is the E-step the posterior?


def entry(model) -> Entry:
    return next(entry for entry in MODELS.values() if isinstance(model, entry.kind))


# What the laws compare emcore with: nothing below calls emcore's mathematics.


def log_joint(model, x, theta) -> list[list[float]]:
    """log p(x_n, z_n = k | theta), by the model's definition."""
    K = model_components(theta)
    return [[entry(model).log_p(model, theta, x_n, k) for k in range(K)] for x_n in np.asarray(x).tolist()]


def model_components(theta) -> int:
    return 2 if isinstance(theta, OneMean.Theta) else len(theta[0])


def log_sum_exp(terms) -> float:
    top = max(terms)
    return top if top == -inf else top + log(fsum(np.exp(np.subtract(terms, top))))


def times_log(a, p) -> float:
    """a log p, with 0 log 0 = 0."""
    return 0.0 if a == 0 else -inf if p == 0 else a * log(p)


def log_normal(x, mu, sigma) -> float:
    return -(((x - mu) / sigma) ** 2) / 2 - log(sigma) - log(2 * pi) / 2


def coins_log_p(model, theta, x, k):
    p = float(theta.p[k])
    return log(model.mixing[k]) + times_log(x, p) + times_log(model.tosses - x, 1 - p)


def binomial_log_p(model, theta, x, k):
    p = float(theta.p[k])
    ways = log(comb(model.tosses, int(x)))
    return log(theta.pi[k]) + ways + times_log(x, p) + times_log(model.tosses - x, 1 - p)


def gmm_log_p(model, theta, x, k):
    return log(theta.pi[k]) + log_normal(x, float(theta.mu[k]), float(theta.sigma[k]))


def one_mean_log_p(model, theta, x, k):
    return log(model.pi[k]) + log_normal(x, (model.mu1, theta.mu2)[k], model.sigma[k])


def poisson_log_p(model, theta, x, k):
    rate = float(theta.rate[k])
    return log(theta.pi[k]) + times_log(x, rate) - rate - log(factorial(int(x)))


def gmm_vectors_log_p(model, theta, x, k):
    """Through the eigenvectors of the covariance: a sum of log-densities on the line."""
    values, vectors = np.linalg.eigh(theta.cov[k])
    along = vectors.T @ (np.array(x) - theta.mu[k])
    return log(theta.pi[k]) + fsum(log_normal(a, 0, sqrt(v)) for a, v in zip(along, values, strict=True))


def kmeans_log_p(model, theta, x, k):
    pairs = zip(np.atleast_1d(x), np.atleast_1d(theta.mu[k]), strict=True)
    return -log(len(theta.mu)) + fsum(log_normal(a, m, model.sigma) for a, m in pairs)


# A component has collapsed when it has no data left, or when its sigma has shrunk onto a point but for rounding.

NOTHING = 1e-300


def some_component_is_empty(model, x, q) -> bool:
    return min(map(fsum, np.transpose(q))) <= NOTHING


def second_component_is_empty(model, x, q) -> bool:
    return fsum(np.asarray(q)[:, 1]) <= NOTHING


def some_sigma_is_zero(model, x, q) -> bool:
    if some_component_is_empty(model, x, q):
        return True
    if model.min_sigma > 0:
        return False
    x, sizes = np.asarray(x), [fsum(column) for column in np.transpose(q)]
    means = [fsum(column * x) / size for column, size in zip(np.transpose(q), sizes, strict=True)]
    squares = [fsum(column * (x - mean) ** 2) for column, mean in zip(np.transpose(q), means, strict=True)]
    if model.shared_sigma:
        squares, sizes = [fsum(squares)], [fsum(sizes)]
    sigma = min(sqrt(s / size) for s, size in zip(squares, sizes, strict=True))
    return sigma <= 1.001e-12 * max(map(abs, means))  # the threshold that GMM1D.m_step states


def some_covariance_is_flat(model, x, q) -> bool:
    """By the singular values of the weighted data: no more than rounding, each column measured by its own sd."""
    if some_component_is_empty(model, x, q):
        return True
    x, q = np.asarray(x), np.asarray(q)
    for share in (q / q.sum(axis=0)).T:
        away = (x - share @ x) * np.sqrt(share)[:, None]
        sd = np.sqrt((away**2).sum(axis=0))
        if len(x) < x.shape[1] or (sd == 0).any():
            return model.min_var == 0
        rounding = (1e-12 * share @ x / sd) ** 2
        if np.linalg.svd(away / sd)[1].min() ** 2 <= 1.001e-11 + 1.001 * rounding.max():
            return model.min_var == 0
    return False


def m_step(model, x, q):
    """The M-step's answer, or None where it refuses and a component has truly collapsed."""
    try:
        return model.m_step(x, q)
    except CollapseError:
        assert entry(model).collapses(model, x, q), "refused an M-step without a collapse"
        return None


def run(model, x, theta, iterations=3):
    """The history of a few iterations: shorter where a component truly collapses."""
    try:
        return fit(model, x, theta, tol=0, max_iter=iterations)
    except CollapseError as error:
        last = error.history[-1]
        assert entry(model).collapses(model, x, last.q), "refused an M-step without a collapse"
        return error.history


def steady(history):
    """The steps up to the first covariance so flat, or so small, that rounding shows in the ninth digit of l."""
    return list(takewhile(lambda step: well_conditioned(step.theta), history))


def well_conditioned(theta) -> bool:
    if not isinstance(theta, GMM.Theta):
        return True
    scale = np.sqrt(np.diagonal(theta.cov, axis1=1, axis2=2))
    near = (np.abs(theta.mu) < 1e6 * scale).all()  # beyond, x - mu is mostly rounding
    return near and np.linalg.cond(theta.cov / scale[:, :, None] / scale[:, None, :]).max() < 1e5


# Random cases.

NUMBERS = st.integers(-320, 320).map(lambda n: n / 16) | st.floats(-20, 20).map(lambda v: round(v, 6))
SIGMAS = st.floats(0.1, 20)


def several(values, size) -> st.SearchStrategy[np.ndarray]:
    low, high = size if isinstance(size, tuple) else (size, size)
    return st.lists(values, min_size=low, max_size=high).map(lambda items: read_only(np.array(items, float)))


def read_only(array) -> np.ndarray:
    array.flags.writeable = False
    return array


def weights(K) -> st.SearchStrategy[np.ndarray]:
    return several(st.floats(1e-3, 1), K).map(lambda w: read_only(w / w.sum()))


@st.composite
def responsibilities(draw, N, K):
    """Rows from Dirichlets, each flat or very peaked; one-hot rows; and rows half way between."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    soft = np.array([rng.dirichlet([rng.choice([0.01, 0.1, 1.0, 30.0])] * K) for _ in range(N)])
    hard = np.eye(K)[rng.integers(K, size=N)]
    share = rng.choice([0, 0.5, 1], (N, 1))
    return read_only((1 - share) * soft + share * hard)


@st.composite
def coins_cases(draw, kind=Coins):
    tosses, K = draw(st.integers(1, 20)), draw(st.integers(1, 3))
    x = draw(several(st.integers(0, tosses), (1, 8)))
    p = draw(several(st.floats(0.01, 0.99), K))
    return kind(tosses, draw(weights(K))), x, kind.Theta(p), draw(responsibilities(len(x), K))


@st.composite
def binomial_cases(draw):
    tosses, K = draw(st.integers(1, 20)), draw(st.integers(1, 3))
    x = draw(several(st.integers(0, tosses), (1, 8)))
    theta = BinomialMixture.Theta(draw(weights(K)), draw(several(st.floats(0.01, 0.99), K)))
    return BinomialMixture(tosses), x, theta, draw(responsibilities(len(x), K))


@st.composite
def poisson_cases(draw):
    K = draw(st.integers(1, 3))
    x = draw(several(st.integers(0, 30), (1, 8)))
    theta = PoissonMixture.Theta(draw(weights(K)), draw(several(st.floats(0.05, 30), K)))
    return PoissonMixture(), x, theta, draw(responsibilities(len(x), K))


@st.composite
def gmm_cases(draw, floors, shared):
    model, K = GMM1D(draw(floors), shared), draw(st.integers(1, 3))
    x = draw(several(NUMBERS, (4, 10)))
    sigma = np.maximum(draw(several(SIGMAS, K)), model.min_sigma)
    sigma = np.full(K, sigma[0]) if shared else sigma
    theta = GMM1D.Theta(draw(weights(K)), draw(several(NUMBERS, K)), sigma)
    return model, x, theta, draw(responsibilities(len(x), K))


@st.composite
def vectors(draw, N, d):
    return read_only(draw(several(NUMBERS, N * d)).reshape(N, d))


@st.composite
def gmm_vector_cases(draw, floors):
    model, K, d = GMM(draw(floors)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    x = draw(st.integers(6, 12).flatmap(lambda N: vectors(N, d)))
    roots = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(0, draw(SIGMAS), (K, d, d))
    cov = roots @ roots.swapaxes(1, 2) + (0.1 + model.min_var) * np.eye(d)
    theta = GMM.Theta(draw(weights(K)), draw(vectors(K, d)), read_only((cov + cov.swapaxes(1, 2)) / 2))
    return model, x, theta, draw(responsibilities(len(x), K))


@st.composite
def kmeans_cases(draw):
    N, K, d = draw(st.integers(2, 10)), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    x, mu = ((draw(vectors(n, d)) if d else draw(several(NUMBERS, n))) for n in (N, K))
    return KMeans(draw(SIGMAS)), x, KMeans.Theta(mu), draw(responsibilities(N, K))


@st.composite
def one_mean_cases(draw):
    model = OneMean(draw(weights(2)), draw(NUMBERS), draw(several(SIGMAS, 2)))
    x = draw(several(NUMBERS, (1, 8)))
    return model, x, OneMean.Theta(draw(NUMBERS)), draw(responsibilities(len(x), 2))


class HardCoins(Coins):
    """Coins with an E-step that is deliberately not the posterior: each set goes to its likelier coin."""

    def e_step(self, x, theta):
        log_p = self.log_joint(x, theta)
        return np.eye(log_p.shape[1])[log_p.argmax(axis=1)]


def permuted_coins(model, theta, order):
    return Coins(model.tosses, np.array(model.mixing)[order]), permuted_theta(theta, order)


def permuted_mixture(model, theta, order):
    return model, permuted_theta(theta, order)


def permuted_theta(theta, order):
    return type(theta)(*(field[order] for field in theta))


def gmm_start(sigma) -> Any:
    return GMM1D.Theta(np.array([0.3, 0.7]), np.array([160.0, 180.0]), np.array(sigma))


HEADS, HEIGHT = data.coins(), data.heights().height
UNEVEN = Coins(10, (0.3, 0.7)), HEADS, Coins.Theta(np.array([0.6, 0.5]))
BINOMIAL = BinomialMixture.Theta(np.array([0.3, 0.7]), np.array([0.6, 0.5]))
WOMAN = OneMean((0.44, 0.56), 178, (6.4, 5.6)), HEIGHT, OneMean.Theta(150.0)
NOTICES = PoissonMixture.Theta(np.array([0.3, 0.7]), np.array([1.0, 2.5]))
GEYSER = np.column_stack(data.old_faithful())
ELLIPSES = GMM.Theta(np.array([0.5, 0.5]), np.array([[2.0, 55.0], [4.0, 80.0]]), np.array([np.diag([0.5, 36.0])] * 2))
FREE, FLOOR = st.just(0.0), st.floats(0.5, 5)

MODELS = {
    "HardCoins": Entry(
        HardCoins, coins_cases(HardCoins), (HardCoins(10, (0.3, 0.7)), *UNEVEN[1:]),
        coins_log_p, some_component_is_empty, None, exact=False,
    ),
    "Coins": Entry(Coins, coins_cases(), UNEVEN, coins_log_p, some_component_is_empty, permuted_coins),
    "BinomialMixture": Entry(
        BinomialMixture, binomial_cases(), (BinomialMixture(10), HEADS, BINOMIAL),
        binomial_log_p, some_component_is_empty, permuted_mixture,
    ),
    "GMM1D, free": Entry(
        GMM1D, gmm_cases(FREE, False), (GMM1D(), HEIGHT, gmm_start((5.0, 6.0))),
        gmm_log_p, some_sigma_is_zero, permuted_mixture,
    ),
    "GMM1D, floor": Entry(
        GMM1D, gmm_cases(FLOOR, False), (GMM1D(6.0), HEIGHT, gmm_start((7.0, 8.0))),
        gmm_log_p, some_sigma_is_zero, permuted_mixture,
    ),
    "GMM1D, one sigma": Entry(
        GMM1D, gmm_cases(FREE | FLOOR, True), (GMM1D(shared_sigma=True), HEIGHT, gmm_start((6.0, 6.0))),
        gmm_log_p, some_sigma_is_zero, permuted_mixture,
    ),
    "GMM, free": Entry(
        GMM, gmm_vector_cases(FREE), (GMM(), GEYSER, ELLIPSES),
        gmm_vectors_log_p, some_covariance_is_flat, permuted_mixture,
    ),
    "GMM, floor": Entry(
        GMM, gmm_vector_cases(FLOOR), (GMM(0.25), GEYSER, ELLIPSES),
        gmm_vectors_log_p, some_covariance_is_flat, permuted_mixture,
    ),
    "KMeans": Entry(
        KMeans, kmeans_cases(), (KMeans(5.0), HEIGHT, KMeans.Theta(np.array([160.0, 180.0]))),
        kmeans_log_p, some_component_is_empty, permuted_mixture, exact=False,
    ),
    "PoissonMixture": Entry(
        PoissonMixture, poisson_cases(), (PoissonMixture(), data.death_notices()[::20], NOTICES),
        poisson_log_p, some_component_is_empty, permuted_mixture,
    ),
    "OneMean": Entry(OneMean, one_mean_cases(), WOMAN, one_mean_log_p, second_component_is_empty, None),
}  # fmt: skip
EXACT = [name for name, entry in MODELS.items() if entry.exact]
