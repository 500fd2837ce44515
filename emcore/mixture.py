"""Models whose hidden value is a label: two functions give the other three."""

import numpy as np

from . import validate
from .history import CollapseError
from .theta import like


class Mixture:
    """A model whose hidden z_n is one of K labels: write two functions, get the other three.

    q is an (N, K) array: row n holds the responsibilities q_n(k), which sum to 1.
    """

    def log_joint(self, x, theta) -> np.ndarray:
        """log p(x_n, z_n = k | theta), shape (N, K)."""
        raise NotImplementedError(f"{type(self).__name__} needs log_joint(x, theta)")

    def m_step(self, x, q):
        """The theta that maximizes sum_nk q_n(k) log p(x_n, z_n = k | theta)."""
        raise NotImplementedError(f"{type(self).__name__} needs m_step(x, q)")

    def check(self, x, theta):
        """Return x as an array, and theta with its lists as arrays; raise ValueError unless x holds finite numbers."""
        if isinstance(theta, tuple | list):
            theta = like(theta, [np.asarray(field) if isinstance(field, list | tuple) else field for field in theta])
        numbers = validate.array("x", x, ndim=None)
        return (numbers if np.asarray(x).dtype.kind == "f" else np.array(x)), theta  # whole numbers may be indices

    def e_step(self, x, theta) -> np.ndarray:
        """q_n(k) = p(x_n, z_n = k | theta) / p(x_n | theta): the posterior, shape (N, K).

        Raises ValueError where theta gives an observation probability 0: it has no posterior.
        """
        log_p = self.log_joint(x, theta)
        top = log_p.max(axis=1, keepdims=True)
        possible = np.isfinite(top)
        if not possible.all():
            n = int(np.argmin(possible))
            raise ValueError(
                f"theta must make every observation possible; got {theta}, under which observation {n} "
                f"(x = {np.asarray(x)[n]}) has probability 0 in every component"
            )
        q = np.exp(log_p - top)  # dividing by each row's largest first: it cannot underflow to 0/0
        return q / q.sum(axis=1, keepdims=True)

    def loglik(self, x, theta) -> float:
        """l(theta) = sum_n log sum_k p(x_n, z_n = k | theta)."""
        with np.errstate(over="ignore", invalid="ignore"):  # -inf beyond 1e308 is right; `em` refuses nan
            return float(np.logaddexp.reduce(self.log_joint(x, theta), axis=1).sum())

    def lower_bound(self, x, q, theta) -> float:
        """F(q, theta) = sum_nk q_n(k) log[p(x_n, z_n = k | theta) / q_n(k)], with 0 log 0 = 0.

        It is -inf where q puts weight on what theta makes impossible. Raises ValueError for a q with nan or below 0.
        """
        log_p, q = self.log_joint(x, theta), responsibilities(q)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return float((q * (log_p - np.log(q))).sum(where=q > 0))


def component_sizes(q, *, first=1) -> np.ndarray:
    """N_k = sum_n q_n(k), shape (K,); raise CollapseError when a component, counted from first, has no data."""
    sizes = responsibilities(q).sum(axis=0)
    if not (sizes > np.finfo(float).tiny * len(q)).all():
        k = int(np.argmin(sizes)) + first
        raise CollapseError(
            f"component {k} has lost all its data: its responsibilities sum to 0; "
            "start it nearer the data, or use fewer components"
        )
    return sizes


def responsibilities(q) -> np.ndarray:
    """q as a float array; raise ValueError where it holds nan or less than 0."""
    q = np.asarray(q, float)
    if not (ok := q >= 0).all():
        at = tuple(int(i) for i in np.argwhere(~ok)[0])
        raise ValueError(f"q must hold probabilities, so no nan and nothing below 0; got {q[at]:g} at position {at}")
    return q
