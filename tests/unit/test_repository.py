"""The repository says one thing once: addresses, pins, licenses, the picture, the README's example."""

import re
import subprocess
from pathlib import Path

import yaml

from tools import launch, picture

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
]
TEXTS = {path: path.read_text(encoding="utf-8") for path in TRACKED if path.exists() and path.suffix != ".png"}


def test_the_public_address_stands_only_where_one_tool_writes_it():
    """In _config.yml; tools/launch.py writes the others, and tests/book/test_launch.py holds them to it."""
    config = ROOT / "_config.yml"
    (url,) = re.findall(r"(?m)^  url: (\S+)", TEXTS[config])
    holders = {path for path, text in TEXTS.items() if url in text} - {ROOT / "tests" / "book" / "test_launch.py"}
    assert holders == {config, *(launch.wanted() if launch.setting() else [])}
    assert TEXTS[config].count(url) == 1 and url not in launch.BLOCK.sub("", TEXTS[ROOT / "README.md"])


def test_no_file_names_a_machine_or_a_package_registry():
    pattern = re.compile(
        r"(?<![\w.:/])/(?:work|root|home|Users|tmp)/\w|registry\.npmjs|files\.pythonhosted|pypi\.org/simple"
    )
    found = [path.name for path, text in TEXTS.items() if path != Path(__file__) and pattern.search(text)]
    assert not found


def test_no_large_file_is_committed():
    assert [path.name for path in TEXTS if path.stat().st_size > 200_000] == []


def test_every_requirement_is_pinned_and_has_a_reason():
    reasons = (ROOT / "CONTRIBUTING.md").read_text()
    for name in ("requirements.txt", "requirements-teaching.txt", "requirements-dev.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
        packages = [line for line in lines if line and not line.startswith("-")]
        assert packages
        for line in packages:
            assert re.fullmatch(r"[\w-]+==[\w.]+", line), line
            assert line.split("==")[0] in reasons, f"CONTRIBUTING.md does not say why {line}"
    assert (ROOT / "requirements.txt").read_text().rstrip().endswith("-e .")


def test_every_front_end_part_has_a_reason():
    reasons = (ROOT / "CONTRIBUTING.md").read_text()
    package = yaml.safe_load((ROOT / "package.json").read_text())
    parts = {name.split("/")[-1] for name in package["dependencies"] | package["devDependencies"]}
    reasoned = re.findall(r"^\| (.+) \(npm.*\) \| .+ \|$", reasons, flags=re.M)
    assert parts == set(reasoned)


def test_the_readmes_picture_is_drawn_from_the_model(tmp_path):
    picture.draw(tmp_path / "step.svg")
    assert (tmp_path / "step.svg").read_text() == picture.PATH.read_text(), "run python tools/picture.py"


def test_the_readmes_example_prints_what_it_says(capsys):
    readme = (ROOT / "README.md").read_text()
    code, printed = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", readme, flags=re.S).groups()
    exec(code, {})
    assert capsys.readouterr().out == printed


def test_every_link_in_the_documents_leads_somewhere():
    for name in ("README.md", "CONTRIBUTING.md"):
        targets = re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / name).read_text())
        assert [target for target in targets if not (ROOT / target).exists()] == []


def test_spelling_is_american():
    british = re.compile(
        r"\b(colour|centre|normalis|maximis|minimis(?!t)|labelled|behaviour|licence|neighbour|grey)\w*", re.I
    )
    found = {path.name: m[0] for path, text in TEXTS.items() if path != Path(__file__) and (m := british.search(text))}
    assert found == {}


def test_the_workflow_builds_with_the_pinned_tool():
    (pin,) = re.findall(r"^build==\S+", (ROOT / "requirements-dev.txt").read_text(), flags=re.M)
    assert f"pip install {pin}\n" in (ROOT / ".github" / "workflows" / "ci.yml").read_text()
