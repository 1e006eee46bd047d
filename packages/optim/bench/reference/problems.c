/*
 * The 53 smooth problems of Moré and Wild (2009) in C, operation for operation as in
 * src/test-problems/residuals.test-support.ts, for runs of NLopt (nlopt-runs.c) and of R's minqa (minqa-runs.R).
 *
 * The objective keeps count: evaluations, the least value, when the value first came within
 * tau (f(x0) - least known) of the least known value, for tau = 1e-1, 1e-2, ... 1e-7, and a hash of the bits of every
 * point and value (FNV-1a by 32-bit words; -0 counts as 0).
 */
#include "elementary.h"
#include <stdint.h>
#include <string.h>

#define TAUS 7

static const double BARD[15] = {0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39};
static const double KV[11] = {4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625};
static const double KY[11] = {0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246};
static const double MEYER[16] = {34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872};
static const double OSBORNE1[33] = {0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42, 0.414, 0.411, 0.406};
static const double OSBORNE2[65] = {1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.5, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.71, 0.729, 0.72, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054};

static const int TABLE[53][4] = {
  {1, 9, 45, 0}, {1, 9, 45, 1}, {2, 7, 35, 0}, {2, 7, 35, 1}, {3, 7, 35, 0}, {3, 7, 35, 1}, {4, 2, 2, 0}, {4, 2, 2, 1},
  {5, 3, 3, 0}, {5, 3, 3, 1}, {6, 4, 4, 0}, {6, 4, 4, 1}, {7, 2, 2, 0}, {7, 2, 2, 1}, {8, 3, 15, 0}, {8, 3, 15, 1},
  {9, 4, 11, 0}, {10, 3, 16, 0}, {11, 6, 31, 0}, {11, 6, 31, 1}, {11, 9, 31, 0}, {11, 9, 31, 1}, {11, 12, 31, 0},
  {11, 12, 31, 1}, {12, 3, 10, 0}, {13, 2, 10, 0}, {14, 4, 20, 0}, {14, 4, 20, 1}, {15, 6, 6, 0}, {15, 7, 7, 0},
  {15, 8, 8, 0}, {15, 9, 9, 0}, {15, 10, 10, 0}, {15, 11, 11, 0}, {16, 10, 10, 0}, {17, 5, 33, 0}, {18, 11, 65, 0},
  {18, 11, 65, 1}, {19, 8, 8, 0}, {19, 10, 12, 0}, {19, 11, 14, 0}, {19, 12, 16, 0}, {20, 5, 5, 0}, {20, 6, 6, 0},
  {20, 8, 8, 0}, {21, 5, 5, 0}, {21, 5, 5, 1}, {21, 8, 8, 0}, {21, 10, 10, 0}, {21, 12, 12, 0}, {21, 12, 12, 1},
  {22, 8, 8, 0}, {22, 8, 8, 1}};

static double cubed(double x) { return x * x * x; }
static double fifth(double x) { return x * x * x * x * x; }

static double mancino_sum(double x, int i, int n) {
  double total = 0;
  for (int j = 0; j < n; j++) {
    double root = sqrt(x * x + (i + 1.0) / (j + 1.0)), angle = logarithm(root);
    total += root * (fifth(sine(angle)) + fifth(cosine(angle)));
  }
  return total;
}

