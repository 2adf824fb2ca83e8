import Canonical
import HTTPTypes

extension API {
    private static let password: JSON = ["type": "string", "maxLength": .number(JSONNumber(Accounts.maximumPasswordBytes))]
    private static let code: JSON = ["type": "string", "minLength": 1, "maxLength": 64, "pattern": "\\S"]
    private static let line: JSON = ["type": "string", "minLength": 1, "maxLength": 200, "pattern": "\\S"]

    private static func operation(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, _ summary: String, body: JSON? = nil, isOpen: Bool = false,
        parameters: [APIParameter] = [], _ answers: [APIOperation.Answer]
    ) -> APIOperation {
        APIOperation(
            id: id, group: .accounts, method: method, path: path, summary: summary, parameters: parameters,
            body: body.map { .init(description: "What is asked for.", schema: $0) }, answers: answers,
            problems: body == nil ? [] : [409, 413, 422], isOpen: isOpen)
    }

    private static let byPassword: JSON = .members([
        "clinic": code, "staff": code, "password": password, "totp?": code, "respond?": .choice(["cookie", "token"]),
    ])
    private static let byToken: JSON = .members(["clinic": code, "id_token": password, "respond?": .choice(["cookie", "token"])])

    private static let nothing = APIOperation.Answer(status: 204, description: "Done.")
    private static let proof: JSON = .members(["password": password, "totp?": code])

    static let accounts: [APIOperation] = [
        operation(
            "signIn", .post, "/v1/signin", "Sign in: a session, as a cookie or as a token.",
            body: ["anyOf": [byPassword, byToken]], isOpen: true, [.json(.ref("Person"), "Who signed in.")]),
        operation("signOut", .post, "/v1/signout", "End this session.", [nothing]),
        operation("me", .get, "/v1/me", "Who asks.", [.json(.ref("Person"), "The account, and its roles for this request.")]),
        operation(
            "changePassword", .put, "/v1/me/password", "Change one's own password.",
            body: .members(["password": password, "new_password": password, "totp?": code]),
            [.json(.ref("Person"), "A new session; the others are over.")]),
        operation(
            "mySessions", .get, "/v1/me/sessions", "One's own sessions.",
            [.json(.members(["sessions": .list(.ref("AccountSession"))]), "Those that are not over.")]),
        operation("endSession", .delete, "/v1/me/sessions/{id}", "End one of one's own sessions.", parameters: [.id], [nothing]),
        operation(
            "beginCodes", .post, "/v1/me/totp", "Begin to use one-time codes.", body: proof,
            [.json(.members(["otpauth": .anyText]), "For the app that makes the codes.")]),
        operation("confirmCodes", .post, "/v1/me/totp/confirm", "Confirm them by a first code.", body: .members(["totp": code]), [nothing]),
        operation("removeCodes", .post, "/v1/me/totp/remove", "Use none any more.", body: proof, [nothing]),
        operation(
            "setUp", .post, "/v1/setup", "Make the first administrator, by the one-time link.",
            body: .members(["token": line, "clinic": code, "staff": APISchemas.handle, "name?": line, "password": password]), isOpen: true,
            [.json(.members(["clinic": .anyText, "staff": .anyText]), "The account is there.", status: 201)]),
        APIOperation(
            id: "setUpForm", group: .accounts, method: .get, path: "/setup", summary: "The same as a page.",
            parameters: [.query("token", "The link's token.", .anyText)], answers: [page("The form.")], problems: [400, 404]),
        APIOperation(
            id: "submitSetUp", group: .accounts, method: .post, path: "/setup", summary: "What the page sends.",
            body: .init(
                description: "The form.",
                schema: .map(.anyText), media: "application/x-www-form-urlencoded"),
            answers: [page("Done."), page("Something is to be mended.", status: 422)], problems: [400, 403, 409, 413, 503]),
    ]

    private static func page(_ description: String, status: Int = 200) -> APIOperation.Answer {
        APIOperation.Answer(status: status, description: description, content: ["text/html": .anyText])
    }
}

extension APISchemas {
    static let handle: JSON = ["type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"]

    static var people: [String: JSON] {
        [
            "Person": [
                "type": "object", "required": ["clinic", "staff", "name", "credential", "roles"],
                "properties": [
                    "clinic": .anyText, "staff": .anyText, "name": .anyText, "credential": .choice(["session", "token", "oidc"]),
                    "roles": .list(.anyText), "session": .uuid, "expires_at": .time, "token": .anyText,
                ],
            ],
            "AccountSession": [
                "type": "object", "required": ["session", "clinic", "staff", "method", "created_at", "last_used_at", "expires_at"],
                "properties": [
                    "session": .uuid, "clinic": .anyText, "staff": .anyText, "method": .anyText, "created_at": .time, "last_used_at": .time,
                    "expires_at": .time, "address": .anyText, "agent": .anyText,
                ],
            ],
        ]
    }
}
