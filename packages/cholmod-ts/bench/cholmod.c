/*
 * Times CHOLMOD on Matrix Market files (symmetric, lower triangle stored), for bench/against-cholmod.ts.
 * Prints the BLAS in use behind "#", then one line per matrix: name n nnzL simplicial_ms supernodal_ms logdet
 * analyze_ms solve_1_ms solve_16_ms, the last two with the supernodal factor
 *
 * Compile: cc -O2 cholmod.c -o cholmod-times -lcholmod -lm
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <suitesparse/cholmod.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}

/* Least CPU time of repeated numeric factorizations, in milliseconds. */
static double factor_time(cholmod_sparse *A, cholmod_factor *L, cholmod_common *c) {
  double best = 1e300, spent = 0;
  for (int k = 0; (k < 3 && spent < 10000) || (spent < 300 && k < 400); k++) {
    double t = now();
    cholmod_factorize(A, L, c);
    t = now() - t;
    spent += t;
    if (t < best) best = t;
  }
  return best;
}

/* Least CPU time of repeated analyses. */
static double analyze_time(cholmod_sparse *A, cholmod_common *c) {
  double best = 1e300, spent = 0;
  for (int k = 0; (k < 3 && spent < 5000) || (spent < 100 && k < 400); k++) {
    double t = now();
    cholmod_factor *L = cholmod_analyze(A, c);
    t = now() - t;
    spent += t;
    if (t < best) best = t;
    cholmod_free_factor(&L, c);
  }
  return best;
}

/* Least CPU time of repeated solves with many right-hand sides, work space kept. */
static double solve_time(cholmod_factor *L, size_t count, cholmod_common *c) {
  cholmod_dense *b = cholmod_ones(L->n, count, CHOLMOD_REAL, c), *x = NULL, *y = NULL, *e = NULL;
  double best = 1e300, spent = 0;
  for (int k = 0; (k < 3 && spent < 5000) || (spent < 100 && k < 400); k++) {
    double t = now();
    cholmod_solve2(CHOLMOD_A, L, b, NULL, &x, NULL, &y, &e, c);
    t = now() - t;
    spent += t;
    if (t < best) best = t;
  }
  cholmod_free_dense(&b, c);
  cholmod_free_dense(&x, c);
  cholmod_free_dense(&y, c);
  cholmod_free_dense(&e, c);
  return best;
}

static double log_det(cholmod_factor *L, cholmod_common *c) {
  cholmod_factor *copy = cholmod_copy_factor(L, c);
  cholmod_change_factor(CHOLMOD_REAL, 1, 0, 1, 1, copy, c);
  /* Compensated: a plain sum of 160,000 logarithms is off by 1e-12. */
  double sum = 0, lost = 0;
  for (size_t j = 0; j < copy->n; j++) {
    double term = log(((double *)copy->x)[((int *)copy->p)[j]]) - lost, next = sum + term;
    lost = (next - sum) - term;
    sum = next;
  }
  cholmod_free_factor(&copy, c);
  return 2 * sum;
}

/* Says which BLAS was loaded. */
static void print_blas(void) {
  char line[1024], last[1024] = "";
  FILE *maps = fopen("/proc/self/maps", "r");
  while (maps && fgets(line, sizeof line, maps)) {
    char *path = strchr(line, '/');
    if (!path || !strstr(path, "blas") || !strcmp(path, last)) continue;
    strcpy(last, path);
    printf("# %s", path);
  }
  if (maps) fclose(maps);
}

int main(int argc, char **argv) {
  print_blas();
  cholmod_common c;
  cholmod_start(&c);
  c.print = 0;
  c.nmethods = 1;
  c.method[0].ordering = CHOLMOD_AMD;
  c.postorder = 1;
  c.final_ll = 1;
  for (int k = 1; k < argc; k++) {
    FILE *file = fopen(argv[k], "r");
    cholmod_sparse *A = file ? cholmod_read_sparse(file, &c) : NULL;
    if (file) fclose(file);
    if (!A) continue;
    double time[2], analysis = 0, solve[2] = {0, 0}, det = 0, nnz = 0;
    int ok = 1;
    for (int kind = 0; kind < 2; kind++) {
      c.supernodal = kind == 0 ? CHOLMOD_SIMPLICIAL : CHOLMOD_SUPERNODAL;
      c.final_super = kind;
      cholmod_factor *L = cholmod_analyze(A, &c);
      nnz = c.lnz;
      /* The simplicial one would take minutes for the largest. */
      time[kind] = kind == 0 && c.fl > 5e10 ? NAN : factor_time(A, L, &c);
      if (c.status != CHOLMOD_OK) ok = 0;
      if (kind == 1 && ok) {
        analysis = analyze_time(A, &c);
        solve[0] = solve_time(L, 1, &c);
        solve[1] = solve_time(L, 16, &c);
        det = log_det(L, &c);
      }
      cholmod_free_factor(&L, &c);
      c.status = CHOLMOD_OK;
    }
    if (ok) {
      printf("%s %zu %.0f %.6f %.6f %.17g ", argv[k], A->nrow, nnz, time[0], time[1], det);
      printf("%.6f %.6f %.6f\n", analysis, solve[0], solve[1]);
    }
    fflush(stdout);
    cholmod_free_sparse(&A, &c);
  }
  cholmod_finish(&c);
  return 0;
}
