"""emcore: the EM algorithm, one half-step at a time."""

from . import data
from .coins import BinomialMixture, Coins
from .core import CollapseError, Mixture, Model, Step, em, fit
from .gmm import GMM1D, OneMean

__all__ = [
    "GMM1D",
    "BinomialMixture",
    "Coins",
    "CollapseError",
    "Mixture",
    "Model",
    "OneMean",
    "Step",
    "data",
    "em",
    "fit",
]
__version__ = "0.1.0"
