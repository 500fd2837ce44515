"""One turn of EM, looked at closely: what the model's functions give there, and nearby."""

from copy import deepcopy
from functools import cached_property
from operator import length_hint
from typing import Any

import numpy as np

from .core import checked, m_step_of
from .history import CollapseError
from .nearby import Freedom, nearby_qs, one_hot, random_table
from .numerics import Array
from .theta import flat, same
from .words import ARGUMENTS, GIVES, SPOKEN, say_error


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
        self.rng = rng or np.random.default_rng(0)
        if q is not None:
            self.q = q

    @property
    def at(self) -> str:
        """Where it is, in words."""
        return f"in iteration {self.t}"

    @property
    def climbs(self) -> str:
        """What EM climbs here, in words."""
        return "the bound + log_prior" if hasattr(self.model, "log_prior") else "the bound"

    def ask(self, name: str, *given: Any) -> Any:
        """What the model's function gives; an error that it raises, other than a collapse, in words."""
        try:
            return self._m_step(*given) if name == "m_step" else getattr(self.model, name)(*given)
        except CollapseError:
            raise
        except Exception as error:
            raise Broken(say_error(name, given, error, self.at)) from error

    @cached_property
    def log_joint(self) -> Array | None:
        """log p(x_n, z_n = k | theta), shape (N, K); None for a model that has no log_joint."""
        return np.asarray(self.ask("log_joint", self.x, self.theta)) if hasattr(self.model, "log_joint") else None

    @property
    def is_table(self) -> bool:
        """Whether q holds responsibilities (N, K), as only a model with a log_joint has them."""
        return self.log_joint is not None and isinstance(self.q, np.ndarray) and self.q.shape == self.log_joint.shape

    @cached_property
    def loglik(self) -> Any:
        """l(theta)."""
        return self.ask("loglik", self.x, self.theta)

    @cached_property
    def q(self) -> Any:
        """The E-step's q."""
        return self.ask("e_step", self.x, self.theta)

    @cached_property
    def new(self) -> Any:
        """The M-step's theta."""
        return self.m_step(self.q)

    @cached_property
    def top(self) -> float:
        """What EM climbs, at the M-step's theta."""
        return self.height(self.q, self.new)

    @cached_property
    def _m_step(self) -> Any:
        return m_step_of(self.model)

    def m_step(self, q: Any) -> Any:
        """The theta for any q. The E-step is taken before it, as in EM: a model may remember theta."""
        self.ask("e_step", self.x, self.theta)
        return self.ask("m_step", self.x, q, self.theta)

    def bound(self, q: Any, theta: Any) -> Any:
        """F(q, theta)."""
        return self.ask("lower_bound", self.x, q, theta)

    def log_prior(self, theta: Any) -> float:
        """The model's log_prior; 0 for one without."""
        return self.ask("log_prior", theta) if hasattr(self.model, "log_prior") else 0.0

    def height(self, q: Any, theta: Any) -> float:
        """What EM climbs: F(q, theta), and the log prior where the model has one."""
        return self.bound(q, theta) + self.log_prior(theta)

    def rise(self, rival: Any, q: Any = None) -> float:
        """How much higher it is at a rival than at the M-step's theta; -inf where the rival is no theta."""
        q, top = (self.q, self.top) if q is None else (q, self.height(q, self.new))
        try:
            rise = float(self.height(q, checked(self.model, self.x, rival)[1]) - top)
        except Exception:  # whatever a model does with what is no theta
            return -np.inf
        return -np.inf if np.isnan(rise) else rise

    @cached_property
    def others(self) -> list[Any]:
        """Other q's: the E-step's at thetas around and, for a table, one drawn at random and one of 0 and 1."""
        tables = [random_table(self.q, self.rng), one_hot(self.q)] if self.is_table else []
        return tables + nearby_qs(self.model, self.x, self.theta, self.new, self.rng)

    @cached_property
    def answers(self) -> list[Any]:
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

    def rounding(self, value: float) -> float:
        """How far a sum over these data may be off by rounding alone."""
        return 1e-12 * (length_hint(self.x, 1) + abs(value))

    def impure(self, name: str, *given: Any) -> str | None:
        """What a function changes of what it is given, or that it gives something else the second time, in words."""
        kept = deepcopy(given)
        first = deepcopy(self.ask(name, *given))
        for word, before, after in zip(ARGUMENTS[name], kept, given, strict=True):
            if not same(before, after):
                return f"The {SPOKEN[name]} changes its {word} {self.at}: let it work on a copy."
        if not same(first, self.ask(name, *given)):
            said = f"The {SPOKEN[name]} gives another {GIVES.get(name, 'number')} when it is called again {self.at}"
            return f"{said}: it must depend on what it is given alone."
        return None
