public import Canonical
public import Clinic
import Foundation
import Ledger

extension OpenIDProvider {
    /// Reads the providers of clinics:
    /// `{"hickory": {"issuer": …, "audience": …, "jwks_url" or "jwks_file": …, "algorithms"?: […], "staff_claim"?: …}}`.
    /// - Throws: `ValidationError` with every problem and its pointer.
    public static func clinics(_ json: JSON) throws(ValidationError) -> [String: OpenIDProvider] {
        guard case .object(let members) = json else {
            throw ValidationError([Problem(pointer: "", message: "must be an object of clinics")])
        }
        var problems: [Problem] = []
        var providers: [String: OpenIDProvider] = [:]
        for (clinic, item) in members {
            do throws(ValidationError) {
                guard LogName(clinic: clinic) != nil else {
                    throw ValidationError([Problem(pointer: "", message: "must be named as a clinic is")])
                }
                providers[clinic] = try OpenIDProvider(item)
            } catch {
                problems += error.under("/\(clinic)").problems
            }
        }
        guard problems.isEmpty else { throw ValidationError(problems.sorted { $0.pointer < $1.pointer }) }
        return providers
    }

    /// Algorithms that can be allowed: none with a shared secret, which the provider and we would both have to keep.
    static let knownAlgorithms: Set<String> = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]

    private init(_ json: JSON) throws(ValidationError) {
        let (issuer, audience, url, file, algorithms, claim) = try FieldReader.read(json) { fields in
            (
                fields.required("issuer", .text(.line)), fields.required("audience", .text(.line)),
                fields.optional("jwks_url", .text(.line)), fields.optional("jwks_file", .text(.line)), fields.json("algorithms"),
                fields.optional("staff_claim", .text(.identifier))
            )
        }
        let keys: Keys
        switch (url, file) {
        case (let url?, nil):
            guard let parsed = URL(string: url), OpenIDKeySource.isTrustworthy(parsed) else {
                throw ValidationError([Problem(pointer: "/jwks_url", message: "jwks_url must be an https URL, or one of this machine")])
            }
            keys = .url(url)
        case (nil, let file?): keys = .file(file)
        default: throw ValidationError([Problem(pointer: "", message: "give jwks_url or jwks_file, one of them")])
        }
        self.init(issuer: issuer, audience: audience, keys: keys)
        if let claim { staffClaim = claim }
        guard let algorithms else { return }
        let names = (algorithms.elements ?? []).compactMap(\.text)
        guard !names.isEmpty, names.count == algorithms.elements?.count, Set(names).isSubset(of: Self.knownAlgorithms) else {
            let known = Self.knownAlgorithms.sorted().joined(separator: ", ")
            throw ValidationError([Problem(pointer: "/algorithms", message: "algorithms must be some of \(known)")])
        }
        self.algorithms = Set(names)
    }
}
