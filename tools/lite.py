"""Build a JupyterLite site into the book: the chapters, with a Python that runs in the reader's browser.

The runtime comes from npm, emcore's wheel from here. The packages that Python needs in the browser are fetched by
the reader's browser from Pyodide's content network, or are copied from FOLDER; the lock holds their checksums.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build" / "lite"
SITE = ROOT / "_build" / "html" / "lite"
RUNTIME = ROOT / "node_modules" / "pyodide"
NETWORK = "https://cdn.jsdelivr.net/pyodide/v{}/full/"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
OURS = {  # what Pyodide lacks, or has in an older version: the wheels of the course environment, and their needs
    "emcore": ["numpy", "matplotlib", "ipywidgets", "anywidget"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "ipywidgets": ["comm", "ipython", "traitlets", "jupyterlab-widgets"],
    "comm": ["traitlets"],
    "jupyterlab-widgets": [],
    "psygnal": [],
    "typing-extensions": [],
}
# Of the extensions that are installed here, those that need no server: nbgrader's would wait for one forever.
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension", "anywidget"]
START = ["emcore", "ssl", "sqlite3", "jedi", "ipython", "micropip"]  # loaded with the kernel, which needs the last five


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout}\n{done.stderr}"[-4000:])


def fetch_wheels(folder):
    """The wheels of OURS, as installed here; the network is asked once a version."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: f"{name.replace('-', '_')}-{version(name)}-py3-none-any.whl" for name in OURS}
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    for name in list(OURS)[1:]:
        if not (folder / files[name]).exists():
            pure = ["--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any"]
            run(*pip, "download", "--no-deps", *pure, "--dest", folder, f"{name}=={version(name)}")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    shutil.rmtree(ROOT / "build", ignore_errors=True)  # setuptools leaves it behind
    return {name: folder / file for name, file in files.items()}


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def needs(packages):
    """The packages of Pyodide's lock that a chapter needs, and what these need: name -> entry."""
    depends = {name: entry["depends"] for name, entry in packages.items()} | OURS
    found, names = set(), set(START)
    while names:
        found |= names
        names = {need.lower().replace("_", "-") for name in names for need in depends[name]} - found
    return {name: packages[name] for name in sorted(found - OURS.keys())}


def distribution(target, wheels, local=None):
    """Write a Pyodide distribution that knows our wheels; its other packages come from `local` or the network."""
    target.mkdir(parents=True)
    for name in ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"):
        shutil.copy(RUNTIME / name, target)
    lock = json.loads((RUNTIME / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages, wanted = lock["packages"], needs(lock["packages"])
    for name, wheel in wheels.items():
        shutil.copy(wheel, target)
        packages[name] = {
            "name": name,
            "version": wheel.name.split("-")[1],
            "file_name": wheel.name,
            "install_dir": "site",
            "sha256": checksum(wheel),
            "package_type": "package",
            "imports": [name.replace("-", "_")],
            "depends": OURS[name],
            "unvendored_tests": False,
        }
    for name in packages.keys() - OURS.keys():
        file = packages[name]["file_name"]
        if local and name in wanted:
            if not (local / file).exists():
                raise RuntimeError(f"{local} has no {file}, which Pyodide {lock['info']['version']} calls {name}")
            if checksum(local / file) != packages[name]["sha256"]:
                raise RuntimeError(f"{local / file} differs from Pyodide {lock['info']['version']}'s: another sha256")
            shutil.copy(local / file, target)
        else:
            packages[name]["file_name"] = NETWORK.format(lock["info"]["version"]) + file
    (target / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def contents(folder):
    """What a reader finds in the file browser: chapters, the pages they link to, the student edition."""
    parts = {"notebooks": "notebooks/*.ipynb", "book": "book/*.md", "student": "_build/student/notebooks/*.ipynb"}
    for name, pattern in parts.items():
        (folder / name).mkdir(parents=True)
        for path in sorted(ROOT.glob(pattern)):
            if path.suffix == ".ipynb":  # on disk a text is a list of its lines, which JupyterLite would join by commas
                whole = json.dumps(nbformat.read(path, as_version=4), ensure_ascii=False)
                (folder / name / path.name).write_text(whole, encoding="utf-8")
            else:
                shutil.copy(path, folder / name)


def fingerprint(local):
    """Changes when anything that goes into the site does."""
    patterns = ["emcore/**/*.*", "notebooks/*.ipynb", "book/*.md", "_build/student/**/*.ipynb", "package-lock.json"]
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern)) if "__pycache__" not in path.parts]
    known = [(str(path.relative_to(ROOT)), checksum(path)) for path in [*paths, Path(__file__)]]
    versions = [version(name) for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel", *list(OURS)[1:])]
    return hashlib.sha256(repr((known, versions, local)).encode()).hexdigest()


def build(site=SITE, local=None):
    """Build the site; `local` is a folder with a Pyodide distribution, or None."""
    stamp = site / "stamp.txt"
    if stamp.exists() and stamp.read_text() == fingerprint(local):
        return print("lite: up to date")
    print("lite: building (a minute or less)", flush=True)
    source = BUILD / "source"
    for old in (source, site):
        shutil.rmtree(old, ignore_errors=True)
    distribution(source / "static" / "pyodide", fetch_wheels(BUILD / "wheels"), local)
    contents(source / "files")
    kernel = {"pyodideUrl": "./static/pyodide/pyodide.js", "loadPyodideOptions": {"packages": START}}
    settings = {
        "litePluginSettings": {KERNEL: kernel},
        # Python would look for every import in the file browser first, over a service worker: seconds lost.
        "disabledExtensions": ["@jupyterlite/application-extension:service-worker-manager"],
        "exposeAppInBrowser": True,  # for the tests, which run a chapter from there
        # The browser keeps a reader's own copies under this name: those of another version do not hide new chapters.
        "contentsStorageName": f"EM course {version('emcore')}",
    }
    config = {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}
    (source / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    apps = [word for app in ("lab", "notebooks", "tree") for word in ("--apps", app)]
    options = ["--no-sourcemaps", "--no-unused-shared-packages", "--contents", "files"]
    lab = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    options += ["--ignore-sys-prefix", *(f"--LiteBuildConfig.federated_extensions={lab / name}" for name in EXTENSIONS)]
    lite = Path(sys.executable).parent / "jupyter-lite"
    run(lite, "build", "--lite-dir", ".", "--output-dir", site, *apps, *options, cwd=source)
    stamp.write_text(fingerprint(local))
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"lite: {size / 1e6:.0f} MB in {site}; packages from {local or 'the content network, when a reader asks'}")
