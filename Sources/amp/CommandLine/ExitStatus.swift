/// The codes amp ends with.
enum ExitStatus {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let unmet: Int32 = 2
    static let usage: Int32 = 64
    static let syntax: Int32 = 65
    static let interrupted: Int32 = 130

    static let description = """
        Exit codes: 0 all done, 1 a sentence failed, 2 an 'expect' was not met, 64 usage, 65 a sentence does not read \
        well (nothing ran), 130 interrupted.
        """
}
