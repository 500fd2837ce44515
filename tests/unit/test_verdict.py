"""How checks speak: in one line, of what was done, and of nothing else."""

import math
import re

import numpy as np
import pytest

from emcore.exercises import NotYet, verdict
from emcore.exercises.answers import answer_of, finite_answer_of, numbers, unpack
from emcore.exercises.slips import Slip
from emcore.exercises.verdict import check, judge

DRAW = np.random.default_rng(3)
VECTOR, TABLE, Q = DRAW.normal(2, 1, 5), DRAW.normal(2, 1, (4, 3)), DRAW.dirichlet([1, 2, 3], 4)


def said(call, *given, **named):
    """What is not yet right, in words."""
    with pytest.raises(NotYet) as caught:
        call(*given, **named)
    return str(caught.value)


GENERAL = {
    "the sign is flipped": (-VECTOR, VECTOR),
    "logarithms to base 2": (np.log2(7), np.log(7)),
    "logarithms to base 10": (np.log10(TABLE**2), np.log(TABLE**2)),
    "twice as much": (2 * TABLE, TABLE),
    "half of what it should be": (1.5, 3),
    "upside down": (1 / VECTOR, VECTOR),
    "the square of what is asked": (9.0, 3),
    "the square root of what is asked": (3.0, 9),
    "the logarithm of what is asked": (np.log(Q), Q),
    "e to the power of what is asked": (np.exp(VECTOR), VECTOR),
    "a percentage": (31, 0.31),
    "1 minus what is asked": (0.69, 0.31),
    "in reverse order": (VECTOR[::-1], VECTOR),
    "the two are exchanged": ((1, 2), (2, 1)),
    "not in the right order": (TABLE[[0, 2, 1, 3]], TABLE),
    "the right numbers, but not": (TABLE[:, [2, 0, 1]], TABLE),
    "that is transposed: its shape should be (4, 3)": (TABLE.T, TABLE),
    "a hard decision": (np.eye(3)[Q.argmax(axis=1)], Q),
    "your rows do not sum to 1: divide each row by its sum": (Q * DRAW.uniform(1, 2, (4, 1)), Q),
    "your columns sum to 1, your rows do not": (Q / Q.sum(axis=0), Q),
    "those should sum to 1": (Q[0] * 7, Q[0]),
    "the square root of 2 pi is missing.": (np.sqrt(2 * np.pi) * VECTOR, VECTOR),
}
COUNTED = {
    "a sum where a mean is asked": (9 * VECTOR, VECTOR),
    "a mean where a sum is asked": (VECTOR / 9, VECTOR),
    "N - 1 stands where N belongs": (VECTOR * 9 / 8, VECTOR),
    "the number of observations": (VECTOR * np.sqrt(9 / 8), VECTOR),
    "once for each observation": (-20 + 9 * np.log(2 * np.pi) / 2, -20),
}


@pytest.mark.parametrize("named, case", GENERAL.items())
def test_a_common_slip_is_named_whatever_the_exercise(named, case):
    assert named in said(judge, *case, what="it")


@pytest.mark.parametrize("named, case", COUNTED.items())
def test_a_slip_in_counting_is_named_where_the_number_of_observations_is_known(named, case):
    assert named in said(judge, *case, what="it", n=9)
    assert "it is off" in said(judge, *case, what="it")


@pytest.mark.parametrize("wrong", [VECTOR + 0.01, VECTOR * 1.01, VECTOR[[0, 1, 2, 3, 3]], np.zeros(5), np.ones(5)])
def test_no_slip_is_named_that_was_not_made(wrong):
    assert said(judge, wrong, VECTOR, [Slip(VECTOR + 1, "one too much")], what="it", n=9).startswith("it is off at")


def test_a_zero_is_no_slip_of_a_large_number():
    assert "it is off" in said(judge, 0, -1992.7, what="it", decimals=1)


def test_the_slip_of_an_exercise_comes_before_a_general_one():
    assert said(judge, 4, 2, [Slip(4, "both coins were counted")], what="it") == "both coins were counted"


@pytest.mark.parametrize("given", [7 / 3, np.array(7 / 3), [7 / 3], [[7 / 3]], np.float32(7 / 3)])
def test_one_number_may_come_in_brackets(given):
    judge(given, 7 / 3, what="it")


def test_numbers_that_are_not_right_are_shown_with_the_digits_in_which_they_differ():
    assert said(judge, 0.30112, 0.30109, what="it") == "it is off: 0.30112 where 0.30109 is right."
    assert said(judge, [5, 2 + 1e-4], [5, 2], what="it") == "it is off at position 1: 2.0001 where 2 is right."


def test_work_on_paper_may_be_off_by_one_in_the_last_decimal_and_hears_no_right_number():
    judge((0.357, 0.359), (0.358, 0.358), what="it", decimals=3)
    assert said(judge, 0.3, 0.358, what="it", decimals=3) == "it is off: 0.3 is too small."
    assert said(judge, 0.356, 0.358, what="it", decimals=3).endswith("too small. Keep more digits on the way.")
    assert said(judge, 0.36, 0.358, what="it", decimals=3) == "that is rounded to 2 decimals; keep 3."
    assert said(judge, 12, 11, what="it", decimals=0) == "it is off: 12 is too large."


def test_a_class_that_is_graded_on_the_same_data_hears_no_right_number(monkeypatch):
    monkeypatch.setattr(verdict, "seed", 5)
    assert said(judge, 0.5, 0.7, what="it") == "it is off: 0.5 is too small."


