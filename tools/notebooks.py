"""Run every notebook where it stands and leave in it only what is committed.

Kept: code, prose, tags, execution counts and text outputs. Dropped: pictures, widgets, timings.
"""

import copy
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT = {"tags", "mystnb", "jupyter", "cellView", "nbgrader"}  # what a cell's metadata may hold


def _clean_output(output):
    """The output without pictures and widgets, or None where nothing is left."""
    if "data" in output:
        output["data"] = {
            kind: value
            for kind, value in output["data"].items()
            if not kind.startswith(("image/", "application/vnd.jupyter.widget"))
        }
        output["metadata"] = {}
    return None if output.get("data") == {} else output


def clean(nb):
    """A copy of the notebook as it is committed; cleaning twice changes nothing."""
    nb = copy.deepcopy(nb)
    nb.metadata, nb.nbformat, nb.nbformat_minor = nbformat.from_dict(METADATA), 4, 5
    count = 0
    for number, cell in enumerate(nb.cells):
        cell.setdefault("id", f"cell-{number}")
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT}
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = [kept for output in cell.outputs if (kept := _clean_output(output))]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return nb


def text(nb):
    """The notebook as the bytes of its file."""
    return nbformat.writes(nb) + "\n"


def is_clean(path):
    return path.read_text(encoding="utf-8") == text(clean(nbformat.read(path, as_version=4)))


def run(path):
    nb = nbformat.read(path, as_version=4)
    NotebookClient(
        nb,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    path.write_text(text(clean(nb)), encoding="utf-8")


def main():
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in paths:
        print(f"{path.name} …", end=" ", flush=True)
        start = time.perf_counter()
        try:
            run(path)
        except CellExecutionError as error:
            sys.exit(f"\n{error}")
        print(f"{time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
