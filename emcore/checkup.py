"""`check_model`: the laws of EM tried on a model of your own, with the answer in words."""

from copy import deepcopy

import numpy as np

from . import validate
from .core import CollapseError, checked
from .mixture import Mixture
from .theta import between, like

ROUNDING = 1e-8  # relative to 1 + the size of what is compared


def check_model(model, x, theta0, *, support=None, iterations=5, seed=0) -> list[str]:
    """Say in words which laws of EM the model breaks on these data, and where; [] when none was found.

    Tried are: the shape of q and that its rows sum to 1; that the bound exceeds l for no q; that the
    E-step closes the gap; that no theta near the M-step's beats it; that no iteration lowers l; that the
    same call gives the same answer and changes nothing that it is given. support, where given, says that
    p(x_n | theta) must sum to 1 over one observation: an array of all its values, or a pair (points, weights)
    of a quadrature. A law that was not broken is not thereby proved. Where theta is bound by more than ranges,
    a unit vector say, the model's own `check` must refuse any other with a ValueError, or it counts as a rival
    of the M-step's. K-means, whose q is not the posterior, breaks the law of the gap. Raises ValueError for bad input.
    """
    iterations = validate.whole_number("iterations", iterations, at_least=1, at_most=1e6)
    if support is not None and not (hasattr(support, "__len__") and len(support)):
        raise ValueError(
            f"support must be an array of values, or a pair (points, weights); got {validate.short(support)}"
        )
    rng = np.random.default_rng(seed)
    if not isinstance(theta0, tuple | list):
        raise ValueError(f"theta0 must be a tuple of its fields, such as Theta(pi, mu); got {theta0!r}")
    x, theta = deepcopy(checked(model, x, theta0))
    found: dict[str, str] = {}  # the first place where each law breaks
    with np.errstate(all="ignore"):
        if hasattr(model, "log_joint"):
            shape = np.shape(model.log_joint(x, theta))
            if len(shape) != 2 or shape[0] != len(x):
                return [f"The log_joint must have shape (N, K) = ({len(x)}, K); it has shape {shape}."]
        try:
            for t in range(1, iterations + 1):
                if support is not None:
                    _try_normalized(found, model, theta, support, "theta0" if t == 1 else f"the theta of iteration {t}")
                theta = _iteration(found, model, x, theta, f"in iteration {t}", rng)
                if theta is None:
                    break
        except CollapseError as error:
            found["collapse"] = f"EM cannot go on: {error}."
    return list(found.values())


def _iteration(found, model, x, theta, at, rng):
    """Try every law around one iteration; return the new theta, or None when there is no going on."""
    given = deepcopy((x, theta))
    loglik = model.loglik(x, theta)
    if not (_is_a_number(found, "loglik", loglik, at) and _is_finite(found, loglik, at)):
        return None
    q = model.e_step(x, theta)
    if not _same((x, theta), given):
        found["changed"] = f"The loglik or the E-step changes its x or its theta {at}: let it work on a copy."
        return None
    if not _is_pure(found, "The E-step gives another q", q, model.e_step(x, theta), at):
        return None
    if not _is_pure(found, "The loglik gives another number", loglik, model.loglik(x, theta), at):
        return None
    if not _q_is_a_distribution(found, model, q, x, theta, at):
        return None
    bound, q_given = model.lower_bound(x, q, theta), deepcopy(q)
    if not _is_a_number(found, "lower_bound", bound, at):
        return None
    if not _is_pure(found, "The lower_bound gives another number", bound, model.lower_bound(x, q, theta), at):
        return None
    others = _other_qs(model, x, q, theta, rng)
    _try_bound(found, model, x, q, others, theta, loglik, bound, at)
    new = model.m_step(x, q)
    if not _same((x, q, theta), (given[0], q_given, given[1])):
        found["changed"] = f"The M-step changes its x or its q {at}: let it work on a copy."
        return None
    if not _is_pure(found, "The M-step gives another theta", new, model.m_step(x, q), at):
        return None
    if not isinstance(new, tuple | list) or len(new) != len(theta):
        found["m_step"] = f"The M-step must give a theta of {len(theta)} field(s), as theta0 is; it gave {new!r}."
        return None
    if hasattr(theta, "_fields") and not hasattr(new, "_fields"):
        name = type(theta).__name__
        found["m_step"] = f"The M-step must give a {name}, as theta0 is; it gave a plain tuple: return {name}(…)."
        return None
    try:
        checked(model, x, new)
    except ValueError as error:
        found["m_step"] = f"The M-step's theta {at} is not a valid one: {error}."
        return None
    if "bound" not in found:
        _try_m_step(found, model, x, q, others, theta, new, at, rng)
    after = model.loglik(x, new)
    if not np.isfinite(after):
        gave = f"The M-step gave {_fields(new)} {at}"
        found["finite"] = f"{gave}; there the log-likelihood is {after}: look for a field out of range."
        return None
    if _more(loglik, after):
        found.setdefault("l", f"The log-likelihood fell by {loglik - after:.3g} {at}.")
    return new


