"""Build emcore's wheel and sdist, install the wheel into fresh environments, and run its tests there.

    python tools/package.py [newest oldest colab]    with the Python that runs this; all three if none is named

The environments stay in _build/envs, so that the next time is short. Nothing of the repository is on their path
but the tests: what they import is the wheel.
"""

import hashlib
import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "_build" / "dist"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE, FIGURES = PROJECT["dependencies"], PROJECT["optional-dependencies"]["figures"]
BOUNDS = CORE + FIGURES
PINS = {
    "newest": BOUNDS,
    "oldest": [bound.replace(">=", "==") for bound in BOUNDS],  # on the oldest Python: later ones lack its wheels
    "colab": ["ipywidgets==7.7.1"],  # the widgets that Colab has, with the newest of the rest
}
TESTS = {
    "newest": ["laws", "ground_truth", "figures"],
    "oldest": ["laws", "ground_truth", "figures"],
    "colab": ["figures"],
}
FIRST_USE = """
import pathlib, sys, emcore
from emcore import Coins, data, fit
assert pathlib.Path(emcore.__file__).is_relative_to({env!r}), emcore.__file__
assert (pathlib.Path(emcore.__file__).parent / "py.typed").exists()
assert "matplotlib" not in sys.modules, "emcore without its figures needs numpy alone"
print("fits:", fit(Coins(tosses=10), data.coins(), Coins.Theta(p=(0.6, 0.5)))[-1].theta.p.round(3))
"""


def run(*command, **options):
    """Run a command; its output if it fails, as an error, and what it printed if it does not."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # it would hide the wheel
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=env, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout}\n{done.stderr}"[-8000:])
    return done.stdout


@cache
def build():
    """The wheel and the sdist, built as a package index would be given them."""
    for old in DIST.glob("emcore-*"):
        old.unlink()
    print("package: building the wheel and the sdist", flush=True)
    run(sys.executable, "-m", "build", "--outdir", DIST, ROOT)
    (wheel,), (sdist,) = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    return wheel, sdist


def environment(name):
    """The Python of a fresh environment that holds the wheel, its dependencies and what the tests import."""
    wheel, _ = build()
    wanted = [*PINS[name], "pytest", "hypothesis"]
    key = hashlib.sha256(repr((wanted, sys.version)).encode()).hexdigest()[:8]
    env = ROOT / "_build" / "envs" / f"{name}-{sys.version_info.major}.{sys.version_info.minor}-{key}"
    python = env / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    if not (env / "ready").exists():
        print(f"package: {env.name}: {', '.join(PINS[name])} (a minute or less)", flush=True)
        run(sys.executable, "-m", "venv", "--clear", env)
        run(*pip, f"{wheel}[figures]", *wanted)
        (env / "ready").touch()
    else:
        run(*pip, "--force-reinstall", "--no-deps", wheel)
    return python


def check(name):
    """Import, fit and test the wheel in one environment: what it printed."""
    python = environment(name)
    first = run(python, "-c", FIRST_USE.format(env=str(python.parent.parent)), cwd=DIST)
    tests = [ROOT / "tests" / "unit" / f"test_{test}.py" for test in TESTS[name]]
    # Old packages warn of each other; a warning that is not about deprecation is an error everywhere.
    warnings = [] if name == "newest" else ["-W", "ignore::DeprecationWarning"]
    options = ["-q", "-p", "no:cacheprovider", "-k", "not scikit_learn", *warnings]
    said = run(python.parent / "pytest", *options, *tests, cwd=DIST)
    return f"{first.strip()}; {said.strip().splitlines()[-1]}"


def main():
    names = sys.argv[1:] or list(PINS)
    if unknown := set(names) - set(PINS):
        sys.exit(f"package: no environment named {', '.join(sorted(unknown))}; there are: {', '.join(PINS)}")
    for name in names:
        if name == "oldest" and sys.version_info[:2] != (3, 11):
            print("package: oldest: NOT TESTED here, it is for Python 3.11", flush=True)
            continue
        print(f"package: {name}: {check(name)}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"package: {error}")
