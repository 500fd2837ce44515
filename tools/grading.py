"""What this course adds to nbgrader; assignments/nbgrader_config.py puts it in place.

    python -m tools.grading 06_two_coins     make a chapter an assignment: assignments/source/06_two_coins

Stubs hands out cells with the names that a check asks for. Mend and Shorten let a broken submission be
graded as far as it goes. Marks exports the points of a class, with a remark wherever something was odd.
"""

import copy
import csv
import re
import secrets
import sys
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from tools.student import NOTEBOOKS, ROOT, is_solution, stub

LIMIT = 10_000  # characters of one output that are kept
CUT = "[cut here while grading:"
ALLOWED = {"data", "exercises", "answer_of", "judge", "unpack"}  # what a notebook imports from emcore as handed out


def seed(path):
    """The number in the teacher's seed file, as text; a new file gets a number that nobody can guess."""
    if not path.exists():
        path.write_text(f"{secrets.randbits(64)}\n")
        print(f"wrote {path}: the hidden checks draw their data from it. Keep it to yourself.", file=sys.stderr)
    return path.read_text().strip()


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def release(assignment, notebook):
    """The notebook as it was handed out."""
    path = Path("release") / assignment / f"{notebook}.ipynb"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run nbgrader generate_assignment {assignment} first")
    return nbformat.read(path, as_version=4)


class Stubs(NbGraderPreprocessor):
    """Before nbgrader clears the solutions: leave the names and signatures that the check asks for."""

    def preprocess(self, nb, resources):
        for cell, check in zip(nb.cells, nb.cells[1:], strict=False):
            if is_solution(cell):
                code = check.source if check.cell_type == "code" else ""
                cell.source = f"{stub(cell.source, code)}\n### BEGIN SOLUTION\n### END SOLUTION"
        return nb, resources


class Mend(NbGraderPreprocessor):
    """Give a notebook back the marks of what was handed out: nbgrader stops the batch at one that lost them.

    Each cell of the release keeps its marks once; copies and strangers lose theirs. Graded cells that were
    deleted return to where they stood: before the next cell that is still there.
    """

    def preprocess(self, nb, resources):
        handed_out = release(resources["nbgrader"]["assignment"], resources["nbgrader"]["notebook"])
        present = {}
        for cell in nb.cells:
            if grade_id(cell) not in present:
                present[grade_id(cell)] = cell
            cell.metadata.pop("nbgrader", None)
        place = len(nb.cells)
        for cell in reversed([cell for cell in handed_out.cells if grade_id(cell)]):
            name = grade_id(cell)
            if name in present:
                present[name].metadata["nbgrader"] = cell.metadata.nbgrader
                place = next(i for i, theirs in enumerate(nb.cells) if theirs is present[name])
            elif cell.metadata.nbgrader.grade:
                nb.cells.insert(place, nbformat.from_dict({**cell, "id": f"{name}-back"}))
        return nb, resources


class Shorten(NbGraderPreprocessor):
    """Keep the beginning of an output that nobody would read to its end."""

    def preprocess_cell(self, cell, resources, index):
        for output in cell.get("outputs", []):
            texts = output.get("data", output)  # what is displayed, or the printed text itself
            for kind in [kind for kind, text in texts.items() if isinstance(text, str) and len(text) > LIMIT]:
                texts[kind] = f"{texts[kind][:LIMIT]}\n{CUT} {len(texts[kind]) / 1e6:.1f} MB in all]\n"
        return cell, resources


