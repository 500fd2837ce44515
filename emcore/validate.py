"""The checks at the door: every message says what was wrong, what was given and what was expected."""

import numpy as np

HUGE = 1e150  # the square of anything larger overflows


def array(name, value, *, ndim=1, shape=None, above=None, at_least=None, at_most=None, whole=False):
    """Return value as a float array, or raise ValueError naming the argument and the first offender.

    ndim=None allows any number of dimensions but 0; shape, where given, must match exactly.
    """
    if np.ma.is_masked(value):
        raise ValueError(f"{name} must hold no masked values; got {short(value)}: drop them, x.compressed()")
    try:
        a = np.asarray(value)
    except ValueError:
        a = np.asarray(None)  # ragged: treated like anything else that is no array of numbers
    if a.dtype.kind not in "biuf":
        raise ValueError(f"{name} must hold numbers; got {short(value)}")
    a = a.astype(float)
    if shape is not None and a.shape != shape:
        raise ValueError(f"{name} must have shape {shape}; got shape {a.shape}: {short(value)}")
    if shape is None and (a.ndim == 0 or (ndim is not None and a.ndim != ndim)):
        raise ValueError(f"{name} must have {ndim or 'at least 1'} dimension(s); got {a.ndim}: {short(value)}")
    if a.size == 0:
        raise ValueError(f"{name} must not be empty; got {short(value)}")
    _each(name, a, np.abs(a) <= HUGE, f"finite and at most {HUGE:g} in size")
    if whole:
        _each(name, a, a == np.floor(a), "whole numbers")
    if above is not None:
        _each(name, a, a > above, f"above {above:g}")
    if at_least is not None:
        _each(name, a, a >= at_least, f"at least {at_least:g}")
    if at_most is not None:
        _each(name, a, a <= at_most, f"at most {at_most:g}")
    return a


def number(name, value, **limits) -> float:
    """Return value as a float, or raise ValueError; limits as in `array`."""
    return float(array(name, value, shape=(), **limits))


def whole_number(name, value, **limits) -> int:
    """Return value as an int, or raise ValueError; limits as in `array`."""
    return int(number(name, value, whole=True, **limits))


def weights(name, value, *, shape=None) -> np.ndarray:
    """Return positive weights that sum to 1, shape (K,), or raise ValueError."""
    w = array(name, value, shape=shape, above=0)
    if abs(w.sum() - 1) > 1e-8:
        raise ValueError(f"{name} must sum to 1; got {short(value)}, which sums to {w.sum():.10g}")
    return w


def rows(name, value, *, shape=None) -> np.ndarray:
    """Return probabilities whose rows (or the only row) sum to 1, zeros allowed, or raise ValueError."""
    w = array(name, value, shape=shape, at_least=0)
    for n, row in enumerate(np.atleast_2d(w)):
        if abs(row.sum() - 1) > 1e-8:
            what, at = ("have rows that sum to 1", f", at position {n}") if w.ndim > 1 else ("sum to 1", "")
            raise ValueError(f"{name} must {what}; got {short(row.tolist())}, which sums to {row.sum():.10g}{at}")
    return w


def flag(name, value) -> bool:
    """Return True or False, or raise ValueError for anything else."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False; got {short(value)}")
    return bool(value)


def fields(Theta, theta):
    """Return theta as a Theta, from anything with the right number of fields, or raise ValueError."""
    try:
        return Theta(*theta)
    except TypeError:
        expected = f"{Theta.__qualname__}({', '.join(Theta._fields)})"
        raise ValueError(f"theta must be {expected}; got {short(theta)}") from None


def _each(name, a, ok, expected):
    if not ok.all():
        where = np.unravel_index(int(np.argmin(ok)), a.shape)
        at = f" at position {', '.join(map(str, where))}" if where else ""
        raise ValueError(f"{name} must be {expected}; got {a[where]:g}{at}")


def short(value) -> str:
    """value on one line, cut off where it is long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else text[:77] + "..."
