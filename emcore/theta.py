"""A theta as a tuple of fields: named, rebuilt, walked along, and laid flat."""

import numpy as np


def names(theta) -> list[str]:
    """The names of its fields; a plain tuple's are theta[0], theta[1], ..."""
    return list(getattr(theta, "_fields", [f"theta[{i}]" for i in range(len(theta))]))


def between(start, end, share, only=None):
    """theta a share of the way along the straight line from start to end; `only` one field, where given."""
    away = [share if only in (None, i) else 0 for i in range(len(start))]
    return like(start, [(1 - a) * np.asarray(s) + a * np.asarray(e) for s, e, a in zip(start, end, away, strict=True)])


def like(theta, fields):
    """Fields as a theta of the same kind, single numbers as Python floats."""
    fields = [float(field) if np.ndim(field) == 0 else field for field in fields]
    return type(theta)(*fields) if hasattr(theta, "_fields") else tuple(fields)


def flat(theta) -> np.ndarray:
    """All the numbers of theta in one row."""
    return np.concatenate([np.ravel(field) for field in theta]).astype(float)


def parts(theta) -> list[slice]:
    """Where in `flat(theta)` each of its fields stands."""
    ends = np.cumsum([np.size(field) for field in theta]).tolist()
    return [slice(end - np.size(field), end) for end, field in zip(ends, theta, strict=True)]


def shaped(row, theta):
    """The row of numbers as a theta of the same kind and shapes: what `flat` undoes."""
    return like(theta, [row[part].reshape(np.shape(field)) for part, field in zip(parts(theta), theta, strict=True)])
