"""How a check speaks: right answers pass, known wrong answers are named, the rest is located.

A check prints one line when the answer is right and raises NotYet when it is not. It draws its data at
random and computes the common wrong answers on the same data as the right one, so each is recognized.
"""

import os
from copy import deepcopy

import numpy as np


def seed_of_the_class():
    """The number in EM_COURSE_SEED, which a teacher sets while grading, or None."""
    given = os.environ.get("EM_COURSE_SEED")
    if given is not None and not given.isdecimal():
        raise ValueError(f"EM_COURSE_SEED must be a whole number, 0 or more; got {given!r}")
    return None if given is None else int(given)


seed = seed_of_the_class()  # None: other data at every check; a number: the same data for everybody


def rng():
    """The generator of a check's data."""
    return np.random.default_rng(seed)


class NotYet(AssertionError):
    """An answer that is not right yet; notebooks show its message alone, without a traceback."""

    def _render_traceback_(self):
        return [f"Not yet: {self}"]


def judge(answer, right, mistakes, *, what, tol=1e-6):
    """Raise NotYet unless answer equals right within tol; say which of mistakes {message: value} it equals.

    A larger tol is for work on paper, whose right numbers a check does not give away.
    """
    right = np.asarray(right, float)
    try:
        if np.asarray(answer).dtype.kind in "cSU":  # complex numbers and text would be converted without a word
            raise TypeError
        unfinished = np.equal(np.asarray(answer, object), None).any()
        given = np.asarray(answer, float)
    except (TypeError, ValueError):
        raise NotYet(f"{what} should be numbers; yours is {type(answer).__name__}.") from None
    if unfinished:
        raise NotYet(f"{what} is still None: work it out, then run this check again.")
    if given.shape == right.shape and np.allclose(given, right, rtol=tol, atol=tol):
        return
    for message, wrong in mistakes.items():
        if given.shape == np.shape(wrong) and np.allclose(given, wrong, rtol=tol, atol=tol, equal_nan=True):
            raise NotYet(message)
    if given.shape != right.shape:
        asked = f"have shape {right.shape}" if right.shape else "be one number"
        yours = f"has shape {given.shape}" if given.shape else "is one number"
        raise NotYet(f"{what} should {asked}; yours {yours}.")
    if not np.isfinite(given).all():
        raise NotYet(f"{what} should be finite; yours holds {given[~np.isfinite(given)][0]}.")
    worst = np.unravel_index(np.argmax(np.abs(given - right)), right.shape)
    place = f" at position {', '.join(str(int(i)) for i in worst)}" if worst else ""
    too = "is too small" if given[worst] < right[worst] else "is too large"
    raise NotYet(
        f"{what} is off{place}: {given[worst]:.4g} {too if tol > 1e-6 else f'where {right[worst]:.4g} is right'}."
    )


def answer_of(function, *arguments):
    """The student's function at work, on a copy; a stub that is not written yet is not a wrong answer."""
    try:
        answer = function(*deepcopy(arguments))
    except NotImplementedError:
        answer = None
    if answer is None:
        raise NotYet(f"`{function.__name__}` returns nothing yet: write it, then run this check again.")
    return answer


def finite_answer_of(function, *arguments, otherwise):
    """answer_of where machine arithmetic runs out: NotYet(otherwise) unless all of it is finite."""
    try:
        with np.errstate(all="ignore"):
            answer = answer_of(function, *arguments)
        if np.isfinite(np.asarray(answer, float)).all():
            return answer
    except (ValueError, ZeroDivisionError, OverflowError):  # what plain Python does where numpy says nan
        pass
    raise NotYet(otherwise)


def unpack(answer, *names):
    """The student's several answers, one by one."""
    if not isinstance(answer, tuple | list | np.ndarray) or len(answer) != len(names):
        raise NotYet(f"return {len(names)} things, in this order: {', '.join(names)}.")
    return answer


def normal(x, mu, sigma):
    """The normal density."""
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
