"""Hidden Markov models: forward-backward is the E-step, Baum-Welch is EM."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import validate
from ..history import CollapseError
from ..numerics import Array, ratio, xlogy
from . import scan

TRACE = 1e-300  # a count that is as good as none


class ChainQ(NamedTuple):
    """A distribution over paths that is a Markov chain, by its marginals."""

    gamma: Array  # (T, K): P(z_t = k)
    xi: Array  # (T - 1, K, K): P(z_t = j, z_t+1 = k)


@dataclass(frozen=True)
class HMM:
    """A sequence of symbols, each emitted by a hidden state; the states form a Markov chain.

    p(x, z | theta) = pi_z1 B_z1,x1 prod_t A_zt-1,zt B_zt,xt, and times A_zT,stop when there is a stop

    x: shape (T,), symbols 0 to n_symbols - 1. theta: HMM.Theta(pi, A, B) of shapes (K,), (K, K) and
    (K, n_symbols), every row summing to 1. With stop=True, A is (K, K + 1): its last column is
    P(stop | state). A zero in theta stays zero. q: a ChainQ. Several sequences: `HMMSequences`.
    Source: Rabiner, Proceedings of the IEEE 77 (1989) 257; Eisner (2002) for the stop.
    """

    n_symbols: int
    stop: bool = False

    class Theta(NamedTuple):
        pi: Array
        A: Array
        B: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_symbols", validate.whole_number("n_symbols", self.n_symbols, at_least=1))
        object.__setattr__(self, "stop", validate.flag("stop", self.stop))

    def check(self, x: Any, theta: Any) -> tuple[Any, Theta]:
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = self._symbols(x)
        pi, A, B = validate.fields(self.Theta, theta)
        pi = validate.rows("pi", pi)
        K = len(pi)
        A = validate.rows("A", A, shape=(K, K + self.stop))
        return x, self.Theta(pi, A, validate.rows("B", B, shape=(K, self.n_symbols)))

    def e_step(self, x: Any, theta: Any) -> ChainQ:
        """Forward-backward, in logs: gamma_t(k) = P(z_t = k | x) and xi_t(j, k) = P(z_t = j, z_t+1 = k | x).

        Forward: alpha_t(k) = p(x_1..x_t, z_t = k). Backward, from gamma_T, which is alpha_T (times the stop) over p(x):
        gamma_t(j) = sum_k P(z_t = j | z_t+1 = k, x_1..x_t) gamma_t+1(k), where that probability is alpha_t(j) A_jk
        over its sum over j. This is alpha_t(j) beta_t(j) / p(x) without a beta, and its rows sum to 1 by themselves.
        Raises ValueError when theta makes the sequence impossible.
        """
        x = self._symbols(x)
        log_alpha, last = self._forward(x, theta)
        reached = np.append(log_alpha.max(axis=1), last.max())
        if np.isneginf(reached).any():
            t = int(np.argmin(reached))
            what = f"step {t} (x = {x[t]})" if t < len(x) else "the stop"
            raise ValueError(
                f"theta must make the whole sequence possible; got one under which {what} "
                f"has probability 0 after the steps before it: {theta}"
            )
        came_from = _normalized(log_alpha[:-1, :, None] + self._logs(theta)[1], axis=1)
        gamma = _backward(came_from, _normalized(last, axis=0))
        xi = came_from * gamma[1:, None, :]
        if not self.stop and not (left := xi.any(axis=(0, 2))).all():  # any row of A is as good: a trace keeps its own
            xi[-1:, ~left] = TRACE * np.asarray(theta[1], float)[~left]
        return ChainQ(gamma, xi)

    def m_step(self, x: Any, q: Any) -> Theta:
        """pi = gamma_1; A_jk proportional to sum_t xi_t(j, k), and to gamma_T(j) in the column of the stop;
        B_ks proportional to the sum of gamma_t(k) over all t with x_t = s. Every row is divided by its sum.

        A state that is seen on the last day alone is never left: its row of A stays as it was.
        Raises CollapseError when a state is never seen, and in a sequence of one step without a stop.
        """
        starts, moves, symbols = self._counts(x, q)
        for what, counts in (("seen", symbols), ("left", moves)):
            if not (counts.sum(axis=1) > 0).all():
                k = int(np.argmin(counts.sum(axis=1))) + 1
                raise CollapseError(
                    f"state {k} is never {what} in these data: nothing says what it does; "
                    "bring a longer sequence, use fewer states, or start from another theta"
                )
        A, B = (ratio(counts, counts.sum(axis=1, keepdims=True)) for counts in (moves, symbols))
        return self.Theta(starts / starts.sum(), A, B)

    def lower_bound(self, x: Any, q: Any, theta: Any) -> float:
        """F(q, theta) = E_q[log p(x, z | theta)] + H(q) for any chain q, with 0 log 0 = 0."""
        x, (pi, A, B) = self._symbols(x), map(np.asarray, theta)
        gamma, xi = _marginals(q, len(x))
        expected = xlogy(gamma[0], pi).sum() + xlogy(gamma, B.T[x]).sum()
        expected += xlogy(xi, A[:, : len(pi)]).sum() + xlogy(gamma[-1], self._ending(theta)).sum()
        entropy = xlogy(gamma[1:-1], gamma[1:-1]).sum() - xlogy(xi, xi).sum()
        return float(expected + (entropy if len(gamma) > 1 else -xlogy(gamma, gamma).sum()))

    def loglik(self, x: Any, theta: Any) -> float:
        """l(theta) = log p(x | theta), summed over all paths by the forward recursion."""
        return float(np.logaddexp.reduce(self._forward(self._symbols(x), theta)[1]))

    def _forward(self, x: NDArray[np.int_], theta: Any) -> tuple[Array, Array]:
        """log alpha_t(k) = log p(x_1..x_t, z_t = k), shape (T, K), and log p(x, z_T), which counts the stop, (K,).

        In logs, because a state that is all but impossible today may be the only one left tomorrow.
        """
        log_pi, log_A, log_B, ending = self._logs(theta)
        log_alpha = log_B.T[x]
        log_alpha[0] += log_pi
        if scan.pays(*log_alpha.shape):
            log_alpha = scan.forward(log_alpha, log_A)
        else:
            into = np.ascontiguousarray(log_A.T)
            for t in range(1, len(x)):
                log_alpha[t] += np.logaddexp.reduce(into + log_alpha[t - 1], axis=1)
        return log_alpha, log_alpha[-1] + ending

    def _counts(self, x: Any, q: Any) -> tuple[Array, Array, Array]:
        """Expected starts (K,), moves (K, K), or (K, K + 1) with the stops, and symbols (K, n_symbols)."""
        x = self._symbols(x)
        gamma, xi = _marginals(q, len(x))
        moves = xi.sum(axis=0)
        if self.stop:
            moves = np.column_stack([moves, gamma[-1]])
        return gamma[0], moves, np.stack([gamma[x == s].sum(axis=0) for s in range(self.n_symbols)], axis=1)

    def _symbols(self, x: Any) -> NDArray[np.int_]:
        if isinstance(x, list | tuple) and len(x) and np.size(x[0]) > 1:
            raise ValueError(
                f"x must be one sequence, of 1 dimension; got {validate.short(x)}: several are for HMMSequences"
            )
        return validate.column("x", x, whole=True, at_least=0, at_most=self.n_symbols - 1).astype(int)

    def _logs(self, theta: Any) -> tuple[Array, Array, Array, Array]:
        """The logs of pi, of A without the stop, of B, and of the chance that the sequence ends in each state."""
        pi, A, B = (np.asarray(field, float) for field in theta)
        with np.errstate(divide="ignore"):
            return np.log(pi), np.log(A[:, : len(pi)]), np.log(B), np.log(self._ending(theta))

    def _ending(self, theta: Any) -> Array:
        return np.asarray(theta[1], float)[:, -1] if self.stop else np.ones(len(theta[0]))


def _backward(came_from: Array, last: Array) -> Array:
    """gamma, shape (T, K), from P(z_t | z_t+1, x_1..x_t), shape (T - 1, K, K), and gamma_T."""
    if scan.pays(len(came_from), len(last)):
        return scan.backward(came_from, last)
    gamma = np.empty((len(came_from) + 1, len(last)))
    gamma[-1] = last
    for t in range(len(came_from) - 1, -1, -1):
        gamma[t] = came_from[t] @ gamma[t + 1]
    return gamma


def _normalized(log_p: Array, axis: int) -> Array:
    """p divided by its sums along the axis; 0 where all of it is 0."""
    top = log_p.max(axis=axis, keepdims=True)
    p = np.exp(log_p - np.where(np.isneginf(top), 0, top))
    sums = p.sum(axis=axis, keepdims=True)
    return p / np.where(sums > 0, sums, 1)


def _marginals(q: Any, T: int) -> tuple[Array, Array]:
    """gamma and xi of a chain over T days as arrays, or ValueError; a list cannot say xi's shape (0, K, K)."""
    gamma = validate.rows("q.gamma", q[0], shape=(T, "K"))
    K = gamma.shape[1]
    if T == 1:
        return gamma, np.empty((0, K, K))
    xi = validate.array("q.xi", q[1], shape=(T - 1, K, K), at_least=0)
    sides = np.stack([xi.sum(axis=2) - gamma[:-1], xi.sum(axis=1) - gamma[1:]])
    if not (np.abs(sides) <= 1e-8).all():
        raise ValueError("q.xi must sum to q.gamma, over the next state and over the one before; got other sums")
    return gamma, xi
