"""Draw the README's picture, book/step.svg, from the model on it: python tools/picture.py"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from emcore import OneMean, data, fit, plots

PATH = Path(__file__).resolve().parent.parent / "book" / "step.svg"


def draw(path):
    height = data.heights().height
    model = OneMean(pi=(0.44, 0.56), mu1=178, sigma=(6.4, 5.6))
    scene = {"model": model, "x": height, "grid": np.linspace(146, 184, 115)}
    frames = plots.frames(fit(model, height, (150,), max_iter=1))
    with plt.rc_context({"svg.hashsalt": "em", "svg.fonttype": "path"}):
        axes = plots.panels(1, 4, height=3.4, width_ratios=[5, 1, 5, 1], sharey=True)
        fig = axes[0].figure
        fig.set_size_inches(10, 3.4)
        for pair, frame, title in zip((axes[:2], axes[2:]), frames[1:], ("E-step", "M-step"), strict=True):
            plots.draw_loglik_axes(pair, **scene, low=-1000, high=-690, label="mean height of the women, μ₂ (cm)")
            plots.draw_bound(pair, frame, **scene)
            pair[0].set_title(title, loc="left", pad=22)
        fig.savefig(path, metadata={"Date": None})
    plt.close(fig)


if __name__ == "__main__":
    draw(PATH)
    print(f"wrote {PATH.relative_to(PATH.parents[1])}")