@pytest.mark.parametrize(
    "answer, words",
    [
        (None, "it is still None"),
        ([1, None], "it is still None"),
        ("0.5", "yours is a str"),
        ([0.5, "x"], "it should be numbers"),
        (0.5 + 2j, "yours is a complex"),
        (np.array([1, "2"], dtype=object), "it should be numbers"),
        (np.array([0.5 + 0j]), "yours is an array of complex128"),
        ([[1, 2], [3]], "parts of different lengths"),
        (10**400, "larger than the machine can count"),
        ([1, 10**400], "larger than the machine can count"),
        ((k for k in range(2)), "yours is a generator: put `list(…)` around it"),
        (map(abs, [1, 2]), "put `list(…)` around it"),
        ({1: 2}, "yours is a dict"),
        (abs, "yours is a builtin_function_or_method"),
        ([np.nan, 1], "should be finite; yours holds nan"),
        ([1, -np.inf], "should be finite; yours holds -inf"),
        ([[1, 2]], "it should have shape (2,); yours has shape (1, 2)"),
        (3, "it should have shape (2,); yours is one number"),
    ],
)
def test_what_is_no_answer_is_told_in_words(answer, words):
    assert words in said(judge, answer, [1, 2], what="it")


def forgotten_column(heads, tosses, p):
    return p**heads * (1 - p) ** (tosses - heads)


def endless(x):
    return endless(x)


def divided(x):
    return 1 / 0


def misspelt(x):
    return x.summ()


COINS = {"heads": np.arange(7.0), "tosses": 13, "p": np.array([0.4, 0.6])}


def test_a_forgotten_column_is_told_with_the_shapes_and_the_way_out():
    words = said(answer_of, forgotten_column, **COINS)
    assert "at `return p**heads * (1 - p) ** (tosses - heads)` with ValueError" in words
    assert "shapes (2,) (7,)" in words and "`heads[:, None]` makes a column of the 7" in words
    assert words.endswith("It was called with heads (7,), tosses 13, p (2,).")


@pytest.mark.parametrize(
    "function, words",
    [
        (endless, "RecursionError"),
        (divided, "your `divided` stops at `return 1 / 0` with ZeroDivisionError: division by zero."),
        (misspelt, "'numpy.ndarray' object has no attribute 'summ'"),
        (lambda x: x[9], "IndexError"),
        (lambda x: [][0], "with IndexError: list index out of range."),
        (lambda x: {}["k"], "KeyError"),
        (lambda x: np.linalg.inv(np.zeros((2, 2))), "LinAlgError"),
        (lambda x: math.exp(1e4), "OverflowError"),
        (lambda x, y: x, "takes (x, y); it is called with 1 arguments: x (3,)."),
        (lambda: 1, "takes (nothing); it is called"),
        (np.ones(3), "hand over the function itself, by its name without parentheses; yours is an array (3,)."),
        (0.5, "yours is 0.5. The check calls it with (x)."),
        (None, "yours is None"),
        (lambda x: None, "returns nothing yet"),
    ],
)
def test_a_students_own_error_is_told_in_words(function, words):
    assert words in said(answer_of, function, x=np.arange(3.0))


def test_what_a_function_does_to_its_arguments_stays_with_it():
    x = np.arange(3.0)
    answer_of(lambda x: x.fill(7) or x, x=x)
    assert x.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "runs_out", [lambda x: np.log(0 * x), lambda x: 1 / 0, lambda x: math.exp(1e9), lambda x: math.log(0)]
)
def test_arithmetic_that_runs_out_is_told_apart_from_other_errors(runs_out):
    assert said(finite_answer_of, runs_out, x=np.ones(2), otherwise="it underflows") == "it underflows"
    assert "KeyError" in said(finite_answer_of, lambda x: {}["k"], x=1, otherwise="it underflows")
    assert finite_answer_of(lambda x: "text", x=1, otherwise="it underflows") == "text"  # judge says what is wrong
    assert finite_answer_of(lambda x: [1, 2.5], x=1, otherwise="it underflows") == [1, 2.5]


@pytest.mark.parametrize(
    "answer", [5, np.float64(5), np.array(5), (1, 2, 3), {"mu": 1, "sigma": 2}, iter([1, 2]), "ab"]
)
def test_several_answers_come_as_so_many_things(answer):
    assert said(unpack, answer, "mu", "sigma") == "return 2 things, in this order: mu, sigma."


def test_several_answers_may_differ_in_shape():
    assert unpack((np.ones(2), np.ones((2, 3))), "mu", "cov")[1].shape == (2, 3)
    assert numbers([True, 2], "it").tolist() == [1, 2]


@check
def check_seven(a: float, b: float = 7) -> str:
    """A check for these tests."""
    judge(a, 7, [Slip(8, "that is one too many.")], what="a")
    judge(b, 7, what="b")
    return "seven it is."


def test_a_check_says_one_line_and_the_notebook_goes_on(capsys):
    assert [check_seven(7), check_seven(8), check_seven(None), check_seven(), check_seven(7, b=7)] == [None] * 5
    assert capsys.readouterr().out.splitlines() == [
        "Right: seven it is.",
        "Not yet: that is one too many.",
        "Not yet: a is still None: work it out, then run this check again.",
        "Not yet: check_seven asks for (a, b).",
        "Right: seven it is.",
    ]


def test_graders_reach_the_judging_alone(capsys):
    assert check_seven.__wrapped__(7) == "seven it is."
    assert said(check_seven.__wrapped__, 8) == "that is one too many."
    assert capsys.readouterr().out == "" and check_seven.__doc__ == "A check for these tests."


def test_a_message_that_is_raised_in_a_notebook_shows_without_a_traceback():
    assert NotYet("look again")._render_traceback_() == ["Not yet: look again"]
    assert not re.search("Traceback", str(NotYet("look again")))
