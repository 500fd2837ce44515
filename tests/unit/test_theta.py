"""A theta as a tuple of fields."""

from typing import NamedTuple

import numpy as np

from emcore.theta import between, like, same


class Theta(NamedTuple):
    pi: np.ndarray
    scale: float


START, END = Theta(np.array([0.2, 0.8]), 1.0), Theta(np.array([0.6, 0.4]), 3.0)


def test_between_two_thetas_is_a_straight_line_in_all_fields_or_in_one():
    assert same(between(START, END, 0), START) and same(between(START, END, 1), END)
    assert np.allclose(between(START, END, 0.25).pi, [0.3, 0.7]) and between(START, END, 0.25).scale == 1.5
    assert np.array_equal(between(START, END, 0.5, 1).pi, START.pi) and between(START, END, 0.5, 1).scale == 2
    assert between(START, END, 0.5, 0).scale == 1 and np.allclose(between(START, END, 0.5, 0).pi, [0.4, 0.6])
    assert between((1.0,), (2.0,), 0.5) == (1.5,)


def test_fields_become_a_theta_of_the_same_kind():
    made = like(START, [START.pi, np.array(2)])
    assert isinstance(made, Theta) and type(made.scale) is float and made.pi is START.pi
    assert like([1.0], [np.float64(2)]) == (2.0,)


def test_the_same_is_the_same_to_the_last_bit():
    assert same(START, Theta(START.pi.copy(), 1)) and same([START, None, "E"], (START, None, "E"))
    assert not same((1.0,), 1.0) and not same(1.0, (1.0,))
    assert not same(START, END) and not same(START, START[:1]) and not same(None, START.pi)
    assert not same(np.array([1.0]), np.array([1.0 + 2**-52]))
