#include "CEditline.h"
#include "Signals.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

struct editline {
    EditLine *edit;
    History *history;
    FILE *output;
    char *prompt;
    editline_outcome outcome;
    bool leaving;
    editline_handler handler;
    void *context;
};

static editline *owner(EditLine *edit) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    return data;
}

static char *prompt(EditLine *edit) {
    char *text = owner(edit)->prompt;
    return text ? text : "";
}

static unsigned char handle(EditLine *edit, editline_request request) {
    editline *editor = owner(edit);
    if (!editor->handler) return CC_ERROR;
    switch (editor->handler(editor, request, editor->context)) {
    case EDITLINE_LINE_CHANGED: return CC_REFRESH;
    case EDITLINE_LIST_PRINTED: return CC_REDISPLAY;
    default: return CC_REFRESH_BEEP;
    }
}

static unsigned char complete(EditLine *edit, int key) { return (void)key, handle(edit, EDITLINE_COMPLETE); }
static unsigned char older(EditLine *edit, int key) { return (void)key, handle(edit, EDITLINE_OLDER); }
static unsigned char newer(EditLine *edit, int key) { return (void)key, handle(edit, EDITLINE_NEWER); }

/// Bound to the character of ^C, which the keyboard never sends: there it is a signal.
enum { LEAVE = 3 };

static unsigned char leave(EditLine *edit, int key) {
    (void)key;
    el_cursor(edit, SHRT_MAX);
    return CC_CURSOR;
}

/// What stands at the end of pasted text.
static const char paste_end[] = "\033[201~";
/// More than anyone pastes on purpose.
enum { PASTE_LIMIT = 1 << 20 };

/// The pasted text without its end mark, or NULL where it was not to be had. Signals are left for the next character.
static char *read_paste(size_t *length, bool *resized) {
    size_t mark = sizeof paste_end - 1, count = 0, room = 4096;
    char *text = malloc(room);
    while (text && signals_wait(STDIN_FILENO) == EDITLINE_READY) {
        if (count + 1 >= room) {
            char *more = room < PASTE_LIMIT ? realloc(text, room *= 2) : NULL;
            if (!more) break;
            text = more;
        }
        if (signals_take_resize()) {
            *resized = true;
            continue;
        }
        // One at a time: what comes behind the mark is for the editor.
        ssize_t got = read(STDIN_FILENO, text + count, 1);
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got <= 0) break;
        count += (size_t)got;
        if (count >= mark && memcmp(text + count - mark, paste_end, mark) == 0) {
            *length = count - mark;
            return text;
        }
    }
    free(text);
    return NULL;
}

/// Keeps what may stand in a line: characters and newlines, none of them at the end.
static void clean_paste(char *text, size_t length) {
    size_t kept = 0;
    for (size_t index = 0; index < length; index++) {
        unsigned char byte = (unsigned char)text[index];
        if (byte == '\r') {
            if (index + 1 < length && text[index + 1] == '\n') continue;
            byte = '\n';
        }
        if (byte == '\t') byte = ' ';
        if (byte == '\n' || (byte >= 0x20 && byte != 0x7F)) text[kept++] = (char)byte;
    }
    while (kept > 0 && text[kept - 1] == '\n') kept--;
    text[kept] = 0;
}

/// Pasted text is one piece: its newlines end no line.
static unsigned char paste(EditLine *edit, int key) {
    (void)key;
    size_t length = 0;
    bool resized = false;
    char *text = read_paste(&length, &resized);
    if (resized) el_resize(edit);
    if (!text) return CC_ERROR;
    clean_paste(text, length);
    bool inserted = text[0] == 0 || el_insertstr(edit, text) == 0;
    free(text);
    return inserted ? CC_REFRESH : CC_ERROR;
}

/// One character from the keyboard: 1, or 0 at the end of the input, or -1 when a signal ended the line.
static int read_character(EditLine *edit, wchar_t *character) {
    editline *editor = owner(edit);
    mbstate_t state = {0};
    for (;;) {
        editor->outcome = signals_wait(STDIN_FILENO);
        if (editor->outcome != EDITLINE_READY) {
            // First to the end of the line, so that it stays readable above the next prompt; then out.
            *character = LEAVE;
            if (!editor->leaving) return editor->leaving = true;
            errno = EINTR;
            return -1;
        }
        bool stopped = signals_take_stop();
        if (stopped) {
            el_set(edit, EL_PREP_TERM, 0);
            signals_stop();
            el_set(edit, EL_PREP_TERM, 1);
        }
        if (signals_take_resize()) {
            // To where the line begins, as the terminal has wrapped it now; from there it is drawn anew.
            if (editor->handler && !stopped) editor->handler(editor, EDITLINE_RESIZED, editor->context);
            el_resize(edit);
            if (!stopped) el_set(edit, EL_REFRESH);
        }
        if (stopped) {
            fputc('\n', editor->output);
            el_set(edit, EL_REFRESH);
            continue;
        }
        char byte;
        ssize_t count = read(STDIN_FILENO, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) {
            editor->outcome = EDITLINE_END_OF_FILE;
            return 0;
        }
        switch (mbrtowc(character, &byte, 1, &state)) {
        case (size_t)-1:  // not a character of this locale: drop it
            memset(&state, 0, sizeof state);
            continue;
        case (size_t)-2:
            continue;
        default:
            return 1;
        }
    }
}

