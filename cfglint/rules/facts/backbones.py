"""What of a backbone's arguments decides how many channels it puts out."""

from __future__ import annotations

import json
from typing import Any, Final

NEUTRAL: Final = frozenset({
    'type', '_scope_', 'init_cfg', 'pretrained', 'in_channels', 'out_indices', 'frozen_stages', 'norm_cfg', 'norm_eval',
    'act_cfg', 'conv_cfg', 'with_cp', 'use_checkpoint', 'style', 'strides', 'dilations', 'contract_dilation', 'dcn',
    'stage_with_dcn', 'gcb', 'plugins', 'zero_init_residual', 'avg_down', 'deepen_factor', 'drop_rate', 'drop_path_rate',
    'attn_drop_rate', 'mlp_ratio', 'mlp_ratios', 'qkv_bias', 'qk_scale', 'patch_norm', 'window_size',
    'window_sizes', 'pretrain_img_size', 'img_size', 'patch_size', 'patch_sizes', 'sr_ratios', 'convert_weights',
    'interpolate_mode', 'out_type', 'with_cls_token', 'output_cls_token', 'final_norm', 'pre_norm', 'avg_token',
    'gap_before_final_norm', 'frozen_exclude', 'use_abs_pos_emb', 'use_rel_pos_bias', 'layer_scale_init_value',
    'pad_small_map', 'init_values', 'pretrained_window_sizes', 'use_abs_pos_embed', 'use_conv_ffn', 'global_block_indexes',
})  # fmt: skip
"""Arguments that change what is computed, but not the number of channels or of outputs."""
_LONGEST: Final = 200


def shape_arguments(backbone: dict[Any, Any]) -> str | None:
    """Return the arguments of a backbone that may decide its channels, as text to look up; None if they are not plain."""
    deciding = {name: value for name, value in backbone.items() if name not in NEUTRAL}
    try:
        text = ', '.join(f'{name}={json.dumps(deciding[name])}' for name in sorted(deciding))
    except (TypeError, ValueError, RecursionError):
        return None
    return text if len(text) <= _LONGEST else None
