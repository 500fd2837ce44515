"""How the laws speak of a model: its functions, what they were given, and the numbers of a theta."""

from traceback import extract_tb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .theta import names
from .validate import short

ARGUMENTS = {  # log_joint and log_prior: where there is one. m_step: with theta only where it asks for it
    "log_joint": ["x", "theta"],
    "log_prior": ["theta"],
    "e_step": ["x", "theta"],
    "m_step": ["x", "q", "theta"],
    "lower_bound": ["x", "q", "theta"],
    "loglik": ["x", "theta"],
}
SPOKEN = {"e_step": "E-step", "m_step": "M-step"} | {name: name for name in ARGUMENTS if "step" not in name}
GIVES = {"e_step": "q", "m_step": "theta"}  # all others give a number


def say(value: ArrayLike) -> str:
    """The numbers of a field on one line, cut off where they are many."""
    text = np.array2string(np.asarray(value, float), formatter={"float_kind": "{:.4g}".format})
    text = " ".join(text.split())
    return text if len(text) <= 120 else text[:117] + "..."


def say_theta(theta: Any) -> str:
    """The fields of theta by name, with their numbers."""
    return ", ".join(f"{name} = {say(field)}" for name, field in zip(names(theta), theta, strict=True))


def say_error(name: str, given: tuple[Any, ...], error: Exception, at: str) -> str:
    """A function's own error: what, where, in which line, and what it was given."""
    lines = [frame.line for frame in extract_tb(error.__traceback__) if frame.name == name and frame.line]
    line = f" (`{lines[-1]}`)" if lines else ""
    said = f"The {SPOKEN[name]} raises {type(error).__name__} {at}{line}: {str(error).strip(' .')}."
    if "broadcast" in str(error):
        said += " x[:, None] has shape (N, 1), which meets (K,) as (N, K)."
    return f"{said} It was given {', '.join(map(_say_shape, ARGUMENTS[name], given))}."


def _say_shape(name: str, value: Any) -> str:
    if name == "theta":
        return ", ".join(map(_say_shape, names(value), value))
    shape = getattr(value, "shape", ())
    return f"{name} of shape {shape}" if shape else f"{name} = {short(value)}"
