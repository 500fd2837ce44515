"""The live scene, "You are EM": the reader sets q and theta by hand, and the page's own engine keeps the score."""

import hashlib
from html import escape
from typing import Any

import numpy as np

from .. import validate
from ..core import Model, checked
from ..models import GMM1D, BinomialMixture
from . import page
from .scenes import theta_numbers
from .stepper import Shown, Words, number

HINT = "Drag a bar's divider, or a curve's number; or press E."
COINS_HINT = "Drag a bar's divider, or a component's number; or press E."
ROOM = (  # as long as what is said gets
    "You changed the data: F fell by 123.412, ℓ fell by 123.412; the gap opened to 1043.412. "
    "x = 61.25: the posterior is (0.25, 0.25, 0.25, 0.25), its q is (0.25, 0.25, 0.25, 0.25)."
)
FIELDS = {"pi": "π", "mu": "μ", "sigma": "σ", "p": "p"}
MOST, TOSSES = 2000, 10_000  # observations, and tosses of one coin


class Live(Shown):
    """A live scene. str() of it is where it begins; a notebook shows it as a widget, a page as its element."""

    def __init__(self, plan: dict[str, Any], words: Words):
        self.plan, self.words = plan, words

    def __repr__(self) -> str:
        return f"{self.plan['title']}\n{self.words}"

    def html(self) -> str:
        return html(self)

    def widget(self) -> dict[str, Any]:
        from .widget import live

        return live(self)


def live(
    model: Model, x: Any, start: Any, *, edges: Any = None, label: str = "x",
    title: str = "You are EM", hard: bool = False,
) -> Live:  # fmt: skip
    """A figure in which the reader does both half-steps by hand, for a `GMM1D` or a `BinomialMixture`.

    x: at most 2,000 observations. start: theta, of at most four components. edges: of the bars; up to 9
    numbers, and up to 40 heads of coins, have a bar each. hard=True begins with K-means: q holds only 0 and 1, and
    the M-step moves the means alone. Raises ValueError for other models, or where these do not go together.
    """
    if type(model) not in (GMM1D, BinomialMixture) or model != type(model)(**_tosses(model)):
        raise ValueError(f"a live scene is for GMM1D() or BinomialMixture(tosses); got {validate.short(model)}")
    x, theta = checked(model, x, start)
    K, N, tosses = len(theta.pi), len(x), _tosses(model).get("tosses", 0)
    validate.whole_number("the number of components", K, at_most=4)
    validate.whole_number("the number of observations", N, at_most=MOST)
    validate.whole_number("tosses", tosses, at_most=TOSSES)
    if np.ptp(x) == 0:
        raise ValueError(f"x must hold at least two different numbers; got {validate.short(x.tolist())}")
    if edges is not None:
        edges = validate.column("edges", edges)
        if (np.diff(edges) <= 0).any() or edges[0] > x.min() or edges[-1] < x.max():
            raise ValueError(f"edges must rise and hold all of x; got {validate.short(edges.tolist())}")
    q = np.full((N, K), 1 / K)
    bound, loglik = model.lower_bound(x, q, theta), model.loglik(x, theta)
    hint = COINS_HINT if tosses else HINT
    plan = {
        "title": title, "label": label, "tosses": tosses, "hard": hard, "x": x.tolist(), "says": hint,
        "theta": {name: np.asarray(field).tolist() for name, field in theta._asdict().items()},
        "edges": None if edges is None else edges.tolist(),
    }  # fmt: skip
    plan["id"] = "em" + hashlib.sha1(repr(plan).encode()).hexdigest()[:6]
    score = {"F": number(bound), "gap": number(loglik - bound), "ℓ": number(loglik)}
    sizes = {"N": str(N), "K": str(K)}
    return Live(plan, Words(hint, {**sizes, **theta_numbers(theta), **score}))


def _tosses(model: Any) -> dict[str, Any]:
    tosses = getattr(model, "tosses", None)
    return {"tosses": tosses} if isinstance(tosses, int) else {}


