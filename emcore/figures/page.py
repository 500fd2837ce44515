"""A stepped figure as an element of a page: all its markup, and the data of its pages; `element.js` turns them."""

import json
from html import escape
from pathlib import Path

import numpy as np

from .grab import percent, shares
from .look import PALETTE
from .stepper import Stepper, Words

HERE = Path(__file__).parent
DARK = ':is(html[data-theme="dark"], html[theme="dark"], body[data-jp-theme-light="false"])'
MARK = 0.74, 0.7  # where the mark of every prediction starts, as shares of the axes from their lower left
HELD = {"init": "Press E to begin.", "E": "E done: q moved, θ held.", "M": "M done: θ moved, q held."}


def stylesheet() -> str:
    """The palette as CSS variables, light and dark, and the look of a figure."""
    light, dark = ("".join(f"--em-{role}: {c[i]}; " for role, c in PALETTE.items()) for i in (0, 1))
    look = (HERE / "element.css").read_text(encoding="utf-8")
    both = f"em-figure {{ {light}}}\n@media screen {{ {DARK} em-figure {{ {dark}}} }}\n{look}"
    return both.replace("em-figure", ":is(em-figure, em-live)")


def live_stylesheet() -> str:
    """What a live scene's look has besides; a page with one loads it once."""
    return (HERE / "live.css").read_text(encoding="utf-8")


def script() -> str:
    """The element's script; the page loads it once."""
    return (HERE / "element.js").read_text(encoding="utf-8")


