"""The points of a class, with a remark wherever something was odd, joined with a roster and ready for a platform."""

import csv
import re
import secrets
import sys
from pathlib import Path

import nbformat

IDS = {"id", "sis user id", "sis login id", "id number", "identifier", "username", "login", "email", "email address"}
ACTS = re.compile(r"[=+\-@\t\r].")  # what a spreadsheet would take for a formula


def seed(path):
    """The number in the teacher's seed file; a new file gets a number that nobody can guess."""
    if not path.exists():
        path.write_text(f"{secrets.randbits(64)}\n")
        path.chmod(0o600)
        print(f"wrote {path}: the hidden checks draw their data from it. Keep it to yourself.", file=sys.stderr)
    return int(path.read_text())


def export(assignment=None, roster=None, platform=None):
    """Write marks.csv, and the table that a platform imports: the lines to say about them."""
    from nbgrader.api import Gradebook  # here, for it takes a second to import

    with Gradebook("sqlite:///gradebook.db") as gradebook:
        wanted = [entry for entry in gradebook.assignments if assignment in (None, entry.name)]
        tables = [list(points(gradebook, entry)) for entry in wanted]
    if not any(tables):
        raise ValueError(f"there is nothing of {assignment or 'any assignment'} to export yet")
    people = read(Path(roster)) if roster else []
    if people:
        tables = [joined(table, people) for table in tables]
    rows = [row for table in tables for row in table]
    write("marks.csv", rows)
    yield f"marks.csv: {len(rows)} rows, {sum(bool(row['remarks']) for row in rows)} with a remark"
    if waiting := sum(bool(row["waiting_for_you"]) for row in rows):
        yield f"{waiting} of them hold answers in words that you have not marked yet"
    if platform:
        if not people or len(tables) != 1:
            raise ValueError("FOR needs one ASSIGNMENT, and as ROSTER the table that the platform exports")
        write(f"{platform}.csv", PLATFORMS[platform](tables[0], people))
        yield f"{platform}.csv: for {platform.title()} to import"


def points(gradebook, assignment):
    """A row for each student: points, points of each part, points that wait for the teacher, remarks."""
    from nbgrader.api import MissingEntry

    handed_in = {path.parent.name for path in Path("submitted").glob(f"*/{assignment.name}")}
    for student in sorted(handed_in | {student.id for student in gradebook.students}):
        try:
            submission = gradebook.find_submission(assignment.name, student)
            grades = sorted((g for notebook in submission.notebooks for g in notebook.grades), key=lambda g: g.name)
        except MissingEntry:
            submission, grades = None, []
        yield {
            "assignment": assignment.name,
            "student": student,
            "score": submission.score if submission else 0.0,
            "max_score": assignment.max_score,
            "waiting_for_you": sum(grade.max_score for grade in grades if grade.needs_manual_grade),
            **{grade.name: grade.score for grade in grades},
            "remarks": "; ".join(remarks(student, assignment.name)),
        }


def remarks(student, assignment):
    """What a teacher should know about a submission, in words."""
    folder = Path("submitted") / student / assignment
    path, graded = folder / f"{assignment}.ipynb", Path("autograded") / student / assignment / f"{assignment}.ipynb"
    if graded.exists() and path.exists():
        return nbformat.read(graded, as_version=4).metadata.get("remarks", [])
    if path.exists():
        return ["not graded: the file cannot be read, or `make grade` was not given"]
    others = ", ".join(sorted(other.name for other in folder.glob("*.ipynb")))
    return [f"no {path.name} handed in" + (f", but {others}" if others else "")]


def read(path):
    """The rows of a roster, as a platform exports it."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if not rows or not IDS & {str(name).strip().lower() for name in rows[0]}:
        raise ValueError(f"{path} must have a header with a column of ids, such as ID, Identifier, Username or Email")
    return rows


def known_as(person):
    """What a row of a roster calls a student: ids, user names, the part of an address before the @."""
    cells = {str(value).strip().lower() for name, value in person.items() if str(name).strip().lower() in IDS}
    return {known for cell in cells for known in (cell, cell.removeprefix("participant "), cell.split("@")[0])} - {""}


def joined(table, people):
    """The marks of one assignment with the columns of the roster: everybody in it, then those whom it lacks."""
    found = {row["student"]: [p for p in people if known_as(p) & known_by(row["student"])] for row in table}
    mine = {id(owners[0]): student for student, owners in found.items() if len(owners) == 1}
    marks, rows = {row["student"]: row for row in table}, []
    absent = {name: table[0][name] for name in ("assignment", "max_score")}
    absent |= {"waiting_for_you": 0, "remarks": "nothing handed in"}
    for person in people:
        rows.append(person | (marks[mine[id(person)]] if id(person) in mine else absent))
    for student, owners in found.items():
        if len(owners) != 1:
            where = f"matches {len(owners)} rows of the roster" if owners else "is not in the roster"
            rows.append(marks[student] | {"remarks": "; ".join(filter(None, [marks[student]["remarks"], where]))})
    return [row for row in rows if known_as(row) or "student" in row]


def known_by(student):
    """What a student may be called in a roster: the whole name of the folder, or its number."""
    return {student.lower(), student.lower().rpartition("_")[2]}


def for_canvas(rows, people):
    """Canvas's own columns for each student, and the points; under the assignment's name, or the one it has there."""
    name = next((name for name in people[0] if name.startswith(rows[0]["assignment"])), rows[0]["assignment"])
    own = [column for column in people[0] if column in ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")]
    return [{column: row[column] for column in own} | {name: row.get("score", "")} for row in rows if own[0] in row]


def for_moodle(rows, people):
    """Moodle's grading worksheet, with its column Grade filled in."""
    if "Grade" not in people[0]:
        raise ValueError(f"a grading worksheet of Moodle has a column Grade; got {', '.join(people[0])}")
    full = [row | {"Grade": row.get("score", "")} for row in rows if "Grade" in row]
    return [{column: row[column] for column in people[0]} for row in full]


PLATFORMS = {"canvas": for_canvas, "moodle": for_moodle}


def write(path, rows):
    """A table that no spreadsheet takes for anything but text and numbers."""
    names = list(dict.fromkeys(name for row in rows for name in row if name != "remarks"))
    names += ["remarks"] * any("remarks" in row for row in rows)
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, names, restval="")
        table.writeheader()
        table.writerows({name: harmless(value) for name, value in row.items()} for row in rows)


def harmless(value):
    return f"'{value}" if isinstance(value, str) and ACTS.match(value) and not number(value) else value


def number(text):
    try:
        return bool(float(text)) or True
    except ValueError:
        return False
