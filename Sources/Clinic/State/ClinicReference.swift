public import Canonical

/// What a clinic has laid down, over time: policies, consent forms, staff and their roles. A fold over the facts in force on the stream `clinic`.
///
/// It holds the whole history; each question names the time that it is about.
public struct ClinicReference: Sendable, Hashable {
    /// In the order in which they came into force.
    private var policies: [PolicyInForce] = []
    private var forms: [PublishedForm] = []
    /// By handle, in order of enrolment; the last one by a time counts.
    private var enrolments: [String: [Charted<StaffEnrolled>]] = [:]

    public init(_ history: History) {
        var adoptions: [Charted<PolicyAdopted>] = []
        for event in history.clinical {
            switch event.body {
            case .policyAdopted(let body): adoptions.append(Charted(event, body))
            case .consentFormPublished(let body): forms.append(PublishedForm(Charted(event, body)))
            case .staffEnrolled(let body): enrolments[body.staff, default: []].append(Charted(event, body))
            default: continue
            }
        }
        policies = PolicyInForce.sequence(of: adoptions)
    }

    /// Whether nobody has ever been enrolled: the clinic doesn't exist yet.
    public var isEmpty: Bool { enrolments.isEmpty }

    // MARK: Policies

    /// The policy in force at an instant; the defaults before the first one.
    public func policy(at instant: Timestamp) -> Policy {
        policies.last { $0.from <= instant }?.policy ?? Policy()
    }

    func hasPolicy(_ version: String) -> Bool {
        version == Policy.defaultVersion || policies.contains { $0.policy.version == version }
    }

    // MARK: Consent forms

    /// A version of a form, published by an instant (nil: ever).
    public func form(_ form: String, version: String, at instant: Timestamp? = nil) -> PublishedForm? {
        forms.last { $0.form == form && $0.version == version && $0.isPublished(by: instant) }
    }

    /// The version of a form that was published last by an instant; nil for a form that wasn't published by then.
    public func newestVersion(of form: String, at instant: Timestamp) -> String? {
        forms.last { $0.form == form && $0.isPublished(by: instant) }?.version
    }

    // MARK: Staff

    /// The enrolment in force at an instant: the last one of this handle by then.
    public func staff(_ handle: String, at instant: Timestamp) -> StaffMember? {
        enrolments[handle]?.last { $0.at <= instant }.map(StaffMember.init)
    }

    /// Whether somebody is an administrator once every enrolment counts.
    var hasAdministrator: Bool {
        enrolments.values.contains { $0.last?.body.roles.contains(.administrator) == true }
    }
}
