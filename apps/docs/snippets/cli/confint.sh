lmm confint "Yield ~ 1 + (1 | Batch)" dataset:Dyestuff
