"""How a check speaks: right answers pass, known slips are named, the rest is located.

A check draws its data at random, works out the slips that people make on the same data as what is right, and
judges an answer against them. It prints one line, `Right: …` or `Not yet: …`; `check.__wrapped__` is the judging
alone, for graders: it returns what there is to say about a right answer and raises NotYet for any other.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from itertools import chain
from typing import Any, ParamSpec

import numpy as np
from numpy.typing import ArrayLike

from .answers import NotYet, numbers
from .slips import Slip, common, near

Arguments = ParamSpec("Arguments")


def check(judging: Callable[Arguments, str]) -> Callable[Arguments, None]:
    """A check as notebooks run it: it says `Right: …` or `Not yet: …`, and the notebook goes on."""

    @wraps(judging)
    def shown(*answers: Arguments.args, **named: Arguments.kwargs) -> None:
        try:
            signature(judging).bind(*answers, **named)
        except TypeError:
            print(f"Not yet: {judging.__name__} asks for ({', '.join(signature(judging).parameters)}).")
            return
        try:
            print(f"Right: {judging(*answers, **named)}")
        except NotYet as why:
            print(f"Not yet: {why}")

    return shown


seed: int | None = None  # other data at every check; a grader sets a number: the same data for everybody


def rng() -> np.random.Generator:
    """The generator of a check's data."""
    return np.random.default_rng(seed)


def judge(
    answer: Any,
    right: ArrayLike,
    slips: Iterable[Slip] = (),
    *,
    what: str,
    tol: float = 1e-6,
    decimals: int | None = None,
    n: ArrayLike | None = None,
) -> None:
    """Raise NotYet unless answer equals right; say which of the slips it equals, or where it is off.

    tol: relative to each number, and to the largest of an array. decimals: for work on paper, which may be off by
    one in the last of them (0: a whole number), and whose right numbers are not given away. n: how many
    observations were averaged or summed, where common slips depend on it.
    """
    right, given = np.asarray(right, float), numbers(answer, what)
    if not right.shape and given.size == 1:
        given = given.reshape(())

    exact: tuple[float, float]
    if decimals:
        exact, alike = (0.0, 1.01 * 10.0**-decimals), (10.0 ** -min(decimals, 3), 0.1 * 10.0**-decimals)
    else:
        exact = alike = (tol, tol * (np.abs(right).max(initial=0) or 1))
    if near(given, right, *exact):
        return
    general = (slip for slip in common(given, right, n, decimals) if np.isfinite(slip.value).all())
    for value, says in chain(slips, general):
        if near(given, np.asarray(value, float), *alike):
            raise NotYet(says)
    where = whereabouts(given, right, secret=decimals is not None or seed is not None)
    close = " Keep more digits on the way." if decimals and near(given, right, 0.01, 0) else ""
    raise NotYet(f"{what} {where}{close}")


def whereabouts(given: np.ndarray, right: np.ndarray, secret: bool) -> str:
    """In what a wrong answer differs from the right one: its shape, a nan, or the entry that is farthest off."""
    if given.shape != right.shape:
        asked = f"have shape {right.shape}" if right.shape else "be one number"
        return f"should {asked}; yours {f'has shape {given.shape}' if given.shape else 'is one number'}."
    if not np.isfinite(given).all():
        return f"should be finite; yours holds {given[~np.isfinite(given)][0]}."
    worst = np.unravel_index(np.argmax(np.abs(given - right)), right.shape)
    place = f" at position {', '.join(str(int(i)) for i in worst)}" if worst else ""
    digits = next(d for d in range(4, 18) if f"{given[worst]:.{d}g}" != f"{right[worst]:.{d}g}")
    too = "is too small" if given[worst] < right[worst] else "is too large"
    wanted = too if secret else f"where {right[worst]:.{digits}g} is right"
    return f"is off{place}: {given[worst]:.{digits}g} {wanted}."
