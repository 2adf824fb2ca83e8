import Foundation

/// Passwords are typed without echo, or come as the first line of standard input; never on the command line, where other users of the machine can
/// read them.
enum PasswordInput {
    /// Asks twice at a terminal.
    static func new(_ prompt: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        let first = try hidden("\(prompt): ")
        guard try hidden("\(prompt), again: ") == first else { throw Failure.input("The two are not the same; nothing was changed.") }
        return first
    }

    /// One line, shown as it is typed: for codes, which are good once.
    static func visible(_ prompt: String) throws -> String {
        if isatty(STDIN_FILENO) == 1 { FileHandle.standardError.write(Data(prompt.utf8)) }
        return try line()
    }

    private static func line() throws -> String {
        guard let line = readLine(strippingNewline: true), !line.isEmpty else {
            throw Failure.input("Standard input is empty: it must hold what is asked for on its first line.")
        }
        return line
    }

    private static func hidden(_ prompt: String) throws -> String {
        FileHandle.standardError.write(Data(prompt.utf8))
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { throw Failure.input("The terminal can't be told not to show what is typed.") }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw Failure.input("The terminal can't be told not to show what is typed.")
        }
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return try line()
    }
}
