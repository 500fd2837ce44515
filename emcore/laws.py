"""The laws of EM, in one list.

A law is a function of one `Turn` of EM. Its name and its first line tell what must hold; it gives back what to say
where that is broken, else None. `check_model` tries them on a reader's model, the tests on every model here.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from . import validate
from .core import checked
from .mixture import Mixture
from .numerics import Array
from .rivals import best_rival
from .theta import between, names
from .turn import Turn
from .words import ARGUMENTS, say, say_theta

Law = Callable[[Turn], str | None]
FORM: list[Law] = []  # a law of form rests on those before it
BOUND: list[Law] = []  # the bound's rests on them
STEPS: list[Law] = []  # and these rest on the bound


def law_of(group: list[Law]) -> Callable[[Law], Law]:
    """Put a law into the list."""
    return lambda law: group.append(law) or law  # type: ignore[func-returns-value]


# Form: functions that can be called, and what they give.


@law_of(FORM)
def the_functions_take_x_q_theta(turn: Turn) -> str | None:
    """The model has e_step(x, theta), m_step(x, q), lower_bound(x, q, theta) and loglik(x, theta)."""
    for name, arguments in ARGUMENTS.items():
        function = getattr(turn.model, name, None)
        if function is None and name in ("log_joint", "log_prior"):
            continue
        takes = f"({', '.join(arguments)})" if name != "m_step" else "(x, q) or (x, q, theta)"
        if not callable(function):
            return f"The model has no {name}{takes}."
        if not can_take(function, arguments):
            return f"The {name} must take {takes}; yours takes ({', '.join(signature(function).parameters)})."
    return None


def can_take(function: Callable[..., Any], arguments: list[str]) -> bool:
    """Whether a function can be called with them, and has those of its own with the same names in this order."""
    takes = signature(function).parameters
    given = arguments if "theta" in takes or function.__name__ != "m_step" else arguments[:2]
    try:
        signature(function).bind(*given)
    except TypeError:
        return False
    return [name for name in takes if name in arguments] == [name for name in arguments if name in takes]


@law_of(FORM)
def log_joint_is_a_table(turn: Turn) -> str | None:
    """log_joint has shape (N, K)."""
    if turn.log_joint is not None and (turn.log_joint.ndim != 2 or len(turn.log_joint) != len(turn.x)):
        return f"The log_joint must have shape (N, K) = ({len(turn.x)}, K); it has shape {turn.log_joint.shape}."
    return None


@law_of(FORM)
def loglik_is_one_finite_number(turn: Turn) -> str | None:
    """l(theta) is one finite number."""
    if said := not_a_number(turn, "loglik", turn.loglik):
        return said
    if not np.isfinite(turn.loglik):
        return f"The log-likelihood is {turn.loglik} {turn.at}: log_joint must be finite for some label of every x_n."
    return None


@law_of(FORM)
def loglik_and_e_step_are_pure(turn: Turn) -> str | None:
    """They change nothing that they are given, and give the same again."""
    return turn.impure("loglik", turn.x, turn.theta) or turn.impure("e_step", turn.x, turn.theta)


@law_of(FORM)
def each_q_n_is_a_distribution(turn: Turn) -> str | None:
    """A mixture's q has shape (N, K), q_n(k) >= 0 and sum_k q_n(k) = 1; a q of another kind is the model's affair."""
    q, joint = turn.q, turn.log_joint
    if joint is None or not (isinstance(turn.model, Mixture) or np.ndim(q) == 2):
        return None
    if isinstance(q, np.ndarray) and q.ndim == 2 and len(q) != len(joint):
        said = f"The E-step's q has {len(q)} rows for {len(joint)} observations {turn.at}"
        return said + ": rows are observations, columns components."
    if not turn.is_table or q.dtype.kind != "f":
        gave = f"one of {q.dtype}, shape {q.shape}" if isinstance(q, np.ndarray) else f"a {type(q).__name__}"
        return f"The E-step must give an array of floats, shape (N, K) = {joint.shape}; it gave {gave} {turn.at}."
    wrong = ~((q >= 0).all(axis=1) & (np.abs(q.sum(axis=1) - 1) <= 1e-8))
    if wrong.any():
        n = int(np.argmax(wrong))
        said = f"The responsibilities of observation {n} are {say(q[n])} {turn.at}, which sum to {q[n].sum():.4g}"
        return said + ": each must be at least 0, and each row must sum to 1."
    return None


@law_of(FORM)
def lower_bound_is_one_number_and_pure(turn: Turn) -> str | None:
    """F(q, theta) is one number; it changes nothing, and is the same again."""
    said = not_a_number(turn, "lower_bound", turn.bound(turn.q, turn.theta))
    return said or turn.impure("lower_bound", turn.x, turn.q, turn.theta)


@law_of(FORM)
def m_step_is_pure(turn: Turn) -> str | None:
    """The M-step changes nothing that it is given, and gives the same theta again."""
    return turn.impure("m_step", turn.x, turn.q, turn.theta)


@law_of(FORM)
def m_step_gives_a_theta(turn: Turn) -> str | None:
    """The M-step's theta has the fields and shapes of theta0, passes the model's check, and has a log-likelihood."""
    theta, new = turn.theta, turn.new
    if not isinstance(new, tuple | list) or len(new) != len(theta):
        return f"The M-step must give a theta of {len(theta)} field(s), as theta0 is; it gave {validate.short(new)}."
    if hasattr(theta, "_fields") and not hasattr(new, "_fields"):
        name = type(theta).__name__
        return f"The M-step must give a {name}, as theta0 is; it gave a plain tuple: return {name}(…)."
    for name, *pair in zip(names(theta), theta, new, strict=True):
        due, has = map(np.shape, pair)
        if has != due:
            return f"The M-step's {name} must have shape {due}, as in theta0; it has {has} {turn.at}."
    try:
        checked(turn.model, turn.x, new)
    except ValueError as error:
        return f"The M-step's theta {turn.at} is not a valid one: {error}."
    if not np.isfinite(after := turn.ask("loglik", turn.x, new)):
        gave = f"The M-step gave {say_theta(new)} {turn.at}"
        return f"{gave}; there the log-likelihood is {after}: look for a field out of range."
    return None


def not_a_number(turn: Turn, name: str, value: Any) -> str | None:
    """What a function gave in place of one number, in words."""
    if np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf":
        return None
    gave = f"an array of shape {np.shape(value)}" if np.ndim(value) else validate.short(value)
    return f"The {name} must give one number, summed over the observations; it gave {gave} {turn.at}."


# The bound: F(q, theta) = E_q[log p(x, z | theta)] + H(q).


@law_of(BOUND)
def the_bound_is_loglik_less_the_divergence(turn: Turn) -> str | None:
    """F(q, theta) = l(theta) - KL(q || posterior) for every table q; for another kind of q, F(q, theta) <= l(theta)."""
    qs = [turn.q, *turn.others]
    gaps = np.array([turn.loglik - turn.bound(q, turn.theta) for q in qs])
    due = np.array([divergence(q, turn.log_joint) for q in qs]) if turn.is_table else np.maximum(gaps, 0)
    if np.isclose(gaps, due, rtol=1e-9, atol=turn.rounding(turn.loglik)).all():
        return None
    return say_bound(turn, gaps, due)


def divergence(q: Array, log_joint: Any) -> float:
    """KL(q || posterior) = sum_nk q_n(k) log[q_n(k) / p(z_n = k | x_n, theta)], with 0 log 0 = 0."""
    log_posterior = log_joint - log_sum(log_joint)[:, None]
    return float((q * (np.log(q) - log_posterior)).sum(where=q > 0))


def log_sum(log_joint: Any) -> Array:
    """log p(x_n | theta) = log sum_k p(x_n, z_n = k | theta)."""
    return np.logaddexp.reduce(log_joint, axis=1)


def say_bound(turn: Turn, gaps: Array, due: Array) -> str:
    """What is wrong with a bound whose gaps, that of the E-step's q first, are not what is due."""
    slack, worst = turn.rounding(turn.loglik), int(np.argmax(np.abs(gaps - due)))
    if turn.is_table and abs((own := log_sum(turn.log_joint).sum()) - turn.loglik) > slack:
        said = f"The loglik is not the sum of the joint over the labels {turn.at}"
        return f"{said}: it gives {turn.loglik:.6g}, log_joint {own:.6g}."
    if (excess := -np.nanmin(gaps, initial=0)) > slack:
        return f"The bound exceeds the log-likelihood by {excess:.3g} for some q {turn.at}: it is no bound."
    if np.isnan(gaps).any():
        return f"The bound is nan {turn.at}: take 0 log 0 as 0."
    if np.ptp(gaps) <= slack:
        return f"The bound is the same for every q {turn.at}: it must be computed from q."
    if gaps[0] > slack >= due[0]:
        said = f"The E-step leaves a gap of {gaps[0]:.3g} {turn.at}"
        return f"{said}: its q is the posterior, so the bound lacks something, such as the entropy of q."
    said = f"The bound is {gaps[worst]:.3g} below the log-likelihood for some q {turn.at}"
    return f"{said}: the divergence of that q from the posterior is {due[worst]:.3g}, and so must the gap be."


