"""One turn of EM, looked at closely: what the model's functions give there, and nearby."""

from functools import cached_property
from operator import length_hint
from traceback import extract_tb
from typing import Any

import numpy as np

from .core import CollapseError, checked, take_m_step
from .rivals import Freedom, near, one_hot, random_table
from .theta import flat, names
from .validate import short

ARGUMENTS = {  # log_joint: where there is one. m_step: with theta only where it asks for it
    "log_joint": ["x", "theta"],
    "e_step": ["x", "theta"],
    "m_step": ["x", "q", "theta"],
    "lower_bound": ["x", "q", "theta"],
    "loglik": ["x", "theta"],
}
SPOKEN = {"e_step": "E-step", "m_step": "M-step"}


class Broken(Exception):
    """A function of the model's raised an error: which, where, and what it was given, in words."""


class Turn:
    """One iteration of EM from theta: each answer of the model is asked for once, and kept.

    q is the E-step's, or any that is given. t counts the iterations. support and generalized are as in `check_model`.
    """

    def __init__(
        self,
        model: Any,
        x: Any,
        theta: Any,
        *,
        q: Any = None,
        t: int = 1,
        rng: np.random.Generator | None = None,
        support: Any = None,
        generalized: bool = False,
    ) -> None:
        self.model, self.x, self.theta, self.t = model, x, theta, t
        self.support, self.generalized = support, generalized
        self.rng = np.random.default_rng(0) if rng is None else rng
        if q is not None:
            self.q = q

    @property
    def at(self) -> str:
        return f"in iteration {self.t}"

    def ask(self, name: str, *given: Any) -> Any:
        """What the model's function gives; an error that it raises, other than a collapse, in words."""
        try:
            return take_m_step(self.model, *given) if name == "m_step" else getattr(self.model, name)(*given)
        except CollapseError:
            raise
        except Exception as error:
            raise Broken(say_error(name, given, error, self.at)) from error

    @cached_property
    def log_joint(self) -> Any:
        """log p(x_n, z_n = k | theta), shape (N, K); None for a model that has no log_joint."""
        return np.asarray(self.ask("log_joint", self.x, self.theta)) if hasattr(self.model, "log_joint") else None

    @property
    def is_table(self) -> bool:
        """Whether q holds responsibilities (N, K), as only a model with a log_joint has them."""
        return self.log_joint is not None and isinstance(self.q, np.ndarray) and self.q.shape == self.log_joint.shape

    @cached_property
    def loglik(self) -> Any:
        return self.ask("loglik", self.x, self.theta)

    @cached_property
    def q(self) -> Any:
        return self.ask("e_step", self.x, self.theta)

    @cached_property
    def new(self) -> Any:
        """The M-step's theta."""
        return self.m_step(self.q)

    @cached_property
    def top(self) -> Any:
        """F(q, .) at the M-step's theta."""
        return self.bound(self.q, self.new)

    def m_step(self, q: Any) -> Any:
        """The theta for any q. The E-step is taken before it, as in EM: a model may remember theta."""
        self.ask("e_step", self.x, self.theta)
        return self.ask("m_step", self.x, q, self.theta)

    def bound(self, q: Any, theta: Any) -> Any:
        return self.ask("lower_bound", self.x, q, theta)

    def rise(self, rival: Any, q: Any = None) -> float:
        """How much higher F(q, .) is at a rival than at the M-step's theta; -inf where the rival is no theta."""
        q, top = (self.q, self.top) if q is None else (q, self.bound(q, self.new))
        try:
            rise = float(self.bound(q, checked(self.model, self.x, rival)[1]) - top)
        except Exception:  # whatever a model does with what is no theta
            return -np.inf
        return -np.inf if np.isnan(rise) else rise

    @cached_property
    def others(self) -> list:
        """Other q's: the E-step's at thetas around and, for a table, one drawn at random and one of 0 and 1."""
        tables = [random_table(self.q, self.rng), one_hot(self.q)] if self.is_table else []
        return tables + near(self.model, self.x, self.theta, self.new, self.rng)

    @cached_property
    def answers(self) -> list:
        """The M-step's thetas for the other q's, where it has one: not, say, for one that leaves a component empty."""
        found = []
        for q in self.others:
            try:
                theta = checked(self.model, self.x, self.m_step(q))[1]
                if np.isfinite(flat(theta)).all() and list(map(np.shape, theta)) == list(map(np.shape, self.new)):
                    found.append(theta)
            except (Broken, ArithmeticError, ValueError, TypeError):
                continue
        return found

    @cached_property
    def freedom(self) -> Freedom:
        """How the M-step's theta may be nudged."""
        return Freedom(self.new, self.answers)

    def rounding(self, value: Any) -> float:
        """How far a sum over these data may be off by rounding alone."""
        return 1e-12 * (length_hint(self.x, 1) + abs(value))


def say_error(name: str, given: Any, error: Exception, at: str) -> str:
    """A function's own error: what, where, in which line, and what it was given."""
    lines = [frame.line for frame in extract_tb(error.__traceback__) if frame.name == name and frame.line]
    line = f" (`{lines[-1]}`)" if lines else ""
    said = f"The {SPOKEN.get(name, name)} raises {type(error).__name__} {at}{line}: {str(error).strip(' .')}."
    if "broadcast" in str(error):
        said += " x[:, None] has shape (N, 1), which meets (K,) as (N, K)."
    return f"{said} It was given {', '.join(map(say_shape, ARGUMENTS[name], given))}."


def say_shape(name: str, value: Any) -> str:
    if name == "theta":
        return ", ".join(map(say_shape, names(value), value))
    return f"{name} of shape {value.shape}" if np.ndim(getattr(value, "shape", 0)) else f"{name} = {short(value)}"
