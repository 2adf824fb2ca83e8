import Canonical
import Clinic
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The one-time link by which the first administrator of an installation makes their account: a page without scripts, and the same as JSON.
struct SetupRoutes: Sendable {
    let accounts: Accounts

    func add(to router: Router<ServiceContext>) {
        router.get("setup") { request, _ in form(request) }
        router.post("setup") { request, _ in try await submit(request) }
        router.post("v1/setup") { request, _ in try await setUp(request) }
    }

    private func setUp(_ request: Request) async throws -> Response {
        let (token, administrator) = try await request.fields(upTo: AccountRoutes.maximumBody) { fields in
            (
                fields.required("token", .text(.line)),
                FirstAdministrator(
                    clinic: fields.required("clinic", .text(.identifier)), staff: fields.required("staff", .handle),
                    name: fields.optional("name", .text(.line)), password: fields.required("password", .password))
            )
        }
        guard let secret = AccountSecret(token), secret.kind == .setup else { throw AccountError.linkSpent }
        try await accounts.setUp(secret, administrator)
        return .json(["clinic": .string(administrator.clinic), "staff": .string(administrator.staff)], status: .created)
    }

    // MARK: The page

    private func form(_ request: Request) -> Response {
        guard let text = request.uri.queryParameters["token"], let secret = AccountSecret(String(text)), secret.kind == .setup else {
            return Self.page(
                "Set up Dripline", "<p>This address is not a whole setup link. Copy it again from where Dripline was started.</p>",
                .notFound)
        }
        return Self.page("Set up Dripline", Self.fields(token: secret.text, problem: nil))
    }

    private func submit(_ request: Request) async throws -> Response {
        try CrossSiteDefence.check(request, allowsSilence: true)
        let form = Self.decode(String(decoding: try await request.bytes(upTo: AccountRoutes.maximumBody), as: UTF8.self))
        guard let secret = AccountSecret(form["token"] ?? ""), secret.kind == .setup else { throw AccountError.linkSpent }
        let name = form["name"] ?? ""
        let administrator = FirstAdministrator(
            clinic: form["clinic"] ?? "", staff: form["staff"] ?? "", name: name.isEmpty ? nil : name, password: form["password"] ?? "")
        do {
            try await accounts.setUp(secret, administrator)
        } catch let error as AccountError {
            guard let problem = Self.problem(error) else { throw error }
            return Self.page("Set up Dripline", Self.fields(token: secret.text, problem: problem), .unprocessableContent)
        } catch let error as RecordingError where error.status == 422 {
            return Self.page("Set up Dripline", Self.fields(token: secret.text, problem: error.message), .unprocessableContent)
        }
        return Self.page(
            "Dripline is set up",
            "<p>\(Self.escaped(administrator.staff)) is an administrator of \(Self.escaped(administrator.clinic)) and can sign in.</p>")
    }

    /// What the person at the form can do something about.
    private static func problem(_ error: AccountError) -> String? {
        switch error {
        case .weakPassword, .invalid: error.description
        default: nil
        }
    }

    private static func fields(token: String, problem: String?) -> String {
        """
        \(problem.map { "<p role=\"alert\"><strong>\(escaped($0))</strong></p>" } ?? "")
        <p>Make the first account: an administrator's. For a clinic that is here already, give the handle of an administrator enrolled there.</p>
        <form method="post" action="/setup" autocomplete="off">
        <input type="hidden" name="token" value="\(escaped(token))">
        <p><label>Clinic, in a–z, 0–9 and -<br><input name="clinic" required maxlength="63" pattern="[a-z0-9][a-z0-9\\-]*"></label></p>
        <p><label>Your staff handle, such as d.lin<br><input name="staff" required maxlength="64" autocomplete="username"></label></p>
        <p><label>Your name, for a new clinic<br><input name="name" maxlength="200"></label></p>
        <p><label>A password of at least \(PasswordRules.minimumLength) characters<br>
        <input name="password" type="password" required maxlength="\(PasswordRules.maximumLength)" autocomplete="new-password"></label></p>
        <p><button>Make the account</button></p>
        </form>
        """
    }

    private static func page(_ title: String, _ body: String, _ status: HTTPResponse.Status = .ok) -> Response {
        let html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">\
            <meta name="referrer" content="no-referrer"><title>\(title)</title></head>
            <body><main><h1>\(title)</h1>
            \(body)
            </main></body></html>
            """
        return Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                HTTPField.Name("Referrer-Policy")!: "no-referrer",
            ],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    /// `application/x-www-form-urlencoded`; of a field that is there twice, the first.
    private static func decode(_ text: String) -> [String: String] {
        func plain(_ part: Substring) -> String { part.replacing("+", with: " ").removingPercentEncoding ?? "" }
        let fields = text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (plain(parts[0]), parts.count > 1 ? plain(parts[1]) : "")
        }
        return Dictionary(fields) { first, _ in first }
    }
}