# The steps.


@law_of(STEPS)
def the_joint_is_normalized(turn: Turn) -> str | None:
    """p(x_n | theta) sums to 1 over the support, where one is given, as far as its grid can tell."""
    total, error = (1.0, 0.0) if turn.support is None else total_probability(turn)
    if abs(total - 1) <= 1e-3 + error:
        return None
    where = "theta0" if turn.t == 1 else f"the theta of iteration {turn.t}"
    said = f"The joint is not normalized: p(x | theta) sums to {total:.4g} over the support at {where}, not to 1"
    return said + (" (or the grid is too coarse, or too short)." if error else ".")


def total_probability(turn: Turn) -> tuple[float, float]:
    """The sum of p(x_n | theta) over the support; and how far off a grid of equal cells is.

    That is what it takes to count the ends by halves, as trapezoids do, and what every second point would change.
    """
    pair = isinstance(turn.support, tuple) and len(turn.support) == 2 and np.ndim(turn.support[0])
    points, weights = turn.support if pair else (turn.support, 1.0)
    points = np.asarray(points)
    if hasattr(turn.model, "log_joint"):
        p = np.exp(log_sum(turn.ask("log_joint", points, turn.theta)))
    else:
        p = np.exp([turn.ask("loglik", point[None], turn.theta) for point in points])
    total = float(np.sum(weights * p))
    if not pair or np.ptp(weights) or points.ndim > 1:
        return total, 0.0
    fine, coarse = (float(step * np.mean(weights) * np.trapezoid(p[::step])) for step in (1, 2))
    return total, abs(total - fine) + abs(fine - coarse)


