import Clinic
import Service
import Testing

/// Every cell of the table: each operation, each role, own and other clinic, each standing towards the patient.
@Suite struct AccessTableTests {
    @Test func everyCellIsDecidedByItsRow() {
        for cell in AccessCell.all {
            let expected: AccessDecision
            switch AccessTable.rule(for: cell.operation) {
            case .open: expected = .allowed(.open)
            case .account: expected = .allowed(.account)
            case .roles where !cell.isOwnClinic: expected = .refused(.otherClinic)
            case .roles(let rights):
                switch (rights[cell.role], cell.standing) {
                case (nil, _): expected = .refused(.role)
                case (.always?, _): expected = .allowed(.role)
                case (_, .brokeGlass): expected = .allowed(.breakGlass)
                case (.inCare?, .inCare): expected = .allowed(.care)
                case (.inCare?, .none): expected = .refused(.notInCare)
                case (.emergency?, _): expected = .refused(.notInEmergency)
                }
            }
            #expect(cell.decision(of: [cell.role]) == expected, "\(cell)")
        }
        #expect(AccessCell.all.count == Service.Operation.allCases.count * 6 * 2 * 3)
    }

    /// Nobody's data is anybody's by default.
    @Test func nothingIsAllowedWithoutAnAccountOrARole() {
        for cell in AccessCell.all {
            let rule = AccessTable.rule(for: cell.operation)
            guard rule != .open else { continue }
            let nobody = AccessDecision.on(cell.operation, principal: nil, clinic: "own", standing: cell.standing)
            #expect(nobody == .refused(.notSignedIn), "\(cell)")
            guard rule != .account, cell.isOwnClinic else { continue }
            #expect(cell.decision(of: []) == .refused(.role), "\(cell)")
        }
    }

    @Test func nothingOfAnotherClinicIsAllowedToAnyRoles() {
        for cell in AccessCell.all where !cell.isOwnClinic {
            switch AccessTable.rule(for: cell.operation) {
            case .open, .account: continue
            case .roles: #expect(cell.decision(of: Set(StaffRole.allCases)) == .refused(.otherClinic), "\(cell)")
            }
        }
    }

    /// Whoever holds two roles may do what either may, and nothing else.
    @Test func rolesAdd() {
        for operation in Service.Operation.allCases {
            for one in StaffRole.allCases {
                for other in StaffRole.allCases {
                    let alone = [one, other].compactMap { AccessTable.right(to: operation, of: [$0]) }.max()
                    #expect(AccessTable.right(to: operation, of: [one, other]) == alone, "\(operation) \(one) \(other)")
                }
            }
        }
    }

    @Test func whoMayChartWhatIsWhatTheDomainSays() {
        for type in EventType.allCases {
            for role in StaffRole.allCases {
                let expected = type.isStatedByTheService ? false : type.roles?.contains(role) ?? true
                #expect((AccessTable.right(to: .append(type), of: [role]) == .always) == expected, "\(type) \(role)")
            }
        }
    }

    /// Charts, patients' events and all that names patients, for those who have nothing to do there: a row that is loosened by mistake is found.
    @Test(arguments: [StaffRole.reporting, .administrator])
    func someRolesSeeNoPatientAtAll(_ role: StaffRole) {
        let ofPatients: [Service.Operation] = [
            .listPatients, .listSessions, .readChart, .compareCharts, .readSession, .readPatientOutcomes, .readSessionVerdicts,
            .readPatientEvents, .followPatientEvents, .readRecord, .followRecord, .readAccessLog, .followAccessLog, .readVerdicts,
            .runAudit, .readOutcomes, .readAccess, .readPatientAccess, .readEntries,
        ]
        for operation in ofPatients { #expect(AccessTable.right(to: operation, of: [role]) == nil, "\(operation)") }
    }

    @Test func onlyComplianceReadsChartsOfPatientsInNobodysCare() {
        let charts: [Service.Operation] = [
            .readChart, .compareCharts, .readSession, .readPatientOutcomes, .readSessionVerdicts, .readPatientEvents, .followPatientEvents,
        ]
        for operation in charts {
            for role in StaffRole.allCases {
                let cell = AccessCell(operation: operation, role: role, isOwnClinic: true, standing: .none)
                let isAllowed = cell.decision(of: [role]) == .allowed(.role)
                #expect(isAllowed == (role == .compliance), "\(operation) \(role)")
            }
        }
    }

    @Test func breakGlassIsNeverBlocked() {
        for role in StaffRole.allCases { #expect(AccessTable.right(to: .append(.breakGlassInvoked), of: [role]) == .always) }
    }

    @Test func operationsHaveNamesForPeople() {
        #expect(Service.Operation.readChart.name == "read chart" && Service.Operation.append(.bolusGiven).name == "append BolusGiven")
        #expect(Set(Service.Operation.allCases.map(\.name)).count == Service.Operation.allCases.count)
    }
}

/// One case of the matrix.
struct AccessCell: Sendable, Hashable, CustomStringConvertible {
    let operation: Service.Operation
    let role: StaffRole
    let isOwnClinic: Bool
    let standing: Standing

    static let all: [AccessCell] = Service.Operation.allCases.flatMap { operation in
        StaffRole.allCases.flatMap { role in
            [true, false].flatMap { own in
                Standing.allCases.map { AccessCell(operation: operation, role: role, isOwnClinic: own, standing: $0) }
            }
        }
    }

    var description: String { "\(role) \(operation.name) at \(isOwnClinic ? "their own" : "another") clinic, \(standing)" }

    func decision(of roles: Set<StaffRole>) -> AccessDecision {
        AccessDecision.on(operation, principal: ("own", roles), clinic: isOwnClinic ? "own" : "other", standing: standing)
    }
}