def live_script() -> str:
    """What moves live scenes, in a scope of its own; a page with one loads it once."""
    parts = [(HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("engine", "column", "picture", "live")]
    return "(() => {\n" + "\n".join(parts) + "\n})();\n"


def data(figure: Stepper) -> dict:
    """What the element needs beside its markup."""
    length = len(figure.plan["stops"])
    pages = [
        [[parts, words.sentence, list(words.numbers.values())] for parts, words in zip(run, says, strict=True)]
        for run, says in zip(figure.pages.pages, figure.says, strict=True)
    ]
    return {
        **{key: figure.plan[key] for key in ("stops", "kinds", "at", "interval")},
        "held": HELD,
        "slots": figure.pages.slots,
        "parts": figure.pages.parts,
        "pages": [run + run[-1:] * (length - len(run)) for run in pages],
        "handles": [
            {**handle, "at": [way + way[-1:] * (length - len(way)) for way in handle["at"]]}
            for handle in figure.plan["handles"]
        ],
        "predict": figure.plan["predict"] and _asked(figure),
    }


def html(figure: Stepper, *, controls: bool = True) -> str:
    """The figure as text/html, its opening page drawn. controls=False leaves out what a notebook's widgets replace."""
    plan, words = figure.plan, figure.says[0][min(figure.plan["at"], len(figure.says[0]) - 1)]
    drawn = figure.pages.compose(0, min(plan["at"], len(figure.says[0]) - 1))
    seen = "".join(_panel(i, svg) for i, svg in enumerate(drawn) if i not in plan["details"])
    folded = "".join(
        f'<details class="em-detail"><summary>{escape(text)}</summary>{_panel(i, drawn[i])}</details>'
        for i, text in plan["details"].items()
    )
    return (
        f'<em-figure id="{plan["id"]}"><p class="em-title">{escape(plan["title"])}</p>'
        f'<div class="em-picture" role="img" aria-label="{escape(plan["alt"])}">{seen}</div>'
        f"{_question(plan)}"
        f'<div class="em-bar" role="group" aria-label="{escape(plan["title"])}">{_bar(plan, controls)}</div>'
        f'<div class="em-words"><div class="em-now" aria-live="polite">{_words(words)}</div>'
        f'<div class="em-room" aria-hidden="true">{_words(_longest(figure.says))}</div></div>{folded}'
        f'<script type="application/json">{json_text(data(figure))}</script></em-figure>'
    )


def _asked(figure: Stepper) -> dict:
    """What the element needs to ask for a prediction: the axes' box in percent, their limits, where its mark begins."""
    predict, pages = figure.plan["predict"], figure.pages
    axes = pages.panels[predict.panel][0]
    (left, top), (right, bottom) = (percent(pages, predict.panel, axes["box"][i : i + 2]) for i in (0, 2))
    fixed = predict.kind in ("height", "curve"), False
    places = np.where(fixed, shares(pages, predict.panel, predict.truth), MARK).round(4).tolist()
    box = [left, top, round(right - left, 2), round(bottom - top, 2)]
    truth = np.asarray(predict.truth, float).tolist()
    return (
        predict._asdict()
        | {"truth": truth, "box": box, "places": places}
        | {key: axes[key] for key in ("x", "y", "log")}
    )


def _panel(i: int, svg: str) -> str:
    width = svg.split('viewBox="0 0 ', 1)[1].split()[0]
    return f'<div class="em-panel" data-panel="{i}" style="--em-width: {width}">{svg}</div>'


def _bar(plan: dict, controls: bool) -> str:
    kinds, several = plan["kinds"], len(plan["starts"]) > 1
    parts = ['<button type="button" data-do="back">Back</button>']
    if plan["places"]:
        controls, parts = False, ['<span class="em-hint">Drag the ring, or press on the picture.</span>']
    elif kinds:
        parts += [f'<button type="button" class="em-half" data-do="{kind}">{kind}</button>' for kind in "EM"]
    else:
        parts += ['<button type="button" data-do="next">Next</button>']
    if controls:
        parts += ['<button type="button" data-do="play" aria-pressed="false">Play</button>']
        if plan["choices"]:
            parts += [_choice(plan, "step", plan["label"], plan["stops"], plan["at"])]
        else:
            parts += [
                f'<label class="em-slider"><span>{escape(plan["label"])}</span>'
                f'<input type="range" min="0" max="{len(plan["stops"]) - 1}" value="{plan["at"]}" data-do="step" '
                f'aria-valuetext="{escape(plan["stops"][plan["at"]])}"><output>{escape(plan["stops"][plan["at"]])}</output></label>'
            ]
    parts += ['<button type="button" data-do="reset">Reset</button>']
    if controls and several:
        parts += [_choice(plan, "start", plan["start_label"], plan["starts"], 0)]
    parts += [
        f'<button type="button" data-to="{s},{i}">{escape(text)}</button>' for text, (s, i) in plan["jumps"].items()
    ]
    if kinds:
        parts += [f'<span class="em-held">{HELD[kinds[plan["at"]]]}</span>']
    return "".join(parts)


def _question(plan: dict) -> str:
    if plan["predict"] is None:
        return ""
    button = '<button type="button" data-do="reveal">Reveal</button>'
    return f'<div class="em-asked"><p aria-live="polite">{escape(plan["predict"].question)}</p>{button}</div>'


def _choice(plan: dict, trait: str, label: str, names: list[str], chosen: int) -> str:
    radio = f'<input type="radio" name="{plan["id"]}-{trait}" data-do="{trait}"'
    options = "".join(
        f'<label>{radio} value="{i}"{" checked" * (i == chosen)}><span>{escape(name)}</span></label>'
        for i, name in enumerate(names)
    )
    return f'<fieldset class="em-choice"><legend>{escape(label)}</legend>{options}</fieldset>'


def _words(words: Words) -> str:
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in words.numbers.items()
    )
    return f"<p>{escape(words.sentence)}</p>" + (f"<dl>{cells}</dl>" if cells else "")


def _longest(says: list[list[Words]]) -> Words:
    """Words as long as the longest, so that the figure keeps its height."""
    words = [words for run in says for words in run]
    numbers = {name: max((w.numbers.get(name, "") for w in words), key=len) for w in words for name in w.numbers}
    return Words(max((w.sentence for w in words), key=len), numbers)


def json_text(value: object) -> str:
    """JSON that may stand in a page: no tag and no comment can begin in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
