"""Several sequences of one hidden Markov model."""

from typing import Any

import numpy as np

from .. import validate
from ..numerics import Array
from .hmm import HMM, ChainQ


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
        starts, moves, symbols = zip(*map(super()._counts, x, q), strict=True)
        return np.sum(starts, axis=0), np.sum(moves, axis=0), np.sum(symbols, axis=0)
