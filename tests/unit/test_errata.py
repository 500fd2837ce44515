"""The page of slips: all 26 stand there, every cell runs, and the prose says what its cell prints."""

import re

import pytest

from tools.claims import bound, pages

PAGE = pages.find("errata")
NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")
CELL = pages.CODE

# In the order of the page: words of the heading, and the item's number in the curriculum.
ITEMS = {
    "It happened": 21, "density at x": 22, "probabilities satisfy": 2, "needs g to be continuous": 24,
    "score equation for the variance": 3, "Cross-entropy": 26,
    "values of z are samples": 19, "depends on Q": 18, "Choosing Q": 5, "same numerator": 4, "sorts the people": 17,
    "over θ and z": 6,
    "M-step maximizes the log-likelihood": 8, "gradients fail": 16, "forget the mixing weights": 23,
    "two-coin example": 14,
    "EM converges": 10, "stands still": 20, "convex": 9,
    "clustering": 11, "K-means": 7, "SMO": 12,
    "Exception": 1, "Plot the density": 13, "drawn, not computed": 15, "evenly spaced": 25,
}  # fmt: skip
OF_WORDS = {"Exception"}  # nothing to compute wrongly

# What must come out, from the published sources and the ground truth of the course: (wrong, right).
KNOWN = {
    "score equation for the variance": ("6.300", "8.910"),
    "same numerator": ("1.9890", "1.0000"),
    "Choosing Q": ("0.6000, 0.5000", "0.7967, 0.5197"),
    "over θ and z": ("0.8000 and 0.4500", "0.7968 and 0.5196"),
    "sorts the people": ("4.07", "5.95"),
    "M-step maximizes the log-likelihood": ("164.77", "160.04"),
    "forget the mixing weights": ("0.5000", "0.3609"),
    "two-coin example": ("0.7899, 0.5089", "0.7967, 0.5197"),
    "EM converges": ("-717.95", "-674.79"),
    "stands still": ("-32.0518", "-31.9184"),
    "convex": ("-31.6857", "-31.6713"),
    "clustering": ("2.4000", "4.0000"),
    "SMO": ("(0.00, 0.00)", "(0.50, 0.50)"),
}


def items(text):
    """{heading: body} of the ### sections."""
    parts = re.split(r"^### (.+)\n", text, flags=re.M)[1:]
    return {
        heading: re.split(r"^## ", body, flags=re.M)[0] for heading, body in zip(parts[::2], parts[1::2], strict=True)
    }


def marked(printed, word):
    return [line for line in printed.splitlines() if line.startswith(f"{word}:")]


def numbers(lines):
    return [number for line in lines for number in NUMBER.findall(line)]


@pytest.fixture(scope="module")
def executed():
    """Everything once, in order, in one namespace: (cells, numbers of the prose that are others)."""
    cells, wrong = pages.cells(PAGE), []
    names = pages.run(PAGE, cells, lambda cell, names: wrong.extend(bound.wrong(PAGE, cells, cell.id, names)))
    return cells, wrong + bound.wrong(PAGE, cells, None, names)


@pytest.fixture(scope="module")
def page(executed):
    """{key: (heading, body, what its cells print)}."""
    printed = {cell.source: cell.printed for cell in executed[0] if cell.kind == "code"}
    found = items(PAGE.read_text(encoding="utf-8"))
    assert len(found) == len(ITEMS) == 26
    return {
        key: (heading, body, "".join(printed[code] for code in CELL.findall(body)))
        for key, (heading, body) in zip(ITEMS, found.items(), strict=True)
    }


def test_the_list_has_every_number_once():
    assert sorted(ITEMS.values()) == list(range(1, 27))


def test_every_item_stands_in_its_place_and_quotes_its_slip(page):
    for key, (heading, *_) in page.items():
        assert key in heading and heading.count('"') == 2


@pytest.mark.parametrize("key", ITEMS)
def test_an_item_links_to_a_page_of_the_course_and_prints(page, key):
    _, body, printed = page[key]
    assert re.search(r"\]\(\.\./notebooks/\d\d_\w+\.ipynb\)", body)
    assert numbers(printed.splitlines())


@pytest.mark.parametrize("key", [key for key in ITEMS if key not in OF_WORDS])
def test_the_wrong_number_stands_beside_the_right_one(page, key):
    *_, printed = page[key]
    wrong, right = marked(printed, "wrong"), marked(printed, "right")
    assert wrong and right
    for pair in zip(wrong, right, strict=False):
        assert all(map(numbers, ([line] for line in pair))) and numbers(pair[:1]) != numbers(pair[1:])


@pytest.mark.parametrize("key", KNOWN)
def test_the_known_numbers_come_out(page, key):
    *_, printed = page[key]
    for word, number in zip(("wrong", "right"), KNOWN[key], strict=True):
        assert any(number in line for line in marked(printed, word)), (word, number)


def test_the_expected_counts_of_the_published_figure_come_out(page):
    assert all(number in page["Exception"][2] for number in ("21.30", "8.57", "11.70", "8.43"))


def test_every_number_in_the_prose_is_what_its_expression_computes(executed):
    assert executed[1] == []


def test_cells_are_short(page):
    for _, body, _ in page.values():
        for cell in CELL.findall(body):
            lines = [line for line in cell.splitlines() if line.strip()]
            assert 1 <= len(lines) <= 12 and max(map(len, lines)) <= 90


def test_printed_lines_fit_a_narrow_column(page):
    assert [line for *_, printed in page.values() for line in printed.splitlines() if len(line) > 64] == []


def test_the_chapters_that_the_page_links_to_exist():
    targets = set(re.findall(r"\]\((?!http)([^)#]+)\)", PAGE.read_text(encoding="utf-8")))
    assert targets and [target for target in targets if not (PAGE.parent / target).exists()] == []