class Marks(ExportPlugin):
    """`nbgrader export`: one row a student and assignment, with the points of each part and remarks."""

    to = Unicode("marks.csv", help="destination to export to").tag(config=True)

    def export(self, gradebook):
        rows = [
            row
            for assignment in gradebook.assignments
            if not self.assignment or assignment.name in self.assignment
            for row in self.rows(gradebook, assignment)
        ]
        with open(self.to, "w", newline="", encoding="utf-8") as file:
            parts = [name for row in rows for name in row if name != "remarks"]
            table = csv.DictWriter(file, [*dict.fromkeys(parts), "remarks"], restval="")
            table.writeheader()
            table.writerows(rows)
        print(f"{self.to}: {len(rows)} rows, {sum(bool(row['remarks']) for row in rows)} with a remark")

    def rows(self, gradebook, assignment):
        handed_in = {path.parent.name for path in Path("submitted").glob(f"*/{assignment.name}")}
        for student in sorted(handed_in | {student.id for student in gradebook.students}):
            try:
                submission = gradebook.find_submission(assignment.name, student)
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                score, waiting = submission.score, [grade for grade in grades if grade.needs_manual_grade]
            except MissingEntry:
                grades, score, waiting = [], 0.0, []
            yield {
                "assignment": assignment.name,
                "student": student,
                "score": score,
                "max_score": assignment.max_score,
                "waiting_for_you": sum(grade.max_score for grade in waiting),
                **{grade.name: grade.score for grade in sorted(grades, key=lambda grade: grade.name)},
                "remarks": "; ".join(
                    remark
                    for notebook in assignment.notebooks
                    for remark in remarks(student, assignment.name, notebook.name)
                ),
            }


def remarks(student, assignment, notebook):
    """What a teacher should know about a submission, in words."""
    folder = Path("submitted") / student / assignment
    path, graded = folder / f"{notebook}.ipynb", Path("autograded") / student / assignment / f"{notebook}.ipynb"
    if not path.exists():
        others = sorted(other.name for other in folder.glob("*.ipynb"))
        yield f"no {path.name} handed in" + (f", but {', '.join(others)}" if others else "")
        return
    try:
        theirs = nbformat.read(path, as_version=4)
    except Exception as error:
        yield f"{path.name} cannot be read: {str(error).splitlines()[0][:80]}"
        return
    if not graded.exists():
        yield "could not be graded: see what nbgrader autograde says"
        return
    present = [grade_id(cell) for cell in theirs.cells]
    for cell in release(assignment, notebook).cells:
        if grade_id(cell) and grade_id(cell) not in present:
            yield f"cell {grade_id(cell)} was deleted" + (" and put back" if cell.metadata.nbgrader.grade else "")
        if grade_id(cell) and present.count(grade_id(cell)) > 1:
            yield f"cell {grade_id(cell)} stands there more than once: the first counts"
    for number, cell in enumerate(nbformat.read(graded, as_version=4).cells, start=1):
        name = f"cell {grade_id(cell) or number}"
        for output in cell.get("outputs", []):
            if output.get("ename") == "CellTimeoutError":
                yield f"{name} ran too long and was stopped"
            if output.get("ename") in ("SyntaxError", "IndentationError", "TabError"):
                yield f"{name} is not Python: {output.evalue}"
            if any(CUT in str(text) for text in output.get("data", output).values()):
                yield f"{name} printed too much, cut"
        if not cell.metadata.get("nbgrader", {}).get("locked") and cell.cell_type == "code":
            for line, names in re.findall(r"^[ \t]*((?:from|import) emcore\b(?:.* import (.*))?.*)", cell.source, re.M):
                if not names or set(re.findall(r"\w+", names)) - ALLOWED:
                    yield f"{name} says {line.strip()!r}"


def assign(nb):
    """A chapter with nbgrader's marks: a point for each exercise whose check draws its own data, else none."""
    nb = copy.deepcopy(nb)
    for cell, check in zip(nb.cells, nb.cells[1:], strict=False):
        if is_solution(cell):
            common = {"schema_version": 3, "task": False}
            cell.metadata = {
                "nbgrader": {**common, "grade_id": cell.id, "grade": False, "solution": True, "locked": False}
            }
            points = int("def " in stub(cell.source, check.source))  # numbers can be looked up, so they earn nothing
            check.metadata["nbgrader"] = {
                **common, "grade_id": check.id, "grade": True, "solution": False, "locked": True, "points": points,
            }  # fmt: skip
    return nb


def main():
    for chapter in sys.argv[1:]:
        path = NOTEBOOKS / f"{chapter}.ipynb"
        if not path.exists():
            names = ", ".join(sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
            sys.exit(f"no chapter {chapter}; there are {names}")
        nb = assign(nbformat.read(path, as_version=4))
        target = ROOT / "assignments" / "source" / chapter / path.name
        target.parent.mkdir(exist_ok=True)
        nbformat.write(nb, target)
        total = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in nb.cells)
        print(f"{target.relative_to(ROOT)}: {total} points")


if __name__ == "__main__":
    main()
