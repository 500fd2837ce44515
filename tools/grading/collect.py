"""Collect submissions from what a learning platform lets a teacher download: a zip or a folder, as it comes.

Canvas names files `lastfirst_LATE_12345_67890_project.ipynb`, Moodle `First Last_12345_assignsubmission_file_…`,
as a folder for each student or without folders; `anna_project.ipynb` will do as well. A file that cannot be read
stops nothing: the table says what became of each.
"""

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

NAMES = [
    r"(?:^|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_file_?/(?:.*/)?(?P<file>[^/]+)$",  # Moodle, folders
    r"(?:^|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_file_(?P<file>[^/]+)$",  # Moodle, flat
    r"(?:^|/)(?P<name>[^/_]+?)(?P<late>_LATE)?_(?P<number>\d+)_\d+_(?P<file>[^/]+)$",  # Canvas
    r"(?:^|/)(?P<name>[^/]+?)_(?P<file>{assignment}[^/]*)$",
    r"(?:^|/)(?P<name>[^/_]+)_(?P<file>[^/]+)$",
]
LARGEST = 100 << 20  # bytes of a notebook


class Found(NamedTuple):
    """A file that somebody handed in."""

    student: str
    came_as: str  # its path in the archive
    file: str  # the name that the student gave it
    late: bool
    content: bytes | str  # or why there is none


def collect(assignment, source):
    """Put each student's notebook into submitted/; rows (student, came as, what became of it), sorted."""
    table, handed_in = [], {}
    for came_as, read in members(Path(source)):
        found = sort_out(assignment, came_as, read)
        if found is None:
            table.append(("?", came_as, "whose? the name says nothing"))
        elif isinstance(found.content, str):
            table.append((found.student, came_as, found.content))
        else:
            handed_in.setdefault(found.student, []).append(found)
    for student, all_found in handed_in.items():
        *others, best = sorted(all_found, key=lambda found: fits(found.file, assignment))
        folder = Path("submitted") / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{assignment}.ipynb").write_bytes(best.content)
        named = "" if fits(best.file, assignment)[0] else f", though it is called {best.file}"
        table.append((student, best.came_as, "collected" + ", late" * best.late + named))
        table += [(student, found.came_as, f"left out: {best.file} counts") for found in others]
    write(assignment, {student: came_as for student, came_as, what in table if what.startswith("collected")})
    return sorted(table)


def members(source):
    """(path, a function that reads it) of every file in a folder or a zip."""
    if source.is_dir():
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            yield path.relative_to(source).as_posix(), path.read_bytes
        return
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and not entry.filename.startswith("__MACOSX/"):
                yield entry.filename, lambda entry=entry: unpacked(archive, entry)


def unpacked(archive, entry):
    if entry.file_size > LARGEST:
        raise ValueError(f"it is larger than {LARGEST >> 20} MB")
    return archive.read(entry)


def sort_out(assignment, came_as, read):
    """Whose file it is and what it holds; None where its name does not say."""
    matches = (re.search(name.format(assignment=re.escape(assignment)), came_as) for name in NAMES)
    match = next((match for match in matches if match), None)
    student = match and student_id(match["name"], match.groupdict().get("number"))
    if not student:
        return None
    late = bool(match.groupdict().get("late"))
    if not came_as.endswith((".ipynb", ".zip")):
        return Found(student, came_as, match["file"], late, "left out: not a notebook")
    try:
        file, content = match["file"], read()
        if file.endswith(".zip"):
            file, content = from_zip(content, assignment)
        return Found(student, came_as, file, late, content)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError) as error:
        return Found(student, came_as, match["file"], late, f"cannot be read: {error}")


def from_zip(content, assignment):
    """The name and content of the best notebook in a zip that a student handed in."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        paths = {Path(entry.filename).name: entry for entry in archive.infolist() if "__MACOSX" not in entry.filename}
        notebooks = [name for name in paths if name.endswith(".ipynb")]
        if not notebooks:
            raise ValueError("a zip without a notebook")
        best = max(notebooks, key=lambda name: fits(name, assignment))
        return best, unpacked(archive, paths[best])


def student_id(name, number):
    """A name as a folder's name, with the platform's number for the student: `Anna-Meyer_12345`."""
    name = re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", name)).strip("-._")
    return "_".join(part for part in (name, number) if part)


def fits(file, assignment):
    """How well a file's name fits: whether it is the assignment's, and which attempt (Canvas adds -1, browsers (1))."""
    match = re.fullmatch(rf"{re.escape(assignment)}(?:[- ]*\(?(\d+)\)?)?\.ipynb", file)
    return (bool(match), int(match[1] or 0) if match else 0)


def write(assignment, new):
    """Remember under which name each student's file came."""
    known = collected(assignment) | new
    Path("collected").mkdir(exist_ok=True)
    with open(Path("collected") / f"{assignment}.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(known.items())


def collected(assignment):
    """{student: the name that the file came with}"""
    path = Path("collected") / f"{assignment}.csv"
    if not path.exists():
        return {}
    with open(path, newline="", encoding="utf-8") as file:
        return dict(csv.reader(file))
