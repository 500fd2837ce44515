"""Hidden Markov models: forward-backward is the E-step, Baum-Welch is EM."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .. import validate
from ..history import CollapseError
from ..mixture import responsibilities
from ..numerics import ratio, xlogy


class ChainQ(NamedTuple):
    """A distribution over paths that is a Markov chain, by its marginals."""

    gamma: np.ndarray  # (T, K): P(z_t = k)
    xi: np.ndarray  # (T - 1, K, K): P(z_t = j, z_t+1 = k)


@dataclass(frozen=True)
class HMM:
    """A sequence of symbols, each emitted by a hidden state; the states form a Markov chain.

    p(x, z | theta) = pi_z1 B_z1,x1 prod_t A_zt-1,zt B_zt,xt, and times A_zT,stop when there is a stop

    x: shape (T,), symbols 0 to n_symbols - 1. theta: HMM.Theta(pi, A, B) of shapes (K,), (K, K) and
    (K, n_symbols), every row summing to 1. With stop=True, A is (K, K + 1): its last column is
    P(stop | state). A zero in theta stays zero. q: a ChainQ.
    Source: Rabiner, Proceedings of the IEEE 77 (1989) 257; Eisner (2002) for the stop.
    """

    n_symbols: int
    stop: bool = False

    class Theta(NamedTuple):
        pi: np.ndarray
        A: np.ndarray
        B: np.ndarray

    def __post_init__(self):
        object.__setattr__(self, "n_symbols", validate.whole_number("n_symbols", self.n_symbols, at_least=1))
        object.__setattr__(self, "stop", validate.flag("stop", self.stop))

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        x = validate.array("x", x, whole=True, at_least=0, at_most=self.n_symbols - 1).astype(int)
        pi, A, B = validate.fields(self.Theta, theta)
        pi = validate.rows("pi", pi)
        K = len(pi)
        A = validate.rows("A", A, shape=(K, K + self.stop))
        return x, self.Theta(pi, A, validate.rows("B", B, shape=(K, self.n_symbols)))

    def e_step(self, x, theta):
        """Forward-backward, in logs: the posterior P(z_t | x) and P(z_t, z_t+1 | x).

        Forward: p(x_1..x_t, z_t). Backward: P(z_t | x) from P(z_t+1 | x), through P(z_t | z_t+1, x_1..x_t),
        which is what the forward pass and A say of the step between.
        Raises ValueError when theta makes the sequence impossible.
        """
        forward, last = self._forward(x, theta)
        reached = np.append(forward.max(axis=1), last.max())
        if np.isneginf(reached).any():
            t = int(np.argmin(reached))
            what = f"step {t} (x = {x[t]})" if t < len(x) else "the stop"
            raise ValueError(
                f"theta must make the whole sequence possible; got one under which {what} "
                f"has probability 0 after the steps before it: {theta}"
            )
        came_from = _normalized(forward[:-1, :, None] + self._logs(theta)[1], axis=1)
        gamma = np.empty_like(forward)
        gamma[-1] = _normalized(last, axis=0)
        for t in range(len(x) - 2, -1, -1):
            gamma[t] = came_from[t] @ gamma[t + 1]
        return ChainQ(gamma, came_from * gamma[1:, None, :])

    def m_step(self, x, q):
        """pi = gamma_1; A_jk proportional to sum_t xi_t(j, k), and to gamma_T(j) in the column of the stop;
        B_ks proportional to the sum of gamma_t(k) over all t with x_t = s. Every row is divided by its sum.

        Raises CollapseError when a state is never left, or never seen.
        """
        gamma, xi = _arrays(q)
        moves = xi.sum(axis=0)
        if self.stop:
            moves = np.column_stack([moves, gamma[-1]])
        symbols = np.stack([gamma[np.asarray(x) == s].sum(axis=0) for s in range(self.n_symbols)], axis=1)
        for what, counts in (("left", moves), ("seen", symbols)):
            if not (counts.sum(axis=1) > 0).all():
                k = int(np.argmin(counts.sum(axis=1))) + 1
                raise CollapseError(
                    f"state {k} is never {what} in these data: nothing says what it does; "
                    "bring a longer sequence, use fewer states, or start from another theta"
                )
        A, B = (ratio(counts, counts.sum(axis=1, keepdims=True)) for counts in (moves, symbols))
        return self.Theta(gamma[0].copy(), A, B)

    def lower_bound(self, x, q, theta):
        """F(q, theta) = E_q[log p(x, z | theta)] + H(q) for any chain q, with 0 log 0 = 0."""
        pi, A, B = map(np.asarray, theta)
        gamma, xi = _arrays(q)
        expected = xlogy(gamma[0], pi).sum() + xlogy(gamma, B.T[np.asarray(x, int)]).sum()
        expected += xlogy(xi, A[:, : len(pi)]).sum() + xlogy(gamma[-1], self._ending(theta)).sum()
        entropy = xlogy(gamma[1:-1], gamma[1:-1]).sum() - xlogy(xi, xi).sum()
        return float(expected + (entropy if len(gamma) > 1 else -xlogy(gamma, gamma).sum()))

    def loglik(self, x, theta):
        """l(theta) = log p(x | theta), summed over all paths by the forward recursion."""
        return float(np.logaddexp.reduce(self._forward(x, theta)[1]))

    def _forward(self, x, theta):
        """log p(x_1..x_t, z_t), shape (T, K), and log p(x, z_T), which counts the stop, shape (K,).

        In logs, because a state that is all but impossible today may be the only one left tomorrow.
        """
        pi, A, B, ending = self._logs(theta)
        into, forward = np.ascontiguousarray(A.T), B.T[np.asarray(x, int)]
        forward[0] += pi
        for t in range(1, len(forward)):
            forward[t] += np.logaddexp.reduce(into + forward[t - 1], axis=1)
        return forward, forward[-1] + ending

    def _logs(self, theta):
        """The logs of pi, of A without the stop, of B, and of the chance that the sequence ends in each state."""
        pi, A, B = (np.asarray(field, float) for field in theta)
        with np.errstate(divide="ignore"):
            return np.log(pi), np.log(A[:, : len(pi)]), np.log(B), np.log(self._ending(theta))

    def _ending(self, theta):
        return np.asarray(theta[1])[:, -1] if self.stop else np.ones(len(theta[0]))


def _normalized(log_p, axis):
    """p divided by its sums along the axis; 0 where all of it is 0."""
    top = log_p.max(axis=axis, keepdims=True)
    p = np.exp(log_p - np.where(np.isneginf(top), 0, top))
    sums = p.sum(axis=axis, keepdims=True)
    return p / np.where(sums > 0, sums, 1)


def _arrays(q):
    """gamma and xi as arrays; a path of one step has a xi of shape (0, K, K), which a list cannot say."""
    gamma, xi = map(responsibilities, q)
    return gamma, xi.reshape(-1, gamma.shape[1], gamma.shape[1])
