"""`check_model`: the laws of EM tried on a model of your own, with the answer in words."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from . import validate
from .core import CollapseError, Model, checked
from .laws import BOUND, FORM, STEPS, no_m_step_lowers_the_bound, the_m_step_maximizes_the_bound
from .turn import Broken, Turn


def check_model(
    model: Model,
    x: Any,
    theta0: Any,
    *,
    support: Any = None,
    generalized: bool = False,
    iterations: int = 5,
    seed: int = 0,
) -> list[str]:
    """Say in words which laws of EM the model breaks on these data, and where; [] when none was found.

    ...
    """
    iterations = validate.whole_number("iterations", iterations, at_least=1, at_most=1e6)
    generalized = validate.flag("generalized", generalized)
    if support is not None and not (hasattr(support, "__len__") and len(support)):
        raise ValueError(
            f"support must be an array of values, or a pair (points, weights); got {validate.short(support)}"
        )
    if isinstance(model, type):
        raise ValueError(f"model must be a model, not its class; got {model.__name__}: write {model.__name__}()")
    if not isinstance(theta0, tuple | list):
        raise ValueError(f"theta0 must be a tuple of its fields, such as Theta(pi, mu); got {theta0!r}")
    rng = np.random.default_rng(seed)
    x, theta = deepcopy(checked(model, x, theta0))
    found: dict[Callable, str] = {}  # law: what the first turn that breaks it has to say
    with np.errstate(all="ignore"):
        for t in range(1, iterations + 1):
            turn = Turn(model, x, theta, t=t, rng=rng, support=support, generalized=generalized)
            if not go_on(turn, found):
                break
            theta = turn.new
    if the_m_step_maximizes_the_bound in found:
        it_is = found.pop(no_m_step_lowers_the_bound, "It lowers it in no iteration: generalized EM, if that is meant.")
        found[the_m_step_maximizes_the_bound] += f" {it_is}"
    return list(found.values())


def go_on(turn, found) -> bool:
    """Try the laws on a turn, add to found what each has to say, and tell whether EM can go on."""
    try:
        for law in FORM + BOUND:
            if said := law(turn):
                found[law] = said
                return False
        for law in STEPS:
            if law not in found and (said := law(turn)):
                found[law] = said
        return True
    except Broken as error:
        found[Broken] = str(error)
    except CollapseError as error:
        found[CollapseError] = f"EM cannot go on: {error}."
    return False
