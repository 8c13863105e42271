#pragma once

#include <stdbool.h>
#include <stddef.h>

// Typed wrappers over libedit, whose own calls are variadic, and over the signals that end a read from the keyboard.

/// How a read of a line, or a wait for input, ended.
typedef enum {
    EDITLINE_READY,
    EDITLINE_END_OF_FILE,
    EDITLINE_INTERRUPTED,
    EDITLINE_TERMINATED,
} editline_outcome;

/// What is asked of whoever owns the editor, while a line is typed.
typedef enum {
    EDITLINE_COMPLETE,
    /// The arrow keys up and down.
    EDITLINE_OLDER,
    EDITLINE_NEWER,
    /// The window has another size: the cursor is to go to where the prompt begins, and all behind it to be erased.
    EDITLINE_RESIZED,
} editline_request;

/// What the line shows after that.
typedef enum {
    EDITLINE_NOTHING_FOUND,
    EDITLINE_LINE_CHANGED,
    EDITLINE_LIST_PRINTED,
} editline_reply;

typedef struct editline editline;

/// Called while a line is typed; it may call the `editline_` functions that look at and change the line.
typedef editline_reply (*editline_handler)(editline *editor, editline_request request, void *context);

/// A new editor reading standard input and drawing on `descriptor` (1 or 2), or NULL when the terminal cannot be used.
editline *editline_open(const char *program, int descriptor, int history_size);
void editline_close(editline *editor);
void editline_set_handler(editline *editor, editline_handler handler, void *context);

/// Reads one line under `prompt`, in which \1 encloses what takes no room on the screen. `*line` belongs to the editor
/// until the next call and ends with a newline unless the input ended first. Where the terminal says what is pasted
/// (`editline_print` of the mode ?2004), newlines in that end no line.
editline_outcome editline_read(editline *editor, const char *prompt, const char **line, int *length);

/// Has the next line begin as if `text` were typed.
void editline_push(editline *editor, const char *text);

/// The line as it stands; `*cursor` and `*length` count bytes.
const char *editline_line(editline *editor, int *cursor, int *length);
/// Moves the cursor by characters, removes `count` characters before it, and inserts text at it.
void editline_move(editline *editor, int characters);
void editline_delete(editline *editor, int count);
bool editline_insert(editline *editor, const char *text);
/// Puts `text` in place of the whole line, the cursor behind it.
bool editline_replace(editline *editor, const char *text);
void editline_print(editline *editor, const char *text);

/// Remembers a line for the arrow keys and ^R; the same line twice in a row is kept once.
void editline_remember(editline *editor, const char *line);

/// Catches SIGINT, SIGTERM, SIGHUP and SIGWINCH, ignores SIGPIPE. `notice` is written to standard error when a second
/// SIGINT comes before the first was cleared, and must live as long as the process. False when the system refuses.
bool signals_install(const char *notice);
/// The number of SIGINTs since they were last cleared.
int signals_interrupts(void);
void signals_clear_interrupts(void);
/// The signal that asks the process to end, or 0.
int signals_termination(void);
/// Asks the process to end as if `number` had been received.
void signals_request_termination(int number);
/// Waits until `descriptor` can be read or a signal came.
editline_outcome signals_wait(int descriptor);
