"""What `fit` gives back: the half-steps of a run, and why it ended."""

from itertools import pairwise
from math import inf, isnan
from typing import Any, NamedTuple

from .theta import same

ROUNDING = 1e-9  # a fall, or a gap, of at most this share of 1 + |F| may be rounding
ULPS = 2**-49  # and a gain of at most this share of it is nothing else: eight units in the last place


class Step(NamedTuple):
    """One half-step, and where it led.

    kind: "init", "E" or "M". bound: F(q, theta). loglik: l(theta). At "init" there is no q and no bound: both are None.
    """

    kind: str
    theta: Any
    q: Any
    bound: float | None
    loglik: float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Step) and same(tuple(self), tuple(other))

    def __ne__(self, other: object) -> bool:
        return not self == other


class EMError(ArithmeticError):
    """EM cannot go on. `history` holds the half-steps so far when `fit` was running, else it is empty."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.history = History()


class CollapseError(EMError):
    """A component shrank onto a point, or lost all its data."""


class FallError(EMError):
    """A half-step lowered what EM climbs, so it is not the E-step or the M-step of this model."""


class History(list[Step]):
    """The half-steps of a run, a list of `Step`, and why it ended.

    stopped: in words, which begin with "settled", "max_iter", "collapsed" or "fell". climbs: "F", or
    "F + log_prior" where the model has a prior. left: about how much of it was left to climb, in nats;
    inf where that is not known.
    """

    def __init__(self, climbs: str = "F") -> None:
        super().__init__()
        self.climbs, self.left = climbs, inf
        self._heights: list[float] = []  # after every half-step
        self._exact = False  # whether the last E-step closed the gap
        self._ended = ""

    @property
    def stopped(self) -> str:
        """Why the run ended."""
        return self._ended or f"max_iter: {len(self) // 2} iteration(s), and {self._say_left()}"

    def add(self, step: Step, log_prior: float = 0.0) -> None:
        """Append a half-step. Raises FallError where it lowers F + log_prior by more than rounding."""
        self.append(step)
        if step.bound is None:
            return
        self._exact = self._exact if step.kind == "M" else step.loglik - step.bound <= ROUNDING * (1 + abs(step.bound))
        which, height = f"{step.kind}-step of iteration {len(self) // 2}", step.bound + log_prior
        if isnan(height):
            raise ValueError(f"lower_bound and log_prior must give numbers; got nan after the {which}")
        before = self._heights[-1] if self._heights else height
        if before - height > ROUNDING * (1 + abs(before)):
            raise FallError(
                f"the {which} lowers {self.climbs} by {before - height:.3g}, to {height:.8g}: it should maximize it. "
                "`check_model` says more, and `em` goes on; a prior belongs in the model's log_prior(theta)"
            )
        self._heights.append(height)

    def settles(self, tol: float) -> bool:
        """Whether theta stays as it is or, where the E-step was exact, at most tol is left to climb."""
        if self[-1].kind != "M":
            return False
        before, last = self[-2:]
        self.left, self._ended = left_to_climb(self._heights[1::2]) if self._exact else inf, ""
        if same(before.theta, last.theta):
            self.left, self._ended = 0.0, "settled: theta stays as it is"
        elif self.left <= tol:
            self._ended = f"settled: {self._say_left()}"
        return bool(self._ended)

    def ends_by(self, error: EMError) -> None:
        """Note the error that ended the run, and leave the history with it."""
        self._ended = f"{'fell' if isinstance(error, FallError) else 'collapsed'}: {error}"
        error.history = self

    def _say_left(self) -> str:
        if self.left == 0:
            return f"an iteration adds nothing to {self.climbs} but rounding"
        much = f"about {self.left:.1g}" if self.left < inf else "an unknown part"
        return f"{much} of {self.climbs} is left to climb"


def left_to_climb(heights: list[float]) -> float:
    """Aitken's estimate of how far the limit of rising heights, such as l after each iteration, lies above the last.

    g r + g r^2 + ... = g r / (1 - r) for a last gain g and gains that shrink by the factor r, here the larger of the
    last two ratios of gains: near the limit of EM they are equal, far from it the estimate may be too low. It is inf
    while gains do not shrink or there are fewer than four heights, and 0 where g is no more than rounding.
    Source: Boehning et al., Annals of the Institute of Statistical Mathematics 46 (1994) 373-388.
    """
    gains = [after - before for before, after in pairwise(heights[-4:])]
    rounding = ULPS * (1 + abs(heights[-1])) if gains else 0.0
    if gains and gains[-1] <= rounding:
        return 0.0
    if len(gains) < 3 or not rounding < min(gains) < max(gains) < inf:
        return inf
    r = max(after / (before - rounding) for before, after in pairwise(gains))
    return gains[-1] * r / (1 - r) if r < 1 else inf
