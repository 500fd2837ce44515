"""What the book's run of each page printed is what is committed: nothing in a notebook is of an older course."""

import nbformat
import pytest
from book_helpers import ROOT
from jupyter_cache import get_cache

from tools import notebooks

PATHS = sorted(notebooks.NOTEBOOKS.glob("*.ipynb"))


def printed(nb):
    """What each code cell printed or showed in words; how its stream came in pieces does not matter."""
    return [
        "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in notebooks.clean(nb).cells
        if cell.cell_type == "code"
    ]


@pytest.fixture(scope="module")
def run():
    """run(nb): the notebook with the outputs of the book's last run of the same code."""
    cache = get_cache(ROOT / "_build" / ".jupyter_cache")
    return lambda nb: cache.merge_match_into_notebook(nb)[1]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_committed_outputs_are_those_of_todays_run(path, run):
    committed = nbformat.read(path, as_version=4)
    assert printed(run(committed)) == printed(committed), "say `make notebooks`"


def test_an_output_that_is_not_todays_is_found(run):
    nb = nbformat.read(PATHS[5], as_version=4)
    before = printed(nb)
    cell = next(cell for cell in nb.cells if cell.cell_type == "code" and "text" in (cell.outputs or [{}])[0])
    cell.outputs[0].text = cell.outputs[0].text.replace("1", "2")
    assert printed(nb) != before == printed(run(nb))
