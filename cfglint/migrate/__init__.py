"""From configs of 0.x (mmcv < 2) to those of 1.x (MMEngine): a mapping of values, and the rewriting of files."""
