"""What the laws are tried with: other q, and rivals of the M-step's theta."""

from typing import Any

import numpy as np

from .core import checked
from .theta import flat, like, parts, shaped

AT_MOST = 20  # parameters of a field that are nudged in one iteration, chosen at random where there are more
CURVED = 1e-4  # how far a nudge may lower F where its slope is measured: by .014 standard errors
MISSED = 5e-9  # what F may still gain: an M-step that is solved numerically stops somewhere


# Other q.


def near(model: Any, x: Any, theta: Any, new: Any, rng: np.random.Generator) -> list:
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


def random_table(q: Any, rng: np.random.Generator) -> np.ndarray:
    return rng.dirichlet(np.ones(q.shape[1]), len(q))


def one_hot(q: Any) -> np.ndarray:
    return np.eye(q.shape[1])[q.argmax(axis=1)]


# Rivals of a theta.


class Freedom:
    """How theta may be nudged and still be one: told by what it has in common with the M-step's other answers.

    Numbers that are equal in all of these, and differ between them, are one parameter. Symmetric matrices stay
    symmetric, and definite where they are; what sums to 1 still does.
    """

    def __init__(self, theta: Any, answers: list) -> None:
        seen, self.theta, self.row, self.parts = [theta, *answers], theta, flat(theta), parts(theta)
        fields = [np.array([np.asarray(one[i], float) for one in seen]) for i in range(len(theta))]
        rows = np.array([flat(one) for one in seen])
        self.varies = np.ptp(rows, axis=0) > 1e-7 * np.abs(rows).max(axis=0)
        self.mirror = np.arange(len(self.row))
        for part, field in zip(self.parts, fields, strict=True):
            if is_symmetric(field):
                number = self.mirror[part].reshape(field.shape[1:])
                self.mirror[part] = np.minimum(number, number.swapaxes(-1, -2)).ravel()
        tied = np.unique(rows.astype(np.float32), axis=1, return_inverse=True)[1].ravel()  # equal to seven digits
        self.parameter = np.where(self.varies, tied, rows.shape[1] + self.mirror)
        self.axes, self.definite = (
            [sums_to_1(field) for field in fields],
            [is_symmetric(f) and is_definite(f[0]) for f in fields],
        )
        self.unit = np.concatenate([units(field) for field in theta])

    def parameters(self, i: int, rng: np.random.Generator) -> list:
        """The parameters of field i, each as a mask over all the numbers of theta."""
        found = np.unique(self.parameter[self.parts[i]])
        chosen = found if len(found) <= AT_MOST else rng.choice(found, AT_MOST, replace=False)
        return [self.parameter == one for one in chosen]

    def nudged(self, mask: Any, share: float) -> Any:
        """theta with a parameter changed by a share of its size; None where that makes no theta.

        An estimated 0 or 1 may be a bound: it is not changed outward.
        """
        row = self.row + share * self.unit * mask
        outward = (self.row == 0) & (row < 0) | (self.row == 1) & (row > 1)
        theta = like(self.theta, map(divided, shaped(row, self.theta), self.axes))
        definite = all(is_definite(field) for field, was in zip(theta, self.definite, strict=True) if was)
        return theta if definite and not (self.varies & outward).any() else None


def is_symmetric(seen: Any) -> bool:
    """Whether a field that was seen several times holds symmetric matrices."""
    return seen.ndim > 2 and seen.shape[-1] == seen.shape[-2] and np.allclose(seen, seen.swapaxes(-1, -2))


def is_definite(matrices: Any) -> bool:
    """Whether a field holds positive definite matrices."""
    try:
        return bool(np.linalg.cholesky(matrices).size)
    except np.linalg.LinAlgError:
        return False


def units(field: Any) -> np.ndarray:
    """The size of each number of a field; of a 0, that of the largest, or 1."""
    size = np.abs(np.ravel(field)).astype(float)
    return np.where(size > 0, size, size.max() or 1.0)


def sums_to_1(seen: Any) -> Any:
    """The axis, or axes, along which a field that was seen several times holds probabilities; else None."""
    axes = range(1 - seen.ndim, 0)
    for axis in [*reversed(axes), tuple(axes)] if axes else []:
        if (seen >= 0).all() and np.allclose(seen.sum(axis=axis), 1):
            return axis
    return None


def divided(field: Any, axis: int) -> Any:
    """The field made to sum to 1 along the axis, where there is one."""
    if axis is None:
        return field
    field = np.maximum(field, 0)
    return field / field.sum(axis=axis, keepdims=True)


# What a rival gains.


def best_rival(turn: Any, fields: Any) -> Any:
    """The largest gain of a rival, and the field that it changes, None for all of them: (0, None) at a maximum."""
    numbers = [(i, number) for i in fields for number in turn.freedom.parameters(i, turn.rng)]
    gain, i = max(((gain_nearby(turn, number), i) for i, number in numbers), default=(0.0, None))
    if gain > 0:
        return gain, i
    gain = max(map(turn.rise, turn.answers), default=0.0)
    return (gain, None) if gain > 1e3 * turn.rounding(turn.top) else (0.0, None)


def gain_nearby(turn: Any, number: int) -> float:
    """What F(q, .) gains where a parameter is nudged by a share of its size: 0 at a maximum.

    The share is made smaller until F hardly bends. What rises on the way there is a gain; so is the top of the
    parabola that F is there, by its slope and its bend. What is refused even at a ten-thousandth is out of bounds.
    """

    def rise(share):
        return turn.rise(turn.freedom.nudged(number, share))

    rounding, share = turn.rounding(turn.top), 1.0
    smallest = 1e-6 if turn.freedom.row[number].any() else 1e-15  # the size of a 0 is a guess
    while share >= smallest:
        up, down = rise(share), rise(-share)
        fall = -min(up, down)
        if max(up, down) > 1e3 * rounding:  # more than a check that allows for rounding lets through
            return max(up, down)
        if fall <= 2 * max(CURVED, 1e3 * rounding):
            return gain_by_slope(up, down, rise(share / 2), rise(-share / 2), rounding)
        if fall == np.inf and share < 200 * smallest:
            return 0.0
        share *= max(0.1, np.sqrt(max(CURVED, 1e3 * rounding) / fall))
    return 0.0


def gain_by_slope(up: float, down: float, half_up: float, half_down: float, rounding: float) -> float:
    """slope^2 / (2 bend) by central differences, where F is a parabola and the slope more than their error; else 0."""
    odd, half_odd = (up - down) / 2, (half_up - half_down) / 2
    even, half_even = (up + down) / 2, (half_up + half_down) / 2
    slope = (8 * half_odd - odd) / 3  # free of the third derivative
    parabola = half_even < 0 and 3 < even / half_even < 5  # 4 on a parabola, 2 at a kink
    gain = slope**2 / (-4 * even) if parabola else 0.0
    return gain if gain > MISSED and abs(slope) > max(rounding, abs(odd - slope)) else 0.0
