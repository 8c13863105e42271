/* What Swift cannot ask for: the vector instructions it compiles for (-Xcc -march), and a prefetch. */
#ifndef AMP_PROCESSOR_H
#define AMP_PROCESSOR_H

#if defined(__AVX512F__)
#define AMP_VECTOR_BYTES 64
#elif defined(__AVX2__) && defined(__FMA__)
#define AMP_VECTOR_BYTES 32
#else
#define AMP_VECTOR_BYTES 16
#endif

/* Asks for a cache line that is to be read soon, into the second-level cache. */
static inline void amp_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

#endif
