import Foundation

/// An advisory lock on a file (`flock`), released when this value goes away or its process ends, however it ends.
/// The descriptor is closed on exec, so that no child keeps the lock.
package final class FileLock: Sendable {
    package enum Mode: Sendable { case shared, exclusive }

    private let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Nil where someone else holds it.
    package static func attempt(_ path: String, _ mode: Mode) throws -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ServerUser.cantMake(path) }
        let lock = FileLock(descriptor)
        return flock(descriptor, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 ? lock : nil
    }

    /// Waits until it is free, without blocking a thread.
    package static func take(_ path: String, _ mode: Mode) async throws -> FileLock {
        while true {
            if let lock = try attempt(path, mode) { return lock }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
