"""Answers as students write them, one file a chapter: RIGHT[check] and WRONG[check], for test_exercises.py.

An answer is a function, or a tuple of values where the check takes values. A wrong one comes with a piece
of the message that it must meet. Everything is written out here anew; nothing is imported from the checks.
"""

import numpy as np


def normal(x, mu, sigma):
    return np.exp(-((x - mu) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi * sigma**2)


def by_row(table):
    return table / table.sum(axis=1, keepdims=True)


def by_column(table):
    return table / table.sum(axis=0)


def harden(table):
    return np.eye(table.shape[1])[table.argmax(axis=1)]
