"""Rivals of the M-step's theta: what the bound gains by another value of one parameter."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .turn import Turn

CURVED = 1e-4  # how far a nudge may lower F where its slope is measured: by .014 standard errors
MISSED = 5e-9  # what F may still gain by that slope: an M-step that is solved numerically stops somewhere


def best_rival(turn: Turn, fields: Iterable[int]) -> tuple[float, int | None]:
    """The largest gain of a rival, and the field that it changes, None for all of them: (0, None) at a maximum."""
    numbers = [(i, number) for i in fields for number in turn.freedom.parameters(i, turn.rng)]
    gain, i = max(((gain_nearby(turn, number), i) for i, number in numbers), default=(0.0, None))
    if gain > 0:
        return gain, i
    gain = max(map(turn.rise, turn.answers), default=0.0)
    return (gain, None) if gain > 1e3 * turn.rounding(turn.top) else (0.0, None)


def gain_nearby(turn: Turn, number: NDArray[Any]) -> float:
    """What F(q, .) gains where a parameter is nudged by a share of its size: 0 at a maximum.

    The share is made smaller until F hardly bends. What rises on the way there is a gain; so is the top of the
    parabola that F is there, by its slope and its bend. What is refused even at a ten-thousandth is out of bounds.
    """

    def rise(share: float) -> float:
        return turn.rise(turn.freedom.nudged(number, share))

    rounding, share = turn.rounding(turn.top), 1.0
    enough, curved = 1e3 * rounding, max(CURVED, 1e3 * rounding)  # more than a check's tolerance lets through
    smallest = 1e-6 if turn.freedom.row[number].any() else 1e-15  # the size of a 0 is a guess
    while share >= smallest:
        up, down = rise(share), rise(-share)
        fall = -min(up, down)
        if max(up, down) > enough:
            return max(up, down)
        if fall <= 2 * curved:
            return gain_by_slope(up, down, rise(share / 2), rise(-share / 2), rounding)
        if fall == np.inf and share < 200 * smallest:
            return 0.0
        share *= max(0.1, np.sqrt(curved / fall))
    return 0.0


def gain_by_slope(up: float, down: float, half_up: float, half_down: float, rounding: float) -> float:
    """slope^2 / (2 bend) by central differences, where F is a parabola and the slope more than their error; else 0."""
    odd, half_odd = (up - down) / 2, (half_up - half_down) / 2
    even, half_even = (up + down) / 2, (half_up + half_down) / 2
    slope = (8 * half_odd - odd) / 3  # free of the third derivative
    parabola = half_even < 0 and 3 < even / half_even < 5  # 4 on a parabola, 2 at a kink
    gain = slope**2 / (-4 * even) if parabola else 0.0
    return gain if gain > MISSED and abs(slope) > max(rounding, abs(odd - slope)) else 0.0
