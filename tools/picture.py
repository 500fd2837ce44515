"""Draw the README's picture, book/step.svg, from the model on it: python tools/picture.py"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from emcore import OneMean, data, figures, fit
from emcore.figures.scenes import bound_axes, draw_bound

PATH = Path(__file__).resolve().parent.parent / "book" / "step.svg"


def draw(path):
    height = data.heights().height
    model = OneMean(pi=(0.44, 0.56), mu1=178, sigma=(6.4, 5.6))
    scene = {"model": model, "x": height, "grid": np.linspace(146, 184, 115)}
    _, *steps = fit(model, height, (150,), max_iter=1)
    with figures.style(), plt.rc_context({"svg.hashsalt": "em", "svg.fonttype": "path"}):
        fig, axes = plt.subplots(1, 4, figsize=(11, 3.4), width_ratios=[5, 1, 5, 1], layout="constrained")
        for pair, step, title in zip((axes[:2], axes[2:]), steps, ("E-step", "M-step"), strict=True):
            bound_axes(pair, **scene, low=-1000, high=-690, label="mean height of the women, μ₂ (cm)")
            draw_bound(pair, step, **scene)
            pair[0].set_title(title)
        fig.savefig(path, metadata={"Date": None})
    plt.close(fig)


if __name__ == "__main__":
    draw(PATH)
    print(f"wrote {PATH.relative_to(PATH.parents[1])}")