def html(scene: Live) -> str:
    """The scene as text/html: its bar, its score at the start, and room for the picture, which the element draws."""
    plan, numbers = scene.plan, scene.words.numbers
    title, K = escape(plan["title"]), len(plan["theta"]["pi"])
    parts = [
        f'<em-live id="{plan["id"]}" data-lm-suppress-shortcuts="true"><p class="em-title">{title}</p>',
        '<div class="em-picture"><div class="em-panel" style="--em-width: 440">',
        f'<svg class="em-data" role="group" aria-label="{title}"></svg></div>',
        '<div class="em-panel" style="--em-width: 280">',
        '<svg class="em-record" role="img" aria-label="F and ℓ so far"></svg></div></div>',
        f'<div class="em-bar" role="group" aria-label="{title}">{_bar(plan, K)}</div>',
        f'<div class="em-words"><div class="em-said"><p class="em-now" aria-live="polite">{escape(plan["says"])}</p>',
        f'<p class="em-room" aria-hidden="true">{ROOM}</p></div>',
        f'<div class="em-score"><dl>{_score(numbers)}</dl>{_theta(plan["theta"], K)}</div></div>',
        _own(f"heads in {plan['tosses']} tosses" if plan["tosses"] else "numbers"),
        f'<script type="application/json">{page.json_text(plan)}</script></em-live>',
    ]
    return "".join(parts)


def _button(what: str, text: str, more: str = "") -> str:
    return f'<button type="button" data-do="{what}"{more}>{text}</button>'


def _bar(plan: dict, K: int) -> str:
    halves = _button("E", "E", ' class="em-half em-next" aria-keyshortcuts="e"')
    halves += _button("M", "M", ' class="em-half" aria-keyshortcuts="m"')
    undo = _button("undo", "Undo", ' aria-disabled="true"')
    choice = "".join(
        f'<label><input type="radio" name="{plan["id"]}-K" value="{k}"{" checked" * (k == K)}><span>{k}</span></label>'
        for k in range(1, 5)
    )
    note = "q only 0 or 1" + (" (K-means)" if plan["hard"] else "")
    return (
        f"{halves}{undo}{_button('reset', 'Reset')}"
        f'<fieldset class="em-choice"><legend>K</legend>{choice}</fieldset>'
        f"{_button('machine', 'Let the machine do it')}{_button('add', 'Add a point')}"
        f'<label class="em-switch"><input type="checkbox" data-do="hard"{" checked" * plan["hard"]}>'
        f"<span>{note}</span></label>"
    )


def _score(numbers: Any) -> str:
    cells = "".join(
        f'<div><dt>{name}</dt><dd><button type="button" class="em-number" data-sum="{key}">{numbers[name]}</button>'
        "</dd></div>"
        for name, key in {"F": "F", "gap": "gap", "ℓ": "l"}.items()
    )
    return f'{cells}<div><dt>deeds</dt><dd class="em-deeds">0</dd></div>'


def _theta(theta: dict, K: int) -> str:
    fields = {"θ": range(1, K + 1)} | {FIELDS[name]: [number(v) for v in field] for name, field in theta.items()}
    rows = "".join(
        f'<tr data-field="{name}"><th scope="row">{sign}</th>'
        + "".join(f"<td>{row[k] if k < K else ''}</td>" for k in range(4))
        + "</tr>"
        for name, (sign, row) in zip(["", *theta], fields.items(), strict=True)
    )
    return f'<table class="em-theta"><tbody>{rows}</tbody></table>'


def _own(what: str) -> str:
    return (
        '<details class="em-own"><summary>Your own data</summary>'
        f"<label>Paste a column of {what}, at most {MOST:,}, or drop a file here. Nothing leaves this page."
        "<textarea></textarea></label>"
        f"{_button('use', 'Use these numbers')}"
        '<label>Or choose a file: <input type="file" accept=".csv,.txt,.tsv,text/*"></label>'
        '<p class="em-read" aria-live="polite"></p></details>'
    )
