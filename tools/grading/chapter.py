"""Make a chapter an assignment: its exercises as answer cells, and a point for each check that draws its own data."""

import copy
import re
from pathlib import Path

import nbformat

from tools.student import NOTEBOOKS, is_solution, student

COMMON = {"schema_version": 3, "task": False}


def make(name):
    """Write source/NAME from the chapter of that name, if there is one."""
    path = NOTEBOOKS / f"{name}.ipynb"
    if path.exists():
        target = Path("source") / name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(nbformat.read(path, as_version=4)), target)
    elif not (Path("source") / name).exists():
        known = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))] + [p.name for p in Path("source").iterdir()]
        raise ValueError(f"there is no assignment and no chapter {name}; there are {', '.join(dict.fromkeys(known))}")


def assignment(nb):
    """The notebook with nbgrader's marks; the solutions stand where nbgrader takes them out."""
    nb = copy.deepcopy(nb)
    for place, check, solution in [nb.cells[i - 2 : i + 1] for i, cell in enumerate(nb.cells) if is_solution(cell)]:
        takes = re.match(r"def \w+\((\w+)", place.source)
        points = int(takes is not None and takes[1] != "model")  # numbers can be looked up, and models do not travel
        answer = {"grade_id": place.id, "grade": False, "solution": True, "locked": False}
        judged = {"grade_id": check.id, "grade": True, "solution": False, "locked": True, "points": points}
        place.source += "\n" + solution.source.replace(f"{check.source}\n", "")
        place.metadata["nbgrader"], check.metadata["nbgrader"] = COMMON | answer, COMMON | judged
    return student(nb)
