#include <cblas.h>

// LAPACK, which OpenBLAS brings; Debian's headers for it are another package.
void dsyev_(
    const char *job, const char *triangle, const int *order, double *matrix, const int *stride, double *eigenvalues,
    double *work, const int *work_count, int *info);
