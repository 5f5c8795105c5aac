/* Loops over points for points.py, which says what the matrices mean.

   One row of every array belongs to one point, row-major. n unknowns of a point, m inputs, g feeds.
   Nodes are places in the array of all fields' local unknowns, -1 for none. */

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { MOST = 64 };

/* Gauss-Jordan with row pivots; a is used up. A singular matrix gives numbers that are none, which
   the step control takes for a step too long. */
static void invert(int n, double *a, double *x)
{
  for (int i = 0; i < n * n; ++i)
    x[i] = i % (n + 1) == 0 ? 1.0 : 0.0;
  for (int c = 0; c < n; ++c)
  {
    int p = c;
    for (int r = c + 1; r < n; ++r)
      if (fabs(a[r * n + c]) > fabs(a[p * n + c]))
        p = r;
    if (p != c)
      for (int k = 0; k < n; ++k)
      {
        double t = a[p * n + k];
        a[p * n + k] = a[c * n + k];
        a[c * n + k] = t;
        t = x[p * n + k];
        x[p * n + k] = x[c * n + k];
        x[c * n + k] = t;
      }
    const double d = 1.0 / a[c * n + c];
    for (int k = 0; k < n; ++k)
    {
      a[c * n + k] *= d;
      x[c * n + k] *= d;
    }
    for (int r = 0; r < n; ++r)
    {
      const double f = a[r * n + c];
      if (r == c || f == 0.0)
        continue;
      for (int k = 0; k < n; ++k)
      {
        a[r * n + k] -= f * a[c * n + k];
        x[r * n + k] -= f * x[c * n + k];
      }
    }
  }
}

/* c = a b, of rows x inner times inner x columns */
static void multiply(int rows, int inner, int columns, const double *a, const double *b, double *c)
{
  for (int i = 0; i < rows; ++i)
    for (int k = 0; k < columns; ++k)
    {
      double s = 0.0;
      for (int j = 0; j < inner; ++j)
        s += a[i * inner + j] * b[j * columns + k];
      c[i * columns + k] = s;
    }
}

/* Of the entries B, C, (E, D) and exchange in `sums`, each to be multiplied with the point's own or
   flow weight: B^-1, E B^-1, B^-1 C and D - E B^-1 C. */
void linearise(int points, int n, int m, int g, int width, const double *sums, const double *own,
               const double *flow, const uint8_t *held, const uint8_t *fixed_inputs,
               const uint8_t *fixed_feeds, double *inverse, double *E_inverse, double *inverse_C,
               double *schur, double *exchange)
{
  double B[MOST * MOST], C[MOST * MOST], E[MOST * MOST];
  for (int p = 0; p < points; ++p)
  {
    const double *s = sums + (long)p * width, *received = s + n * (n + m);
    double *inv = inverse + (long)p * n * n, *Ei = E_inverse + (long)p * g * n,
           *iC = inverse_C + (long)p * n * m, *S = schur + (long)p * g * m;
    if (exchange)
      exchange[p] = own[p] * s[width - 1];
    for (int i = 0; i < n * n; ++i)
      B[i] = own[p] * s[i];
    for (int i = 0; i < n * m; ++i)
      C[i] = own[p] * s[n * n + i];
    for (int i = 0; i < g; ++i)
    {
      for (int k = 0; k < n; ++k)
        E[i * n + k] = fixed_feeds[p * g + i] ? 0.0 : flow[p] * received[i * (n + m) + k];
      for (int k = 0; k < m; ++k)
        S[i * m + k] = flow[p] * received[i * (n + m) + n + k];
    }
    for (int i = 0; i < n; ++i)
    {
      if (own[p] != 0.0 && !held[i])
        continue;
      for (int k = 0; k < n; ++k)
        B[i * n + k] = i == k ? 1.0 : 0.0;
      for (int k = 0; k < m; ++k)
        C[i * m + k] = 0.0;
    }
    for (int k = 0; k < m; ++k)
      if (fixed_inputs[p * m + k])
        for (int i = 0; i < n; ++i)
          C[i * m + k] = 0.0;
    invert(n, B, inv);
    multiply(g, n, n, E, inv, Ei);
    multiply(n, n, m, inv, C, iC);
    for (int i = 0; i < g; ++i)
      for (int k = 0; k < m; ++k)
        for (int j = 0; j < n; ++j)
          S[i * m + k] -= Ei[i * n + j] * C[j * m + k];
  }
}

