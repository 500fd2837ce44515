"""Chapter 11, hidden Markov models."""

from collections.abc import Sequence

import numpy as np

from ..models import HMM
from .answers import Function, answer_of, finite_answer_of, numbers
from .draws import draw_hmm
from .paths import as_good, best, draw_a_close_race, slips_of
from .verdict import Slip, check, judge, rng


@check
def check_forward_by_hand(p: float, hot: Sequence[float]) -> str:
    """The diary 3, 3, 1 without a stop: its probability, and P(H) on each day."""
    theta = HMM.Theta(*map(np.array, ([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])))
    model, x = HMM(3), np.array([2, 2, 0])
    right, gamma = np.exp(model.loglik(x, theta)), model.e_step(x, theta).gamma
    stop = theta._replace(A=np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]))
    slips = [
        Slip(np.log(right), "that is its log; the probability itself is asked."),
        Slip(2 * right, "the first day's 1/2 is missing: every path starts with pi."),
        Slip(0.5 * 0.7 * 0.8 * 0.7 * 0.2 * 0.7, "that is the path H H C alone; sum over all paths."),
        Slip(np.exp(HMM(3, stop=True).loglik(x, stop)), "that is with a stop: stay .8, change .1, stop .1."),
    ]
    judge(p, right, slips, what="p", decimals=5)
    forward = np.array([model.e_step(x[: t + 1], theta).gamma[-1, 1] for t in range(3)])
    slips = [
        Slip(gamma[:, 0], "those are the probabilities of C; H is asked."),
        Slip(forward, "those use the days up to each one only; the later days count too: multiply by beta."),
        Slip(np.array([7, 7, 1]) / 8, "those look at each day alone; neighbors count too."),
        Slip(gamma[:, 1] * right, "those are joint probabilities; divide by p."),
    ]
    judge(hot, gamma[:, 1], slips, what="hot", decimals=3)
    return "each day was judged by the whole diary."


@check
def check_log_p(log_p: Function) -> str:
    """log_p(x, pi, A, B) must be the log-likelihood of a sequence without a stop, for long and unlikely ones too."""
    draw = rng()
    underflow = "9 days are right, but 1000 days underflow: keep the log of alpha, and add with np.logaddexp."
    for K in (2, 3, 4):
        pi, A, B = draw_hmm(draw, K, 3)
        x, model = draw.integers(0, 3, 9), HMM(3)
        x[1] = (x[0] + 1) % 3  # another symbol than on the first day
        _, scores = best(np.log(pi), np.log(A), np.log(B[:, x].T))
        slips = [
            Slip(model.loglik(x, (pi, A.T, B)), "A is transposed: row j holds the moves from state j."),
            Slip(np.log(pi @ B[:, x]).sum(), "that treats the days as independent draws from pi; A is not used."),
            Slip(model.loglik(x[1:], (pi @ A, A, B)), "the first day's symbol is not counted."),
            Slip(model.loglik(x, (pi @ A, A, B)), "the state moves before the first day; it starts with pi itself."),
            Slip(scores[-1].max(), "that is the best path alone; sum over all of them."),
        ]
        answer = answer_of(log_p, x=x, pi=pi, A=A, B=B)
        judge(answer, model.loglik(x, (pi, A, B)), slips, what="the log-likelihood of 9 days", n=9)
    long = draw.integers(0, 3, 1000)
    answer = finite_answer_of(log_p, x=long, pi=pi, A=A, B=B, otherwise=underflow)
    judge(answer, model.loglik(long, (pi, A, B)), what="the log-likelihood of 1000 days")
    lost = "a state that was all but impossible for 400 days is lost, and then needed: keep the log of each alpha."
    pi, A = np.array([0.5, 0.5]), np.eye(2)  # the state never changes, and only the last day says which it was
    for B, x in (
        (np.array([[0.9, 0.1, 0], [0.1, 0.1, 0.8]]), np.repeat([0, 2], [400, 1])),
        (np.array([[1, 0], [0.01, 0.99]]), np.repeat([0, 1], [200, 1])),
    ):
        order = draw.permutation(2)
        answer = finite_answer_of(log_p, x=x, pi=pi, A=A, B=B[order], otherwise=lost)
        judge(answer, HMM(B.shape[1]).loglik(x, (pi, A, B)), what="the log-likelihood of a sequence with a late turn")
    return "for long sequences, and for those whose last day turns everything."


@check
def check_transitions(transitions: Function) -> str:
    """transitions(gamma, xi) must return A (K, K) without a stop: expected moves over expected departures."""
    draw = rng()
    for K in (2, 3, 4):
        gamma, xi = HMM(2).e_step(draw.integers(0, 2, 8), draw_hmm(draw, K, 2))
        moves = xi.sum(axis=0)
        right = moves / moves.sum(axis=1, keepdims=True)
        slips = [
            Slip(moves / gamma.sum(axis=0)[:, None], "the last day is counted below, and it has no next day."),
            Slip(moves / gamma[1:].sum(axis=0)[:, None], "the first day is left out below, not the last."),
            Slip(moves / moves.sum(axis=0), "the columns sum to 1, not the rows: divide by where the move starts."),
            Slip(moves, "those are expected counts; divide each row by its sum."),
            Slip(moves / len(xi), "that divides by the number of moves; divide by the moves from each state."),
            Slip(right.T, "that is transposed: row j holds the moves from state j."),
        ]
        judge(answer_of(transitions, gamma=gamma, xi=xi), right, slips, what=f"A for K = {K}")
    return "every row sums to 1, and the last day starts no move."


@check
def check_best_path(best_path: Function) -> str:
    """best_path(x, pi, A, B) must return the most probable path, as a list of states."""
    draw, races, answers, right = rng(), [], [], []
    for i in range(24):
        x, pi, A, B = draw_a_close_race(draw, 2 + i % 3, int(draw.integers(3, 10)) if i else 30, at_the_end=i % 2 > 0)
        logs = np.log(pi), np.log(A), np.log(B[:, x].T)
        path, scores = best(*logs)
        answer = numbers(answer_of(best_path, x=x, pi=pi, A=A, B=B), "the path")
        if answer.shape != path.shape:
            slips = [Slip(scores[-1].max(), "that is the log-probability of the best path; return its states.")]
            judge(answer, path, slips, what="the path")
        answers.append(path if as_good(answer, path, *logs) else answer)
        right.append(path)
        races.append((x, pi, A, B))
    judge(np.concatenate(answers), np.concatenate(right), slips_of(races), what=f"the list of all {len(right)} paths")
    return "no path is more probable."
