import Glibc

/// What happens when a checkpoint becomes shorter while it is mapped.
///
/// Its missing pages can't be read by anyone; the kernel says so with SIGBUS. The sentence is lost, the session is not:
/// nothing of a sentence is written before it is done.
enum MappedFileLoss {
    static func install() {
        signal(SIGBUS) { _ in
            let words: StaticString =
                "\nerror: a file that amp has mapped became shorter while it was read; the session is as it was before\n"
            _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
            _exit(1)
        }
    }
}
