/*
 * exp, log, sin, cos and atan out of additions, multiplications, divisions and square roots: operation for operation as
 * in src/test-problems/elementary.test-support.ts, which explains them. Compile without contraction.
 */
#ifndef ELEMENTARY_H
#define ELEMENTARY_H
#include <math.h>

#define LN2_HIGH 0.6931471804855391
#define LN2_LOW 7.440617110012397e-11
#define HALF_PI_HIGH 1.5707963267341256
#define HALF_PI_MIDDLE 6.077100506303966e-11
#define HALF_PI_LOW 2.0222662487959506e-21

static double exponential(double x) {
  if (x > 710) return HUGE_VAL;
  if (x < -746) return 0;
  double k = floor(x / LN2_HIGH + 0.5);
  double r = x - k * LN2_HIGH - k * LN2_LOW, value = 1;
  for (int i = 17; i >= 1; i--) value = 1 + (r / i) * value;
  for (; k > 0; k--) value *= 2;
  for (; k < 0; k++) value *= 0.5;
  return value;
}

static double logarithm(double x) {
  double m = x, exponent = 0, sum = 0;
  for (; m > 1.5; exponent++) m *= 0.5;
  for (; m < 0.75; exponent--) m *= 2;
  double s = (m - 1) / (m + 1), square = s * s;
  for (int i = 29; i >= 1; i -= 2) sum = 1.0 / i + square * sum;
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * sum);
}

static double quarter_turns(double x, int quarters) {
  double k = floor(x / HALF_PI_HIGH + 0.5);
  double r = x - k * HALF_PI_HIGH - k * HALF_PI_MIDDLE - k * HALF_PI_LOW;
  double turns = k + quarters, quadrant = turns - 4 * floor(turns / 4), square = r * r, value = 1;
  if (quadrant == 0 || quadrant == 2) {
    for (int i = 20; i >= 2; i -= 2) value = 1 - (square / (i * (i + 1))) * value;
    value *= r;
  } else {
    for (int i = 19; i >= 1; i -= 2) value = 1 - (square / (i * (i + 1))) * value;
  }
  return quadrant >= 2 ? -value : value;
}

static double sine(double x) { return quarter_turns(x, 0); }
static double cosine(double x) { return quarter_turns(x, 1); }

static double arctangent(double x) {
  if (x < 0) return -arctangent(-x);
  if (x > 1) return HALF_PI_HIGH - (arctangent(1 / x) - HALF_PI_MIDDLE);
  double t = x, sum = 0;
  t /= 1 + sqrt(1 + t * t);
  t /= 1 + sqrt(1 + t * t);
  double square = t * t;
  for (int i = 27; i >= 1; i -= 2) sum = 1.0 / i - square * sum;
  return 4 * t * sum;
}
#endif
