"""What students hand over: numbers as arrays, functions at work, and every stumble told in words."""

import re
import reprlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from inspect import signature
from traceback import extract_tb
from typing import Any

import numpy as np

Function = Callable[..., Any]  # what a student wrote


class NotYet(AssertionError):
    """An answer that is not right yet, and in what; where it is raised in a notebook, it shows without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"Not yet: {self}"]


def numbers(answer: Any, what: str) -> np.ndarray:
    """The answer as an array of numbers, or NotYet."""
    if isinstance(answer, Iterator):
        raise NotYet(f"{what} should be numbers; yours is a {type(answer).__name__}: put `list(…)` around it.")
    try:
        given = np.asarray(answer)
        if given.dtype.kind == "O" and any(value is None for value in given.flat):
            raise NotYet(f"{what} is still None: work it out, then run this check again.")
        if given.dtype.kind not in "biufO" or (
            given.dtype.kind == "O" and any(isinstance(value, str | complex) for value in given.flat)
        ):
            raise TypeError  # text and complex numbers would be converted without a word
        return given.astype(float)
    except OverflowError:
        raise NotYet(f"{what} is larger than the machine can count: work with its logarithm.") from None
    except ValueError:
        raise NotYet(f"{what} should be an array of numbers; yours has parts of different lengths.") from None
    except TypeError:
        yours = f"an array of {answer.dtype}" if isinstance(answer, np.ndarray) else described(answer)
        raise NotYet(f"{what} should be numbers; yours is {yours}.") from None


def answer_of(function: Function, /, **given: Any) -> Any:
    """What the student's function returns, called with copies of what is given, in that order; or NotYet.

    An error in it is told with what it was called with, a stub that is not written yet is no wrong answer.
    """
    if not callable(function):
        yours = f"{'an array ' * hasattr(function, 'shape')}{described(function)}"
        raise NotYet(
            f"hand over the function itself, by its name without parentheses; yours is {yours}. "
            f"The check calls it with ({', '.join(given)})."
        )
    name = getattr(function, "__name__", "function")
    called = ", ".join(f"{key} {described(value)}" for key, value in given.items())
    try:
        signature(function).bind(*given.values())
    except TypeError:
        takes = ", ".join(signature(function).parameters) or "nothing"
        raise NotYet(f"your `{name}` takes ({takes}); it is called with {len(given)} arguments: {called}.") from None
    except ValueError:
        pass  # a function of C, which does not say what it takes
    try:
        with np.errstate(all="ignore"):
            answer = function(*deepcopy(list(given.values())))
    except NotImplementedError:
        answer = None
    except Exception as error:
        raise NotYet(f"your `{name}` stops {told(error, function, given)} It was called with {called}.") from error
    if answer is None:
        raise NotYet(f"`{name}` returns nothing yet: write it, then run this check again.")
    return answer


def told(error: Exception, function: Function, given: dict[str, Any]) -> str:
    """A student's own error: the line where it happened, what Python says, and the way out of a missing [:, None]."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [frame.line for frame in extract_tb(error.__traceback__) if frame.filename == file and frame.line]
    where = f"at `{lines[-1]}` " if lines else ""
    shapes = re.search(r"broadcast together with shapes \((\d+),\) \((\d+),\)", str(error))
    hint = ""
    if shapes:
        long = max(map(int, shapes.groups()))
        column = next(
            (f"`{name}[:, None]`" for name, value in given.items() if np.shape(value) == (long,)), "`[:, None]`"
        )
        hint = f" {column} makes a column of the {long}, so that each of them meets each of the others."
    return f"{where}with {type(error).__name__}: {str(error).strip().rstrip('.')}.{hint}"


def finite_answer_of(function: Function, /, *, otherwise: str, **given: Any) -> Any:
    """answer_of where machine arithmetic runs out: NotYet(otherwise) unless all of it is finite."""
    try:
        answer = answer_of(function, **given)
        if np.isfinite(np.asarray(answer, float)).all():
            return answer
    except NotYet as failed:
        if not isinstance(failed.__cause__, ValueError | ArithmeticError):
            raise  # ArithmeticError and "math domain error": what plain Python does where numpy says nan
    except (TypeError, ValueError, OverflowError):
        return answer  # no numbers: judge says so
    raise NotYet(otherwise)


def unpack(answer: Any, *names: str) -> list[Any]:
    """The student's several answers, one by one."""
    if not isinstance(answer, tuple | list | np.ndarray) or not getattr(answer, "ndim", 1) or len(answer) != len(names):
        raise NotYet(f"return {len(names)} things, in this order: {', '.join(names)}.")
    return list(answer)


def described(value: Any) -> str:
    """A value in a few words: a number itself, the shape of an array, else its kind."""
    if isinstance(value, np.ndarray) and value.ndim:
        return str(value.shape)
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    return reprlib.repr(value) if isinstance(value, int | np.integer | None) else f"a {type(value).__name__}"
