lmm criterion "diameter ~ 1 + (1 | plate) + (1 | sample)" dataset:Penicillin --ml --theta 1.2,2.1
