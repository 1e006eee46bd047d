/* Times dpotrf, dsyrk, dgemm and dtrsm of the BLAS it is linked with, in processor time of one thread.
   Arguments: triples "op n k". Prints the core that OpenBLAS chose, then one line "op n k seconds" each: the
   median of nine samples of at least 20 ms. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern void dpotrf_(const char *, const int *, double *, const int *, int *);
extern void dsyrk_(const char *, const char *, const int *, const int *, const double *, const double *,
                   const int *, const double *, double *, const int *);
extern void dgemm_(const char *, const char *, const int *, const int *, const int *, const double *,
                   const double *, const int *, const double *, const int *, const double *, double *,
                   const int *);
extern void dtrsm_(const char *, const char *, const char *, const char *, const int *, const int *,
                   const double *, const double *, const int *, double *, const int *);
extern char *openblas_get_corename(void);
extern char *openblas_get_config(void);

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a - *(const double *)b;
  return x < 0 ? -1 : x > 0;
}

static double *a, *b, *c;
static const double one = 1, minus = -1;

static void once(const char *op, int n, int k) {
  int info;
  if (!strcmp(op, "potrf")) {
    memcpy(c, a, 8L * n * n);
    dpotrf_("L", &n, c, &n, &info);
  } else if (!strcmp(op, "copy")) {
    memcpy(c, a, 8L * n * n);
    __asm__ volatile("" ::: "memory");
  } else if (!strcmp(op, "syrk")) {
    dsyrk_("L", "N", &n, &k, &minus, b, &n, &one, c, &n);
  } else if (!strcmp(op, "gemm")) {
    dgemm_("N", "T", &n, &n, &k, &minus, b, &n, b, &n, &one, c, &n);
  } else {
    /* k right-hand sides from the left; the diagonal of a dominates, so c stays bounded. */
    dtrsm_("L", "L", "N", "N", &n, &k, &one, a, &n, c, &n);
  }
}

static double median(const char *op, int n, int k) {
  double t[9];
  long calls = 1;
  for (;;) {
    double start = now();
    for (long i = 0; i < calls; i++) once(op, n, k);
    double took = now() - start;
    if (took > 0.02) break;
    calls = took < 0.002 ? calls * 10 : (long)(calls * 0.022 / took) + 1;
  }
  for (int s = 0; s < 9; s++) {
    double start = now();
    for (long i = 0; i < calls; i++) once(op, n, k);
    t[s] = (now() - start) / calls;
  }
  qsort(t, 9, sizeof(double), ascending);
  return t[4];
}

int main(int argc, char **argv) {
  printf("%s %s\n", openblas_get_corename(), openblas_get_config());
  for (int i = 1; i + 2 < argc; i += 3) {
    int n = atoi(argv[i + 1]), k = atoi(argv[i + 2]), m = n > k ? n : k;
    long size = (long)m * m;
    a = malloc(8 * size);
    b = malloc(8 * size);
    c = malloc(8 * size);
    unsigned s = 1;
    for (long j = 0; j < size; j++) {
      s = s * 1664525u + 1013904223u;
      a[j] = b[j] = c[j] = s / 2147483648.0 - 1;
    }
    for (int j = 0; j < n; j++) a[j + (long)j * n] = n;
    double seconds = median(argv[i], n, k);
    if (!strcmp(argv[i], "potrf")) seconds -= median("copy", n, k);
    printf("%s %d %d %.9g\n", argv[i], n, k, seconds);
    free(a);
    free(b);
    free(c);
  }
  return 0;
}
