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
    /// What each enrolment makes of somebody, at its place: asked for with every event that is judged.
    private var members: [String: [StaffMember]] = [:]
    /// By handle, in order.
    private var revocations: [String: [Charted<StaffRevoked>]] = [:]
    /// Inventories of the controlled drugs, in the order in which they were taken.
    public private(set) var inventories: [Charted<InventoryTaken>] = []

    public init(_ history: History) {
        self = history.derived { ClinicReference(folding: $0) }
    }

    private init(folding history: History) {
        var adoptions: [Charted<PolicyAdopted>] = []
        for event in history.clinical {
            switch event.body {
            case .policyAdopted(let body): adoptions.append(Charted(event, body))
            case .consentFormPublished(let body): forms.append(PublishedForm(Charted(event, body)))
            case .staffEnrolled(let body): enrolments[body.staff, default: []].append(Charted(event, body))
            case .staffRevoked(let body): revocations[body.staff, default: []].append(Charted(event, body))
            case .inventoryTaken(let body): inventories.append(Charted(event, body))
            default: continue
            }
        }
        policies = PolicyInForce.sequence(of: adoptions)
        members = enrolments.mapValues { $0.map { StaffMember($0) } }
        inventories.sort { ($0.body.takenAt, $0.position) < ($1.body.takenAt, $1.position) }
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

    /// Every policy that came into force, in order; none before the first adoption.
    public var policyVersions: [(from: Timestamp, policy: Policy)] { policies.map { ($0.from, $0.policy) } }

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

    /// The enrolment in force at an instant: the last one of this handle by then, unless it was revoked since.
    public func staff(_ handle: String, at instant: Timestamp) -> StaffMember? {
        guard let all = enrolments[handle], let index = all.lastIndex(where: { $0.at <= instant }) else { return nil }
        if let revocation = revocations[handle]?.last(where: { $0.at <= instant }), revocation.happened(after: all[index]) { return nil }
        return members[handle]?[index]
    }

    /// Whether somebody was enrolled as a prescriber at an instant.
    func isPrescriber(_ handle: String, at instant: Timestamp) -> Bool {
        staff(handle, at: instant)?.roles.contains(.prescriber) == true
    }

    /// Whether this handle was ever enrolled.
    public func hasEverEnrolled(_ handle: String) -> Bool { enrolments[handle] != nil }

    /// How many people a handle stands for at an instant: the names under which it has been enrolled since it was last revoked. A name that changed
    /// is to be amended, so that it stays one.
    public func people(sharing handle: String, at instant: Timestamp) -> Int {
        let revocation = revocations[handle]?.last { $0.at <= instant }
        let current = enrolments[handle, default: []].filter { enrolment in
            enrolment.at <= instant && revocation.map { enrolment.happened(after: $0) } ?? true
        }
        return Set(current.map(\.body.name)).count
    }

    /// Whether somebody is an administrator once every enrolment counts.
    var hasAdministrator: Bool {
        enrolments.contains { handle, enrolments in
            guard let last = enrolments.last, last.body.roles.contains(.administrator) else { return false }
            return revocations[handle]?.last?.happened(after: last) != true
        }
    }
}
