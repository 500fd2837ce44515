"""Chapter 11, hidden Markov models."""

import math
from itertools import pairwise

import numpy as np

from emcore import HMM
from emcore.exercises import check_best_path, check_forward_by_hand, check_log_p, check_transitions

GAMMA = (0.924373, 0.875000, 0.322492)  # P(H) of the diary 3, 3, 1, from its eight paths
P = 0.05104


def log_p(x, pi, A, B):
    log_alpha = np.log(pi) + np.log(B[:, x[0]])
    for s in x[1:]:
        log_alpha = np.logaddexp.reduce(log_alpha[:, None] + np.log(A), axis=0) + np.log(B[:, s])
    return np.logaddexp.reduce(log_alpha)


def log_sum_exp(values):
    top = max(values)
    return top if top == -math.inf else top + math.log(sum(math.exp(value - top) for value in values))


def log(p):
    return math.log(p) if p > 0 else -math.inf


def in_loops(x, pi, A, B):
    states = range(len(pi))
    now = [log(pi[k]) + log(B[k, x[0]]) for k in states]
    for s in x[1:]:
        now = [log_sum_exp([now[j] + log(A[j, k]) for j in states]) + log(B[k, s]) for k in states]
    return log_sum_exp(now)


def backward(x, pi, A, B):
    """The same sum, from the last day to the first."""
    log_beta = np.zeros(len(pi))
    for s in x[:0:-1]:
        log_beta = np.logaddexp.reduce(np.log(A) + np.log(B[:, s]) + log_beta, axis=1)
    return [np.logaddexp.reduce(np.log(pi) + np.log(B[:, x[0]]) + log_beta)]


def divided_by_the_sum(x, pi, A, B):
    total, predicted = 0.0, pi
    for s in x:
        alpha = predicted * B[:, s]
        total += np.log(alpha.sum())
        predicted = alpha / alpha.sum() @ A
    return total


def underflowing(x, pi, A, B):
    alpha = pi * B[:, x[0]]
    for s in x[1:]:
        alpha = alpha @ A * B[:, s]
    return np.log(alpha.sum())


def transitions(gamma, xi):
    moves = xi.sum(axis=0)
    return moves / moves.sum(axis=1, keepdims=True)


def transitions_in_loops(gamma, xi):
    K = gamma.shape[1]
    return [[sum(xi[:, j, k]) / sum(gamma[:-1, j]) for k in range(K)] for j in range(K)]


def viterbi(x, pi, A, B, *, half=False):
    score, came = np.log(pi) + np.log(B[:, x[0]]), []
    A = np.sqrt(A) if half else A
    for s in x[1:]:
        candidates = score[:, None] + np.log(A)
        came.append(candidates.argmax(axis=0))
        score = candidates.max(axis=0) + np.log(B[:, s])
    path = [int(score.argmax())]
    for before in reversed(came):
        path.append(int(before[path[-1]]))
    return path[::-1]


def by_dictionaries(x, pi, A, B):
    paths = {k: (log(pi[k]) + log(B[k, x[0]]), (k,)) for k in range(len(pi))}
    for s in x[1:]:
        paths = {
            k: max((score + log(A[j, k]) + log(B[k, s]), (*path, k)) for j, (score, path) in paths.items())
            for k in range(len(pi))
        }
    return max(paths.values())[1]


def backward_viterbi(x, pi, A, B):
    """From the last day to the first, so that the path is read forward."""
    to_come, after = np.zeros(len(pi)), []
    for s in x[:0:-1]:
        candidates = np.log(A) + np.log(B[:, s]) + to_come
        after.append(candidates.argmax(axis=1))
        to_come = candidates.max(axis=1)
    path = [np.argmax(np.log(pi) + np.log(B[:, x[0]]) + to_come)]
    for best in after[::-1]:
        path.append(best[path[-1]])
    return np.array(path)


def log_of(path, x, pi, A, B):
    """The log joint probability of a path and the symbols."""
    moves = sum(np.log(A[j, k]) for j, k in pairwise(path))
    return np.log(pi[path[0]]) + np.log(B[path, x]).sum() + moves


def best_days(x, pi, A, B):
    return HMM(B.shape[1]).e_step(x, (pi, A, B)).gamma.argmax(axis=1)


def best_so_far(x, pi, A, B):
    return [best_days(x[: t + 1], pi, A, B)[-1] for t in range(len(x))]


def greedy(x, pi, A, B):
    path = [np.argmax(pi * B[:, x[0]])]
    for s in x[1:]:
        path.append(np.argmax(A[path[-1]] * B[:, s]))
    return path


def one_more_symbol(x, pi, A, B, day):
    """The path with the symbol of one day counted twice, or, day by day, of the next day."""
    return viterbi(x, pi * B[:, x[0]], A, B) if day == 0 else viterbi(np.roll(x, -1), pi, A, B)


def without_symbol(x, pi, A, B, day):
    """The path where the symbol of a day says nothing: it is replaced by one that all states show alike."""
    x = x.copy()
    x[day] = B.shape[1]
    return viterbi(x, pi, A, np.column_stack([B, np.ones(len(B))]))