static int residuals(int number, const double *x, int n, int m, double *r) {
  double sum = 0;
  switch (number) {
    case 1:
      for (int j = 0; j < n; j++) sum += x[j];
      sum = (2 * sum) / m + 1;
      for (int i = 0; i < m; i++) r[i] = i < n ? x[i] - sum : -sum;
      return m;
    case 2:
      for (int j = 0; j < n; j++) sum += (j + 1) * x[j];
      for (int i = 0; i < m; i++) r[i] = (i + 1) * sum - 1;
      return m;
    case 3:
      for (int j = 1; j < n - 1; j++) sum += (j + 1) * x[j];
      for (int i = 0; i < m; i++) r[i] = i < m - 1 ? i * sum - 1 : -1;
      return m;
    case 4: r[0] = 10 * (x[1] - x[0] * x[0]); r[1] = 1 - x[0]; return 2;
    case 5: {
      double turn = 0.25;
      if (x[0] > 0) turn = arctangent(x[1] / x[0]) / (2 * M_PI);
      else if (x[0] < 0) turn = arctangent(x[1] / x[0]) / (2 * M_PI) + 0.5;
      r[0] = 10 * (x[2] - 10 * turn); r[1] = 10 * (sqrt(x[0] * x[0] + x[1] * x[1]) - 1); r[2] = x[2];
      return 3;
    }
    case 6: {
      double a = x[1] - 2 * x[2], b = x[0] - x[3];
      r[0] = x[0] + 10 * x[1]; r[1] = sqrt(5) * (x[2] - x[3]); r[2] = a * a; r[3] = sqrt(10) * (b * b);
      return 4;
    }
    case 7:
      r[0] = -13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1];
      r[1] = -29 + x[0] + ((1 + x[1]) * x[1] - 14) * x[1];
      return 2;
    case 8:
      for (int i = 0; i < 15; i++) {
        double u = i + 1, v = 15 - i;
        r[i] = BARD[i] - (x[0] + u / (x[1] * v + x[2] * fmin(u, v)));
      }
      return 15;
    case 9:
      for (int i = 0; i < 11; i++) {
        double v = KV[i];
        r[i] = KY[i] - (x[0] * (v * (v + x[1]))) / (v * (v + x[2]) + x[3]);
      }
      return 11;
    case 10:
      for (int i = 0; i < 16; i++) r[i] = x[0] * exponential(x[1] / (5 * (i + 1) + 45 + x[2])) - MEYER[i];
      return 16;
    case 11:
      for (int i = 0; i < 29; i++) {
        double t = (i + 1) / 29.0, slope = 0, value = 0, power = 1;
        for (int j = 1; j < n; j++) { slope += j * power * x[j]; power *= t; }
        power = 1;
        for (int j = 0; j < n; j++) { value += power * x[j]; power *= t; }
        r[i] = slope - value * value - 1;
      }
      r[29] = x[0]; r[30] = x[1] - x[0] * x[0] - 1;
      return 31;
    case 12:
      for (int i = 0; i < m; i++) {
        double t = (i + 1) / 10.0;
        r[i] = exponential(-t * x[0]) - exponential(-t * x[1]) + (exponential(-(i + 1.0)) - exponential(-t)) * x[2];
      }
      return m;
    case 13:
      for (int i = 0; i < m; i++) r[i] = 2 + 2 * (i + 1) - exponential((i + 1) * x[0]) - exponential((i + 1) * x[1]);
      return m;
    case 14:
      for (int i = 0; i < m; i++) {
        double t = (i + 1) / 5.0, a = x[0] + t * x[1] - exponential(t), b = x[2] + sine(t) * x[3] - cosine(t);
        r[i] = a * a + b * b;
      }
      return m;
    case 15:
      for (int i = 0; i < m; i++) r[i] = 0;
      for (int j = 0; j < n; j++) {
        double twice = 2 * (2 * x[j] - 1), before = 1, current = 2 * x[j] - 1;
        for (int i = 0; i < m; i++) { r[i] += current; double next = twice * current - before; before = current; current = next; }
      }
      for (int i = 0; i < m; i++) r[i] = r[i] / n + (i % 2 == 1 ? 1 / ((i + 1.0) * (i + 1.0) - 1) : 0);
      return m;
    case 16: {
      double product = 1;
      sum = -(n + 1);
      for (int j = 0; j < n; j++) sum += x[j];
      for (int j = 0; j < n; j++) product *= x[j];
      for (int i = 0; i < n; i++) r[i] = i < n - 1 ? x[i] + sum : product - 1;
      return n;
    }
    case 17:
      for (int i = 0; i < 33; i++) r[i] = OSBORNE1[i] - (x[0] + x[1] * exponential(-x[3] * (10 * i)) + x[2] * exponential(-x[4] * (10 * i)));
      return 33;
    case 18:
      for (int i = 0; i < 65; i++) {
        double t = i / 10.0, a = t - x[8], b = t - x[9], c = t - x[10];
        r[i] = OSBORNE2[i] - (x[0] * exponential(-x[4] * t) + x[1] * exponential(-x[5] * (a * a)) + x[2] * exponential(-x[6] * (b * b)) + x[3] * exponential(-x[7] * (c * c)));
      }
      return 65;
    case 19:
      for (int i = 0; i < n - 4; i++) {
        r[i] = -4 * x[i] + 3;
        r[n - 4 + i] = x[i] * x[i] + 2 * (x[i + 1] * x[i + 1]) + 3 * (x[i + 2] * x[i + 2]) + 4 * (x[i + 3] * x[i + 3]) + 5 * (x[n - 1] * x[n - 1]);
      }
      return 2 * (n - 4);
    case 20:
      for (int i = 0; i < n; i++) r[i] = i == 0 ? x[0] - 1 : 10 * (x[i] - x[i - 1] * x[i - 1] * x[i - 1]);
      return n;
    case 21:
      for (int i = 0; i < n; i++) r[i] = 1400 * x[i] + cubed(i - 49) + mancino_sum(x[i], i, n);
      return n;
    default: {
      double a = x[0], b = x[1], c = x[2], d = x[3], t = x[4], u = x[5], v = x[6], w = x[7];
      double t2 = t * t - v * v, u2 = u * u - w * w;
      double t3 = t * (t * t - 3 * v * v), v3 = v * (v * v - 3 * t * t), u3 = u * (u * u - 3 * w * w), w3 = w * (w * w - 3 * u * u);
      r[0] = a + b + 0.69; r[1] = c + d + 0.044; r[2] = t * a + u * b - v * c - w * d + 1.57; r[3] = v * a + w * b + t * c + u * d + 1.31;
      r[4] = a * t2 - 2 * c * t * v + b * u2 - 2 * d * u * w + 2.65; r[5] = c * t2 + 2 * a * t * v + d * u2 + 2 * b * u * w - 2;
      r[6] = a * t3 + c * v3 + b * u3 + d * w3 + 12.6; r[7] = c * t3 - a * v3 + d * u3 - b * w3 - 9.48;
      return 8;
    }
  }
}

