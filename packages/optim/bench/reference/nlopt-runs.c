/*
 * NLopt's BOBYQA on the 53 problems, without bounds and in the box x0 ± 1. Prints one JSON object per run.
 *
 *   gcc -O2 -ffp-contract=off -o nlopt-runs nlopt-runs.c problems.c -l:libnlopt.so.0 -lm     (Debian: libnlopt0)
 *   ./nlopt-runs least.txt          least.txt: 106 lines, the least known value of each run; all 0 without it
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef void *nlopt_opt;
nlopt_opt nlopt_create(int algorithm, unsigned n);
void nlopt_destroy(nlopt_opt);
int nlopt_set_min_objective(nlopt_opt, double (*)(unsigned, const double *, double *, void *), void *);
int nlopt_set_xtol_abs1(nlopt_opt, double);
int nlopt_set_initial_step1(nlopt_opt, double);
int nlopt_set_maxeval(nlopt_opt, int);
int nlopt_set_lower_bounds(nlopt_opt, const double *);
int nlopt_set_upper_bounds(nlopt_opt, const double *);
int nlopt_optimize(nlopt_opt, double *, double *);
const char *nlopt_algorithm_name(int);

void problem_start(int *, double *, int *, int *, double *, double *);
void problem_value(double *, double *);
void problem_report(int *, double *, int *, double *);

static double objective(unsigned n, const double *x, double *gradient, void *data) {
  double f;
  (void)n; (void)gradient; (void)data;
  problem_value((double *)x, &f);
  return f;
}

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
  int bobyqa = 0;
  while (strncmp(nlopt_algorithm_name(bobyqa), "BOBYQA", 6) != 0) bobyqa++;
  for (int box = 0; box < 2; box++) {
    for (int index = 0; index < 53; index++) {
      double least_known = 0, x[12], lower[12], upper[12], rhobeg, f, least, hash;
      int n, evaluations, counts[7], wrapped = 0;
      if (file && fscanf(file, "%lf", &least_known) != 1) return 1;
      problem_start(&index, &least_known, &wrapped, &n, x, &rhobeg);
      if (box && rhobeg > 0.5) rhobeg = 0.5;
      nlopt_opt run = nlopt_create(bobyqa, n);
      nlopt_set_min_objective(run, objective, NULL);
      for (int i = 0; i < n; i++) { lower[i] = box ? x[i] - 1 : -HUGE_VAL; upper[i] = box ? x[i] + 1 : HUGE_VAL; }
      nlopt_set_lower_bounds(run, lower);
      nlopt_set_upper_bounds(run, upper);
      nlopt_set_initial_step1(run, rhobeg);
      nlopt_set_xtol_abs1(run, 1e-6);
      nlopt_set_maxeval(run, 3000 * n);
      nlopt_optimize(run, x, &f);
      nlopt_destroy(run);
      problem_report(&evaluations, &least, counts, &hash);
      printf("{\"index\": %d, \"box\": %s, \"evaluations\": %d, \"f\": %.17g, \"hash\": %.0f, \"counts\": [", index + 1,
             box ? "true" : "false", evaluations, least, hash);
      for (int k = 0; k < 7; k++) printf("%d%s", counts[k], k < 6 ? ", " : "]}\n");
    }
  }
  return 0;
}
