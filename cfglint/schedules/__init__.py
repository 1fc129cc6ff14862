"""Learning rates and momenta at each iteration, computed without torch: MMEngine's schedulers, and mmcv's hooks of 0.x."""
