"""A class of sample submissions, honest, broken and hostile, graded by the very commands of the teaching guide."""

import contextlib
import copy
import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from importlib.metadata import version
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from submissions import BROKEN, HONEST, HOSTILE, PROJECT, REACHING, solved

from emcore.exercises import verdict
from tools.grading import __main__ as command_line
from tools.grading import feedback, marks
from tools.grading.box import apart
from tools.student import ROOT

GUIDE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
GRADING = GUIDE.split("\n## Grading\n")[1].split("\n## ")[0]
CHAPTER = "06_two_coins"
CLASS = HONEST + BROKEN + HOSTILE + REACHING * apart()
NAMES = [make.__name__ for make in CLASS]
SHOWN = {"right", "partly", "plotter", "flood", "prints_seed", "scripts", "forges"}  # whose feedback is looked at
SEED = "20100901"
needs_apart = pytest.mark.skipif(not apart(), reason="NOT TESTED: that a submission reaches no file and no network")


def commands(heading):
    """The commands that the guide gives below one heading of its part on grading."""
    section = GRADING.split(f"\n### {heading}\n")[1].split("\n### ")[0]
    return re.findall(r"^\$ (.+)$", section, flags=re.M)


class School:
    """A copy of what a teacher has; the guide's commands are given in it, and what they say is kept."""

    def __init__(self, folder):
        self.folder, self.given, self.said = folder / "assignments", [], {}
        ignore = lambda _, names: {name for name in names if name[0] in "0123456789"}  # noqa: E731, chapters of a class
        for name in ("source", "checks"):
            shutil.copytree(ROOT / "assignments" / name, self.folder / name, ignore=ignore)
        settings = (ROOT / "assignments" / "nbgrader_config.py").read_text()
        (self.folder / "nbgrader_config.py").write_text(settings + "\nc.Judge.seconds = 4\n")
        (self.folder / "seed.txt").write_text(f"{SEED}\n")

    def follow(self, heading, instead=None):
        """Give a section's commands, which make hands on; instead puts another assignment in the guide's place."""
        for command in commands(heading):
            self.given.append(command)
            make, *words = command.replace(PROJECT, instead or PROJECT).split()
            assert make == "make"
            self.run(*words)

    def run(self, *words):
        """Give a command in the folder of the course; what it says is kept, an error's exit code too."""
        out, here, path = io.StringIO(), os.getcwd(), list(sys.path)
        os.chdir(self.folder.parent)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                command_line.main(*words)
            code = 0
        except SystemExit as exit:
            code = exit.code
        finally:
            os.chdir(here)
            sys.path[:] = path
        self.said[" ".join(words)] = code, out.getvalue()
        return code, out.getvalue()

    def hand_in(self, submissions):
        """Put {path: notebook or text} into submissions.zip, as a learning platform would."""
        with zipfile.ZipFile(self.folder.parent / "submissions.zip", "w") as archive:
            for name, handed_in in submissions.items():
                archive.writestr(name, handed_in if isinstance(handed_in, str) else nbformat.writes(handed_in))

    def notebook(self, step, assignment=PROJECT):
        return nbformat.read(self.folder / step / assignment / f"{assignment}.ipynb", as_version=4)

    def marks(self):
        with open(self.folder / "marks.csv", encoding="utf-8", newline="") as file:
            return {(row["assignment"], row["student"]): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """The whole path for one class and the first project, and a shorter one for the other and a chapter."""
    school = School(tmp_path_factory.mktemp("school") / "a course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command_line, "FOLDER", school.folder)
        patch.setenv("PATH", os.environ["PATH"])
        school.follow("Release")
        release, source = school.notebook("release"), school.notebook("source")
        school.before = contents(school.folder / "source")
        handed_in = {
            f"{make.__name__}_{PROJECT}.ipynb": make(copy.deepcopy(release), source, school.folder) for make in CLASS
        }
        school.hand_in({**handed_in, f"truncated_{PROJECT}.ipynb": nbformat.writes(release)[:3000]})
        school.follow("Collect")
        school.follow("Grade")
        with open(school.folder / "nbgrader_config.py", "a") as settings:
            settings.write("\nc.Judge.seconds = 60\n")

        school.follow("Release", "missing_data")
        blank, answers = school.notebook("release", "missing_data"), school.notebook("source", "missing_data")
        school.hand_in(
            {"right_missing_data.ipynb": solved(copy.deepcopy(blank), answers), "blank_missing_data.ipynb": blank}
        )
        school.follow("Collect", "missing_data")
        school.follow("Grade", "missing_data")

        school.follow("A chapter as an assignment")
        blank, answers = school.notebook("release", CHAPTER), school.notebook("source", CHAPTER)
        school.hand_in({f"right_{CHAPTER}.ipynb": solved(copy.deepcopy(blank), answers)})
        school.follow("Collect", CHAPTER)
        school.follow("Grade", CHAPTER)

        people = [f"{n},,{name},{name}," for n, name in enumerate([*NAMES, "truncated", "ill"])]
        columns = "Student,ID,SIS User ID,SIS Login ID,Section"
        (school.folder.parent / "roster.csv").write_text("\n".join([columns, *people]) + "\n")
        for name in set(NAMES) - SHOWN:  # a page takes a while, and those of the others hold nothing new
            (school.folder / "autograded" / name).rename(school.folder / f"autograded-{name}")
        school.follow("Feedback and marks")
        for name in set(NAMES) - SHOWN:
            (school.folder / f"autograded-{name}").rename(school.folder / "autograded" / name)
        school.run("marks")
        yield school


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def table(school):
    return school.marks()


def test_every_command_succeeds_and_says_what_it_did(school):
    assert [command for command, (code, _) in school.said.items() if code] == [f"grade ASSIGNMENT={PROJECT}"]
    said = school.said[f"grade ASSIGNMENT={PROJECT}"][1].splitlines()
    (failed,) = [line for line in said if not line.endswith((": graded", command_line.NOT_APART))]
    assert failed.startswith("truncated: could not be graded: ValueError: this is no notebook")
    assert ("NOT SHUT OFF" in said[0]) == (not apart())
    assert f"{len(CLASS) + 1} collected" in school.said[f"collect ASSIGNMENT={PROJECT} FROM=submissions.zip"][1]


def test_every_command_of_the_guide_is_run_by_a_test(school):
    given = set(re.findall(r"^\$ (.+)$", GUIDE, flags=re.M))
    assert given == set(school.given) | {"make student", "cd assignments", "../.venv/bin/jupyter lab"}


def test_make_hands_on_what_it_is_given():
    dry = subprocess.run(
        ["make", "-n", "marks", "ASSIGNMENT=x", "ROSTER=a b.csv", "FOR=canvas"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert re.search(r'tools\.grading marks "ASSIGNMENT=x" +"ROSTER=a b\.csv" "FOR=canvas"', dry.stdout)


def test_what_the_guide_installs_is_what_the_tests_use():
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements-teaching.txt").read_text(), flags=re.M))
    assert pins == {name: version(name) for name in ("nbgrader", "latex2mathml")}


@pytest.mark.parametrize(
    "student, points, remark",
    [
        ("right", 14, ""),
        ("partly", 7, ""),
        ("underflows", 13, ""),
        ("in_loops", 14, ""),
        ("wrong", 0, ""),
        ("blank", 0, ""),
        ("plotter", 14, ""),
        ("deleted", 14, "cell e_step_check was deleted and put back; cell m_step was deleted; "
                        "cell m_step_check was deleted and put back"),
        ("endless", 11, "cell run_check called a function that ran too long and was stopped"),
        ("stubborn", 14, "cell m_step ran too long and was stopped"),
        ("misspelled", 7, "cell e_step is not Python: invalid syntax"),
        ("flood", 14, "cell explore printed too much, cut"),
        ("crash", 11, "cell explore ended Python, or used too much memory"),
        ("elsewhere", 11, "cell loglik needs a module that is not here: No module named 'not_there'"),
        ("greedy", 14, ""),
        ("copied", 14, "cell run_check stands there more than once: the first counts"),
        ("stripped", 14, ""),
        ("odd", 14, ""),
        ("truncated", 0, "the file cannot be read"),
    ],
)  # fmt: skip
def test_honest_and_broken_submissions_are_graded_as_far_as_they_go(table, student, points, remark):
    row = table[PROJECT, student]
    assert float(row["score"]) == points and row["max_score"] == "20.0"
    assert remark in row["remarks"] and bool(remark) == bool(row["remarks"])


@pytest.mark.parametrize(
    "student, remark",
    [
        ("borrows", "cell loglik asks for emcore.models"),
        ("patches_numpy", "cell loglik changes numpy.allclose"),
        ("patches_checks", "cell loglik asks for emcore.exercises"),
        ("walks", "cell loglik walks up the stack"),
        ("prints_seed", "cell loglik reads the environment"),
        ("scripts", "cell reading holds a script: no page runs it"),
        ("forges", "cell run_check stands there more than once: the first counts"),
        pytest.param("opens_seed", "reaches for the file", marks=needs_apart),
        pytest.param("rewrites_marks", "reaches for the file", marks=needs_apart),
        pytest.param("plants_numpy", "reaches for the file", marks=needs_apart),
        pytest.param("writes_to_neighbor", "reaches for the file", marks=needs_apart),
        pytest.param("leaves_children", "starts a program", marks=needs_apart),
        pytest.param("asks_network", "asks the network", marks=needs_apart),
    ],
)
def test_a_cheat_earns_nothing_and_is_named(table, student, remark):
    row = table[PROJECT, student]
    assert float(row["score"]) == 0
    assert remark in row["remarks"] and bool(remark) == bool(row["remarks"])


def test_a_cheat_reaches_nothing(school, table):
    assert contents(school.folder / "source") | school.before == contents(school.folder / "source")
    assert not list(school.folder.rglob("numpy.py")) and not list(school.folder.rglob("notes.ipynb"))
    assert "LEFT BY A SUBMISSION" not in subprocess.run(["ps", "-ef"], capture_output=True, text=True).stdout
    assert float(table[PROJECT, "right"]["score"]) == 14 and all(float(row["score"]) <= 14 for row in table.values())
    for page in school.folder.glob("feedback/*/*/*.html"):
        assert SEED not in page.read_text(encoding="utf-8")


def test_the_points_of_each_part_stand_in_the_table(table):
    parts = {name: table[PROJECT, "underflows"][f"{name}_check"] for name in ("loglik", "e_step", "m_step", "run")}
    assert parts == {"loglik": "3.0", "e_step": "3.0", "m_step": "4.0", "run": "3.0"}
    waiting = {name: table[PROJECT, name]["waiting_for_you"] for name in ("right", "partly", "wrong")}
    assert waiting == {"right": "6.0", "partly": "0", "wrong": "0"}


def test_the_other_project_and_a_chapter_go_the_same_way(table):
    assert [float(table["missing_data", name]["score"]) for name in ("right", "blank")] == [14, 0]
    assert [table[CHAPTER, "right"][part] for part in ("score", "max_score", "remarks")] == ["4.0", "4.0", ""]
    assert table[CHAPTER, "blank"]["remarks"] == f"no {CHAPTER}.ipynb handed in"


def test_feedback_says_what_earned_points_and_what_did_not(school):
    said = page(school, "partly").get_text()
    assert "0 of 3: Not yet: the weights pi are missing." in said
    assert "1 of 1: a day with 900 notices is shared out too." in page(school, "right").get_text()


def page(school, student):
    path = school.folder / "feedback" / student / PROJECT / f"{PROJECT}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def scripts_nothing(page):
    """Nothing in a page can act; what was written to act is shown as text."""
    assert not page.find_all(["script", "iframe", "object", "embed", "link", "form", "svg"])
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert not re.match(r"\s*(javascript|data:text)", tag.get("href", ""))
        assert tag.get("src", "data:image/").startswith("data:image/")


def test_feedback_runs_nothing_and_asks_nobody(school):
    for student in SHOWN:
        found = page(school, student)
        assert found.find("meta", {"http-equiv": "Content-Security-Policy"})["content"] == feedback.POLICY
        assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", str(found))
        scripts_nothing(found)
    assert "alert(1)" in page(school, "scripts").get_text() and page(school, "scripts").find("strong", string="bold")


def test_pictures_survive(school):
    shown = [image["src"] for image in page(school, "plotter").find_all("img")]
    assert len(shown) == 2 and max(map(len, shown)) > 20_000
    assert page(school, "plotter").find("math")


def test_long_outputs_are_cut(school):
    for step, limit in (("submitted", 60e6), ("autograded", 0.2e6)):
        size = (school.folder / step / "flood" / PROJECT / f"{PROJECT}.ipynb").stat().st_size
        assert (size > 50e6) == (limit > 50e6) and size < limit


def test_feedback_is_packed_under_the_names_that_the_files_came_with(school):
    with zipfile.ZipFile(school.folder / "feedback" / f"{PROJECT}.zip") as packed:
        assert set(packed.namelist()) == {f"{name}_{PROJECT}.html" for name in SHOWN}


def test_the_platform_gets_its_own_columns_and_everybody(school, table):
    with open(school.folder / "canvas.csv", newline="", encoding="utf-8") as file:
        rows = {row["SIS Login ID"]: row for row in csv.DictReader(file)}
    assert list(rows["right"]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", PROJECT]
    assert rows["right"][PROJECT] == "14.0" and rows["ill"][PROJECT] == ""
    assert len(rows) == len(NAMES) + 2


def test_what_is_handed_out_holds_places_to_write_and_no_answers(school):
    for assignment in (PROJECT, "missing_data", CHAPTER):
        release, source = school.notebook("release", assignment), school.notebook("source", assignment)
        assert not re.search("SOLUTION|<summary>Answer", nbformat.writes(release))
        for old, new in zip(source.cells, release.cells, strict=True):
            if old.metadata.get("nbgrader", {}).get("solution"):
                left = re.sub(r"(?m)^ *### BEGIN SOLUTION\n.*?### END SOLUTION", "", old.source, flags=re.S).strip()
                assert new.source.strip() == (left or "YOUR ANSWER HERE")


def test_who_was_graded_is_graded_again_only_with_a_new_file(school, monkeypatch):
    monkeypatch.setattr(command_line, "FOLDER", school.folder)
    assert school.run("grade", "ASSIGNMENT=missing_data") == (0, "" if apart() else f"{command_line.NOT_APART}\n")
    os.utime(school.folder / "submitted" / "blank" / "missing_data" / "missing_data.ipynb")
    assert "blank: graded" in school.run("grade", "ASSIGNMENT=missing_data")[1]


def test_a_file_of_ours_that_changes_while_a_submission_runs_is_named(school, monkeypatch):
    """Where nothing shuts a submission off it can write; then at least it is seen."""

    class Written:
        def autograde(self, assignment, student):
            (school.folder / "source" / assignment / "numpy.py").write_text("")
            (school.folder / "submitted" / "right" / assignment / f"{assignment}.ipynb").touch()
            return {"success": True}

    monkeypatch.setattr(command_line, "FOLDER", school.folder)
    monkeypatch.setattr(command_line, "api", Written)
    code, said = school.run("grade", "ASSIGNMENT=missing_data", "AGAIN=yes")
    (school.folder / "source" / "missing_data" / "numpy.py").unlink()
    assert code == 1
    assert "blank: CHANGED source/missing_data/numpy.py while it ran: get that file back" in said
    assert "blank: CHANGED submitted/right/missing_data/missing_data.ipynb" in said


def test_points_by_hand_are_added(school, monkeypatch):
    """What Formgrader writes down, written down directly."""
    with Gradebook(f"sqlite:///{school.folder}/gradebook.db") as book:
        for name, points in (("derivation", 3), ("reading", 2)):
            grade = book.find_grade(name, PROJECT, PROJECT, "right")
            grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()
    monkeypatch.setattr(command_line, "FOLDER", school.folder)
    school.run("marks")
    row = school.marks()[PROJECT, "right"]
    assert (row["score"], row["waiting_for_you"]) == ("19.0", "0")


def test_the_seed_is_the_teachers_own(school, tmp_path, capsys):
    assert subprocess.run(["git", "check-ignore", "-q", "assignments/seed.txt"], cwd=ROOT).returncode == 0
    assert verdict.seed is None, "grading has put it back"
    first = marks.seed(tmp_path / "seed.txt")
    assert first > 0 and "Keep it to yourself" in capsys.readouterr().err
    assert marks.seed(tmp_path / "seed.txt") == first and capsys.readouterr().err == ""


def test_formgrader_opens_in_jupyter_lab(school):
    assert commands("Mark the answers in words")[-1] == "../.venv/bin/jupyter lab"
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    options = f"--no-browser --allow-root --port={port} --IdentityProvider.token=key --ServerApp.log_level=ERROR"
    bin = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    environment["JUPYTER_CONFIG_DIR"] = str(school.folder.parent)
    with open(school.folder / "lab.log", "w") as log:
        command = [bin / "jupyter", "lab", *options.split()]
        lab = subprocess.Popen(command, cwd=school.folder, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(600):
            try:
                with urlopen(f"http://localhost:{port}/formgrader/api/assignments?token=key", timeout=5) as reply:
                    shown = json.load(reply)
                break
            except OSError:
                assert lab.poll() is None, (school.folder / "lab.log").read_text()
                time.sleep(0.2)
        else:
            pytest.fail((school.folder / "lab.log").read_text())
        assert {PROJECT, "missing_data", CHAPTER} <= {entry["name"] for entry in shown}
        with Gradebook(f"sqlite:///{school.folder}/gradebook.db") as book:
            number = book.find_submission_notebook(PROJECT, PROJECT, "scripts").id
        with urlopen(f"http://localhost:{port}/formgrader/submissions/{number}/?token=key", timeout=60) as reply:
            scripts_nothing(BeautifulSoup(reply.read().decode(), "html.parser").find(id="notebook-container"))
    finally:
        lab.send_signal(signal.SIGTERM)
        lab.wait(30)


@pytest.mark.parametrize(
    "words, said",
    [
        (["release", "ASSIGNMENT=99_nothing"], f"no assignment and no chapter 99_nothing; there are .*{CHAPTER}"),
        (["collect", f"ASSIGNMENT={PROJECT}", "FROM=nowhere.zip"], "No such file"),
        (["collect", f"ASSIGNMENT={PROJECT}"], "missing 1 required positional argument: 'source'"),
        (["marks", "FOR=canvas"], "FOR needs one ASSIGNMENT, and as ROSTER the table that the platform exports"),
        (["grad"], "The commands of the teaching guide"),
    ],
)
def test_what_cannot_be_done_is_said(school, monkeypatch, words, said):
    monkeypatch.setattr(command_line, "FOLDER", school.folder)
    assert re.search(said, str(school.run(*words)[0]))
