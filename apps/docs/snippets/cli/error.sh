lmm fit "Reaction ~ Dayz + (Days | Subject)" dataset:sleepstudy
