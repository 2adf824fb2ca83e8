extension PostgresError {
    /// Gives the reason class 28 or 3D where the server refused us, since trying again won't help then; 08001 for all else.
    static func connecting(to settings: ConnectionSettings, message: String) -> PostgresError {
        let (state, reason): (String, String) =
            if message.contains("password authentication failed") || message.contains("no password supplied") {
                ("28P01", "the password was refused")
            } else if message.contains("no pg_hba.conf entry") || message.contains("authentication failed") {
                ("28000", "the server refused the user")
            } else if message.contains("database \"") && message.contains("does not exist") {
                ("3D000", "the database does not exist")
            } else if message.contains("role \"") && message.contains("does not exist") {
                ("28000", "the role does not exist")
            } else if message.contains("starting up") || message.contains("shutting down") || message.contains("recovery") {
                ("57P03", "the server is starting or stopping")
            } else if message.contains("too many clients") || message.contains("remaining connection slots") {
                ("53300", "the server has no free connection")
            } else if message.contains("timeout expired") {
                ("08001", "no answer in time")
            } else {
                ("08001", "the server can't be reached")
            }
        return PostgresError(
            sqlState: state, severity: .fatal, message: "can't connect to \(settings): \(reason)", sensitiveDetail: message)
    }

    static let closed = PostgresError(sqlState: "08003", severity: .error, message: "the connection is closed")
}