static void choose_locale(void) {
    if (setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return;
    setlocale(LC_CTYPE, "C.UTF-8");
}

static void bind_keys(EditLine *edit) {
    static const char *const keys[][2] = {
        {"^R", "em-inc-search-prev"},      {"^S", "em-inc-search-next"},
        {"\\e[3~", "ed-delete-next-char"}, {"\\e[H", "ed-move-to-beg"},       {"\\e[F", "ed-move-to-end"},
        {"\\e[1~", "ed-move-to-beg"},      {"\\e[4~", "ed-move-to-end"},      {"\\e[1;5C", "em-next-word"},
        {"\\e[1;5D", "ed-prev-word"},      {"\\e[5~", "ed-search-prev-history"}, {"\\e[6~", "ed-search-next-history"},
        {"^W", "ed-delete-prev-word"},
    };
    for (size_t index = 0; index < sizeof keys / sizeof keys[0]; index++)
        el_set(edit, EL_BIND, keys[index][0], keys[index][1], NULL);
}

editline *editline_open(const char *program, int descriptor, int history_size) {
    choose_locale();
    editline *editor = calloc(1, sizeof *editor);
    if (!editor) return NULL;
    editor->output = descriptor == STDERR_FILENO ? stderr : stdout;
    editor->edit = el_init(program, stdin, editor->output, stderr);
    editor->history = history_init();
    if (!editor->edit || !editor->history) {
        editline_close(editor);
        return NULL;
    }
    HistEvent event;
    history(editor->history, &event, H_SETSIZE, history_size);
    history(editor->history, &event, H_SETUNIQUE, 1);
    EditLine *edit = editor->edit;
    el_set(edit, EL_CLIENTDATA, editor);
    el_set(edit, EL_SIGNAL, 0);
    el_set(edit, EL_GETCFN, read_character);
    el_set(edit, EL_PROMPT_ESC, prompt, '\1');
    el_set(edit, EL_HIST, history, editor->history);
    el_set(edit, EL_EDITOR, "emacs");
    bind_keys(edit);
    el_set(edit, EL_ADDFN, "amp-older", "The line before that begins as this one", older);
    el_set(edit, EL_ADDFN, "amp-newer", "The line after that begins as this one", newer);
    static const char *const arrows[][2] = {
        {"\\e[A", "amp-older"}, {"\\eOA", "amp-older"}, {"^P", "amp-older"},
        {"\\e[B", "amp-newer"}, {"\\eOB", "amp-newer"}, {"^N", "amp-newer"},
    };
    for (size_t index = 0; index < sizeof arrows / sizeof arrows[0]; index++)
        el_set(edit, EL_BIND, arrows[index][0], arrows[index][1], NULL);
    el_set(edit, EL_ADDFN, "amp-paste", "Insert what the terminal pastes", paste);
    el_set(edit, EL_BIND, "\\e[200~", "amp-paste", NULL);
    el_source(edit, NULL);  // the user's ~/.editrc
    el_set(edit, EL_ADDFN, "amp-complete", "Complete the word at the cursor", complete);
    el_set(edit, EL_BIND, "^I", "amp-complete", NULL);
    el_set(edit, EL_ADDFN, "amp-leave", "Leave the line as it is", leave);
    el_set(edit, EL_BIND, "^C", "amp-leave", NULL);
    return editor;
}

void editline_close(editline *editor) {
    if (!editor) return;
    if (editor->edit) el_end(editor->edit);
    if (editor->history) history_end(editor->history);
    free(editor->prompt);
    free(editor);
}

void editline_set_handler(editline *editor, editline_handler handler, void *context) {
    editor->handler = handler;
    editor->context = context;
}

editline_outcome editline_read(editline *editor, const char *text, const char **line, int *length) {
    free(editor->prompt);
    editor->prompt = strdup(text);
    editor->outcome = EDITLINE_READY;
    editor->leaving = false;
    *length = 0;
    signals_clear_interrupts();  // one that came late for the sentence before is no wish about this line
    signals_set_reading(true);
    // libedit would do so after it has drawn the prompt, and keys pressed in between would be echoed twice.
    el_set(editor->edit, EL_PREP_TERM, 1);
    *line = el_gets(editor->edit, length);
    signals_set_reading(false);
    if (*line && *length > 0) return EDITLINE_READY;
    bool interrupted = editor->outcome == EDITLINE_INTERRUPTED;
    el_set(editor->edit, EL_PREP_TERM, 0);
    el_reset(editor->edit);
    fputs(interrupted ? "^C\n" : "\n", editor->output);
    fflush(editor->output);
    // Without a signal only ^D, or a terminal that went away, ends the line.
    return editor->outcome == EDITLINE_READY ? EDITLINE_END_OF_FILE : editor->outcome;
}

void editline_push(editline *editor, const char *text) { el_push(editor->edit, text); }

const char *editline_line(editline *editor, int *cursor, int *length) {
    const LineInfo *info = el_line(editor->edit);
    *cursor = (int)(info->cursor - info->buffer);
    *length = (int)(info->lastchar - info->buffer);
    return info->buffer;
}

void editline_move(editline *editor, int characters) { el_cursor(editor->edit, characters); }
void editline_delete(editline *editor, int count) { el_deletestr(editor->edit, count); }
bool editline_insert(editline *editor, const char *text) { return el_insertstr(editor->edit, text) == 0; }

bool editline_replace(editline *editor, const char *text) {
    if (el_replacestr(editor->edit, text) != 0) return false;
    el_cursor(editor->edit, SHRT_MAX);
    return true;
}

void editline_print(editline *editor, const char *text) {
    fputs(text, editor->output);
    fflush(editor->output);
}

void editline_remember(editline *editor, const char *line) {
    HistEvent event;
    history(editor->history, &event, H_ENTER, line);
}
