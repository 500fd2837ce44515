"""A theta as a tuple of fields: named, rebuilt, walked along, laid flat, compared."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def names(theta: Any) -> list[str]:
    """The names of its fields; those of a plain tuple are theta[0], theta[1], ..."""
    return list(getattr(theta, "_fields", [f"theta[{i}]" for i in range(len(theta))]))


def between(start: Any, end: Any, share: float, only: int | None = None) -> Any:
    """theta a share of the way along the straight line from start to end; `only` one field, where given."""
    fields = [np.asarray(field) for field in start]
    for i, target in enumerate(end):
        if only in (None, i):
            fields[i] = (1 - share) * fields[i] + share * np.asarray(target)
    return like(start, fields)


def like(theta: Any, fields: Any) -> Any:
    """Fields as a theta of the same kind, single numbers as Python floats."""
    fields = [float(field) if np.ndim(field) == 0 else field for field in fields]
    return type(theta)(*fields) if hasattr(theta, "_fields") else tuple(fields)


def flat(theta: Any) -> NDArray[np.float64]:
    """All the numbers of theta in one row."""
    return np.concatenate([np.ravel(field) for field in theta]).astype(float)


def parts(theta: Any) -> list[slice]:
    """Where in `flat(theta)` each of its fields stands."""
    ends = np.cumsum([np.size(field) for field in theta]).tolist()
    return [slice(end - np.size(field), end) for end, field in zip(ends, theta, strict=True)]


def shaped(row: NDArray[np.float64], theta: Any) -> Any:
    """A row of numbers as a theta of the same kind and shapes: it undoes `flat`."""
    return like(theta, [row[part].reshape(np.shape(field)) for part, field in zip(parts(theta), theta, strict=True)])


def same(a: Any, b: Any) -> bool:
    """Whether two thetas, q's or steps are equal to the last bit, field by field; nan equals nan."""
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if hasattr(a, "__dict__"):  # an object of the reader's own
        return type(a) is type(b) and same(vars(a), vars(b))
    floats = all(np.asarray(value).dtype.kind in "fc" for value in (a, b))
    return a is b or np.array_equal(a, b, equal_nan=floats)
