"""Chapter 04, Jensen's inequality and the lower bound."""

import numpy as np

from .answers import Function, answer_of, finite_answer_of
from .draws import by_row, draw_q
from .verdict import Slip, check, judge, rng


@check
def check_jensen(log_of_average: float, average_of_logs: float) -> str:
    """Y is 2 with probability 1/4 and 10 with 3/4: log E[Y] and E[log Y]."""
    first, second = np.log(8), 0.25 * np.log(2) + 0.75 * np.log(10)
    slips = [
        Slip(second, "the two answers are exchanged: the log of the average is the larger one."),
        Slip(np.log(6), "that is the log of 6, the average with equal weights; use 1/4 and 3/4."),
        Slip(np.log(4), "that is the log of 4: the probabilities are exchanged, 10 has 3/4."),
        Slip(8, "that is the average; take its log."),
    ]
    judge(log_of_average, first, slips, what="log_of_average", decimals=3)
    slips = [
        Slip(np.log(20) / 2, "that uses equal weights; 10 has probability 3/4."),
        Slip(0.75 * np.log(2) + 0.25 * np.log(10), "the probabilities are exchanged: 10 has 3/4."),
        Slip(first, "that is the log of the average again; average the logs this time."),
    ]
    judge(average_of_logs, second, slips, what="average_of_logs", decimals=3)
    return "and the log of the average is the larger, as it must be."


@check
def check_lower_bound(lower_bound: Function) -> str:
    """lower_bound(log_joint, q) must return sum_nk q_nk (log_joint_nk - log q_nk), with 0 log 0 = 0."""
    draw = rng()
    zeros = "it breaks down where q is 0: leave those entries out, 0 log 0 counts as 0."
    for K in (2, 3, 4):
        log_joint, q = draw.uniform(-9, -5, (6, K)), draw_q(draw, 6, K)
        right = np.sum(q * (log_joint - np.log(q)))
        slips = [
            Slip(np.sum(q * log_joint), "the entropy is missing: subtract log q inside the sum."),
            Slip(np.sum(q * (log_joint + np.log(q))), "the entropy has the wrong sign: it is log_joint MINUS log q."),
            Slip(np.sum(log_joint - np.log(q)), "q is not used as a weight."),
            Slip(np.logaddexp.reduce(log_joint, axis=1).sum(), "that is the log-likelihood itself: where is q?"),
        ]
        judge(answer_of(lower_bound, log_joint=log_joint, q=q), right, slips, what=f"the bound for K = {K}", n=6)
        some = q * (q > np.sort(q, axis=1)[:, :1])  # the least of each row is left out
        for q in (by_row(some), np.eye(K)[draw.integers(0, K, 6)]):
            right = np.sum(q[q > 0] * (log_joint[q > 0] - np.log(q[q > 0])))
            answer = finite_answer_of(lower_bound, log_joint=log_joint, q=q, otherwise=zeros)
            judge(answer, right, what="the bound for a q with zeros")
    return "for any q, zeros included."


@check
def check_gap(gap: Function) -> str:
    """gap(q, posterior) must return KL(q || posterior), summed over observations."""
    draw = rng()
    for K in (2, 3, 4):
        q, posterior = draw.dirichlet(np.full(K, 2), 5), draw.dirichlet(np.full(K, 9), 5)
        logs = np.log(q / posterior)
        slips = [
            Slip(-np.sum(posterior * logs), "that is KL(posterior || q): average with q, and put q above."),
            Slip(np.sum(posterior * logs), "the posterior does the averaging; q must do it."),
            Slip(np.sum(logs), "nothing is averaged: weight the logs by q."),
            Slip(np.sum(q * np.log(q)), "that is minus the entropy of q: where is the posterior?"),
        ]
        judge(answer_of(gap, q=q, posterior=posterior), np.sum(q * logs), slips, what=f"the gap for K = {K}", n=5)
    return "it is zero where q is the posterior, and positive everywhere else."


@check
def check_closing_q(closing_q: Function) -> str:
    """closing_q(log_joint) must return the posterior, (N, K), however small the probabilities."""
    draw = rng()
    overflow = "where logs lie thousands below 0, or apart, it is no number: first subtract each row's largest entry."
    for K in (2, 3, 4):
        log_joint = draw.normal(-3, 1, (K + 2, K))
        log_joint[0, :2] = 0, -1  # and -2000, -2001 with the shift below
        joint = np.exp(log_joint)
        right = by_row(joint)
        slips = [
            Slip(by_row(log_joint), "you normalized the logs; exponentiate first."),
            Slip(joint == joint.max(axis=1, keepdims=True), "that is the likeliest value alone; keep the doubt."),
        ]
        judge(answer_of(closing_q, log_joint=log_joint), right, slips, what=f"q for K = {K}")
        shift = -1000 * draw.integers(1, 9, (K + 2, 1))  # the same for a whole row: its posterior stays
        shift[0] = -2000
        answer = finite_answer_of(closing_q, log_joint=log_joint + shift, otherwise=overflow)
        judge(answer, right, what="q for logs thousands below 0")
        first = draw.integers(0, K, K + 2)  # a row's largest log, its others thousands below
        apart = np.where(np.eye(K)[first] == 1, log_joint, log_joint - 1000 * draw.integers(1, 4, (K + 2, K)))
        answer = finite_answer_of(closing_q, log_joint=apart + shift, otherwise=overflow)
        judge(answer, np.eye(K)[first], what="q for logs thousands apart")
    return "the posterior, also where all probabilities of a row are zero to the machine."
