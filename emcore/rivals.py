"""What the laws are tried with: other q, and rivals of the M-step's theta."""

import numpy as np

from .core import checked
from .theta import flat, like, parts, shaped

AT_MOST = 20  # numbers of a field that are nudged in one iteration, chosen at random where there are more
CURVED = 1e-4  # how far a nudge may lower F when its slope is measured: by .014 standard errors
MISSED = 5e-9  # what F may still gain by that slope: an M-step that is solved numerically stops somewhere


# Other q.


def near(model, x, theta, rng) -> list:
    """The E-step's q at thetas around: for each field, one where it is changed by a fifth or so."""
    found = []
    for i, field in enumerate(theta):
        try:
            rival = like(theta, [shaken(field, rng) if j == i else other for j, other in enumerate(theta)])
            found.append(model.e_step(*checked(model, x, rival)))
        except (ValueError, ArithmeticError):
            pass  # that theta is out of bounds
    return found


def shaken(field, rng) -> np.ndarray:
    value = np.asarray(field, float)
    axis = sums_to_1(value[None])
    whole = axis is None and is_symmetric(value[None])  # a covariance keeps its correlations
    shape = value.shape[:-2] + (1, 1) if whole else value.shape
    return divided(value * np.exp(0.2 * rng.standard_normal(shape)), axis)


def random_table(q, rng) -> np.ndarray:
    return rng.dirichlet(np.ones(q.shape[1]), len(q))


def one_hot(q) -> np.ndarray:
    return np.eye(q.shape[1])[q.argmax(axis=1)]


# Rivals of a theta.


class Freedom:
    """How theta may be nudged and still be one: told by what it has in common with the M-step's other answers.

    Numbers that are equal in all of them, and not constant, are one parameter: they are nudged together.
    Symmetric matrices stay symmetric, and what sums to 1 still does.
    """

    def __init__(self, theta, answers):
        seen, self.theta, self.row, self.parts = [theta, *answers], theta, flat(theta), parts(theta)
        rows = np.array([flat(one) for one in seen])
        self.varies = np.ptp(rows, axis=0) > 1e-7 * np.abs(rows).max(axis=0)
        tied = np.unique(rows.astype(np.float32), axis=1, return_inverse=True)[1].ravel()  # equal to seven digits
        self.parameter = np.where(self.varies, tied, rows.shape[1] + np.arange(rows.shape[1]))
        fields = [np.array([np.asarray(one[i], float) for one in seen]) for i in range(len(theta))]
        for part, field in zip(self.parts, fields, strict=True):
            if is_symmetric(field):
                number = self.parameter[part].reshape(field.shape[1:])
                self.parameter[part] = np.minimum(number, number.swapaxes(-1, -2)).ravel()
        self.axes = [sums_to_1(field) for field in fields]
        self.unit = np.concatenate([units(field) for field in theta])

    def parameters(self, i, rng) -> list:
        """The parameters of field i, each as a mask over all the numbers of theta."""
        found = np.unique(self.parameter[self.parts[i]])
        chosen = found if len(found) <= AT_MOST else rng.choice(found, AT_MOST, replace=False)
        return [self.parameter == one for one in chosen]

    def nudged(self, mask, share):
        """theta with a parameter changed by a share of its size; None where an estimated 0 or 1 is left outward."""
        row = self.row + share * self.unit * mask
        outward = (self.row == 0) & (row < 0) | (self.row == 1) & (row > 1)
        if (self.varies & outward).any():
            return None
        return like(self.theta, map(divided, shaped(row, self.theta), self.axes))


def units(field) -> np.ndarray:
    """The size of each number of a field; of a 0, that of the largest, or 1."""
    size = np.abs(np.ravel(field)).astype(float)
    return np.where(size > 0, size, size.max() or 1.0)


def is_symmetric(seen) -> bool:
    """Whether a field, as it was seen several times, holds symmetric matrices."""
    return seen.ndim > 2 and seen.shape[-1] == seen.shape[-2] and np.allclose(seen, seen.swapaxes(-1, -2))


def sums_to_1(seen):
    """The axis, or axes, along which a field that was seen several times holds probabilities; else None."""
    axes = range(1 - seen.ndim, 0)
    for axis in [*reversed(axes), tuple(axes)] if axes else []:
        if (seen >= 0).all() and np.allclose(seen.sum(axis=axis), 1):
            return axis
    return None


def divided(field, axis):
    """The field made to sum to 1 along the axis, where there is one."""
    if axis is None:
        return field
    field = np.maximum(field, 0)
    return field / field.sum(axis=axis, keepdims=True)


# What a rival gains.


def rise(turn, rival) -> float:
    """How much higher F(q, .) is at the rival than at the M-step's theta; -inf where the rival is no theta."""
    if rival is None:
        return -np.inf
    try:
        height = turn.model.lower_bound(turn.x, turn.q, checked(turn.model, turn.x, rival)[1])
    except Exception:  # whatever a model does with a theta that is none
        return -np.inf
    return -np.inf if np.isnan(height) else height - turn.top


def best_rival(turn, fields):
    """The largest gain of a rival, and the field that it changes, None for all of them: (0, None) at a maximum."""
    rounding = turn.rounding(turn.top)
    gains = [(0.0, None), *((rise(turn, answer), None) for answer in turn.answers)]
    for i in fields:
        for parameter in turn.freedom.parameters(i, turn.rng):
            smallest = 1e-6 if turn.freedom.row[parameter].any() else 1e-15  # the size of a 0 is a guess

            def rise_by(share, parameter=parameter):
                return rise(turn, turn.freedom.nudged(parameter, share))

            gains.append((gain_nearby(rise_by, rounding, smallest), i))
    gain, i = max(gains, key=lambda found: found[0])
    return (gain, i) if i is not None or gain > rounding else (0.0, None)


def gain_nearby(rise_by, rounding, smallest) -> float:
    """What F(q, .) gains along a nudge, given what it rises by for a share of the parameter's size: 0 at a maximum.

    The share is made smaller until F hardly bends. Whatever rises on the way there is a gain; so is the top of the
    parabola that F is there, by its slope and its bend.
    """
    curved = max(CURVED, 1e3 * rounding)
    share = 0.1
    while share >= smallest:
        up, down = rise_by(share), rise_by(-share)
        if max(up, down) > rounding:
            return max(up, down)
        if -min(up, down) <= 2 * curved:
            return gain_by_slope(up, down, rise_by(share / 2), rise_by(-share / 2), rounding)
        share *= max(0.1, np.sqrt(curved / -min(up, down)))
    return 0.0


def gain_by_slope(up, down, half_up, half_down, rounding) -> float:
    """slope^2 / (2 bend), by central differences, where F is a parabola and the slope more than their error."""
    odd, half_odd, even, half_even = (up - down) / 2, (half_up - half_down) / 2, (up + down) / 2, (half_up + half_down) / 2
    slope = (8 * half_odd - odd) / 3  # free of the third derivative
    parabola = half_even < 0 and 3 < even / half_even < 5  # 4 on a parabola, 2 at a kink
    gain = slope**2 / (-4 * even) if parabola else 0.0
    return gain if gain > MISSED and abs(slope) > max(rounding, abs(odd - slope)) else 0.0
