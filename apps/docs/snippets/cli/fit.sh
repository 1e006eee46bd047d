lmm fit "Reaction ~ Days + (Days | Subject)" dataset:sleepstudy
