"""The commands of the teaching guide, from handing out to the table of marks.

    python -m tools.grading release ASSIGNMENT=poisson_mixture
    python -m tools.grading collect ASSIGNMENT=poisson_mixture FROM=submissions.zip
    python -m tools.grading grade ASSIGNMENT=poisson_mixture [AGAIN=yes]
    python -m tools.grading feedback ASSIGNMENT=poisson_mixture
    python -m tools.grading marks [ASSIGNMENT=poisson_mixture] [ROSTER=roster.csv] [FOR=canvas or moodle]

`make release ASSIGNMENT=…` and so on are the same. What they write lies in the folder assignments.
"""

import os
import re
import sys
import warnings
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from tools.grading import chapter, collect, feedback, marks
from tools.grading.box import apart
from tools.grading.notebooks import NOT_APART

FOLDER = Path(__file__).resolve().parents[2] / "assignments"


def release(assignment):
    """Write what students get; a chapter's name makes the chapter an assignment first."""
    chapter.make(assignment)
    succeed(api().generate_assignment(assignment))
    yield f"hand out {FOLDER / 'release' / assignment / f'{assignment}.ipynb'}"


def collected(assignment, source):
    """Sort what was downloaded, and say what became of each file."""
    table = collect.collect(assignment, source)
    for student, came_as, what in table:
        yield f"{student:30}  {what:40}  {came_as}"
    yield f"{sum(what.startswith('collected') for _, _, what in table)} collected, {len(table)} files seen"


def grade(assignment, again=False):
    """Grade who is new or has handed in anew; with again, everybody."""
    if not apart():
        yield NOT_APART
    failed, ours = [], fingerprint()
    for path in sorted(Path("submitted").glob(f"*/{assignment}/{assignment}.ipynb")):
        student, graded = path.parts[1], Path("autograded", *path.parts[1:])
        if again or not graded.exists() or graded.stat().st_mtime < path.stat().st_mtime:
            result = api().autograde(assignment, student)
            changed = [name for name, content in fingerprint().items() if ours.get(name) != content]
            ours = fingerprint()
            yield f"{student}: {'graded' if result['success'] else 'could not be graded: ' + reason(result)}"
            yield from (f"{student}: CHANGED {name} while it ran: get that file back" for name in changed)
            failed += [student] if changed or not result["success"] else []
    if failed:
        sys.exit(1)


def fed_back(assignment):
    """Write a page for each student, and all of them as a zip to upload."""
    succeed(api().generate_feedback(assignment))
    target, count = feedback.pack(assignment)
    yield f"{count} pages: {FOLDER / target}"


def api():
    settings = PyFileConfigLoader("nbgrader_config.py", path=[str(FOLDER)]).load_config()
    return NbGraderAPI(config=settings)


def succeed(result):
    if not result["success"]:
        raise ValueError(reason(result))


def reason(result):
    """What nbgrader stumbled over, in one line."""
    lines = (result.get("log", "") or result.get("error", "")).splitlines()
    told = [line.strip() for line in lines if re.match(r"\s*[\w.]+(Error|Ended)\b", line)]
    return told[-1][:200] if told else "nbgrader does not say why"


def fingerprint():
    """What no submission may change: {file: its content, or for other submissions its size and time}."""
    names = [path for top in ("source", "release", "../tools/grading") for path in Path(top).rglob("*.*")]
    ours = {str(path): path.read_bytes() for path in [*names, Path("seed.txt")] if path.is_file()}
    return ours | {str(path): path.stat()[6:7] + path.stat()[8:9] for path in Path("submitted").rglob("*.*")}


COMMANDS = {"release": release, "collect": collected, "grade": grade, "feedback": fed_back, "marks": marks.export}
WORDS = {"ASSIGNMENT": "assignment", "FROM": "source", "AGAIN": "again", "ROSTER": "roster", "FOR": "platform"}


def main(command=None, *words):
    given = dict(word.split("=", 1) for word in words if "=" in word)
    if command not in COMMANDS or len(given) < len(words) or not set(given) <= set(WORDS):
        sys.exit(__doc__)
    options = {WORDS[name]: value for name, value in given.items()}
    for name in {"source", "roster"} & set(options):
        options[name] = Path(options[name]).expanduser().resolve()
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    warnings.filterwarnings("ignore", module="nbgrader")  # it warns of itself
    os.chdir(FOLDER)
    try:
        for line in COMMANDS[command](**options):
            print(line, flush=True)
    except (TypeError, ValueError, OSError) as error:
        sys.exit(f"{command}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
