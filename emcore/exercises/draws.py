"""Random data for the checks: components that differ in everything, in any order."""

from typing import Any

import numpy as np

from ..models import GMM1D, Coins


def normal(x: np.ndarray | float, mu: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
    """The normal density."""
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


def by_row(table: np.ndarray) -> np.ndarray:
    """Each row divided by its sum."""
    return table / table.sum(axis=1, keepdims=True)


def draw_weights(draw: np.random.Generator, K: int) -> np.ndarray:
    """Weights (K,) that sum to 1, no two alike."""
    sizes = draw.permutation(K) + draw.uniform(1, 1.5, K)
    return sizes / sizes.sum()


def draw_gaussians(draw: np.random.Generator, K: int) -> tuple[np.ndarray, ...]:
    """x (N,) in K heaps that overlap, and pi, mu, sigma (K,) near them."""
    mu = 2 * draw.permutation(K) + draw.uniform(-0.5, 0.5, K)
    sigma = draw.permutation(K) / K + draw.uniform(0.6, 0.8, K)
    return draw.normal(np.repeat(mu, range(3, 3 + K)), 0.7), draw_weights(draw, K), mu, sigma


def draw_q(draw: np.random.Generator, N: int, K: int) -> np.ndarray:
    """Responsibilities (N, K) of components of different sizes."""
    return draw.dirichlet(draw.permutation(K) + 1.0, N)


def draw_coins(draw: np.random.Generator, K: int) -> tuple[np.ndarray, int, np.ndarray]:
    """Heads of N sets, the tosses of a set, and p (K,), all of it near enough to a half to leave doubt."""
    tosses = int(draw.integers(13, 20))
    heads = draw.integers(2, tosses - 1, 7 + K).astype(float)
    return heads, tosses, 0.35 + 0.1 * draw.permutation(K) + draw.uniform(0, 0.05, K)


def log_tosses(heads: np.ndarray, tosses: int, p: np.ndarray) -> np.ndarray:
    """The log-probability of each set with each coin, (N, K)."""
    return heads[:, None] * np.log(p) + (tosses - heads[:, None]) * np.log(1 - p)


def share(heads: np.ndarray, tosses: int, q: np.ndarray) -> np.ndarray:
    """Expected heads over expected tosses, nan for a coin that has no sets."""
    with np.errstate(invalid="ignore"):
        return heads @ q / (tosses * q.sum(axis=0))


def draw_hmm(draw: np.random.Generator, K: int, symbols: int) -> tuple[np.ndarray, ...]:
    """pi (K,), A (K, K) and B (K, symbols), all different."""
    return draw.dirichlet(np.full(K, 2)), draw.dirichlet(np.full(K, 2), K), draw.dirichlet(np.full(symbols, 2), K)


def draw_models(draw: np.random.Generator) -> list[tuple[Any, np.ndarray, Any]]:
    """(model, x, theta) of two models, from starts that are not near a top: two coins, and three Gaussians."""
    (heads, tosses, p), (x, pi, mu, sigma) = draw_coins(draw, 2), draw_gaussians(draw, 3)
    far = GMM1D.Theta(pi, mu + draw.uniform(0.5, 1, 3), 1.5 * sigma)
    return [(Coins(tosses), heads, Coins.Theta(p)), (GMM1D(min_sigma=0.1), x, far)]
