"""One turn of EM, looked at closely: what the model's functions give there, and what they give for other q."""

from functools import cached_property
from traceback import extract_tb

import numpy as np

from .core import CollapseError, checked, take_m_step
from .rivals import Freedom, near, one_hot, random_table
from .theta import flat, names

ARGUMENTS = {  # what a model must have, and what log_joint takes where there is one
    "log_joint": ["x", "theta"],
    "e_step": ["x", "theta"],
    "m_step": ["x", "q", "theta"],  # theta only where it asks for it
    "lower_bound": ["x", "q", "theta"],
    "loglik": ["x", "theta"],
}
SPOKEN = {"e_step": "E-step", "m_step": "M-step"}


class Broken(Exception):
    """A function of the model raised an error; the message says which, where, and what it was given."""


class Turn:
    """One iteration of EM from theta: each answer of the model is asked for once, and kept.

    q is the E-step's, or any that is given. t counts the iterations. support and generalized are as in `check_model`.
    """

    def __init__(self, model, x, theta, *, q=None, t=1, rng=None, support=None, generalized=False):
        self.model, self.x, self.theta, self.t = model, x, theta, t
        self.support, self.generalized = support, generalized
        self.rng = np.random.default_rng(0) if rng is None else rng
        if q is not None:
            self.q = q

    @property
    def at(self) -> str:
        return f"in iteration {self.t}"

    def ask(self, name, *given):
        """What the model's function gives; an error that it raises, other than a collapse, in words."""
        try:
            return take_m_step(self.model, *given) if name == "m_step" else getattr(self.model, name)(*given)
        except CollapseError:
            raise
        except Exception as error:
            raise Broken(say_error(name, given, error, self.at)) from error

    @cached_property
    def log_joint(self):
        """log p(x_n, z_n = k | theta), shape (N, K); None for a model that has no log_joint."""
        return np.asarray(self.ask("log_joint", self.x, self.theta)) if hasattr(self.model, "log_joint") else None

    @cached_property
    def loglik(self):
        return self.ask("loglik", self.x, self.theta)

    @cached_property
    def q(self):
        return self.ask("e_step", self.x, self.theta)

    @cached_property
    def new(self):
        """The M-step's theta."""
        return self.m_step(self.q)

    def m_step(self, q):
        """The theta for any q, with the E-step taken before it, as EM does: a model may remember theta."""
        self.ask("e_step", self.x, self.theta)
        return self.ask("m_step", self.x, q, self.theta)

    def bound(self, q, theta):
        return self.ask("lower_bound", self.x, q, theta)

    @cached_property
    def top(self) -> float:
        """F at the M-step's theta."""
        return self.bound(self.q, self.new)

    @property
    def is_table(self) -> bool:
        """Whether q holds responsibilities (N, K): only a model with a log_joint has them."""
        return self.log_joint is not None and isinstance(self.q, np.ndarray) and self.q.shape == self.log_joint.shape

    @cached_property
    def others(self) -> list:
        """Other q's: posteriors at thetas around and, for a table, one drawn at random and one that is sure."""
        tables = [random_table(self.q, self.rng), one_hot(self.q)] if self.is_table else []
        return tables + near(self.model, self.x, self.theta, self.rng)

    @cached_property
    def answers(self) -> list:
        """The M-step's thetas for the other q's, where it has one."""
        found = []
        for q in self.others:
            try:
                theta = checked(self.model, self.x, self.m_step(q))[1]
                if np.isfinite(flat(theta)).all() and list(map(np.shape, theta)) == list(map(np.shape, self.new)):
                    found.append(theta)
            except (Broken, ArithmeticError, ValueError, TypeError):
                pass  # this q has no M-step: it leaves a component without data, say
        return found

    @cached_property
    def freedom(self) -> Freedom:
        """How the M-step's theta may be nudged."""
        return Freedom(self.new, self.answers)

    def slack(self, value) -> float:
        return 1e-9 * (1 + abs(value))

    def rounding(self, value) -> float:
        """How far a sum over these data may be off by rounding alone."""
        return 1e-12 * (np.size(self.x) + abs(value))


def say_error(name, given, error, at) -> str:
    """A function's own error: what, where, on which line, and what it was given."""
    lines = [frame.line for frame in extract_tb(error.__traceback__) if frame.name == name and frame.line]
    line = f" (`{lines[-1]}`)" if lines else ""
    hint = ". x[:, None] has shape (N, 1), which meets (K,) as (N, K)" if "broadcast" in str(error) else ""
    words = [say_shape(word, value) for word, value in zip(ARGUMENTS[name], given, strict=False)]
    said = f"The {SPOKEN.get(name, name)} raises {type(error).__name__} {at}{line}: {str(error).rstrip('.')}{hint}"
    return f"{said}. It was given {', '.join(words)}."


def say_shape(name, value) -> str:
    if name == "theta":
        return " and ".join(say_shape(field, part) for field, part in zip(names(value), value, strict=True))
    return f"{name} of shape {np.shape(value)}" if np.ndim(value) else f"{name} = {value!r:.40}"
