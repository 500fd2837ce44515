"""Chapter 11, hidden Markov models."""

from itertools import product

import numpy as np

from ..models import HMM
from .old import answer_of, finite_answer_of, judge
from .verdict import rng


def check_forward_by_hand(p, hot):
    """The diary 3, 3, 1 without a stop: its probability, and P(H) on each day."""
    theta = HMM.Theta([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    model, x = HMM(3), np.array([2, 2, 0])
    right, gamma = np.exp(model.loglik(x, theta)), model.e_step(x, theta).gamma
    mistakes = {
        "that is its log; the probability itself is asked.": np.log(right),
        "the first day's 1/2 is missing: every path starts with pi.": 2 * right,
        "that is the path H H C alone; sum over all paths.": 0.5 * 0.7 * 0.8 * 0.7 * 0.2 * 0.7,
        "that is with a stop: stay .8, change .1, stop .1.": np.exp(
            HMM(3, stop=True).loglik(x, theta._replace(A=[[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]))
        ),
    }
    judge(p, right, mistakes, what="p", tol=1e-3)
    forward = np.array([model.e_step(x[: t + 1], theta).gamma[-1, 1] for t in range(3)])
    alone = np.array([0.7 / 0.8, 0.7 / 0.8, 0.1 / 0.8])
    mistakes = {
        "those are the probabilities of C; H is asked.": gamma[:, 0],
        "those use the days up to each one only; the later days count too: multiply by beta.": forward,
        "those look at each day alone; neighbors count too.": alone,
        "those are joint probabilities; divide by p.": gamma[:, 1] * right,
    }
    judge(hot, gamma[:, 1], mistakes, what="hot", tol=2e-3)
    print("Right: the cold-looking day is hot with probability 0.32, for its neighbor's sake.")


def check_log_p(log_p):
    """log_p(x, pi, A, B) must be the log-likelihood of a sequence without a stop, for 5000 days too."""
    draw = rng()
    pi, A, B = draw.dirichlet([2, 2]), draw.dirichlet([2, 2], 2), draw.dirichlet([2, 2, 2], 2)
    x = draw.integers(0, 3, 9)
    right = HMM(3).loglik(x, (pi, A, B))
    independent = np.log(pi @ B[:, x]).sum()
    mistakes = {
        "that is the probability; return its log.": np.exp(right),
        "that is per day; the log-likelihood is the sum.": right / len(x),
        "A is transposed: row j holds the moves from state j.": _log_p(x, pi, A.T, B),
        "that treats the days as independent draws from pi; A is not used.": independent,
        "the first day's symbol is not counted.": HMM(3).loglik(x[1:], (pi @ A, A, B)),
        "the state moves before the first day; it starts with pi itself.": HMM(3).loglik(x, (pi @ A, A, B)),
        "the sign is flipped: the log of a probability is negative.": -right,
    }
    judge(answer_of(log_p, x, pi, A, B), right, mistakes, what="the log-likelihood of 9 days")
    long = draw.integers(0, 3, 5000)
    underflow = "9 days are right, but 5000 days underflow: divide alpha by its sum each day, and add up the logs."
    answer = finite_answer_of(log_p, long, pi, A, B, otherwise=underflow)
    judge(answer, HMM(3).loglik(long, (pi, A, B)), {}, what="the log-likelihood of 5000 days")
    print("Right: for 9 days and for 5000.")


def _log_p(x, pi, A, B):
    alpha = pi * B[:, x[0]]
    for s in x[1:]:
        alpha = alpha @ A * B[:, s]
    return np.log(alpha.sum())


def check_transitions(transitions):
    """transitions(gamma, xi) must return A (K, K) without a stop: expected moves over expected departures."""
    draw = rng()
    theta = draw.dirichlet([2, 2, 2]), draw.dirichlet([1, 1, 1], 3), draw.dirichlet([1, 1], 3)
    gamma, xi = HMM(2).e_step(draw.integers(0, 2, 8), theta)
    moves = xi.sum(axis=0)
    right = moves / moves.sum(axis=1, keepdims=True)
    mistakes = {
        "the last day is counted below, and it has no next day: the rows do not sum to 1.": moves
        / gamma.sum(axis=0)[:, None],
        "the columns sum to 1, not the rows: divide by where the move starts.": moves / moves.sum(axis=0),
        "those are expected counts; divide each row by its sum.": moves,
        "that divides by the number of moves; divide by the moves from each state.": moves / len(xi),
        "that is transposed: row j holds the moves from state j.": right.T,
    }
    judge(answer_of(transitions, gamma, xi), right, mistakes, what="A")
    print("Right: every row sums to 1, and the last day starts no move.")


def check_best_path(best_path):
    """best_path(x, pi, A, B) must return the most probable path, as a list of states."""
    draw, model = rng(), HMM(2)
    paths, days = np.array(list(product((0, 1), repeat=8))), np.arange(8)

    def so_far(A):
        """The log joint probability of every path, up to each day."""
        terms = np.log(B)[paths, x]
        terms[:, 0] += np.log(pi)[paths[:, 0]]
        terms[:, 1:] += np.log(A)[paths[:, :-1], paths[:, 1:]]
        return terms.cumsum(axis=1)

    while True:  # until every common mistake shows, and none looks like another
        first_stays, second_stays = draw.uniform([0.6, 0.5], [0.9, 0.8])
        first_shows, second_shows = draw.uniform(0.55, 0.8, 2)
        pi, x = draw.dirichlet([2, 2]), draw.integers(0, 2, 8)
        A = np.array([[first_stays, 1 - first_stays], [1 - second_stays, second_stays]])
        B = np.array([[first_shows, 1 - first_shows], [1 - second_shows, second_shows]])
        log_p = so_far(A)
        right, turned = paths[log_p[:, -1].argmax()], paths[so_far(A.T)[:, -1].argmax()]
        ends = paths[log_p.argmax(axis=0), days]
        second, first = np.sort(log_p[:, -1])[-2:]
        forward = [pi * B[:, x[0]]]
        greedy = [forward[0].argmax()]
        for s in x[1:]:
            forward.append(forward[-1] @ A * B[:, s])
            greedy.append(np.argmax(A[greedy[-1]] * B[:, s]))
        likeliest = model.e_step(x, (pi, A, B)).gamma.argmax(axis=1)
        read, symbols = np.argmax(forward, axis=1), B[:, x].argmax(axis=0)
        answers = (right, right[::-1], ends, turned, greedy, likeliest, read, symbols)
        if first - second > 1e-3 and len({tuple(map(int, path)) for path in answers}) == 8:
            tops = [[log_p[paths[:, t] == k, t].max() for k in (0, 1)] for t in days]
            if np.abs(np.diff(tops)).min() > 1e-6:  # no tie on the way
                break
    mistakes = {
        "those are the most probable days; the most probable path is asked.": likeliest,
        "those are the best states given the days so far; walk back from the best end.": read,
        "those are the ends of the best paths so far; walk back from the last one.": ends,
        "that takes the best next state each day; a worse day can lead to a better path.": greedy,
        "A is transposed: row j holds the moves from state j.": turned,
        "that looks at each day's symbol alone.": symbols,
        "the path is reversed: you walked back from the end.": right[::-1],
        "that is the log-probability of the best path; return its states.": first,
    }
    judge(answer_of(best_path, x, pi, A, B), right, mistakes, what="the path")
    print("Right: no path is more probable.")