/* Residual of the points, and what they feed added to the fields; `sums` holds both, by point.
   A point without weight stays where it is meant to be: at zero. */
void residual(int points, int n, int g, const double *sums, const double *own, const double *flow,
              const uint8_t *held, const double *state, const int32_t *feeds, double *out,
              double *fields)
{
  for (int p = 0; p < points; ++p)
  {
    const double *s = sums + (long)p * (n + g);
    for (int k = 0; k < n; ++k)
      out[p * n + k] = held[k] ? 0.0 : own[p] != 0.0 ? own[p] * s[k] : state[p * n + k];
    for (int i = 0; i < g; ++i)
      if (feeds[p * g + i] >= 0)
        fields[feeds[p * g + i]] += flow[p] * s[n + i];
  }
}

/* fields -= E B^-1 b */
void reduce(int points, int n, int g, const double *E_inverse, const double *b,
            const int32_t *feeds, double *fields)
{
  for (int p = 0; p < points; ++p)
    for (int i = 0; i < g; ++i)
      if (feeds[p * g + i] >= 0)
        for (int k = 0; k < n; ++k)
          fields[feeds[p * g + i]] -= E_inverse[((long)p * g + i) * n + k] * b[p * n + k];
}

/* y = B^-1 (b - C fields) */
void recover(int points, int n, int m, const double *inverse, const double *inverse_C,
             const double *b, const int32_t *inputs, const double *fields, double *y)
{
  for (int p = 0; p < points; ++p)
    for (int i = 0; i < n; ++i)
    {
      double s = 0.0;
      for (int k = 0; k < n; ++k)
        s += inverse[((long)p * n + i) * n + k] * b[p * n + k];
      for (int k = 0; k < m; ++k)
        if (inputs[p * m + k] >= 0)
          s -= inverse_C[((long)p * n + i) * m + k] * fields[inputs[p * m + k]];
      y[p * n + i] = s;
    }
}

/* Largest change of an unknown in units of what matters: of the kth of a point `absolute[k]`, or
   `of_largest[k]` of its largest magnitude. For a last unknown with an exchange current density what
   `part` of 2RT/F of overpotential means counts as well, w = asinh(j/(2 i0)). */
double largest(int points, int n, const double *absolute, const double *of_largest,
               const double *exchange, const double *state, const double *change, double part)
{
  double scales[MOST], found = 0.0;
  for (int k = 0; k < n; ++k)
  {
    double most = 0.0;
    if (of_largest[k] > 0.0)
      for (int p = 0; p < points; ++p)
        most = fmax(most, fabs(state[p * n + k]));
    scales[k] = fmax(absolute[k], of_largest[k] * most);
  }
  for (int p = 0; p < points; ++p)
    for (int k = 0; k < n; ++k)
    {
      const int i = p * n + k;
      double scale = scales[k];
      if (exchange && k == n - 1)
        scale = fmax(scale, part * hypot(2.0 * exchange[p], state[i]));
      const double size = fabs(change[i]) / scale;
      if (size > found || size != size) /* a number that is none stays */
        found = size;
    }
  return found;
}

/* Let the surface go little further beyond empty and full than it is: U turns steep there, which no
   tangent taken inside knows. The first `modes` unknowns are those of x; without `before` this is a
   first guess. Off the gradients, so that the amount of lithium stays; off the mean if there are
   none. */
int limit_filling(int points, int n, int modes, double beyond, const double *before, double *after)
{
  int changed = 0;
  for (int p = 0; p < points; ++p)
  {
    double filling = 0.0, start = before ? 0.0 : 0.5;
    for (int k = 0; k < modes; ++k)
    {
      filling += after[p * n + k];
      if (before)
        start += before[p * n + k];
    }
    const double low = fmin(start, 0.0) - beyond, high = fmax(start, 1.0) + beyond;
    const double excess = filling - fmin(fmax(filling, low), high);
    if (excess == 0.0)
      continue;
    changed = 1;
    if (modes == 1)
      after[p * n] -= excess;
    for (int k = 1; k < modes; ++k)
      after[p * n + k] -= excess / (modes - 1);
  }
  return changed;
}

