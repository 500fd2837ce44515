"""The notebooks as they are committed: clean, executed, and their prose true to their outputs."""

import re
from pathlib import Path

import nbformat
import pytest

from tools import notebooks as tool

PATHS = sorted(tool.NOTEBOOKS.glob("*.ipynb"))
DECIMAL = re.compile(r"(?<![\w.])\d*\.\d+(?![\w.])")


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    nb = nbformat.read(request.param, as_version=4)
    nb["path"] = request.param.stem
    return nb


def code(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def prose(nb):
    """The Markdown up to the sources: no code, no link targets."""
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown").split("\n## Sources")[0]
    return re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", text, flags=re.S)


def unprinted(stated, printed):
    """The decimals of one text that no number of the other rounds to."""
    numbers = [float(n) for n in re.findall(r"\d+\.?\d*(?:e[+-]?\d+)?", printed)]
    return [
        n for n in DECIMAL.findall(stated)
        if not any(abs(float(n) - m) <= 0.5 * 10 ** -len(n.split(".")[1]) + 1e-12 for m in numbers)
    ]  # fmt: skip


def test_there_are_notebooks():
    assert PATHS


def test_cleaning_changes_nothing(request):
    dirty = [path.name for path in PATHS if not tool.is_clean(path)]
    assert not dirty, f"run `make notebooks`: {dirty}"


def test_every_code_cell_was_executed_in_order(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_no_picture_and_no_widget_state_is_committed(notebook):
    assert "widgets" not in notebook.metadata
    kinds = {kind for cell in code(notebook) for output in cell.outputs for kind in output.get("data", {})}
    assert kinds <= {"text/plain"}


def test_there_is_text_to_compare(notebook):
    assert sum(bool(cell.outputs) for cell in code(notebook)) >= 5


def test_a_decimal_that_no_cell_prints_is_found():
    assert unprinted("it is .71, 3.4 and 2.50", "0.7130 and 3.36\n2.51") == ["2.50"]


def test_notebooks_hold_plain_markdown(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r"```\{|\{\w+\}`|^:::", text, flags=re.M), "MyST is not read on Binder or Colab"


def test_every_chapter_has_its_parts(notebook):
    text = prose(notebook)
    assert notebook.cells[1].source.startswith("# ")
    for part in (
        "**By the end you can**",
        "**You need**",
        "**Predict.**",
        "## Check yourself",
        "what still bothers us",
    ):
        assert part in text, part
    assert notebook.cells[-1].source.count("## Sources") == 1
    assert len(re.findall(r"^### \d", text.split("## Check yourself")[1], flags=re.M)) >= 4


def is_figure(cell):
    return any(
        "text/plain" in out.get("data", {}) and re.search(r"^ 0  ", out.data["text/plain"], re.M)
        for out in cell.outputs
    )


def test_every_figure_has_pages_enough_and_says_numbers_on_each(notebook):
    """Fifteen pages that differ, over all its starts and choices; the first may only say how to begin."""
    figures = [c for c in code(notebook) if is_figure(c)]
    assert figures
    for cell in figures:
        pages = re.findall(r"^ ?(\d+)  (.+)$", cell.outputs[0].data["text/plain"], flags=re.M)
        assert len({caption for _, caption in pages}) >= 15
        assert [caption for i, caption in pages if i != "0" and not re.search(r"\d", caption)] == []


def test_every_links_target_exists(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = re.findall(r"\]\((?!http)([^)#]+)", text)
    missing = [target for target in targets if not (tool.NOTEBOOKS / target).exists()]
    assert targets and not missing


def test_the_table_of_contents_lists_every_notebook_and_page():
    toc = (Path(tool.NOTEBOOKS).parent / "_toc.yml").read_text()
    assert set(re.findall(r"notebooks/(\w+)", toc)) == {path.stem for path in PATHS}


def test_what_is_printed_fits_the_page(notebook):
    lines = [line for cell in code(notebook) if not is_figure(cell) for output in cell.outputs
             for line in output.get("text", "").splitlines()]  # fmt: skip
    assert [line for line in lines if len(line) > 92] == []
