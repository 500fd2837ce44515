"""Thetas and q's that a model may take as well as those it has: what the laws are tried with."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .core import checked
from .numerics import Array
from .theta import flat, like, parts, shaped

AT_MOST = 20  # parameters of a field that are nudged in one iteration, chosen at random where there are more


def nearby_qs(model: Any, x: Any, theta: Any, new: Any, rng: np.random.Generator) -> list[Any]:
    """The E-step's q at thetas around: for each field, one where its numbers are changed by a fifth or so."""
    freedom, found = Freedom(theta, [new]), []
    noise = rng.standard_normal(len(freedom.row))[freedom.mirror]
    for part in freedom.parts:
        here = np.zeros_like(noise)
        here[part] = noise[part]
        try:
            found.append(model.e_step(*checked(model, x, freedom.nudged(here, 0.2))))
        except Exception:  # whatever a model does with what is no theta
            continue
    return found


def random_table(q: Array, rng: np.random.Generator) -> Array:
    """Responsibilities drawn at random, of the shape of q."""
    return rng.dirichlet(np.ones(q.shape[1]), len(q))


def one_hot(q: Array) -> Array:
    """Responsibilities of 1 where those of q are largest, else 0."""
    return np.eye(q.shape[1])[q.argmax(axis=1)]


class Freedom:
    """How theta may be nudged and still be one, told by what it has in common with others: the M-step's, for other q.

    Numbers that are equal in all of these, and differ between them, are one parameter. Symmetric matrices stay
    symmetric, and positive definite where they are; what sums to 1 still does.
    """

    def __init__(self, theta: Any, others: list[Any]) -> None:
        self.theta, self.row, self.parts = theta, flat(theta), parts(theta)
        fields = [np.array([np.asarray(one[i], float) for one in [theta, *others]]) for i in range(len(theta))]
        rows = np.array([flat(one) for one in [theta, *others]])
        self.varies = np.ptp(rows, axis=0) > 1e-7 * np.abs(rows).max(axis=0)
        self.mirror = np.arange(len(self.row))  # of a number in a symmetric matrix, the other one; else itself
        for part, field in zip(self.parts, fields, strict=True):
            if is_symmetric(field):
                place = self.mirror[part].reshape(field.shape[1:])
                self.mirror[part] = np.minimum(place, place.swapaxes(-1, -2)).ravel()
        tied = np.unique(rows.astype(np.float32), axis=1, return_inverse=True)[1].ravel()  # equal to seven digits
        self.parameter = np.where(self.varies, tied, len(self.row) + self.mirror)
        self.axes = [sums_to_1(field) for field in fields]
        self.definite = [is_symmetric(field) and is_definite(field[0]) for field in fields]
        self.unit = np.concatenate([units(field) for field in theta])

    def parameters(self, i: int, rng: np.random.Generator) -> list[NDArray[np.bool_]]:
        """The parameters of field i, each as a mask over all the numbers of theta."""
        found = np.unique(self.parameter[self.parts[i]])
        chosen = found if len(found) <= AT_MOST else rng.choice(found, AT_MOST, replace=False)
        return [self.parameter == one for one in chosen]

    def nudged(self, mask: NDArray[Any], share: float) -> Any:
        """theta with a parameter changed by a share of its size; None where that makes no theta.

        A 0 or 1 that was estimated may be a bound: it is not changed outward.
        """
        row = self.row + share * self.unit * mask
        outward = (self.row == 0) & (row < 0) | (self.row == 1) & (row > 1)
        theta = like(self.theta, map(divided, shaped(row, self.theta), self.axes))
        definite = all(is_definite(field) for field, was in zip(theta, self.definite, strict=True) if was)
        return theta if definite and not (self.varies & outward).any() else None


def is_symmetric(seen: Array) -> bool:
    """Whether a field that was seen several times holds symmetric matrices."""
    return seen.ndim > 2 and seen.shape[-1] == seen.shape[-2] and np.allclose(seen, seen.swapaxes(-1, -2))


def is_definite(matrices: Array) -> bool:
    """Whether symmetric matrices are positive definite."""
    try:
        return bool(np.linalg.cholesky(matrices).size)
    except np.linalg.LinAlgError:
        return False


def units(field: Any) -> Array:
    """The size of each number of a field; of a 0, that of the largest, or 1."""
    size = np.abs(np.ravel(field)).astype(float)
    return np.where(size > 0, size, size.max() or 1.0)


def sums_to_1(seen: Array) -> Any:
    """The axis, or axes, along which a field that was seen several times holds probabilities; else None."""
    axes = range(1 - seen.ndim, 0)
    candidates: list[Any] = [*reversed(axes), tuple(axes)] if axes else []
    for axis in candidates:
        if (seen >= 0).all() and np.allclose(seen.sum(axis=axis), 1):
            return axis
    return None


def divided(field: Any, axis: Any) -> Any:
    """The field made to sum to 1 along the axis, where there is one."""
    if axis is None:
        return field
    field = np.maximum(field, 0)
    return field / field.sum(axis=axis, keepdims=True)
