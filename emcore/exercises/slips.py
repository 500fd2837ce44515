"""The slips that people make with any number, worked out from the answer at hand."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class Slip(NamedTuple):
    """A wrong answer that people give: its value on the data of a check, and what to say about it."""

    value: ArrayLike
    says: str


def near(a: np.ndarray, b: np.ndarray, rtol: float, atol: float) -> bool:
    """Do two arrays have one shape, and entries within rtol |b| + atol of each other? Two nan are."""
    if a.shape != b.shape:
        return False
    with np.errstate(invalid="ignore"):
        return bool(((np.abs(a - b) <= rtol * np.abs(b) + atol) | (a == b) | ((a != a) & (b != b))).all())


def common(given: np.ndarray, right: np.ndarray, n: ArrayLike | None, decimals: int | None) -> Iterator[Slip]:
    """What could have led from right to given: rounding, another order, another scale, a sum that is not divided.

    n: how many observations were averaged or summed, or None; decimals: how many were asked for on paper, or None.
    """
    with np.errstate(all="ignore"):
        for d in range(1, decimals or 0):
            if given.shape == right.shape and np.allclose(given, np.round(right, d), 0, 1e-9):
                yield Slip(given, f"that is rounded to {d} decimal{'s' * (d > 1)}; keep {decimals}.")
        if given.shape == right.shape[::-1] and right.ndim > 1:
            yield Slip(right.T, f"that is transposed: its shape should be {right.shape}.")
        if n is not None:
            yield from of_count(right, np.asarray(n, float))
        if given.shape == right.shape and right.ndim:
            yield from of_order(given, right, 0.01 if decimals else 1e-6)
        if given.any():  # zeros are near e to the power of -2000, and nobody's slip
            yield from of_scale(right)
        if given.shape == right.shape and right.ndim:
            yield from of_shares(given, right)


def of_order(given: np.ndarray, right: np.ndarray, rtol: float) -> Iterator[Slip]:
    """The right numbers in the wrong places, where no two of them are the same."""
    ordered = np.sort(right, axis=None)
    if right.size > 1 and np.diff(ordered).min() > 3 * rtol * np.abs(ordered).max():
        yield Slip(right[::-1], "those are in reverse order." if len(right) > 2 else "the two are exchanged.")
        if near(np.sort(given, axis=None), ordered, rtol, 1e-9 * np.ptp(ordered)):
            yield Slip(given, "those are the right numbers, but not in the right order.")


def of_count(right: np.ndarray, n: np.ndarray) -> Iterator[Slip]:
    """How many observations there are: forgotten, or counted with one less."""
    yield Slip(right * n, "that is a sum where a mean is asked: divide it by how many there are.")
    yield Slip(right / n, "that is a mean where a sum is asked.")
    for power in (1, -1, 0.5, -0.5):
        yield Slip(right * ((n - 1) / n) ** power, "N - 1 stands where N belongs, the number of observations.")
    yield Slip(right + n * np.log(2 * np.pi) / 2, "the square root of 2 pi is missing, once for each observation.")


def of_scale(right: np.ndarray) -> Iterator[Slip]:
    """The right numbers, put through a function that does not belong there, or did not get its turn."""
    yield Slip(-right, "the sign is flipped.")
    yield Slip(right / np.log(2), "that is with logarithms to base 2; log is the natural one here.")
    yield Slip(right / np.log(10), "that is with logarithms to base 10; log is the natural one here.")
    yield Slip(2 * right, "that is twice as much as it should be: look for a factor 2.")
    yield Slip(right / 2, "that is half of what it should be: look for a factor 2.")
    yield Slip(right * np.sqrt(2 * np.pi), "the square root of 2 pi is missing.")
    yield Slip(1 / right, "that is upside down.")
    yield Slip(right**2, "that is the square of what is asked.")
    yield Slip(np.sqrt(right), "that is the square root of what is asked.")
    yield Slip(np.log(right), "that is the logarithm of what is asked.")
    yield Slip(np.exp(right), "that is e to the power of what is asked: take the logarithm.")
    if ((right >= 0) & (right <= 1)).all():
        yield Slip(100 * right, "that is a percentage; a probability lies between 0 and 1.")
        yield Slip(1 - right, "that is 1 minus what is asked, the probability of the opposite.")


def of_shares(given: np.ndarray, right: np.ndarray) -> Iterator[Slip]:
    """Rows that should be shares: without doubt, or with another sum than 1."""
    if (right < 0).any() or not np.allclose(right.sum(axis=-1), 1):
        return
    if right.ndim > 1:
        yield Slip(right == right.max(axis=-1, keepdims=True), "that is a hard decision, 0 or 1; keep the doubt.")
    if not np.allclose(given.sum(axis=-1), 1, 1e-4):
        by_column = right.ndim > 1 and np.allclose(given.sum(axis=0), 1, 1e-6)
        whole = "your columns sum to 1, your rows do not" if by_column else "your rows do not sum to 1"
        yield Slip(given, f"{whole}: divide each row by its sum." if right.ndim > 1 else "those should sum to 1.")
