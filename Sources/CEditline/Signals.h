#pragma once

#include <stdbool.h>

// What the line editor needs of the signals beyond the header that everyone sees.

/// While true, SIGINT belongs to the line being typed, SIGTSTP is caught, and no notice is written.
void signals_set_reading(bool reading);
/// Whether the window changed its size, or a stop (^Z) was asked for, since the last call.
bool signals_take_resize(void);
bool signals_take_stop(void);
/// Stops the process as an uncaught SIGTSTP would; returns when it is continued.
void signals_stop(void);