/* Take a falling current from its driving force instead of from its tangent. In z = j/(2 i0) the
   law is asinh(z): a tangent taken at large z overshoots through zero by orders of magnitude when
   the current falls. The current density is the last unknown; a change by less than `least` needs
   no limit. */
int limit_current(int points, int n, double least, const double *exchange, const double *own,
                  const double *before, double *after)
{
  int changed = 0;
  for (int p = 0; p < points; ++p)
  {
    const double size = own[p] != 0.0 ? 2.0 * exchange[p] : 2.0;
    const double z0 = before[p * n + n - 1] / size, z1 = after[p * n + n - 1] / size;
    if (fabs(z1 - z0) <= least * hypot(1.0, z0))
      continue;
    const double w0 = asinh(z0), w1 = w0 + (z1 - z0) / sqrt(1.0 + z0 * z0);
    double limited = z1;
    if (w0 * w1 < 0.0)
      limited = w1;
    else if (fabs(w1) < fabs(w0))
      limited = sinh(w1);
    if (!(fabs(limited - z1) > least * (1.0 + fabs(z0))))
      continue;
    after[p * n + n - 1] = limited * size;
    changed = 1;
  }
  return changed;
}

/* Parts of an array, or zeros, into arrays of their own. */
void fill(int parts, const int64_t *starts, const int64_t *counts, double *const *arrays,
          const double *values)
{
  for (int i = 0; i < parts; ++i)
    if (values)
      memcpy(arrays[i], values + starts[i], counts[i] * sizeof(double));
    else
      memset(arrays[i], 0, counts[i] * sizeof(double));
}

/* Coefficients of a form's cells: in each row as many columns as numbers, each from an array of its
   own at a place that the table has; zero where that is none. */
void gather(int rows, int width, const double *const *arrays, const int32_t *places, double *packed)
{
  for (long r = 0; r < rows; ++r)
    for (int k = 0; k < width; ++k)
    {
      const int32_t place = places[r * width + k];
      packed[r * width + k] = place < 0 ? 0.0 : arrays[k][place];
    }
}

/* Sums of the leading `modes` unknowns of a point at `places` inside it, as `values` weighs them. */
void inside(int points, int n, int modes, int places, const double *values, const double *state,
            double *x)
{
  for (long p = 0; p < points; ++p)
    for (int q = 0; q < places; ++q)
    {
      double s = 0.0;
      for (int k = 0; k < modes; ++k)
        s += values[q * modes + k] * state[p * n + k];
      x[p * places + q] = s;
    }
}

/* rows += sum_q law_q (pull_q y)_k, of rows as wide as `width`. */
void flow(int points, int n, int width, int modes, int places, const double *pull,
          const double *state, const double *law, double *rows)
{
  for (long p = 0; p < points; ++p)
    for (int q = 0; q < places; ++q)
      for (int k = 0; k < modes; ++k)
      {
        double s = 0.0;
        for (int l = 0; l < modes; ++l)
          s += pull[(q * modes + k) * modes + l] * state[p * n + l];
        rows[p * width + k] += law[p * places + q] * s;
      }
}

/* The derivatives of `flow` by the unknowns and the m inputs, added to B and C in `entries`. Of each
   point `laws` has at all places the law, its slope there and its derivatives by the inputs. */
void flow_slopes(int points, int n, int m, int width, int modes, int places, const double *values,
                 const double *pull, const double *state, const double *laws, double *entries)
{
  for (long p = 0; p < points; ++p)
  {
    double *B = entries + p * width, *C = B + n * n;
    const double *law = laws + p * places * (2 + m), *slope = law + places, *by = slope + places;
    for (int q = 0; q < places; ++q)
      for (int k = 0; k < modes; ++k)
      {
        const double *row = pull + (q * modes + k) * modes;
        double s = 0.0;
        for (int l = 0; l < modes; ++l)
          s += row[l] * state[p * n + l];
        for (int l = 0; l < modes; ++l)
          B[k * n + l] += law[q] * row[l] + slope[q] * values[q * modes + l] * s;
        for (int i = 0; i < m; ++i)
          C[k * m + i] += by[i * places + q] * s;
      }
  }
}
