"""Only until every file speaks the new way: the old calls, answered by the new functions."""

from . import answers, verdict


def judge(answer, right, mistakes, *, what, tol=1e-6):
    slips = [verdict.Slip(value, says) for says, value in mistakes.items()]
    verdict.judge(answer, right, slips, what=what, tol=tol)


def answer_of(function, *given):
    return answers.answer_of(function, **{f"argument {i}": value for i, value in enumerate(given, start=1)})


def finite_answer_of(function, *given, otherwise):
    named = {f"argument {i}": value for i, value in enumerate(given, start=1)}
    return answers.finite_answer_of(function, otherwise=otherwise, **named)
