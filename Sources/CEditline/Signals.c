#define _GNU_SOURCE  // pipe2
#include "CEditline.h"
#include "Signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

// A handler only touches lock-free atomics and writes to a pipe. The pipe makes `poll` return whichever thread the
// signal landed on, and whether it came before or during the wait.

static atomic_int interrupts, termination;
static atomic_bool reading, resized, stop_asked;
static int wake[2] = {-1, -1};
static const char *second_notice;
static size_t second_notice_length;

static void handle(int number) {
    int saved = errno;
    switch (number) {
    case SIGWINCH:
        atomic_store(&resized, true);
        break;
    case SIGTSTP:
        atomic_store(&stop_asked, true);
        break;
    case SIGINT:
        if (atomic_fetch_add(&interrupts, 1) == 1 && !atomic_load(&reading) && second_notice_length > 0)
            (void)!write(STDERR_FILENO, second_notice, second_notice_length);
        break;
    default:
        // Asked twice to end: whoever asks does not want to wait for the engine.
        if (atomic_exchange(&termination, number) != 0 && !atomic_load(&reading)) _exit(128 + number);
        break;
    }
    (void)!write(wake[1], "", 1);
    errno = saved;
}

static bool catch_signal(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0;
}

/// As `catch_signal`, unless whoever started the process had the signal ignored (nohup, a job in the background).
static bool catch_unless_ignored(int number) {
    struct sigaction before;
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) return true;
    return catch_signal(number, handle, 0);
}

bool signals_install(const char *notice) {
    if (wake[0] < 0 && pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    second_notice = notice;
    second_notice_length = notice ? strlen(notice) : 0;
    // SIGINT without SA_RESTART, so that a blocked read gives up; a new window size interrupts nothing.
    return catch_unless_ignored(SIGINT) && catch_unless_ignored(SIGTERM) && catch_unless_ignored(SIGHUP)
        && catch_signal(SIGWINCH, handle, SA_RESTART) && catch_signal(SIGPIPE, SIG_IGN, 0);
}

int signals_interrupts(void) { return atomic_load(&interrupts); }
void signals_clear_interrupts(void) { atomic_store(&interrupts, 0); }
int signals_termination(void) { return atomic_load(&termination); }

void signals_request_termination(int number) {
    int none = 0;
    atomic_compare_exchange_strong(&termination, &none, number);
}

void signals_set_reading(bool now) {
    atomic_store(&reading, now);
    if (wake[0] >= 0) catch_signal(SIGTSTP, now ? handle : SIG_DFL, 0);
}

bool signals_take_resize(void) { return atomic_exchange(&resized, false); }
bool signals_take_stop(void) { return atomic_exchange(&stop_asked, false); }

void signals_stop(void) {
    catch_signal(SIGTSTP, SIG_DFL, 0);
    raise(SIGTSTP);
    catch_signal(SIGTSTP, handle, 0);
}

editline_outcome signals_wait(int descriptor) {
    struct pollfd watched[2] = {{.fd = descriptor, .events = POLLIN}, {.fd = wake[0], .events = POLLIN}};
    for (;;) {
        if (atomic_load(&termination) != 0) return EDITLINE_TERMINATED;
        if (atomic_load(&interrupts) != 0) return EDITLINE_INTERRUPTED;
        if (atomic_load(&resized) || atomic_load(&stop_asked)) return EDITLINE_READY;
        if (poll(watched, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return EDITLINE_READY;
        }
        if (watched[1].revents & POLLIN) {
            char drained[64];
            while (read(wake[0], drained, sizeof drained) > 0) continue;
            continue;
        }
        return EDITLINE_READY;
    }
}
