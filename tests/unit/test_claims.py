"""Every number of the prose is bound to what computes it. (Their values are evaluated where the notebooks run.)"""

import pytest

from tools.claims import bound, pages
from tools.claims.bound import Entry
from tools.claims.text import Number, numbers

BOUND = [path for path in pages.PAGES if bound.sidecar(path).exists()]
CELL = pages.Cell("c", "code", "x = [3, -0.25]\nlabel = 'p = 0.7'", "coin A: 24 heads\nl = 1,234.5")


def written(markdown):
    return [number.written for number in numbers(markdown)]


@pytest.mark.parametrize("path", BOUND, ids=lambda path: path.stem)
def test_every_number_of_the_prose_has_its_entry(path):
    assert bound.unlisted(path, pages.cells(path)) == []


def test_every_notebook_has_its_sidecar_and_every_sidecar_its_page():
    files = set((pages.ROOT / "tests" / "numbers").iterdir())
    assert set(map(bound.sidecar, pages.NOTEBOOKS)) <= files <= set(map(bound.sidecar, pages.PAGES))


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("it is .71, 3.4 and 2.50", [".71", "3.4", "2.50"]),
        ("200 people, set 2, from 5–10 or −3.2 (-4)", ["200", "2", "5", "10", "−3.2", "-4"]),
        ("1,234 tosses, 71 % of 12%, 40 percent", ["1,234", "71 %", "12%", "40 percent"]),
        (r"$10{,}000$, $\ell = -33.09$, $a - 5$, $71\%$", ["10{,}000", "-33.09", "5", r"71\%"]),
        (r"$\frac{17.2}{11.22}$ and 17.2/11.22", ["17.2", "11.22"] * 2),
        (r"$p_{12}^3 + \theta_{10} = 7$", ["7"]),
        (r"$0.6^9 \cdot 0.4 + 0.5^{10}$", ["0.6", "9", "0.4", "0.5", "10"]),
        (r"$\tfrac12 (x - 1)^2 + 2\sigma^2 = 0$", []),
        (r"$p^{x}(1 - p)^{10 - x}$", ["10"]),
        (r"$5 \cdot 10^{-324}$, 2 × 10⁻⁵, $10^{6}$, 1e-9", [r"5 \cdot 10^{-324}", "2 × 10⁻⁵", "10^{6}", "1e-9"]),
        ("`x = 3`, [link](05_a.ipynb)\n```python\ny = 4\n```\n<img width='5'>", []),
        ("### 1. One of 7\n\n1. first\n2. second 8", ["7", "8"]),
        ("Do and Batzoglou (2008), chapter 4, exercises 2 and 3, figure 1; in 1910–1912", []),
        ("GMM1D and K2, x.5", []),
    ],
)
def test_what_counts_as_a_number(markdown, found):
    assert written(markdown) == found


@pytest.mark.parametrize(
    ("said", "value", "other"),
    [
        (".71", 0.7132, 0.7151), ("0.80", 0.7967, 0.7949), ("−31.6", -31.57, 31.57), ("1,234", 1234, 1235),
        ("71 %", 0.7132, 0.7151), (r"5 \cdot 10^{-3}", 0.0049, 0.0056), ("2 × 10⁻⁵", 2.4e-5, 2.6e-5),
        ("10^{6}", 1e6, 2e6), ("9", 9, 10), ("10{,}000", 10_000, 10_001),
        ("1e-9", 1e-9, 3e-9), (r"5 \cdot 10^{-324}", 5e-324, 0),
    ],
)  # fmt: skip
def test_a_value_must_round_to_what_is_written(said, value, other):
    assert Number.read(said).fits(value) and not Number.read(said).fits(other)


@pytest.mark.parametrize(
    ("said", "how", "problem"),
    [
        ("0.71", "0.71", "computes nothing"),
        ("0.71", "np.float64(0.71)", "computes nothing"),
        ("0.71", "float('0.71')", "computes nothing"),
        ("0.71", "min(0.71, p)", "the number itself"),
        ("0.71", "TODO", "computes nothing"),
        ("0.71", "p[", "no expression"),
        ("0.71", "p after d", "no code cell"),
        ("4", "given c", "not in cell"),
        ("4", "given", "computes nothing"),
        ("25", "printed('coin A')[0] after c", "is 24"),
        ("24", "printed('coin B')[0] after c", "prints no line"),
    ],
)
def test_an_entry_that_binds_nothing_is_refused(said, how, problem):
    assert problem in "\n".join(bound.refused(Entry(said, how), {"c": CELL}))


@pytest.mark.parametrize(
    ("said", "how"),
    [("3", "given c"), ("0.7", "given c"), ("-0.25", "given c"), ("24", "printed('coin A')[0] after c"),
     ("1,234.5", "printed('l =')[0] after c"), ("3", "x[3]"), ("1", "np.argmax(x) + 1")],
)  # fmt: skip
def test_an_entry_that_binds_is_not(said, how):
    assert bound.refused(Entry(said, how), {"c": CELL}) == []


@pytest.mark.parametrize("how", ["x", "x > 1", "y", "x[5]", "[x[0]] * 2", "1j * x[0]"])
def test_what_is_no_number_or_another_is_told(how):
    assert bound.compared(Entry("3", how), {"x": [3.4, 5]}, None)
    assert bound.compared(Entry("3", "x[0]"), {"x": [3.4, 5]}, None) == []
