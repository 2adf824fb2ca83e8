import Foundation

/// What the private server is told beyond PostgreSQL's defaults.
package struct ServerConfiguration: Sendable, Hashable {
    /// False only for tests: nothing is put to disk before it is acknowledged.
    package var durable = true
    /// More settings, by name.
    package var settings: [String: String] = [:]

    package init(durable: Bool = true, settings: [String: String] = [:]) {
        self.durable = durable
        self.settings = settings
    }

    /// The text of `dripline.conf`.
    func text(socketDirectory: String) -> String {
        let switchText = durable ? "on" : "off"
        var all = [
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": "\"\(socketDirectory.replacing("\"", with: "\"\""))\"",
            "unix_socket_permissions": "0700",
            "fsync": switchText, "full_page_writes": switchText, "synchronous_commit": switchText,
            // Errors and their detail may quote what patients told us, so only the server's own messages are logged.
            "log_min_messages": "log", "log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_statement": "none",
            "log_timezone": "UTC", "timezone": "UTC",
            // PostgreSQL's defaults suit a machine of 1 GB. A page that is found here costs a tenth of one that the kernel has to hand over.
            "shared_buffers": "\(ServerConfiguration.sharedMegabytes(ofMachine: ProcessInfo.processInfo.physicalMemory))MB",
            // A checkpoint makes each page go to the write-ahead log whole once more: a bulk load should not meet one after the other.
            "max_wal_size": "4GB", "checkpoint_timeout": "15min",
        ]
        all.merge(settings) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { name, value in
            "\(name) = '\(value.replacing("\\", with: "\\\\").replacing("'", with: "''"))'"
        }
        return "# Written at each start; changes here are lost.\n" + lines.joined(separator: "\n") + "\n"
    }

    /// An eighth of the memory, 128 MB to 2 GB.
    static func sharedMegabytes(ofMachine bytes: UInt64) -> UInt64 { min(max((bytes / 8) >> 20, 128), 2048) }
}
