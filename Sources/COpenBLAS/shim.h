#include <cblas.h>

// LAPACK, which OpenBLAS brings; Debian's headers for it are another package.
void dsyev_(
    const char *job, const char *triangle, const int *order, double *matrix, const int *stride, double *eigenvalues,
    double *work, const int *work_count, int *info);
void dsyevd_(
    const char *job, const char *triangle, const int *order, double *matrix, const int *stride, double *eigenvalues,
    double *work, const int *work_count, int *whole_work, const int *whole_work_count, int *info);
void dpotrf_(const char *triangle, const int *order, double *matrix, const int *stride, int *info);
void dpotrs_(
    const char *triangle, const int *order, const int *columns, const double *factor, const int *stride,
    double *right, const int *right_stride, int *info);