def _is_a_number(found, name, value, at) -> bool:
    if np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf":
        return True
    gave = f"an array of shape {np.shape(value)}" if np.ndim(value) else validate.short(value)
    found["number"] = f"The {name} must give one number, summed over the observations; it gave {gave} {at}."
    return False


def _is_pure(found, what, answer, again, at) -> bool:
    if not (same := _same(answer, again)):
        found["pure"] = f"{what} when it is called again {at}: it must depend on what it is given alone."
    return same


def _is_finite(found, loglik, at) -> bool:
    if not np.isfinite(loglik):
        found["finite"] = f"The log-likelihood is {loglik} {at}: log_joint must be finite for some label of every x_n."
    return bool(np.isfinite(loglik))


def _try_normalized(found, model, theta, support, at):
    pair = isinstance(support, tuple) and len(support) == 2 and np.ndim(support[0])
    points, weights = support if pair else (support, 1.0)
    p = [np.exp(model.loglik(np.asarray(point)[None], theta)) for point in points]
    total = np.sum(np.multiply(weights, p))
    if not abs(total - 1) <= 1e-3:
        message = f"The joint is not normalized: p(x | theta) sums to {total:.4g} over the support at {at}, not to 1."
        found.setdefault("normalized", message)


def _try_bound(found, model, x, q, others, theta, loglik, bound, at):
    elsewhere = [model.lower_bound(x, other, theta) for other in others]
    if np.isnan([bound, *elsewhere]).any():
        found.setdefault("bound", f"The bound is nan {at}: take 0 log 0 as 0.")
        return
    excess = max([bound, *elsewhere]) - loglik
    if (excess > _slack(loglik) or _more(loglik, bound)) and not _agree(own := _summed(model, x, theta), loglik):
        message = (
            f"The loglik is not the sum of the joint over the labels {at}: it gives {loglik:.6g}, log_joint {own:.6g}."
        )
        found.setdefault("loglik", message)
    elif excess > _slack(loglik):
        message = f"The bound exceeds the log-likelihood by {excess:.3g} for some q {at}: it is no bound."
        found.setdefault("bound", message)
    elif _is_table(model, q) and q.shape[1] > 1 and np.ptp([bound, *elsewhere]) <= _slack(loglik):
        found.setdefault("bound", f"The bound is the same for every q {at}: it must be computed from q.")
    elif _more(loglik, bound):
        guilty = "its q is not the posterior"
        if not hasattr(model, "log_joint"):
            guilty += ", or the bound lacks something, such as the entropy of q"
        elif _is_posterior(model, x, q, theta):
            guilty = "its q is the posterior, so the bound lacks something, such as the entropy of q"
        found.setdefault("gap", f"The E-step leaves a gap of {loglik - bound:.3g} {at}: {guilty}.")


def _try_m_step(found, model, x, q, others, theta, new, at, rng):
    """Compare the bound at the M-step's theta with that at thetas around it, and between it and others."""

    def height(rival):
        try:
            value = model.lower_bound(x, q, checked(model, x, rival)[1])
        except (ValueError, ArithmeticError):
            return -np.inf
        return -np.inf if np.isnan(value) else value

    top = model.lower_bound(x, q, new)
    names = _names(new)
    nudged = [(i, _nudged(new, i, size, rng)) for i in range(len(new)) for size in (1e-4, 1e-2) for _ in range(10)]
    near = [(i, between(new, theta, share, i)) for i in range(len(new)) for share in (0.01, 0.1, 0.5, 1)]
    gain, i = max(((height(rival) - top, i) for i, rival in nudged + near), default=(0, 0))
    if gain > _slack(top):
        message = f"another {names[i]} gives it {gain:.3g} more, all else the same. It gave {names[i]} = {_say(new[i])}"
    else:
        ends = [theta, *(end for other in others if (end := _m_step(model, x, other)) is not None)]
        gain = max(height(between(new, end, share)) for end in ends for share in (0.01, 0.1, 0.5, 1)) - top
        message = f"another theta gives it {gain:.3g} more. It gave {_fields(new)}"
    if gain > _slack(top):
        found.setdefault("m_step", f"The M-step does not maximize the bound {at}: {message}.")


