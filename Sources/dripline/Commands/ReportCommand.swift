public import ArgumentParser
import Canonical
import Ledger
public import Projections
import Service

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print a report: a view of the schema reporting, as CSV or JSON lines. Without a name, list them.",
        discussion: """
            Read with the rights of the role dripline_reporting. Patients are known by their id; names are in patient_names alone. --from and --to \
            bound the first column that is a time or a day; a day counts whole, in UTC.

            CSV is that of RFC 4180, with a header. Text that a spreadsheet would take for a formula, because it begins with = + - or @, gets an \
            apostrophe in front; JSON has it as it is.
            """)

    @Argument(help: "Which report; all are listed where none is named.") var name: String?
    @Option(help: ArgumentHelp("The clinic.", valueName: "name")) var clinic: String?
    @Option(help: ArgumentHelp("csv (default) or json, an object a line.", valueName: "format")) var format: ReportFormat?
    @Option(help: ArgumentHelp("From this day, or this time with an offset.", valueName: "d")) var from: DayOrTime?
    @Option(help: ArgumentHelp("To this day or time, which is in it.", valueName: "d")) var to: DayOrTime?
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if name == nil {
            if from != nil || to != nil { throw ValidationError("--from and --to need the name of a report.") }
            return
        }
        guard let clinic else { throw ValidationError("Give --clinic: a report is one clinic's.") }
        guard LogName(clinic: clinic) != nil else { throw ValidationError("A clinic's name is 1 to 63 of a-z, 0-9 and -.") }
        if let from, let to, from.start >= to.end { throw ValidationError("--from lies after --to.") }
    }

    func run() async throws {
        try await options.run { database in
            try await database.projector.catchUp()
            let reports = Reports(database.settings, logger: Log.logger)
            guard let name, let log = clinic.flatMap({ LogName(clinic: $0) }) else {
                return Self.list(try await reports.all(), json: format == .json)
            }
            let known = try await ClinicOption.known(log.clinic, in: database)
            let format = format ?? .csv
            try await reports.write(
                name, clinic: known, format: format, period: ReportPeriod(from: from?.start, before: to?.end)
            ) { line in
                Terminal.print(format == .csv ? line + "\r" : line)
                return Terminal.isRead
            }
        }
    }

    private static func list(_ reports: [Report], json: Bool) {
        for report in reports {
            guard !json else {
                Terminal.print(report.json.canonical)
                continue
            }
            Terminal.print(report.name + (report.period.map { " (by \($0.name))" } ?? ""))
            Terminal.print("    " + report.comment)
            for line in Columns.aligned(report.columns.map { ["", $0.name, $0.comment] }) { Terminal.print("  " + line) }
        }
    }
}

extension ReportFormat: ExpressibleByArgument {}

/// A day, which counts whole, in UTC, or a time with an offset.
struct DayOrTime: ExpressibleByArgument {
    /// Its first instant.
    let start: Timestamp
    /// The first instant after it.
    let end: Timestamp

    init?(argument: String) {
        if let time = Timestamp(rfc3339: argument) {
            (start, end) = (time, Timestamp(microseconds: time.microseconds + 1))
        } else if let day = Timestamp(rfc3339: argument + "T00:00:00Z") {
            (start, end) = (day, day.adding(days: 1))
        } else {
            return nil
        }
    }

    static var help: String { "such as 2026-11-22 or 2026-11-22T15:30:00Z" }
}
