"""Several sequences of one hidden Markov model."""

from typing import Any

import numpy as np

from .. import validate
from ..numerics import Array
from .hmm import HMM, TRACE, ChainQ


class HMMSequences(HMM):
    """Several sequences of one HMM, each from a start of its own.

    x: a list of sequences, of any lengths. q: a list of ChainQ, one for each. All else is as for `HMM`.
    """

    def check(self, x: Any, theta: Any) -> tuple[Any, HMM.Theta]:
        """Return the sequences and theta as arrays, or raise ValueError naming what is wrong with them."""
        if not isinstance(x, list | tuple) or not x or any(np.ndim(one) == 0 for one in x):
            raise ValueError(f"x must be a list of sequences, at least one; got {validate.short(x)}")
        each = super().check
        return [each(one, theta)[0] for one in x], each(x[0], theta)[1]

    def e_step(self, x: Any, theta: Any) -> list[ChainQ]:  # type: ignore[override]
        """Forward-backward in each sequence."""
        each = super().e_step
        return [each(one, theta) for one in x]

    def lower_bound(self, x: Any, q: Any, theta: Any) -> float:
        """F(q, theta), summed over the sequences."""
        each = super().lower_bound
        return sum(each(one, its_q, theta) for one, its_q in zip(x, q, strict=True))

    def loglik(self, x: Any, theta: Any) -> float:
        """l(theta), summed over the sequences."""
        each = super().loglik
        return sum(each(one, theta) for one in x)

    def _counts(self, x: Any, q: Any) -> tuple[Array, Array, Array]:
        starts, moves, symbols = (np.sum(parts, axis=0) for parts in zip(*map(super()._counts, x, q), strict=True))
        left = moves.sum(axis=1, keepdims=True) > 2 * len(x) * TRACE  # in some sequence: the others' traces go
        return starts, np.where(left & (moves <= 2 * len(x) * TRACE), 0, moves), symbols