def _q_is_a_distribution(found, model, q, x, theta, at) -> bool:
    """For a q of the (N, K) kind; a q of another kind is the model's own affair, unless it is a Mixture."""
    if _is_table(model, q) and len(q) != len(x):
        message = f"The E-step's q has {len(q)} rows for {len(x)} observations {at}"
        found["q"] = message + ": rows are observations, columns components."
        return False
    if isinstance(model, Mixture):
        shape = np.shape(model.log_joint(x, theta))
        if not (isinstance(q, np.ndarray) and q.dtype.kind == "f" and q.shape == shape):
            gave = f"one of {q.dtype}, shape {q.shape}" if isinstance(q, np.ndarray) else f"a {type(q).__name__}"
            found["q"] = f"The E-step must give an array of floats, shape (N, K) = {shape}; it gave {gave} {at}."
            return False
    if not _is_table(model, q):
        return True
    sums = q.sum(axis=1)
    wrong = ~((q >= 0).all(axis=1) & (np.abs(sums - 1) <= 1e-8))
    if wrong.any():
        n = int(np.argmax(wrong))
        says = f"The responsibilities of observation {n} are {q[n].round(4).tolist()} {at}, which sum to {sums[n]:.4g}"
        found["q"] = says + ": each must be at least 0, and each row must sum to 1."
    return not wrong.any()


def _other_qs(model, x, q, theta, rng):
    """Other q's to try the bound with: posteriors at other thetas and, for an (N, K) table, random ones."""
    others = []
    for i in range(len(theta)):
        try:
            others.append(model.e_step(*checked(model, x, _nudged(theta, i, 0.2, rng))))
        except (ValueError, ArithmeticError):
            pass  # that theta is out of bounds
    if not _is_table(model, q):
        return others
    random = rng.dirichlet(np.ones(q.shape[1]), len(q))
    sure = 0.98 * np.eye(q.shape[1])[q.argmax(axis=1)] + 0.02 / q.shape[1]
    return [random, sure, (q + random) / 2, 0.9 * q + 0.1 * random] + [o for o in others if np.shape(o) == q.shape]


def _nudged(theta, i, size, rng):
    """theta with one field changed a little; what could be probabilities or a covariance still is."""
    value = np.asarray(theta[i], float)
    noise = size * rng.standard_normal(value.shape if rng.random() < 0.5 else ())
    if value.ndim and (value >= 0).all() and np.allclose(value.sum(axis=-1), 1):
        changed = (1 - size) * value + size * rng.dirichlet(np.ones(value.shape[-1]), value.shape[:-1])
    elif value.ndim > 1 and value.shape[-1] == value.shape[-2] and np.allclose(value, value.swapaxes(-1, -2)):
        changed = value * (1 + (noise + np.swapaxes(noise, -1, -2)) / 2 if noise.ndim else 1 + noise)
    else:
        changed = value * (1 + noise)
    if ((value >= 0) & (value <= 1)).all():
        changed = changed.clip(0, 1)
    return like(theta, [changed if j == i else field for j, field in enumerate(theta)])


def _names(theta):
    return getattr(theta, "_fields", [f"theta[{i}]" for i in range(len(theta))])


def _fields(theta) -> str:
    return ", ".join(f"{name} = {_say(field)}" for name, field in zip(_names(theta), theta, strict=True))


def _say(value) -> str:
    """The numbers of a field on one line, cut off where they are many."""
    text = " ".join(np.array2string(np.asarray(value), precision=4, suppress_small=True).split())
    return text if len(text) <= 120 else text[:117] + "..."


def _m_step(model, x, q):
    try:
        return model.m_step(x, q)
    except (ValueError, ArithmeticError):
        return None


def _is_table(model, q) -> bool:
    """Whether q holds responsibilities (N, K): only a model with a log_joint has them."""
    return hasattr(model, "log_joint") and isinstance(q, np.ndarray) and q.ndim == 2


def _is_posterior(model, x, q, theta) -> bool:
    """Whether q is what the model's log_joint says of the labels."""
    log_p = model.log_joint(x, theta)
    return np.allclose(q, np.exp(log_p - np.logaddexp.reduce(log_p, axis=1, keepdims=True)), rtol=0, atol=1e-8)


def _summed(model, x, theta) -> float:
    """l as log_joint says it; nan for a model without one."""
    return np.logaddexp.reduce(model.log_joint(x, theta), axis=1).sum() if hasattr(model, "log_joint") else np.nan


def _agree(a, b) -> bool:
    return np.isnan(a) or abs(a - b) <= _slack(a, b)


def _same(a, b) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_same, a, b))
    one, other = np.asarray(a), np.asarray(b)
    if one.dtype == object and one.ndim == 0 and hasattr(a, "__dict__"):  # an object of the reader's own
        return type(a) is type(b) and _same(vars(a), vars(b))
    return np.array_equal(one, other, equal_nan={one.dtype.kind, other.dtype.kind} <= set("fc"))


def _slack(*values):
    return ROUNDING * (1 + max((abs(v) for v in values if np.isfinite(v)), default=0))


def _more(a, b) -> bool:
    return not a <= b + _slack(b)
