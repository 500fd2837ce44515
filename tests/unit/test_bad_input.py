"""Bad input: a ValueError that names the argument, what was given, and what was expected."""

import re

import numpy as np
import pytest

from emcore import GMM1D, HMM, BinomialMixture, CensoredLifetimes, Coins, OneMean, em, fit
from emcore.data import read_csv

NAN, INF = float("nan"), float("inf")
TEN, MIX, FREE = Coins(10), BinomialMixture(10), GMM1D()
ONE = OneMean((0.5, 0.5), 0, (1, 1))
P, PI_P, NORMALS = [[0.6, 0.5]], ([0.5, 0.5], [0.6, 0.5]), ([0.5, 0.5], [0, 1], [1, 1])


def refuses(call, *words):
    """call() raises ValueError, and its message has all the words: the argument, the given, the expected."""
    with pytest.raises(ValueError) as caught:
        call()
    message = str(caught.value)
    missing = [word for word in words if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", message)]
    assert not missing, f"{message!r} does not say {missing}"


NO_DATA = [  # what no model takes as x: the given, the expected
    ([1, NAN], "nan at position 1", "finite"),
    ([INF, 1], "inf at position 0", "finite"),
    ([1, -INF], "-inf at position 1", "finite"),
    ([1, 1e200], "1e+200 at position 1", "at most 1e+150"),
    ([], "[]", "empty"),
    (5, "5", "1 dimension"),
    ([[1, 2], [3, 4]], "[[1, 2], [3, 4]]", "1 dimension"),
    ([[1], [2, 3]], "[[1], [2, 3]]", "numbers"),
    ("heads", "'heads'", "numbers"),
    (["5", "9"], "['5', '9']", "numbers"),
    (None, "None", "numbers"),
    ([1, None], "[1, None]", "numbers"),
    ([1 + 2j, 3], "[(1+2j), 3]", "numbers"),
    ({"heads": 5}, "{'heads': 5}", "numbers"),
]
BAD_DATA = [
    (model, x, theta, "x", *words)
    for model, theta in [(TEN, P), (MIX, PI_P), (FREE, NORMALS), (ONE, [1])]
    for x, *words in NO_DATA
] + [
    (model, x, theta, "x", *words)
    for model, theta in [(TEN, P), (MIX, PI_P)]
    for x, *words in [
        ([5, 11], "11 at position 1", "at most 10"),
        ([-1, 5], "-1 at position 0", "at least 0"),
        ([5, 4.5], "4.5 at position 1", "whole numbers"),
    ]
]
BAD_THETA = [
    (TEN, [[0.6, NAN]], "p", "nan at position 1", "finite"),
    (TEN, [[0.6, 1.2]], "p", "1.2 at position 1", "at most 1"),
    (TEN, [[-0.1, 0.5]], "p", "-0.1 at position 0", "at least 0"),
    (TEN, [[0.6, 0.5, 0.4]], "p", "shape (3,)", "shape (2,)"),
    (TEN, [0.6], "p", "shape ()", "shape (2,)"),
    (TEN, [0.6, 0.5], "theta", "[0.6, 0.5]", "Coins.Theta(p)"),
    (TEN, [["a", "b"]], "p", "['a', 'b']", "numbers"),
    (TEN, None, "theta", "None", "Coins.Theta(p)"),
    (TEN, 0.6, "theta", "0.6", "Coins.Theta(p)"),
    (TEN, [[0.0, 0.0]], "theta0", "log-likelihood is -inf", "positive probability"),
    (MIX, ([0.5, 0.5001], [0.6, 0.5]), "pi", "sums to 1.0001", "sum to 1"),
    (MIX, ([1.5, -0.5], [0.6, 0.5]), "pi", "-0.5 at position 1", "above 0"),
    (MIX, ([1, 0], [0.6, 0.5]), "pi", "0 at position 1", "above 0"),
    (MIX, ([], []), "pi", "[]", "empty"),
    (MIX, ([0.5, 0.5], [0.6]), "p", "shape (1,)", "shape (2,)"),
    (MIX, P, "theta", "[[0.6, 0.5]]", "BinomialMixture.Theta(pi, p)"),
    (FREE, ([0.5, 0.6], [0, 1], [1, 1]), "pi", "sums to 1.1", "sum to 1"),
    (FREE, ([0.5, 0.5], [0, INF], [1, 1]), "mu", "inf at position 1", "finite"),
    (FREE, ([0.5, 0.5], [0, 1, 2], [1, 1]), "mu", "shape (3,)", "shape (2,)"),
    (FREE, ([0.5, 0.5], [0, 1], 1), "sigma", "shape ()", "shape (2,)"),
    (FREE, ([0.5, 0.5], [0, 1], [1, 0]), "sigma", "0 at position 1", "above 0"),
    (FREE, ([0.5, 0.5], [0, 1], [-1, 1]), "sigma", "-1 at position 0", "above 0"),
    (FREE, ([0.5, 0.5], [0, 1], [1, "x"]), "sigma", "[1, 'x']", "numbers"),
    (FREE, ([0.5, 0.5], [0, 1]), "theta", "([0.5, 0.5], [0, 1])", "GMM1D.Theta(pi, mu, sigma)"),
    (GMM1D(min_sigma=2), NORMALS, "sigma", "1 at position 0", "at least 2"),
    (GMM1D(shared_sigma=True), ([0.5, 0.5], [0, 1], [1, 2]), "sigma", "[1. 2.]", "one value"),
    (ONE, [NAN], "mu2", "nan", "finite"),
    (ONE, [[1, 2]], "mu2", "shape (2,)", "shape ()"),
    (ONE, [1, 2], "theta", "[1, 2]", "OneMean.Theta(mu2)"),
    (ONE, ["low"], "mu2", "'low'", "numbers"),
]


@pytest.mark.parametrize("door", [em, fit])
@pytest.mark.parametrize("model, x, theta, argument, given, expected", BAD_DATA)
def test_bad_data_are_refused(door, model, x, theta, argument, given, expected):
    refuses(lambda: door(model, x, theta), argument, given, expected)


@pytest.mark.parametrize("door", [em, fit])
@pytest.mark.parametrize("model, theta, argument, given, expected", BAD_THETA)
def test_a_bad_start_is_refused(door, model, theta, argument, given, expected):
    refuses(lambda: door(model, [1, 2, 5], theta), argument, given, expected)


@pytest.mark.parametrize(
    "options, argument, given, expected",
    [
        ({"tol": -1e-9}, "tol", "-1e-09", "at least 0"),
        ({"tol": NAN}, "tol", "nan", "finite"),
        ({"tol": None}, "tol", "None", "numbers"),
        ({"tol": "small"}, "tol", "'small'", "numbers"),
        ({"tol": [1e-9]}, "tol", "shape (1,)", "shape ()"),
        ({"max_iter": -1}, "max_iter", "-1", "at least 0"),
        ({"max_iter": 2.5}, "max_iter", "2.5", "whole numbers"),
        ({"max_iter": INF}, "max_iter", "inf", "finite"),
        ({"max_iter": None}, "max_iter", "None", "numbers"),
        ({"max_iter": 1e30}, "max_iter", "1e+30", "at most"),
    ],
)
def test_bad_options_of_fit_are_refused(options, argument, given, expected):
    refuses(lambda: fit(TEN, [5, 9], P, **options), argument, given, expected)


@pytest.mark.parametrize(
    "build, argument, given, expected",
    [
        (lambda: Coins(0), "tosses", "0", "at least 1"),
        (lambda: Coins(2.5), "tosses", "2.5", "whole numbers"),
        (lambda: Coins("ten"), "tosses", "'ten'", "numbers"),
        (lambda: Coins(NAN), "tosses", "nan", "finite"),
        (lambda: Coins([[10, 10]]), "tosses", "[[10, 10]]", "1 dimension"),
        (lambda: BinomialMixture(-1), "tosses", "-1", "at least 1"),
        (lambda: BinomialMixture(None), "tosses", "None", "numbers"),
        (lambda: Coins(10, (0.5, 0.4)), "mixing", "sums to 0.9", "sum to 1"),
        (lambda: Coins(10, (1, 0)), "mixing", "0 at position 1", "above 0"),
        (lambda: Coins(10, ()), "mixing", "()", "empty"),
        (lambda: Coins(10, "half"), "mixing", "'half'", "numbers"),
        (lambda: GMM1D(-0.1), "min_sigma", "-0.1", "at least 0"),
        (lambda: GMM1D(NAN), "min_sigma", "nan", "finite"),
        (lambda: GMM1D("small"), "min_sigma", "'small'", "numbers"),
        (lambda: OneMean((0.2, 0.3, 0.5), 0, (1, 1)), "pi", "shape (3,)", "shape (2,)"),
        (lambda: OneMean((0.2, 0.3), 0, (1, 1)), "pi", "sums to 0.5", "sum to 1"),
        (lambda: OneMean((0.5, 0.5), INF, (1, 1)), "mu1", "inf", "finite"),
        (lambda: OneMean((0.5, 0.5), 0, (1, 0)), "sigma", "0 at position 1", "above 0"),
        (lambda: OneMean((0.5, 0.5), 0, 1), "sigma", "shape ()", "shape (2,)"),
    ],
)
def test_bad_constants_of_a_model_are_refused(build, argument, given, expected):
    refuses(build, argument, given, expected)


# Loaders.


def read(tmp_path, content):
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    return read_csv(path, sex=str, height=float)


@pytest.mark.parametrize(
    "content, where, given, expected",
    [
        (b"", "people.csv", "no rows", "at least one row"),
        (b"sex,height\n", "people.csv", "no rows", "at least one row"),
        (b"sex,weight\nM,80\n", "people.csv", "['sex', 'weight']", "['sex', 'height']"),
        (b"sex,height,height\nM,180,170\n", "people.csv", "['sex', 'height', 'height']", "once"),
        (b"sex,height\nM,180\nF,tall\n", "line 3: height", "'tall'", "number"),
        (b"sex,height\nM,\n", "line 2: height", "''", "number"),
        (b"sex,height\nM\n", "line 2: height", "None", "number"),
        (b"sex,height\nM,nan\n", "height", "nan", "finite"),
        (b"sex,height\nM,-inf\n", "height", "-inf", "finite"),
        (b'sex,height\n"M,180\nF,160\n', "line 2: height", "None", "number"),
        (b"height,sex\n180\n", "line 2: sex", "None", "must"),
        (b"sex,height\n,180\n", "line 2: sex", "''", "must"),
        (b"sex,height\nM,180,5\n", "line 2", "5", "must"),
        (b"sex,height\nM\xff,180\n", "people.csv", "byte", "UTF-8"),
        (b"sex,height\nM," + b"1" * 200_000 + b"\n", "people.csv", "field", "must"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, content, where, given, expected):
    refuses(lambda: read(tmp_path, content), "people.csv", where, given, expected)


def test_a_sound_file_is_read(tmp_path):
    sex, height = read(tmp_path, b"height,age,sex\n180.5,30,M\n160,31,F\n")
    assert sex.tolist() == ["M", "F"] and np.array_equal(height, [180.5, 160])


def test_a_masked_array_is_refused_rather_than_unmasked():
    x = np.ma.array([5, 9, 99], mask=[0, 0, 1])
    refuses(lambda: fit(TEN, x, P), "x", "masked", "x.compressed()")
    assert len(fit(TEN, x.compressed(), P)) > 3


@pytest.mark.parametrize("make, name", [(lambda v: HMM(2, stop=v), "stop"), (lambda v: GMM1D(0, v), "shared_sigma")])
@pytest.mark.parametrize("value", ["no", 2, None, 1])
def test_a_flag_is_true_or_false(make, name, value):
    refuses(lambda: make(value), name, "True or False", repr(value))
    assert make(np.bool_(True)) == make(True)


def test_a_message_shows_a_long_array_in_part_only():
    with pytest.raises(ValueError) as caught:
        em(CensoredLifetimes(), np.full((10_000, 2), 3.0), (1,))
    assert "0 or 1 for censored" in str(caught.value) and len(str(caught.value)) < 200


def test_a_csv_file_from_a_spreadsheet_is_read(tmp_path):
    """With the mark that some programs put in front, and a blank after each comma."""
    (tmp_path / "table.csv").write_text("\ufeffa, b\n1, 2\n", encoding="utf-8")
    assert [column.tolist() for column in read_csv(tmp_path / "table.csv", a=float, b=float)] == [[1], [2]]
