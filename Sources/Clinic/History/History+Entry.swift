public import Canonical
public import Foundation

extension History {
    /// A clinical event and what became of it.
    public struct Entry: Sendable, Hashable, Identifiable {
        /// As recorded: the original stays readable.
        public let event: ChartEvent
        /// The data of the last amendment which is not voided; nil where the original's is in force.
        let amendment: EventBody?
        /// The corrections that took effect, in position order.
        public let corrections: [ChartEvent]
        public let isVoided: Bool

        public var id: UUID { event.id }
        /// The data in force: the original's, or that of the last amendment which is not voided.
        public var body: EventBody { amendment ?? event.body }
        /// Whether the data in force differs in origin from what was recorded first.
        public var isAmended: Bool { amendment.map { $0 != event.body } ?? false }
    }

    /// What is left of an event whose data was erased.
    public struct Erased: Sendable, Hashable {
        public let position: Int64
        public let version: Int64
        public let occurredAt: Timestamp
        public let recordedAt: Timestamp

        public init(position: Int64, version: Int64, occurredAt: Timestamp, recordedAt: Timestamp) {
            self.position = position
            self.version = version
            self.occurredAt = occurredAt
            self.recordedAt = recordedAt
        }
    }

    /// A correction that had no effect.
    public struct Defect: Sendable, Hashable {
        /// The correction, not its target.
        public let event: UUID
        public let position: Int64
        public let reason: Reason

        public enum Reason: String, Error, Sendable, Hashable {
            /// The target is not an earlier event of this stream.
            case unknownTarget
            /// The target, or the amendment that it is, has been voided.
            case targetVoided
            /// The target is itself a voiding; a voiding stands.
            case targetIsVoiding
            /// The target is a correction that had no effect itself.
            case targetHadNoEffect
            /// The data is not valid for the type of the event that it would replace; the former data stays in force.
            case invalidData
        }
    }
}

/// What corrections made of one event. Numbers are indices of `History.events`.
struct CorrectionOutcome: Sendable, Equatable {
    var corrections: [Int] = []
    var amendments: [(index: Int, body: EventBody)] = []
    var voidedAmendments: Set<Int> = []
    var isVoided = false

    /// The data of the last amendment that stands; nil where the original's is in force.
    var body: EventBody? {
        amendments.last { !voidedAmendments.contains($0.index) }?.body
    }

    static func == (left: CorrectionOutcome, right: CorrectionOutcome) -> Bool {
        left.corrections == right.corrections && left.isVoided == right.isVoided && left.voidedAmendments == right.voidedAmendments
            && left.amendments.elementsEqual(right.amendments) { $0.index == $1.index && $0.body == $1.body }
    }
}
