public import ArgumentParser
import Canonical
public import Clinic
import Foundation
public import Ledger

/// A time with an offset.
struct TimeArgument: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        guard let time = Timestamp(rfc3339: argument) else { return nil }
        self.time = time
    }

    static var help: String { "such as 2026-11-22T15:30:00Z" }
}

/// One of a clinic's two logs.
extension LogName.Kind: ExpressibleByArgument {}

/// A UUID, alone or with the kind of stream before it.
struct IdentifierArgument: ExpressibleByArgument {
    let id: UUID

    init?(argument: String) {
        guard let id = StreamID(argument)?.id ?? UUID(canonical: argument) else { return nil }
        self.id = id
    }
}

/// A date of the calendar, UTC.
struct DateArgument: ExpressibleByArgument {
    let date: CalendarDate

    init?(argument: String) {
        guard let date = CalendarDate(argument) else { return nil }
        self.date = date
    }

    static var help: String { "such as 2026-11-22" }
}

/// A role of staff.
extension StaffRole: ExpressibleByArgument {}
