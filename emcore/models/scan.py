"""Messages along a Markov chain by a scan: two steps are one step of twice the length.

The loops of `hmm` go from day to day. A scan multiplies the matrices of all neighboring days at once, then those of
pairs of days, and so on: log2(T) rounds over long arrays, which numpy runs several times faster. Time comes last.
"""

from collections.abc import Callable

import numpy as np

from ..numerics import Array


def messages(first: Array, steps: Array, product: Callable[[Array, Array], Array]) -> Array:
    """first times steps[..., 0], that times steps[..., 1], and so on; first (K,), steps (K, K, T), answer (K, T)."""
    out = np.empty(steps.shape[1:])
    start = first[:, None]
    if steps.shape[2] > 1:
        pairs = product(steps[..., :-1:2], steps[..., 1::2])
        out[:, 1::2] = messages(first, pairs, product)
        start = np.hstack([start, out[:, 1:-1:2]])
    out[:, ::2] = product(start[None], steps[..., ::2])[0]
    return out


def matrix_product(a: Array, b: Array) -> Array:
    """sum_j a_ijt b_jkt, shape (I, K, T)."""
    out = a[:, 0, None] * b[0]
    for j in range(1, len(b)):
        out += a[:, j, None] * b[j]
    return out


def log_matrix_product(a: Array, b: Array) -> Array:
    """log sum_j exp(a_ijt + b_jkt), shape (I, K, T), however far apart the terms are."""
    tops = [np.where(np.isneginf(top), 0, top) for top in (a.max(axis=1, keepdims=True), b.max(axis=0, keepdims=True))]
    p = matrix_product(np.exp(a - tops[0]), np.exp(b - tops[1]))
    with np.errstate(divide="ignore"):
        out = np.log(p) + tops[0] + tops[1]
    if (tiny := p < 1e-290).any():  # here the product may have lost terms: those few are added in logs
        i, k, t = np.nonzero(tiny)
        out[i, k, t] = np.logaddexp.reduce(a[i, :, t] + b[:, k, t].T, axis=1)
    return out


def pays(T: int, K: int) -> bool:
    """Whether a scan is faster than a loop of T rounds: it does K times the work, in few calls."""
    return T >= 1000 and K <= 8


def forward(log_b: Array, log_A: Array) -> Array:
    """log alpha_t, shape (T, K), of a chain with log b_t(k) = log p(x_t | z_t = k), and the start in log b_1."""
    steps = log_A[:, :, None] + log_b.T[None, :, 1:]
    return np.column_stack([log_b[0], messages(log_b[0], steps, log_matrix_product)]).T


def backward(came_from: Array, last: Array) -> Array:
    """gamma, shape (T, K): gamma_t = came_from_t gamma_t+1, from the last to the first."""
    steps = came_from.transpose(2, 1, 0)[..., ::-1]
    return np.column_stack([messages(last, steps, matrix_product)[:, ::-1], last]).T
