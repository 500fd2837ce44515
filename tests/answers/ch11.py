"""Chapter 11, hidden Markov models."""

from itertools import pairwise, product

import numpy as np

from emcore import HMM
from emcore.exercises import check_best_path, check_forward_by_hand, check_log_p, check_transitions

GAMMA = (0.924373, 0.875000, 0.322492)  # P(H) of the diary 3, 3, 1, from its eight paths
P = 0.05104


def log_p(x, pi, A, B):
    total, predicted = 0.0, pi
    for s in x:
        alpha = predicted * B[:, s]
        total += np.log(alpha.sum())
        predicted = alpha / alpha.sum() @ A
    return total


def in_logs(x, pi, A, B):
    log_alpha = np.log(pi) + np.log(B[:, x[0]])
    for s in x[1:]:
        log_alpha = np.logaddexp.reduce(log_alpha[:, None] + np.log(A), axis=0) + np.log(B[:, s])
    return np.logaddexp.reduce(log_alpha)


def underflowing(x, pi, A, B):
    alpha = pi * B[:, x[0]]
    for s in x[1:]:
        alpha = alpha @ A * B[:, s]
    return np.log(alpha.sum())


def transitions(gamma, xi):
    moves = xi.sum(axis=0)
    return moves / moves.sum(axis=1, keepdims=True)


def viterbi(x, pi, A, B):
    score, came = np.log(pi) + np.log(B[:, x[0]]), []
    for s in x[1:]:
        candidates = score[:, None] + np.log(A)
        came.append(candidates.argmax(axis=0))
        score = candidates.max(axis=0) + np.log(B[:, s])
    path = [int(score.argmax())]
    for before in reversed(came):
        path.append(int(before[path[-1]]))
    return path[::-1]


def by_all_paths(x, pi, A, B):
    def joint(z):
        return pi[z[0]] * np.prod(B[list(z), x]) * np.prod([A[j, k] for j, k in pairwise(z)])

    return np.array(max(product(range(len(pi)), repeat=len(x)), key=joint))


def best_days(x, pi, A, B):
    return HMM(B.shape[1]).e_step(x, (pi, A, B)).gamma.argmax(axis=1)


def best_so_far(x, pi, A, B):
    return [best_days(x[: t + 1], pi, A, B)[-1] for t in range(len(x))]


def greedy(x, pi, A, B):
    path = [np.argmax(pi * B[:, x[0]])]
    for s in x[1:]:
        path.append(np.argmax(A[path[-1]] * B[:, s]))
    return path


RIGHT = {
    check_forward_by_hand: [(P, GAMMA), (0.051, [0.924, 0.875, 0.322])],
    check_log_p: [log_p, in_logs],
    check_transitions: [transitions, lambda gamma, xi: xi.sum(axis=0) / gamma[:-1].sum(axis=0)[:, None]],
    check_best_path: [viterbi, by_all_paths],
}

WRONG = {
    check_forward_by_hand: [
        ((np.log(P), GAMMA), "that is its log"),
        ((2 * P, GAMMA), "the first day's 1/2 is missing"),
        ((0.5 * 0.7 * 0.8 * 0.7 * 0.2 * 0.7, GAMMA), "that is the path H H C alone"),
        ((0.003438, GAMMA), "that is with a stop"),
        ((P, 1 - np.array(GAMMA)), "those are the probabilities of C"),
        ((P, (0.875, 0.948598, 0.322492)), "multiply by beta"),
        ((P, (0.875, 0.875, 0.125)), "each day alone"),
        ((P, P * np.array(GAMMA)), "divide by p"),
    ],
    check_log_p: [
        (underflowing, "5000 days underflow"),
        (lambda *a: np.exp(log_p(*a)), "that is the probability"),
        (lambda x, *a: log_p(x, *a) / len(x), "that is per day"),
        (lambda x, pi, A, B: log_p(x, pi, A.T, B), "A is transposed"),
        (lambda x, pi, A, B: np.log(pi @ B[:, x]).sum(), "independent draws"),
        (lambda x, pi, A, B: log_p(x[1:], pi @ A, A, B), "the first day's symbol"),
        (lambda x, pi, A, B: log_p(x, pi @ A, A, B), "moves before the first day"),
        (lambda *a: -log_p(*a), "the sign is flipped"),
    ],
    check_transitions: [
        (lambda gamma, xi: xi.sum(axis=0) / gamma.sum(axis=0)[:, None], "the last day is counted below"),
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
        (
            lambda x, pi, A, B: max(
                np.log(pi[z[0]]) + np.log(B[list(z), x]).sum() + sum(np.log(A[j, k]) for j, k in pairwise(z))
                for z in product((0, 1), repeat=len(x))
            ),
            "the log-probability of the best path",
        ),
    ],
}
