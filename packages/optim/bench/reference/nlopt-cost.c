/*
 * Processor time of NLopt's BOBYQA per evaluation, set-up of the runs included: the counterpart of
 * cost-per-evaluation.ts.
 *
 *   gcc -O2 -ffp-contract=off -o nlopt-cost nlopt-cost.c -l:libnlopt.so.0 -lm     (Debian: libnlopt0)
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

typedef void *nlopt_opt;
nlopt_opt nlopt_create(int algorithm, unsigned n);
void nlopt_destroy(nlopt_opt);
int nlopt_set_min_objective(nlopt_opt, double (*)(unsigned, const double *, double *, void *), void *);
int nlopt_set_xtol_abs1(nlopt_opt, double);
int nlopt_set_initial_step1(nlopt_opt, double);
int nlopt_set_maxeval(nlopt_opt, int);
int nlopt_optimize(nlopt_opt, double *, double *);
const char *nlopt_algorithm_name(int);

static long count;

static double chain(unsigned n, const double *x, double *gradient, void *data) {
  double sum = 0;
  (void)gradient; (void)data;
  count++;
  for (unsigned i = 0; i + 1 < n; i++) {
    double v = x[i + 1] - x[i] * x[i], u = 1 - x[i];
    sum += v * v * 10 + u * u;
  }
  return sum;
}

int main(void) {
  static const int sizes[] = {2, 3, 4, 5, 6, 8, 10, 20, 30, 50};
  int bobyqa = 0;
  while (strncmp(nlopt_algorithm_name(bobyqa), "BOBYQA", 6) != 0) bobyqa++;
  for (int s = 0; s < 10; s++) {
    int n = sizes[s], runs = n <= 5 ? 500 : n <= 10 ? 20 : 2;
    double least = 1e9, x[50], f;
    nlopt_opt run = nlopt_create(bobyqa, n);
    nlopt_set_min_objective(run, chain, NULL);
    nlopt_set_xtol_abs1(run, 1e-9);
    nlopt_set_initial_step1(run, 0.1);
    nlopt_set_maxeval(run, 3000);
    for (int repetition = 0; repetition < 12; repetition++) {
      struct timespec from, to;
      count = 0;
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
      for (int r = 0; r < runs; r++) {
        for (int i = 0; i < n; i++) x[i] = -0.5;
        nlopt_optimize(run, x, &f);
      }
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
      double seconds = (to.tv_sec - from.tv_sec) + 1e-9 * (to.tv_nsec - from.tv_nsec);
      if (seconds / count < least) least = seconds / count;
    }
    printf("n = %d: %ld evaluations, %.3f us per evaluation\n", n, count / runs, 1e6 * least);
    nlopt_destroy(run);
  }
  return 0;
}
