lmm datasets
