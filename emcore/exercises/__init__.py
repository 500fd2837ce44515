"""The checks behind "Check yourself", one file a chapter."""

from .ch01 import check_best_rate, check_cross_entropy, check_normal_loglik, check_slope
from .ch02 import check_fit_normal, check_fit_weighted, check_four_numbers, check_slope_sigma
from .ch03 import check_165, check_mixture_density, check_mixture_loglik, check_slope_mean
from .ch04 import check_closing_q, check_gap, check_jensen, check_lower_bound
from .ch05 import check_e_step, check_exponential_m_step, check_first_step, check_m_step
from .ch06 import (
    check_coin_e_step,
    check_coin_em,
    check_coin_m_step,
    check_dice_m_step,
    check_expected_counts,
)
from .ch07 import check_aitken, check_gains, check_linkage_step, check_ratio
from .ch08 import check_ascend, check_one_pass, check_scaled_slope, check_two_corners
from .ch09 import check_clip, check_counting, check_log_density, check_m_step_in_d
from .ch10 import check_assign, check_hard_step, check_kmeans_by_hand, check_move
from .ch11 import check_best_path, check_forward_by_hand, check_log_p, check_transitions
from .ch12 import check_agreement_of, check_in_order, check_map_step, check_safe_e_step, check_three_coins
from .ch13 import check_expected_above, check_exponential_log_joint, check_geometric_m_step, check_poisson_by_hand
from .verdict import NotYet

__all__ = [name for name in dir() if name.startswith("check_")] + ["NotYet"]
