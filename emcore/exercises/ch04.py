"""Chapter 04, Jensen's inequality and the lower bound."""

import numpy as np

from .old import answer_of, finite_answer_of, judge
from .verdict import rng


def check_jensen(log_of_average, average_of_logs):
    """Y is 1 with probability 1/4 and 5 with 3/4: log E[Y] and E[log Y]."""
    first, second = np.log(4), 0.75 * np.log(5)
    mistakes = {
        "the two answers are exchanged: the log of the average is the larger one.": second,
        "that is the log of 3, the average with equal weights; use 1/4 and 3/4.": np.log(3),
        "that is the log of 2: the probabilities are exchanged, 5 has 3/4.": np.log(2),
        "that is the average; take its log.": 4,
        "that is the logarithm to base 10; log is the natural one here.": np.log10(4),
    }
    judge(log_of_average, first, mistakes, what="log_of_average", tol=2e-3)
    mistakes = {
        "that uses equal weights; 5 has probability 3/4.": np.log(5) / 2,
        "the probabilities are exchanged: 5 has 3/4.": np.log(5) / 4,
        "that is the log of the average again; average the logs this time.": first,
        "that is the logarithm to base 10; log is the natural one here.": 0.75 * np.log10(5),
    }
    judge(average_of_logs, second, mistakes, what="average_of_logs", tol=2e-3)
    print("Right: and the log of the average is the larger, as it must be.")


def check_lower_bound(lower_bound):
    """lower_bound(log_joint, q) must return sum_nk q_nk (log_joint_nk - log q_nk), with 0 log 0 = 0."""
    draw = rng()
    log_joint, q = draw.uniform(-9, -5, (6, 3)), draw.dirichlet([1, 1, 1], 6)
    right = np.sum(q * (log_joint - np.log(q)))
    mistakes = {
        "the entropy is missing: subtract log q inside the sum.": np.sum(q * log_joint),
        "the entropy has the wrong sign: it is log_joint MINUS log q.": np.sum(q * (log_joint + np.log(q))),
        "q is not used as a weight.": np.sum(log_joint - np.log(q)),
        "that is the log-likelihood itself; the bound has the log inside the sum.": np.sum(
            np.logaddexp.reduce(log_joint, axis=1)
        ),
        "that is the average over observations; the bound is a sum.": right / 6,
        "yours is not a number: log_joint is a logarithm already, and negative; do not take its log again.": np.nan,
    }
    judge(answer_of(lower_bound, log_joint, q), right, mistakes, what="the bound")
    hard = np.eye(3)[draw.integers(0, 3, 6)]
    zeros = "it breaks down where q is 0: leave those entries out, 0 log 0 counts as 0."
    value = finite_answer_of(lower_bound, log_joint, hard, otherwise=zeros)
    judge(value, np.sum(hard * log_joint), {}, what="the bound for a q of zeros and ones")
    print("Right: for any q, zeros included.")


def check_gap(gap):
    """gap(q, posterior) must return KL(q || posterior), summed over observations."""
    draw = rng()
    q, posterior = draw.dirichlet([2, 2, 2], 5), draw.dirichlet([9, 9, 9], 5)
    right = np.sum(q * np.log(q / posterior))
    mistakes = {
        "that is KL(posterior || q): average with q, and put q above in the fraction.": np.sum(
            posterior * np.log(posterior / q)
        ),
        "the sign is flipped: the gap is never negative.": -right,
        "the posterior does the averaging; q must do it.": np.sum(posterior * np.log(q / posterior)),
        "nothing is averaged: weight the logs by q.": np.sum(np.log(q / posterior)),
    }
    judge(answer_of(gap, q, posterior), right, mistakes, what="the gap")
    print("Right: KL from q to the posterior, in this order.")


def check_closing_q(closing_q):
    """closing_q(log_joint) must return the posterior, (N, K), however small the probabilities."""
    log_joint = rng().normal(-3, 1, (5, 3))
    joint = np.exp(log_joint)
    right = joint / joint.sum(axis=1, keepdims=True)
    mistakes = {
        "your rows do not sum to 1: divide each row by its own sum.": joint,
        "your columns sum to 1, your rows do not: sum over axis=1.": joint / joint.sum(axis=0),
        "you normalized the logs; exponentiate first.": log_joint / log_joint.sum(axis=1, keepdims=True),
        "that puts all weight on the likeliest value; the posterior keeps the doubt.": (joint == joint.max(1)[:, None])
        * 1.0,
    }
    judge(answer_of(closing_q, log_joint), right, mistakes, what="q")
    apart = np.array([[0, 2, 1], [2, 0, 1], [1, 2, 0], [0, 1, 2], [2, 1, 0]])  # in thousands: which entry is largest
    far = log_joint - 1000 * (apart + np.arange(5)[:, None])  # only the row's own largest entry helps in every row
    overflow = "where logs lie thousands below 0, or apart, it is no number: first subtract each row's largest entry."
    value = finite_answer_of(closing_q, far, otherwise=overflow)
    judge(value, (apart == 0) * 1.0, {}, what="q for logs thousands below 0")
    print("Right: the posterior, also where both probabilities are zero to the machine.")
