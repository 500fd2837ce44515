"""A class of sample submissions, graded by the very commands of the teaching guide."""

import copy
import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest
from submissions import BROKEN, PROJECT, SAMPLES, part, solved

from tools import grading
from tools.student import ROOT, is_solution, stub

GUIDE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
GRADING = GUIDE.split("\n## Grading\n")[1].split("\n## ")[0]
CHAPTER = "06_two_coins"
PARTS = {"loglik_check": 3, "e_step_check": 4, "m_step_check": 4, "run_check": 3}
BIN = Path(sys.executable).parent
VENV = ["python -m venv .venv", ". .venv/bin/activate", "python -m pip install -r requirements-teaching.txt"]


def commands(heading):
    """The commands that the guide gives below one heading of its part on grading."""
    section = GRADING.split(f"\n### {heading}\n")[1].split("\n### ")[0]
    return re.findall(r"^\$ (.+)$", section, flags=re.M)


class School:
    """A copy of what a teacher has, and a shell in it; every command of the guide that was given is noted."""

    def __init__(self, folder):
        self.root, self.folder, self.given, self.said = folder, folder / "assignments", [], {}
        shutil.copytree(
            ROOT / "assignments", self.folder, ignore=lambda _, names: {n for n in names if n[0] in "0123456789"}
        )
        for left in self.folder.iterdir():  # what a teacher's own class may have left in the folder
            if left.name not in ("source", "nbgrader_config.py"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        for name in ("tools", "notebooks"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (self.folder / "seed.txt").write_text("20100901\n")
        with open(self.folder / "nbgrader_config.py", "a") as settings:
            settings.write("\nc.Execute.timeout = 4\n")

    def environment(self):
        return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "JUPYTER_CONFIG_DIR": str(self.root)}

    def follow(self, heading, instead=None):
        """Give a section's commands; instead puts another assignment in the place of the guide's."""
        place = self.root if heading.startswith("A chapter") else self.folder
        for command in commands(heading):
            self.given.append(command)
            if command == "cd assignments":
                place = self.folder
                continue
            command = command.replace(PROJECT, instead or PROJECT)
            ran = subprocess.run(
                command.split(), cwd=place, env=self.environment(), capture_output=True, text=True, timeout=300
            )
            self.said[command] = ran.returncode, ran.stdout + ran.stderr

    def hand_in(self, assignment, submissions):
        """Put {name of a file: notebook or text} where the guide says."""
        folder = self.folder / "downloaded" / assignment / "archive"
        folder.mkdir(parents=True)
        for name, handed_in in submissions.items():
            text = handed_in if isinstance(handed_in, str) else nbformat.writes(handed_in)
            (folder / name).write_text(text, encoding="utf-8")

    def notebook(self, step, assignment=PROJECT):
        return nbformat.read(self.folder / step / assignment / f"{assignment}.ipynb", as_version=4)

    def marks(self):
        with open(self.folder / "marks.csv", encoding="utf-8", newline="") as file:
            return {(row["assignment"], row["student"]): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """The whole path for one class: both projects and a chapter, with good, wrong and broken submissions."""
    school = School(tmp_path_factory.mktemp("school") / "a course")
    school.follow("Release")
    release, source = school.notebook("release"), school.notebook("source")
    handed_in = {f"{make.__name__}_{PROJECT}.ipynb": make(copy.deepcopy(release), source) for make in SAMPLES + BROKEN}
    truncated = {f"truncated_{PROJECT}.ipynb": nbformat.writes(release)[:3000]}
    school.hand_in(PROJECT, {**handed_in, "misnamed_notes.ipynb": release, **truncated})
    school.follow("Collect")
    school.follow("Autograde")

    school.follow("Release", "missing_data")
    blank, answers = school.notebook("release", "missing_data"), school.notebook("source", "missing_data")
    right = {"right_missing_data.ipynb": solved(copy.deepcopy(blank), answers), "blank_missing_data.ipynb": blank}
    school.hand_in("missing_data", right)
    school.follow("Collect", "missing_data")
    school.follow("Autograde", "missing_data")

    school.follow("A chapter as an assignment")
    blank, answers = school.notebook("release", CHAPTER), school.notebook("source", CHAPTER)
    right = {f"right_{CHAPTER}.ipynb": solved(copy.deepcopy(blank), answers), f"blank_{CHAPTER}.ipynb": blank}
    school.hand_in(CHAPTER, right)
    school.follow("Collect", CHAPTER)
    school.follow("Autograde", CHAPTER)

    school.follow("Feedback and the table")
    return school


@pytest.fixture(scope="module")
def marks(school):
    return school.marks()


def scores(marks, assignment=PROJECT):
    return {student: float(row["score"]) for (name, student), row in marks.items() if name == assignment}


def earned(marks, student):
    return {name for name in PARTS if float(marks[PROJECT, student][name])}


def test_every_command_succeeds_but_the_one_that_reports_broken_submissions(school):
    failed = {command: said for command, (code, said) in school.said.items() if code}
    assert list(failed) == [f"nbgrader autograde {PROJECT}"]
    for student in ("crash", "misnamed", "truncated"):
        assert (
            f"error processing assignment '{PROJECT}' for student '{student}'"
            in failed[f"nbgrader autograde {PROJECT}"]
        )


def test_every_command_of_the_guide_is_run_by_a_test(school):
    all_commands = set(re.findall(r"^\$ (.+)$", GUIDE, flags=re.M))
    elsewhere = {"make student", "jupyter lab", *VENV}
    assert all_commands == set(school.given) | elsewhere


def test_what_the_guide_installs_is_what_the_tests_use():
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements-teaching.txt").read_text(), flags=re.M))
    assert pins == {"nbgrader": version("nbgrader")}


def test_the_three_samples_get_the_marks_they_must_get(marks):
    assert {name: scores(marks)[name] for name in ("right", "partly", "wrong")} == {
        "right": 14,
        "partly": 7,
        "wrong": 0,
    }
    assert earned(marks, "right") == set(PARTS)
    assert earned(marks, "partly") == {"loglik_check", "m_step_check"}
    assert [marks[PROJECT, name]["waiting_for_you"] for name in ("right", "partly", "wrong")] == ["6.0", "0", "0"]
    assert not any(marks[PROJECT, name]["remarks"] for name in ("right", "partly", "wrong", "blank"))
    assert {row["max_score"] for (name, _), row in marks.items() if name == PROJECT} == {"20.0"}


def test_the_other_project_and_a_chapter_go_the_same_way(marks):
    assert scores(marks, "missing_data") == pytest.approx({"right": 14, "blank": 0} | absent(marks, "missing_data"))
    assert scores(marks, CHAPTER) == pytest.approx({"right": 4, "blank": 0} | absent(marks, CHAPTER))
    assert marks[CHAPTER, "right"]["max_score"] == "4.0"


def absent(marks, assignment):
    """Those who handed in the first project only: no points, and a remark."""
    others = {student for name, student in marks if name == assignment} - {"right", "blank"}
    assert {marks[assignment, student]["remarks"] for student in others} == {f"no {assignment}.ipynb handed in"}
    return dict.fromkeys(others, 0)


@pytest.mark.parametrize(
    "student, score, remark",
    [
        ("blank", 0, ""),
        ("deleted", 14, "cell e_step_check was deleted and put back; cell m_step was deleted; "
                        "cell m_step_check was deleted and put back"),
        ("endless", 11, "cell run_check ran too long and was stopped"),
        ("chatty", 14, "cell explore ran too long and was stopped"),
        ("misspelled", 7, "cell e_step is not Python: invalid syntax"),
        ("flood", 14, "cell explore printed too much, cut"),
        ("crash", 0, "could not be graded: see what nbgrader autograde says"),
        ("borrowed", 14, "cell m_step says 'from emcore import PoissonMixture'"),
        ("copied", 14, "cell run_check stands there more than once: the first counts"),
        ("stripped", 14, "cell run_check was deleted and put back"),
        ("stubborn", 14, "cell explore ran too long and was stopped"),
        ("misnamed", 0, f"no {PROJECT}.ipynb handed in, but notes.ipynb"),
        ("truncated", 0, f"{PROJECT}.ipynb cannot be read: Notebook does not appear to be JSON"),
    ],
)  # fmt: skip
def test_a_broken_submission_is_graded_as_far_as_it_goes_and_reported(marks, student, score, remark):
    row = marks[PROJECT, student]
    assert float(row["score"]) == score
    assert remark in row["remarks"] and bool(remark) == bool(row["remarks"])
    assert ("says 'from" in row["remarks"]) == (student == "borrowed")


def test_long_outputs_are_cut(school):
    for step, limit in (("submitted", 60e6), ("autograded", 0.2e6)):
        size = (school.folder / step / "flood" / PROJECT / f"{PROJECT}.ipynb").stat().st_size
        assert (size > 50e6) == (limit > 50e6) and size < limit
    assert (school.folder / "feedback" / "flood" / PROJECT / f"{PROJECT}.html").stat().st_size < 1e6


def test_feedback_says_what_is_wrong(school):
    page = (school.folder / "feedback" / "partly" / PROJECT / f"{PROJECT}.html").read_text(encoding="utf-8")
    assert "Not yet: q of the first day" in page
    graded = {path.parent.parent.name for path in school.folder.glob(f"feedback/*/{PROJECT}/*.html")}
    assert graded == {make.__name__ for make in SAMPLES + BROKEN} - {"crash"}


@pytest.mark.parametrize("assignment", [PROJECT, "missing_data", CHAPTER])
def test_what_is_handed_out_holds_stubs_and_no_answers(school, assignment):
    release, source = school.notebook("release", assignment), school.notebook("source", assignment)
    assert not re.search("SOLUTION|HIDDEN", nbformat.writes(release))
    for i, cell in enumerate(source.cells):
        if is_solution(cell):
            check = source.cells[i + 1]
            code = check.source if check.cell_type == "code" else ""
            assert release.cells[i].source.rstrip() == stub(cell.source, code)
        elif cell.metadata.get("nbgrader", {}).get("solution"):
            assert release.cells[i].source == "YOUR ANSWER HERE"


def test_the_hidden_checks_draw_from_the_teachers_number(school, marks):
    folder = school.folder / "autograded" / "right" / PROJECT
    assert (school.folder / "seed.txt").read_text().strip() not in (folder / f"{PROJECT}.ipynb").read_text()
    assert subprocess.run(["git", "check-ignore", "-q", "assignments/seed.txt"], cwd=ROOT).returncode == 0


def test_a_new_seed_is_written_once(tmp_path, capsys):
    first = grading.seed(tmp_path / "seed.txt")
    assert first.isdecimal() and "Keep it to yourself" in capsys.readouterr().err
    assert grading.seed(tmp_path / "seed.txt") == first and capsys.readouterr().err == ""


def test_points_by_hand_are_added(school):
    """What Formgrader writes down, written down directly."""
    by_hand = (
        "from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        "    for name, points in (('derivation', 3), ('reading', 2)):\n"
        f"        grade = book.find_grade(name, '{PROJECT}', '{PROJECT}', 'right')\n"
        "        grade.manual_score, grade.needs_manual_grade = points, False\n"
        "    book.db.commit()\n"
    )
    subprocess.run([sys.executable, "-c", by_hand], cwd=school.folder, env=school.environment(), check=True)
    export = commands("Feedback and the table")[-1]
    subprocess.run(export.split(), cwd=school.folder, env=school.environment(), check=True)
    row = school.marks()[PROJECT, "right"]
    assert (row["score"], row["waiting_for_you"]) == ("19.0", "0")


def test_formgrader_opens_in_jupyter_lab(school):
    assert commands("Mark the answers in words") == ["jupyter lab"]
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    options = f"--no-browser --allow-root --port={port} --IdentityProvider.token=key --ServerApp.log_level=ERROR"
    with open(school.root / "lab.log", "w") as log:
        lab = subprocess.Popen(
            ["jupyter", "lab", *options.split()], cwd=school.folder, env=school.environment(), stdout=log, stderr=log
        )
    try:
        for _ in range(120):
            try:
                with urlopen(f"http://localhost:{port}/formgrader/api/assignments?token=key", timeout=5) as reply:
                    shown = json.load(reply)
                break
            except OSError:
                assert lab.poll() is None, (school.root / "lab.log").read_text()
                time.sleep(0.5)
        else:
            pytest.fail((school.root / "lab.log").read_text())
        assert {PROJECT, "missing_data", CHAPTER} <= {entry["name"] for entry in shown}
    finally:
        lab.send_signal(signal.SIGTERM)
        lab.wait(30)


def test_the_rubric_stands_on_top_of_what_is_handed_out(school):
    for assignment in (PROJECT, "missing_data"):
        assert "what earns them" in part(school.notebook("release", assignment), "rubric").source


def test_a_chapter_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["grading", "99_nothing"])
    with pytest.raises(SystemExit, match=f"no chapter 99_nothing; there are .*{CHAPTER}"):
        grading.main()
