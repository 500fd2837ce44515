"""What comes from a learning platform and goes back to it: names of files, rosters, tables that a spreadsheet opens."""

import csv
import io
import zipfile

import pytest

from tools.grading import collect, marks

PROJECT = "poisson_mixture"
CANVAS = ["meieranna_101_9001_poisson_mixture.ipynb", "muellerzoe_LATE_102_9002_poisson_mixture-1.ipynb"]
FOLDERS = [
    "Anna Meier_101_assignsubmission_file/poisson_mixture.ipynb",
    "Zoë Müller_102_assignsubmission_file_/poisson_mixture.ipynb",
    "Jean-Luc O'Neil_103_assignsubmission_file/deep/poisson_mixture (2).ipynb",
]
FLAT = [
    "Anna Meier_101_assignsubmission_file_poisson_mixture.ipynb",
    "Zoë Müller_102_assignsubmission_file_my work.ipynb",
]
OWN = ["anna_poisson_mixture.ipynb", "zoe_m_poisson_mixture.ipynb", "max_notes.ipynb"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def zipped(files):
    """A zip of {name: content}, as bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def collected(names, how):
    """{student: what was collected}, and {file: what became of it}, from a zip or a folder."""
    files = {name: f"notebook {i}" for i, name in enumerate(names)} if isinstance(names, list) else names
    if how == "zip":
        with open("in.zip", "wb") as file:
            file.write(zipped(files))
    for name, content in files.items() if how == "folder" else ():
        path = collect.Path("in") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = collect.collect(PROJECT, "in.zip" if how == "zip" else "in")
    found = {path.parts[1]: path.read_text() for path in collect.Path("submitted").glob(f"*/{PROJECT}/{PROJECT}.ipynb")}
    return found, {came_as: what for _, came_as, what in table}


@pytest.mark.parametrize("how", ["zip", "folder"])
@pytest.mark.parametrize(
    "names, students",
    [
        (CANVAS, ["meieranna_101", "muellerzoe_102"]),
        (FOLDERS, ["Anna-Meier_101", "Zoë-Müller_102", "Jean-Luc-O-Neil_103"]),
        (FLAT, ["Anna-Meier_101", "Zoë-Müller_102"]),
        (OWN, ["anna", "zoe_m", "max"]),
    ],
)
def test_archives_are_collected_as_they_come(names, students, how):
    found, became = collected(names, how)
    assert found == {student: f"notebook {i}" for i, student in enumerate(students)}
    assert all(what.startswith("collected") for what in became.values()) and set(became) == set(names)
    assert collect.collected(PROJECT) == dict(zip(students, names, strict=True))


def test_the_table_says_what_was_late_or_called_otherwise():
    _, became = collected([*CANVAS, "kim_103_9003_notes.ipynb"], "zip")
    assert became[CANVAS[1]] == "collected, late"
    assert became["kim_103_9003_notes.ipynb"] == "collected, though it is called notes.ipynb"


def test_the_last_attempt_counts_and_the_right_name_before_any_other():
    names = [
        f"meieranna_101_{n}_{name}.ipynb" for n, name in enumerate((f"{PROJECT}-10", "notes", PROJECT, f"{PROJECT}-2"))
    ]
    found, became = collected(names, "zip")
    assert found == {"meieranna_101": "notebook 0"}
    assert [what for what in became.values() if what.startswith("left out")] == [
        f"left out: {PROJECT}-10.ipynb counts"
    ] * 3
    again, _ = collected({names[3]: "newer", CANVAS[1]: "another"}, "zip")
    assert again == {"meieranna_101": "newer", "muellerzoe_102": "another"}, "it takes the place of what was there"
    collected([names[2]], "zip")
    assert collect.collected(PROJECT) == {"meieranna_101": names[2], "muellerzoe_102": CANVAS[1]}


def test_one_bad_member_stops_nothing():
    content = bytearray(zipped({name: f"notebook {i} " * 50 for i, name in enumerate(CANVAS)}))
    content[content.index(b"notebook 0") + 5] ^= 255
    collect.Path("in.zip").write_bytes(content)
    table = {student: what for student, _, what in collect.collect(PROJECT, "in.zip")}
    assert table == {
        "meieranna_101": f"cannot be read: Bad CRC-32 for file {CANVAS[0]!r}",
        "muellerzoe_102": "collected, late",
    }


def test_other_files_are_named_and_zips_of_students_are_opened():
    found, became = collected(
        {
            "meieranna_101_9001_work.zip": zipped({f"work/{PROJECT}.ipynb": "from a zip", "__MACOSX/x.ipynb": "no"}),
            "kim_102_9002_work.zip": zipped({"work.py": "print()"}),
            "lee_103_9003_broken.zip": b"no zip",
            "may_104_9004_report.pdf": "%PDF",
            f"__MACOSX/._max_105_9005_{PROJECT}.ipynb": "resource fork",
            "unnamed.ipynb": "whose?",
            f"../../_106_9006_{PROJECT}.ipynb": "no name",
        },
        "zip",
    )
    assert found == {"meieranna_101": "from a zip", "106_9006": "no name"}
    assert became == {
        "meieranna_101_9001_work.zip": "collected",
        "kim_102_9002_work.zip": "cannot be read: a zip without a notebook",
        "lee_103_9003_broken.zip": "cannot be read: File is not a zip file",
        "may_104_9004_report.pdf": "left out: not a notebook",
        "unnamed.ipynb": "whose? the name says nothing",
        f"../../_106_9006_{PROJECT}.ipynb": "collected",
    }


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-x", "@sum", "..", "...", "a/../../b", "x\ty"])
def test_a_student_is_a_plain_folder_whatever_the_name(name):
    student = collect.student_id(name, "7")
    assert student == "7" or (
        student[0] not in "=+-@." and collect.Path(student).name == student and "\t" not in student
    )


def row(student, score=14.0, **more):
    return {"assignment": PROJECT, "student": student, "score": score, "max_score": 20.0, "waiting_for_you": 0} | {
        "remarks": "",
        **more,
    }


CANVAS_ROSTER = """Student,ID,SIS User ID,SIS Login ID,Section,"poisson_mixture (4711)"
    Points Possible,,,,,20
"Meier, Anna",101,u1,ameier,A,
"Müller, Zoë",102,u2,zmueller,A,
"Ill, Ida",103,u3,iill,A,
"""
MOODLE_ROSTER = """Identifier,Full name,Email address,Status,Grade,Maximum grade
Participant 101,Anna Meier,anna@uni.example,Submitted,-,20.00
Participant 102,Zoë Müller,zoe@uni.example,Submitted,-,20.00
"""


def roster(text):
    collect.Path("roster.csv").write_text(text, encoding="utf-8")
    return marks.read(collect.Path("roster.csv"))


def test_marks_are_joined_with_a_roster_and_nobody_is_lost():
    table = [row("meieranna_101"), row("zmueller", 9.0), row("stranger_999", 3.0, remarks="odd")]
    rows = marks.joined(table, roster(CANVAS_ROSTER))
    assert [(r.get("Student"), r.get("student"), r.get("score"), r["remarks"]) for r in rows] == [
        ("Meier, Anna", "meieranna_101", 14.0, ""),
        ("Müller, Zoë", "zmueller", 9.0, ""),
        ("Ill, Ida", None, None, "nothing handed in"),
        (None, "stranger_999", 3.0, "odd; is not in the roster"),
    ]


def test_a_student_who_may_be_two_people_is_nobody():
    people = roster("Username,ID\nanna,7\nbert,anna\n")
    assert [r["remarks"] for r in marks.joined([row("anna")], people)][-1] == "matches 2 rows of the roster"


def test_canvas_gets_its_own_table():
    people = roster(CANVAS_ROSTER)
    rows = marks.for_canvas(marks.joined([row("meieranna_101"), row("stranger_999")], people), people)
    assert rows[0] == {
        "Student": "Meier, Anna", "ID": "101", "SIS User ID": "u1", "SIS Login ID": "ameier", "Section": "A",
        "poisson_mixture (4711)": 14.0,
    }  # fmt: skip
    assert [r["poisson_mixture (4711)"] for r in rows] == [14.0, "", ""]


def test_moodle_gets_its_worksheet_back_with_grades():
    people = roster(MOODLE_ROSTER)
    rows = marks.for_moodle(marks.joined([row("Zoë-Müller_102"), row("anna", 5.5)], people), people)
    assert [(r["Identifier"], r["Grade"], r["Status"]) for r in rows] == [
        ("Participant 101", 5.5, "Submitted"), ("Participant 102", 14.0, "Submitted"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="has a column Grade; got Student, ID"):
        marks.for_moodle([], roster(CANVAS_ROSTER))


def test_a_roster_needs_a_column_of_ids():
    with pytest.raises(ValueError, match="must have a header with a column of ids"):
        roster("Name,Group\nAnna,1\n")


def test_no_cell_is_a_formula():
    bad = ["=1+1", "+49 30", "-2+3", "@sum(a)", "\t=1", "\r=1"]
    marks.write("out.csv", [{"student": text, "score": -1.5, "note": "-", "number": "-3.5"} for text in bad])
    with open("out.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [r["student"] for r in rows] == [f"'{text}" for text in bad]
    assert {(r["score"], r["note"], r["number"]) for r in rows} == {("-1.5", "-", "-3.5")}
