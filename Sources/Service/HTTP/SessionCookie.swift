import HTTPTypes
import Hummingbird

/// The cookies of a browser's session. Scripts can't read them, other sites' pages don't send them, and by TLS no other host can plant them.
struct SessionCookie: Sendable {
    /// Whether the browser came by TLS, to this service or to its proxy.
    let isSecure: Bool

    var name: String { isSecure ? "__Host-dripline" : "dripline" }
    var deviceName: String { isSecure ? "__Host-dripline-device" : "dripline-device" }

    /// How long a browser is remembered as one in which somebody signed in.
    static let deviceLifetime: Duration = .seconds(90 * 24 * 3600)

    /// Without an age it goes with the browser; the service ends it in any case.
    func session(_ secret: AccountSecret) -> HTTPField { field(name, secret.text, age: nil) }

    func device(_ secret: AccountSecret) -> HTTPField { field(deviceName, secret.text, age: Self.deviceLifetime.wholeSeconds) }

    /// Takes the session's away.
    var none: HTTPField { field(name, "", age: 0) }

    /// What the browser holds, if it can be one of ours.
    func secret(_ kind: AccountSecret.Kind, in request: Request) -> AccountSecret? {
        guard let value = request.cookies[kind == .device ? deviceName : name]?.value, let secret = AccountSecret(value),
            secret.kind == kind
        else { return nil }
        return secret
    }

    func isPresent(in request: Request) -> Bool { request.cookies[name] != nil }

    private func field(_ name: String, _ value: String, age: Int64?) -> HTTPField {
        let attributes = ["\(name)=\(value)", "Path=/", "HttpOnly", "SameSite=Strict"] + (isSecure ? ["Secure"] : [])
        return HTTPField(name: .setCookie, value: (attributes + (age.map { ["Max-Age=\($0)"] } ?? [])).joined(separator: "; "))
    }
}
