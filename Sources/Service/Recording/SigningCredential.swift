import Canonical
import Clinic

/// What a signer shows in a request: who they are, by what they prove it, and what signing means. Never stored, and never said again.
struct SigningCredential: FieldGroup {
    let staff: String
    /// Left out by who signed in at the clinic's identity provider just now, and signs for themselves.
    let password: String?
    /// A one-time code, where the account asks for one.
    let code: String?
    let meaning: Signature.Meaning
}

extension SigningCredential {
    /// What two signatures of the same person prove alike.
    struct Proof: Hashable {
        let staff: String
        let password: String?
        let code: String?
    }

    var proof: Proof { Proof(staff: staff, password: password, code: code) }

    init(reading fields: inout FieldReader) {
        staff = fields.required("staff", .handle)
        password = fields.optional("password", .text(.note))
        code = fields.optional("code", .text(.identifier))
        meaning = fields.required("meaning", .choice())
    }

    func write(to fields: inout FieldWriter) {
        fields.put("staff", staff)
        fields.put("meaning", meaning)
    }
}

extension SigningCredential: CustomStringConvertible, CustomReflectable {
    /// What it holds is for nobody's eyes.
    var description: String { "a credential of \(staff)" }
    var customMirror: Mirror { Mirror(self, children: ["staff": staff]) }
}

/// A signature that an import or the operator tells of. It is marked so, whatever it says.
struct ToldSignature: FieldGroup {
    let signature: Signature
}

extension ToldSignature {
    init(reading fields: inout FieldReader) {
        signature = Signature(
            staff: fields.required("staff", .handle), name: fields.required("name", .text(.line)), at: fields.required("at", .time),
            meaning: fields.required("meaning", .choice()), method: .imported)
    }

    func write(to fields: inout FieldWriter) { signature.write(to: &fields) }
}
