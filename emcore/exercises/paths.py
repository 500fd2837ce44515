"""Paths of a hidden Markov model: the best one, those that slips lead to, and sequences that tell them apart."""

from collections.abc import Iterator, Sequence

import numpy as np

from ..models import HMM
from .draws import draw_hmm
from .slips import Slip

MISTAKEN = (
    "those are the most probable days; the most probable path is asked.",
    "those are the best states given the days so far; walk back from the best end.",
    "those are the ends of the best paths so far; walk back from the last one.",
    "that takes the best next state each day; a worse day can lead to a better path.",
    "A is transposed: row j holds the moves from state j.",
    "that looks at each day's symbol alone.",
    "the path is reversed: you walked back from the end.",
    "pi is missing: the first state is not free.",
    "the first day's symbol is not counted.",
    "the last day's symbol is not counted.",
)


def slips_of(races: Sequence[tuple[np.ndarray, ...]]) -> Iterator[Slip]:
    """What each slip makes of all races, worked out only where an answer is wrong."""
    wrong = zip(*(mistaken(*race) for race in races), strict=True)
    yield from (Slip(np.concatenate(paths), says) for paths, says in zip(wrong, MISTAKEN, strict=True))


def mistaken(x: np.ndarray, pi: np.ndarray, A: np.ndarray, B: np.ndarray) -> list[np.ndarray]:
    """The paths that slips lead to, in the order of MISTAKEN."""
    first, moves, symbols = np.log(pi), np.log(A), np.log(B[:, x].T)
    path, scores = best(first, moves, symbols)
    forward, greedy = [pi * B[:, x[0]]], [scores[0].argmax()]
    for s in x[1:]:
        forward.append(forward[-1] @ A * B[:, s])
        greedy.append(np.argmax(A[greedy[-1]] * B[:, s]))
    counted = np.ones((len(x), 1))
    counted[0] = 0
    paths = [
        HMM(B.shape[1]).e_step(x, (pi, A, B)).gamma.argmax(axis=1),
        np.argmax(forward, axis=1),
        scores.argmax(axis=1),
        np.array(greedy),
        best(first, moves.T, symbols)[0],
        symbols.argmax(axis=1),
        path[::-1],
        best(0 * first, moves, symbols)[0],
        best(first, moves, symbols * counted)[0],
        best(first, moves, symbols * counted[::-1])[0],
    ]
    return [path if as_good(other, path, first, moves, symbols) else other for other in paths]


def best(first: np.ndarray, moves: np.ndarray, symbols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best path, (T,), by the logs of pi, A and each day's symbol in each state, (T, K); and its scores so far."""
    scores, came = [first + symbols[0]], []
    for symbol in symbols[1:]:
        candidates = scores[-1][:, None] + moves
        came.append(candidates.argmax(axis=0))
        scores.append(candidates.max(axis=0) + symbol)
    path = [scores[-1].argmax()]
    for before in reversed(came):
        path.append(before[path[-1]])
    return np.array(path[::-1]), np.array(scores)


def as_good(path: np.ndarray, right: np.ndarray, first: np.ndarray, moves: np.ndarray, symbols: np.ndarray) -> bool:
    """Is a path as probable as the right one? Paths with the same moves in another order are."""
    days = np.arange(len(right))

    def log_p(z: np.ndarray) -> float:
        return first[z[0]] + moves[z[:-1], z[1:]].sum() + symbols[days, z].sum()

    states = path.astype(int)
    possible = (states == path).all() and states.min() >= 0 and states.max() < len(first)
    return bool(possible) and log_p(states) > log_p(right) - 1e-9


def draw_a_close_race(draw: np.random.Generator, K: int, T: int, at_the_end: bool) -> tuple[np.ndarray, ...]:
    """x, pi, A, B under which the best paths from all states of the first day, or to all of the last, nearly tie.

    So any slip in any term tips the balance. The last day has a symbol of its own; another one is never seen.
    """
    x = np.append(draw.integers(0, 3, T - 1), 3)
    pi, A, B = draw_hmm(draw, K, 3)
    B = np.column_stack([B / 2, *draw.dirichlet([2, 2], K).T / 2])
    first, moves, symbols = np.log(pi), np.log(A), np.log(B[:, x].T)
    noise = draw.uniform(-0.1, 0.1, K)
    if at_the_end:
        ahead = noise - (best(first, moves, symbols[:-1])[1][-1][:, None] + moves).max(axis=0)
        B[:, 3] = np.exp(ahead - ahead.max()) / 3
        B[:, 4] = 0.5 - B[:, 3]
    else:
        to_come = np.zeros(K)
        for symbol in symbols[:0:-1]:
            to_come = (moves + symbol + to_come).max(axis=1)
        ahead = noise - to_come - symbols[0]
        pi = np.exp(ahead - np.logaddexp.reduce(ahead))
    return x, pi, A, B
