"""A theta as a tuple of fields: rebuilt, walked along, and named."""

import numpy as np


def between(start, end, share, only=None):
    """theta a share of the way along the straight line from start to end; `only` one field, where given."""
    away = [share if only in (None, i) else 0 for i in range(len(start))]
    return like(start, [(1 - a) * np.asarray(s) + a * np.asarray(e) for s, e, a in zip(start, end, away, strict=True)])


def like(theta, fields):
    """Fields as a theta of the same kind, single numbers as Python floats."""
    fields = [float(field) if np.ndim(field) == 0 else field for field in fields]
    return type(theta)(*fields) if hasattr(theta, "_fields") else tuple(fields)
