"""A submission as it was handed in, read for its cells' text and pictures alone, in the form that was handed out.

Whatever else a file may hold (marks, outputs, settings, other formats) is left behind, so none of it can do harm:
the notebook that is graded is the one that was handed out, with the student's answers in it.
"""

import json
from collections import Counter
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PICTURES = ("image/png", "image/jpeg", "image/gif")


class Reader(NotebookExporter):
    """nbgrader reads and writes notebooks with an exporter; this one reads submissions by `read`."""

    def from_file(self, file_stream, resources=None, **options):
        path = Path(file_stream.name)
        if path.parts[-4:-3] != ("submitted",):
            return super().from_file(file_stream, resources, **options)
        nb = mended(read(path), release(path.parent.name, path.stem))
        return self.from_notebook_node(nb, resources, **options)


def grade_id(cell):
    marks = cell.get("metadata", {}).get("nbgrader", {})
    return marks.get("grade_id") if isinstance(marks, dict) else None


def release(assignment, notebook):
    """The notebook as it was handed out."""
    path = Path("release") / assignment / f"{notebook}.ipynb"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: hand {assignment} out first")
    return nbformat.read(path, as_version=4)


def read(path):
    """The cells of a submission, with their ids and nbgrader's names for them; ValueError where there are none."""
    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is no notebook: {error}") from None
    if isinstance(raw, dict) and isinstance(raw.get("worksheets"), list):
        raw = nbformat.reads(json.dumps(raw), as_version=4)  # as Jupyter wrote them until 2014
    cells = raw.get("cells") if isinstance(raw, dict) else None
    if not isinstance(cells, list):
        raise ValueError("this is no notebook: it has no cells")
    return [plain(cell) for cell in cells if isinstance(cell, dict)]


def plain(cell):
    """A cell with its text and pictures, its id, and the name that it was graded by; nothing else."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    new = new_code_cell(source) if cell.get("cell_type") == "code" else new_markdown_cell(source)
    if pictures := attached(cell.get("attachments")):
        new.attachments = pictures
    return new, [name for name in (grade_id({"metadata": metadata}), cell.get("id")) if isinstance(name, str)]


def attached(attachments):
    """The pictures among what a cell brings along: {name: {kind: base64}}."""
    kept = {}
    for name, data in attachments.items() if isinstance(attachments, dict) else ():
        pictures = {kind: data[kind] for kind in PICTURES if isinstance(data, dict) and isinstance(data.get(kind), str)}
        if pictures:
            kept[str(name)] = pictures
    return kept


def mended(cells, handed_out):
    """The notebook that was handed out, with the answers of a submission; what was odd stands in `metadata.remarks`.

    Marked cells are known by their marks, else by their ids, and count once. Cells that are not the student's to
    write get back their text; where they, or places for words, were deleted, they return before the next cell that
    is still there.
    """
    marked = {grade_id(cell): cell for cell in handed_out.cells if grade_id(cell)}
    ids = {cell.id: name for name, cell in marked.items()}
    found, kept, place = Counter(), [], {}
    for cell, known_as in cells:
        name = next((ids.get(known, known) for known in known_as if ids.get(known, known) in marked), None)
        found[name] += 1
        if name is None or (found[name] > 1 and not marked[name].metadata.nbgrader.locked):
            kept.append(cell)
        elif found[name] == 1:
            place[name] = filled(marked[name], cell)
            kept.append(place[name])
    at = len(kept)
    for name in reversed(marked):
        if name in place:
            at = next(i for i, cell in enumerate(kept) if cell is place[name])
        elif comes_back(marked[name]):
            kept.insert(at, filled(marked[name], marked[name]))
    remarks = [f"cell {name} stands there more than once: the first counts" for name in marked if found[name] > 1]
    for name in [name for name in marked if not found[name]]:
        remarks.append(f"cell {name} was deleted" + (" and put back" if comes_back(marked[name]) else ""))
    return new_notebook(cells=kept, metadata={"kernelspec": handed_out.metadata.kernelspec, "remarks": remarks})


def comes_back(cell):
    return cell.metadata.nbgrader.locked or cell.metadata.nbgrader.grade


def filled(marked, cell):
    """A cell that was handed out, with the student's text where it is the student's to write."""
    new = nbformat.from_dict({**marked, "source": marked.source if marked.metadata.nbgrader.locked else cell.source})
    if marked.cell_type == "markdown" and "attachments" in cell:
        new.attachments = cell.attachments
    return new
