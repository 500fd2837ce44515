"""The checks at the door: every message says what was wrong, what was given and what was expected."""

from numbers import Real
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from .numerics import Array

HUGE = 1e150  # the square of anything larger overflows
T = TypeVar("T")


def array(
    name: str,
    value: Any,
    *,
    ndim: int | None = 1,
    shape: tuple[int | str, ...] | None = None,
    above: float | None = None,
    at_least: float | None = None,
    at_most: Any = None,
    whole: bool = False,
    column: bool = False,
) -> Array:
    """Return value as a new float array, or raise ValueError naming the argument and the first offender.

    ndim=None allows any number of dimensions but 0; shape, where given, must match exactly, but for letters, which
    stand for any size. at_most may be an array: a limit for each entry. column=True takes (N, 1) as (N,).
    """
    a = numbers(name, value)
    if column and a.ndim == 2 and a.shape[1] == 1:
        a = a[:, 0]
    if shape is not None and not _fits(a.shape, shape):
        expected = f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
        raise ValueError(f"{name} must have shape {expected}; got shape {a.shape}: {short(value)}")
    if shape is None and (a.ndim == 0 or (ndim is not None and a.ndim != ndim)):
        raise ValueError(f"{name} must have {ndim or 'at least 1'} dimension(s); got {a.ndim}: {short(value)}")
    if a.size == 0:
        raise ValueError(f"{name} must not be empty; got {short(value)}")
    low, high = a.min(), a.max()  # nan where there is one
    if not (low >= -HUGE and high <= HUGE):
        _refuse(name, a, np.abs(a) <= HUGE, f"finite and at most {HUGE:g} in size")
    if whole and not (whole_ones := a == np.floor(a)).all():
        _refuse(name, a, whole_ones, "whole numbers")
    if above is not None and not low > above:
        _refuse(name, a, a > above, "above {:g}", above)
    if at_least is not None and not low >= at_least:
        _refuse(name, a, a >= at_least, "at least {:g}", at_least)
    if at_most is not None and not (high <= np.min(at_most) or (a <= at_most).all()):
        _refuse(name, a, a <= at_most, "at most {:g}", at_most)
    return a


def column(name: str, value: Any, **limits: Any) -> Array:
    """Return observations, shape (N,), from an array, a list or a column of shape (N, 1); limits as in `array`."""
    return array(name, value, column=True, **limits)


def number(name: str, value: Any, **limits: Any) -> float:
    """Return value as a float, or raise ValueError; limits as in `array`."""
    return float(array(name, value, shape=(), **limits))


def whole_number(name: str, value: Any, **limits: Any) -> int:
    """Return value as an int, or raise ValueError; limits as in `array`."""
    return int(number(name, value, whole=True, **limits))


def weights(name: str, value: Any, *, shape: tuple[int | str, ...] = ("K",)) -> Array:
    """Return positive weights that sum to 1, shape (K,), or raise ValueError."""
    array(name, value, above=0, shape=shape)
    return rows(name, value, shape=shape)


def rows(name: str, value: Any, *, shape: tuple[int | str, ...] = ("K",)) -> Array:
    """Return probabilities whose rows (or the only row) sum to 1, zeros allowed, or raise ValueError.

    Single precision may miss 1 by its own rounding: such rows are divided by their sums.
    """
    w = array(name, value, shape=shape, at_least=0)
    sums, rounding = w.sum(axis=-1), _rounding(value)
    if not (sums.min() >= 1 - rounding and sums.max() <= 1 + rounding):
        n = int(np.argmin(np.abs(sums - 1) <= rounding))
        what, at = ("have rows that sum to 1", f", at position {n}") if w.ndim > 1 else ("sum to 1", "")
        row = short(np.asarray(w[n] if w.ndim > 1 else w).tolist())
        raise ValueError(f"{name} must {what}; got {row}, which sums to {np.ravel(sums)[n]:.10g}{at}")
    return w / sums[..., None] if rounding > 1e-8 else w


def flag(name: str, value: Any) -> bool:
    """Return True or False, or raise ValueError for anything else."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False; got {short(value)}")
    return bool(value)


def fields(Theta: type[T], theta: Any) -> T:
    """Return theta as a Theta, from anything with the right number of fields, or raise ValueError."""
    try:
        return Theta(*theta)
    except TypeError:
        expected = f"{Theta.__qualname__}({', '.join(getattr(Theta, '_fields', ()))})"
        raise ValueError(f"theta must be {expected}; got {short(theta)}") from None


def numbers(name: str, value: Any) -> Array:
    """Return value as a new float array of any shape, or raise ValueError unless it holds real numbers alone."""
    if _is_masked(value):
        raise ValueError(f"{name} must hold no masked values; got {short(value)}: drop them, x.compressed()")
    try:
        a = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must hold numbers, in rows of one length; got {short(value)}") from None
    if a.dtype == object and not all(isinstance(entry, Real) for entry in a.flat):
        odd = next(entry for entry in a.flat if not isinstance(entry, Real))
        raise ValueError(f"{name} must hold numbers; got {short(value)}, in it {short(odd)}")
    if a.dtype.kind not in "biufO":
        raise ValueError(f"{name} must hold numbers; got {short(value)}")
    return a.astype(float)


def short(value: Any) -> str:
    """value on one line, cut off where it is long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else text[:77] + "..."


def _is_masked(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_is_masked(item) for item in value if not isinstance(item, int | float))
    return bool(np.ma.is_masked(value))


def _fits(shape: tuple[int, ...], expected: tuple[int | str, ...]) -> bool:
    return len(shape) == len(expected) and all(
        isinstance(want, str) or size == want for size, want in zip(shape, expected, strict=True)
    )


def _rounding(value: Any) -> float:
    """By how much probabilities of the value's type may miss 1: 1e-8, or eight units of a shorter type."""
    kind = np.asarray(value).dtype
    return max(1e-8, 8 * float(np.finfo(kind).eps)) if kind.kind == "f" else 1e-8


def _refuse(name: str, a: Array, ok: NDArray[np.bool_], expected: str, limit: Any = 0) -> NoReturn:
    """Raise ValueError naming the first entry that is not ok."""
    where = np.unravel_index(int(np.argmin(ok)), a.shape)
    at = f" at position {', '.join(map(str, where))}" if where else ""
    bound = float(np.broadcast_to(limit, a.shape)[where])
    raise ValueError(f"{name} must be {expected.format(bound)}; got {a[where]:g}{at}")