@law_of(STEPS)
def the_e_step_closes_the_gap(turn: Turn) -> str | None:
    """F(q, theta) = l(theta) for the E-step's q: it is the posterior."""
    gap = turn.loglik - turn.bound(turn.q, turn.theta)
    if gap <= turn.rounding(turn.loglik):
        return None
    but = "" if turn.is_table else ", or the bound lacks something, such as the entropy of q"
    return f"The E-step leaves a gap of {gap:.3g} {turn.at}: its q is not the posterior{but}."


@law_of(STEPS)
def no_m_step_lowers_the_bound(turn: Turn) -> str | None:
    """F(q, theta_t+1) >= F(q, theta_t): all that generalized EM asks of an M-step."""
    fall = turn.height(turn.q, turn.theta) - turn.top
    if fall <= turn.rounding(turn.top):
        return None
    return f"The M-step lowers {turn.climbs} by {fall:.3g} {turn.at}: this is not EM, nor generalized EM."


@law_of(STEPS)
def the_m_step_maximizes_the_bound(turn: Turn) -> str | None:
    """F(q, theta_t+1) >= F(q, theta) for every theta; in generalized EM, as to the fields that the M-step leaves."""
    left = [i for i, (old, new) in enumerate(zip(turn.theta, turn.new, strict=True)) if np.array_equal(old, new)]
    gain, i = best_rival(turn, left if turn.generalized else range(len(turn.new)))
    if gain == 0 or (turn.generalized and i is None):
        return None
    if i is None:
        better = f"another theta gives it {gain:.3g} more. It gave {say_theta(turn.new)}"
    else:
        name, gave = names(turn.new)[i], "leaves" if i in left else "gave"
        better = f"another {name} gives it {gain:.3g} more, all else the same. It {gave} {name} = {say(turn.new[i])}"
    return f"The M-step does not maximize {turn.climbs} {turn.at}: {better}."


@law_of(STEPS)
def the_bound_depends_on_what_the_m_step_estimates(turn: Turn) -> str | None:
    """F(q, .) is not the same, for all q, for all that the M-step makes of a field."""
    tiny = 1e-3 * turn.rounding(turn.top)
    for i, name in enumerate(names(turn.new)):
        rivals = [between(turn.new, other, 1, i) for other in turn.answers if not np.allclose(other[i], turn.new[i])]
        if rivals and all(abs(turn.rise(rival, q)) <= tiny for q in [turn.q, *turn.others] for rival in rivals):
            return f"The bound is the same whatever {name} is {turn.at}: is {name} missing from the joint?"
    return None


@law_of(STEPS)
def no_iteration_lowers_the_loglik(turn: Turn) -> str | None:
    """l(theta_t+1) >= l(theta_t), with the log prior where there is one."""
    before = turn.loglik + turn.log_prior(turn.theta)
    fall = before - turn.ask("loglik", turn.x, turn.new) - turn.log_prior(turn.new)
    return f"The log-likelihood fell by {fall:.3g} {turn.at}." if fall > turn.rounding(before) else None