RIGHT = {
    check_forward_by_hand: [(P, GAMMA), (0.05104, [0.924, 0.875, 0.322])],
    check_log_p: [log_p, in_loops, backward],
    check_transitions: [
        transitions,
        lambda gamma, xi: xi.sum(axis=0) / gamma[:-1].sum(axis=0)[:, None],
        transitions_in_loops,
    ],
    check_best_path: [viterbi, by_dictionaries, backward_viterbi],
}

SAME = {
    "check_log_p": {
        "`np.logaddexp.reduce(log_alpha[:, None] + np.log(A), axis=0)` is "
        "`np.logaddexp.reduce(log_alpha[:, None] + np.log(A))`": "the first axis is the default",
    },
    "check_transitions": {
        "`xi.sum` is `xi.mean`": "the rows are divided by their sums",
        **dict.fromkeys(("gamma is ignored", "the first is forgotten", "the last is forgotten"), "xi says it all"),
    },
    "check_best_path": {
        "`int(score.argmax())` is `score.argmax()`": "an integer of numpy's will do",
        "`int(before[path[-1]])` is `before[path[-1]]`": "an integer of numpy's will do",
    },
}

WRONG = {
    check_forward_by_hand: [
        ((0.05, GAMMA), "rounded to 2 decimals; keep 5"),
        ((0.052, GAMMA), "p is off: 0.052 is too large"),
        ((0.051, GAMMA), "rounded to 3 decimals; keep 5"),
        ((np.log(P), GAMMA), "that is its log"),
        ((2 * P, GAMMA), "the first day's 1/2 is missing"),
        ((0.5 * 0.7 * 0.8 * 0.7 * 0.2 * 0.7, GAMMA), "that is the path H H C alone"),
        ((0.00342, GAMMA), "that is with a stop"),
        ((P, 1 - np.array(GAMMA)), "those are the probabilities of C"),
        ((P, (0.875, 0.948598, 0.322492)), "multiply by beta"),
        ((P, (0.875, 0.875, 0.125)), "each day alone"),
        ((P, P * np.array(GAMMA)), "divide by p"),
    ],
    check_log_p: [
        (underflowing, "1000 days underflow"),
        (divided_by_the_sum, "a state that was all but impossible"),
        (
            lambda x, pi, A, B: divided_by_the_sum(x, pi, A, np.maximum(B, 1e-300)),
            "with a late turn is off",
        ),
        (lambda *a: np.exp(log_p(*a)), "e to the power of what is asked"),
        (lambda x, *a: log_p(x, *a) / len(x), "a mean where a sum is asked"),
        (lambda x, pi, A, B: log_p(x, pi, A.T, B), "A is transposed"),
        (lambda x, pi, A, B: np.log(pi @ B[:, x]).sum(), "independent draws"),
        (lambda x, pi, A, B: log_p(x[1:], pi @ A, A, B), "the first day's symbol"),
        (lambda x, pi, A, B: log_p(x, pi @ A, A, B), "moves before the first day"),
        (lambda *a: -log_p(*a), "the sign is flipped"),
        (lambda *a: log_p(*a) / np.log(2), "base 2"),
        (lambda x, pi, A, B: log_of(viterbi(x, pi, A, B), x, pi, A, B), "the best path alone"),
    ],
    check_transitions: [
        (lambda gamma, xi: xi.sum(axis=0) / gamma.sum(axis=0)[:, None], "the last day is counted below"),
        (lambda gamma, xi: xi.sum(axis=0) / gamma[1:].sum(axis=0)[:, None], "the first day is left out"),
        (lambda gamma, xi: xi.sum(axis=0) / xi.sum(axis=(0, 1)), "the columns sum to 1"),
        (lambda gamma, xi: xi.sum(axis=0), "those are expected counts"),
        (lambda gamma, xi: xi.mean(axis=0), "the number of moves"),
        (lambda gamma, xi: transitions(gamma, xi).T, "that is transposed"),
    ],
    check_best_path: [
        (best_days, "the most probable days"),
        (best_so_far, "the days so far"),
        (lambda x, pi, A, B: B[:, x].argmax(axis=0), "each day's symbol alone"),
        (lambda *a: viterbi(*a)[::-1], "the path is reversed"),
        (lambda x, *a: [viterbi(x[: t + 1], *a)[-1] for t in range(len(x))], "the ends of the best paths so far"),
        (greedy, "the best next state each day"),
        (lambda x, pi, A, B: viterbi(x, pi, A.T, B), "A is transposed: row j holds the moves from state j."),
        (lambda x, pi, A, B: viterbi(x, np.ones(len(pi)), A, B), "pi is missing"),
        (lambda *a: without_symbol(*a, 0), "the first day's symbol is not counted"),
        (lambda *a: without_symbol(*a, -1), "the last day's symbol is not counted"),
        (lambda *a: one_more_symbol(*a, 0), "paths is off at position"),
        (lambda *a: one_more_symbol(*a, 1), "paths is off at position"),
        (lambda *a: viterbi(*a, half=True), "paths is off at position"),
        (lambda *a: viterbi(*a)[:-1], "the path should have shape (30,); yours has shape (29,)"),
        (lambda x, pi, A, B: log_of(viterbi(x, pi, A, B), x, pi, A, B), "the log-probability of the best path"),
    ],
}
