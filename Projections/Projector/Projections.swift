public import Clinic

/// All read models of Dripline. A new one is a folder with its fold, its tables and its queries, and a line here.
public let allProjections: [any Projection.Type] = [
    PatientChart.self, SessionFlowsheet.self, Compliance.self, DrugLedger.self, Outcomes.self, AccessReport.self,
    Schedule.self,
]

/// What went wrong with a read model, without clinical content.
public enum ProjectionError: Error, Sendable, CustomStringConvertible {
    case unknownName(String)
    /// An event that this program cannot read: written by a newer one, or altered.
    case unreadable(clinic: String, position: Int64, reason: String)
    /// Another process rebuilds it at this moment.
    case rebuildRunning(String)
    /// Its tables were made by another version of the fold.
    case outdated(String, installed: Int, known: Int)
    /// Its tables were switched again and again while they were compared with the log.
    case switching(String)
    /// It did not reach the position in time.
    case behind(String, position: Int64, wanted: Int64)
    /// The stream's data was erased: there is nothing to show, and never will be.
    case erased(StreamID)

    public var description: String {
        switch self {
        case .unknownName(let name):
            "There is no projection '\(name)'; there are \(allProjections.map { $0.name }.sorted().joined(separator: ", "))."
        case .unreadable(let clinic, let position, let reason):
            "The event at position \(position) of clinic \(clinic) cannot be read: \(reason). Run `dripline verify --clinic \(clinic)`."
        case .rebuildRunning(let name): "The projection \(name) is being rebuilt by another process; wait for it, or stop it."
        case .outdated(let name, let installed, let known) where installed > known:
            "The tables of \(name) are of version \(installed), this program's are \(known): run the newer Dripline that made them."
        case .outdated(let name, let installed, let known):
            "The tables of \(name) are of version \(installed), this program's are \(known): run `dripline rebuild \(name)`."
        case .switching(let name):
            "The tables of \(name) were switched while they were compared with the log: try again when it is rebuilt."
        case .behind(let name, let position, let wanted):
            "The projection \(name) stands at position \(position) and did not reach \(wanted) in time; see `dripline projections`."
        case .erased(let stream):
            "The data of \(stream) was erased; the patient's chart says when and on what authority."
        }
    }
}
