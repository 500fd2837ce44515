"""Models whose hidden value is a label: two functions give the other three."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import validate
from .history import CollapseError
from .numerics import Array
from .theta import like


class Mixture:
    """A model whose hidden z_n is one of K labels: write two functions, get the other three.

    q is an (N, K) array: row n holds the responsibilities q_n(k), which sum to 1.
    """

    def log_joint(self, x: Any, theta: Any) -> Array:
        """log p(x_n, z_n = k | theta), shape (N, K)."""
        raise NotImplementedError(f"{type(self).__name__} needs log_joint(x, theta)")

    def m_step(self, x: Any, q: Any) -> Any:
        """The theta that maximizes sum_nk q_n(k) log p(x_n, z_n = k | theta)."""
        raise NotImplementedError(f"{type(self).__name__} needs m_step(x, q)")

    def check(self, x: Any, theta: Any) -> tuple[Any, Any]:
        """Return x as an array of floats or ints, and theta with its lists as arrays, or raise ValueError.

        x must hold finite numbers. Whole numbers stay so, as they may be indices, but none is short or unsigned.
        """
        if isinstance(theta, tuple | list):
            theta = like(theta, [_as_array(i, field) for i, field in enumerate(theta)])
        x_, kind = validate.array("x", x, ndim=None), np.asarray(x).dtype.kind
        return (x_.astype(int) if kind in "biu" else x_), theta

    def e_step(self, x: Any, theta: Any) -> Array:
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

    def loglik(self, x: Any, theta: Any) -> float:
        """l(theta) = sum_n log sum_k p(x_n, z_n = k | theta)."""
        with np.errstate(over="ignore", invalid="ignore"):  # -inf beyond 1e308 is right; `em` refuses nan
            return float(np.logaddexp.reduce(self.log_joint(x, theta), axis=1).sum())

    def lower_bound(self, x: Any, q: Any, theta: Any) -> float:
        """F(q, theta) = sum_nk q_n(k) log[p(x_n, z_n = k | theta) / q_n(k)], with 0 log 0 = 0.

        It is -inf where q puts weight on what theta makes impossible. Raises ValueError for a q that is not (N, K),
        holds nan or less than 0, or has a row that does not sum to 1.
        """
        log_p = self.log_joint(x, theta)
        q = validate.rows("q", q, shape=log_p.shape)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return float((q * (log_p - np.log(q))).sum(where=q > 0))


def component_sizes(q: ArrayLike, *, first: int = 1) -> Array:
    """N_k = sum_n q_n(k), shape (K,); raise CollapseError when a component, counted from first, has no data."""
    q = np.asarray(q, float)
    sizes = q.sum(axis=0)
    if not (sizes > np.finfo(float).tiny * len(q)).all():
        k = int(np.argmin(sizes)) + first
        raise CollapseError(
            f"component {k} has lost all its data: its responsibilities sum to 0; "
            "start it nearer the data, or use fewer components"
        )
    return sizes


def _as_array(i: int, field: Any) -> Any:
    return validate.numbers(f"theta[{i}]", field) if isinstance(field, list | tuple) else field
