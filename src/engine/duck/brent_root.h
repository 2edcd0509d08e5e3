// Where a function crosses zero: R. P. Brent, "Algorithms for Minimization without Derivatives", 1973, chapter 4.
#pragma once

#include <cmath>
#include <utility>

namespace tarn::engine {

// The root between `low` and `high`, at which f has different signs (or is zero at `low`), within `accuracy`.
template <class F>
double BrentRoot(const F& f, double low, double high, double accuracy) {
  constexpr double kRelativeAccuracy = 1e-14;
  double a = low;
  double b = high;  // the best so far
  double fa = f(a);
  double fb = f(b);
  double c = a;  // b and c enclose the root
  double fc = fa;
  double step = b - a;
  double before = step;
  while (true) {
    if (std::abs(fc) < std::abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const double tolerance = 2 * kRelativeAccuracy * std::abs(b) + accuracy;
    const double middle = 0.5 * (c - b);
    if (std::abs(middle) <= tolerance || fb == 0) return b;
    bool bisect = std::abs(before) < tolerance || std::abs(fa) <= std::abs(fb);
    if (!bisect) {
      double s = fb / fa;
      double p = 0;
      double q = 0;
      if (a == c) {
        p = 2 * middle * s;
        q = 1 - s;
      } else {
        q = fa / fc;
        const double r = fb / fc;
        p = s * (2 * middle * q * (q - r) - (b - a) * (r - 1));
        q = (q - 1) * (r - 1) * (s - 1);
      }
      if (p > 0)
        q = -q;
      else
        p = -p;
      s = std::exchange(before, step);
      bisect = p >= 1.5 * middle * q - std::abs(tolerance * q) || p >= std::abs(0.5 * s * q);
      if (!bisect) step = p / q;
    }
    if (bisect) step = before = middle;
    a = b;
    fa = fb;
    if (std::abs(step) > tolerance)
      b += step;
    else
      b += middle > 0 ? tolerance : -tolerance;
    fb = f(b);
    if ((fb > 0 && fc > 0) || (fb <= 0 && fc <= 0)) {
      c = a;
      fc = fa;
      step = before = b - a;
    }
  }
}

}  // namespace tarn::engine
