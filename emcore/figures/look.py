"""How every figure of the course looks: colors, strokes, panels. A color means one thing in the whole book."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

PALETTE = {  # role: color on a light page, color on a dark page
    "data": ("#737373", "#9A9A9A"),
    "loglik": ("#0A66B0", "#63B4F0"),
    "bound": ("#C24706", "#FF8A4A"),
    "gap": ("#B87A00", "#E8B84A"),
    "component1": ("#07494C", "#1E9E9A"),
    "component2": ("#A85A90", "#F6CDE6"),
    "component3": ("#7A6A00", "#C8A02E"),
    "component4": ("#6A3FC0", "#9A78F0"),
    "share1": ("#0B5A5C", "#137F80"),  # areas: one dark, one pale, one between, for eyes that see no hue
    "share2": ("#F3D3C0", "#F6E0D3"),
    "share3": ("#A8984A", "#B9A95A"),
    "share4": ("#8FAAF0", "#8FA6EE"),
    "level1": ("#E4EEF7", "#16293A"),  # five tones of one hue: the heights of a contour map, from low to high
    "level2": ("#C9DDEE", "#1D3A54"),
    "level3": ("#A9C8E3", "#264C6E"),
    "level4": ("#84AFD5", "#31608A"),
    "level5": ("#5C94C4", "#3D76A8"),
    "ink": ("#000000", "#FFFFFF"),
    "paper": ("#FFFFFF", "#121212"),
}
COLOR = {role: light for role, (light, _) in PALETTE.items()}
LINE: dict[str, dict[str, Any]] = {  # never color alone: each role has a stroke of its own
    "data": {"facecolor": COLOR["data"], "alpha": 0.45},
    "loglik": {"color": COLOR["loglik"], "linewidth": 2.2},
    "bound": {"color": COLOR["bound"], "linewidth": 2.2, "linestyle": (0, (5, 2))},
    "component1": {"color": COLOR["component1"], "linewidth": 2.2},
    "component2": {"color": COLOR["component2"], "linewidth": 2.2, "linestyle": (0, (6, 1.5, 1, 1.5))},
    "component3": {"color": COLOR["component3"], "linewidth": 2.2, "linestyle": (0, (1, 1))},
    "component4": {"color": COLOR["component4"], "linewidth": 2.2, "linestyle": (0, (8, 1.5, 1, 1.5, 1, 1.5))},
    "share1": {"facecolor": COLOR["share1"], "edgecolor": COLOR["ink"], "linewidth": 0.8},
    "share2": {"facecolor": COLOR["share2"], "edgecolor": COLOR["ink"], "linewidth": 0.8, "hatch": "//"},
    "share3": {"facecolor": COLOR["share3"], "edgecolor": COLOR["ink"], "linewidth": 0.8, "hatch": "\\\\"},
    "share4": {"facecolor": COLOR["share4"], "edgecolor": COLOR["ink"], "linewidth": 0.8, "hatch": "--"},
    "gap": {"facecolor": "none", "edgecolor": COLOR["gap"], "hatch": "////", "linewidth": 1.2},
    "gap-line": {"color": COLOR["gap"], "linewidth": 3.5, "solid_capstyle": "butt"},
    "theta": {"color": COLOR["ink"], "marker": "o", "markersize": 8, "linestyle": "none"},
    "ghost": {"color": COLOR["data"], "linewidth": 1.2, "alpha": 0.35},  # what is to come, or what was
}
STYLE: dict[str, Any] = {
    "figure.dpi": 72, "savefig.bbox": None, "savefig.pad_inches": 0, "savefig.transparent": True,
    "svg.fonttype": "none", "svg.hashsalt": "em", "path.simplify": False,
    "font.size": 13, "axes.titlesize": 13, "axes.labelsize": 13, "legend.fontsize": 13,
    "xtick.major.pad": 6, "xtick.labelsize": 13, "ytick.labelsize": 13, "axes.titlelocation": "left",
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": True,
    "hatch.linewidth": 0.8, "lines.dash_joinstyle": "round", "axes.formatter.useoffset": False,
}  # fmt: skip


@contextmanager
def style() -> Iterator[None]:
    """Draw in the course's style, whatever the reader's matplotlibrc says: as a context, or as a decorator."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)  # type: ignore[arg-type]
        yield


def panels(*widths: float, height: float = 260) -> Any:
    """Axes for a figure: one panel for each width, each a picture of its own, side by side where there is room.

    widths and height are in pixels, at which text has 13; a phone shows 360 of them. One panel of 360 if none is given.
    """
    with style():
        axes = [
            Figure(figsize=(width / 72, height / 72), layout="constrained").add_subplot() for width in widths or (360,)
        ]
    return np.array(axes) if len(widths) > 1 else axes[0]


def component(k: int) -> str:
    """The role of component k, counted from 1; raises ValueError beyond those that the palette tells apart."""
    if f"component{k}" not in PALETTE:
        raise ValueError(f"there must be at most four components to draw; got component {k}: bring colors of your own")
    return f"component{k}"
