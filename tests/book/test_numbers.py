"""Every number of the prose has the value of the expression that it is bound to, when its page has run."""

import pytest
from drawn import without_drawing

from tools.claims import bound, pages

BOUND = [path for path in pages.PAGES if bound.sidecar(path).exists()]


@pytest.mark.parametrize("path", BOUND, ids=lambda path: path.stem)
def test_every_number_of_the_prose_is_what_the_page_computes(path, monkeypatch):
    without_drawing(monkeypatch)  # the book has drawn the figures
    assert bound.problems(path) == []