/* Eight interleaved partial sums, then pairwise: numpy's order, as in the test support. */
static double sum_of_squares(const double *r, int m) {
  double s[8] = {0}, total;
  int lanes = m < 8 ? 1 : 8, whole = m - m % lanes;
  for (int i = 0; i < whole; i++) s[i % lanes] += r[i] * r[i];
  total = lanes == 1 ? s[0] : ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
  for (int i = whole; i < m; i++) total += r[i] * r[i];
  return total;
}

static void standard_start(int number, int n, double *x) {
  static const double s5[] = {-1, 0, 0}, s6[] = {3, -1, 0, 1}, s9[] = {0.25, 0.39, 0.415, 0.39}, s10[] = {0.02, 4000, 250}, s12[] = {0, 10, 20}, s14[] = {25, 5, -5, -1}, s17[] = {0.5, 1.5, 1, 0.01, 0.02}, s18[] = {1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5}, s22[] = {-0.3, -0.39, 0.3, -0.344, -1.2, 2.69, 1.59, -1.5};
  const double *fixed = number == 5 ? s5 : number == 6 ? s6 : number == 9 ? s9 : number == 10 ? s10 : number == 12 ? s12 : number == 14 ? s14 : number == 17 ? s17 : number == 18 ? s18 : number == 22 ? s22 : 0;
  for (int i = 0; i < n; i++) {
    if (fixed) x[i] = fixed[i];
    else if (number == 4) x[i] = i == 0 ? -1.2 : 1;
    else if (number == 7) x[i] = i == 0 ? 0.5 : -2;
    else if (number == 13) x[i] = i == 0 ? 0.3 : 0.4;
    else if (number == 15) x[i] = (i + 1.0) / (n + 1.0);
    else if (number == 21) x[i] = -8.710996e-4 * (cubed(i - 49) + mancino_sum(0, i, n));
    else x[i] = number == 11 || number == 16 || number == 20 ? 0.5 : 1;
  }
}

static struct {
  int index, number, n, m, evaluations, wrapped, counts[TAUS];
  uint32_t hash, hash_before;
  double f0, least_known, least;
} run;

static void hash(double value) {
  uint32_t words[2];
  value += 0.0;
  memcpy(words, &value, 8);
  for (int k = 0; k < 2; k++) run.hash = (run.hash ^ words[k]) * 16777619u;
}

/*
 * Sets up problem 0 <= index < 53: dimension, start and first radius; the count starts anew. With `wrapped`, the first
 * and the last evaluation are left out: R's wrapper makes them before and after the run.
 */
void problem_start(int *index, double *least_known, int *wrapped, int *n, double *x0, double *rhobeg) {
  double r[65], largest = 1, power;
  run.index = *index; run.number = TABLE[*index][0]; run.n = TABLE[*index][1]; run.m = TABLE[*index][2];
  power = TABLE[*index][3] == 1 ? 10 : 1;
  standard_start(run.number, run.n, x0);
  for (int i = 0; i < run.n; i++) { x0[i] *= power; largest = fmax(largest, fabs(x0[i])); }
  *n = run.n; *rhobeg = 0.1 * largest;
  run.wrapped = *wrapped; run.evaluations = -*wrapped; run.least = HUGE_VAL; run.least_known = *least_known;
  run.hash = run.hash_before = 2166136261u;
  memset(run.counts, 0, sizeof run.counts);
  run.f0 = sum_of_squares(r, residuals(run.number, x0, run.n, run.m, r));
}

void problem_value(double *x, double *f) {
  double r[65], tau = 0.1;
  *f = sum_of_squares(r, residuals(run.number, x, run.n, run.m, r));
  if (run.evaluations++ < 0) return;
  run.hash_before = run.hash;
  for (int i = 0; i < run.n; i++) hash(x[i]);
  hash(*f);
  if (*f < run.least) run.least = *f;
  for (int k = 0; k < TAUS; k++, tau /= 10) {
    if (run.counts[k] == 0 && run.least <= run.least_known + tau * (run.f0 - run.least_known)) run.counts[k] = run.evaluations;
  }
}

/* The hash comes as a double, which R has for it. */
void problem_report(int *evaluations, double *least, int *counts, double *bits) {
  *evaluations = run.evaluations - run.wrapped; *least = run.least;
  *bits = run.wrapped ? run.hash_before : run.hash;
  memcpy(counts, run.counts, sizeof run.counts);
}
