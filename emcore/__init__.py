"""emcore: the EM algorithm, one half-step at a time."""

from . import data
from .checkup import check_model
from .core import Model, em, fit
from .history import CollapseError, FallError, History, Step, left_to_climb
from .mixture import Mixture
from .models import (
    GMM,
    GMM1D,
    HMM,
    BinomialMixture,
    CensoredLifetimes,
    ChainQ,
    Coins,
    HMMSequences,
    KMeans,
    Linkage,
    OneMean,
    PoissonMixture,
)

__all__ = [
    "GMM",
    "GMM1D",
    "HMM",
    "BinomialMixture",
    "CensoredLifetimes",
    "ChainQ",
    "Coins",
    "CollapseError",
    "FallError",
    "HMMSequences",
    "History",
    "KMeans",
    "Linkage",
    "Mixture",
    "Model",
    "OneMean",
    "PoissonMixture",
    "Step",
    "check_model",
    "data",
    "em",
    "fit",
    "left_to_climb",
]
__version__ = "0.1.0"
