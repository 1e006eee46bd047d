lmm model-matrix "angle ~ recipe * temp" dataset:cake --rows 4
