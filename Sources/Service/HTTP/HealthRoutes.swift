import Canonical
import HTTPTypes
import Hummingbird
import NIOCore

/// Whether the process lives, whether it can serve, and what it measures. Nothing of it is clinical, so nobody need sign in for it.
struct HealthRoutes: Sendable {
    let database: Database
    let witnesses: WitnessCollector?
    let telemetry: Telemetry
    let gauges: GaugeReader
    let admission: Admission
    let metricsReaders: [AddressRange]

    func add(to router: Router<ServiceContext>) {
        router.get("healthz") { _, _ in Response.json(["status": "ok"]) }
        router.get("readyz") { _, _ in await ready() }
        router.get("readyz/:part") { _, context in try await ready(context) }
        router.get("metrics") { _, context in try await metrics(context) }
    }

    /// 200 when requests can be served; else 503, saying which part is not ready. How the other parts are stands beside it.
    private func ready() async -> Response {
        if admission.isStopping {
            return .json(["status": "not ready", "part": "service", "detail": "the service is stopping"], status: .serviceUnavailable)
        }
        let readiness = await Readiness.judge(database, witnesses: witnesses)
        return .json(readiness.json, status: readiness.firstNeeded == nil ? .ok : .serviceUnavailable)
    }

    /// One part: 200 when it is ready, 503 when it is not.
    private func ready(_ context: ServiceContext) async throws -> Response {
        guard let part = Readiness.Part(rawValue: try context.parameters.require("part")),
            let json = await Readiness.judge(database, witnesses: witnesses).json(part)
        else {
            let parts = Readiness.Part.allCases.map(\.rawValue).joined(separator: ", ")
            throw ProblemResponse(.notFound, "unknown-part", "The parts are \(parts); a process without witnesses doesn't know of them.")
        }
        return .json(json, status: json["status"] == "ready" ? .ok : .serviceUnavailable)
    }

    /// In Prometheus' text format, for the addresses that may read it.
    private func metrics(_ context: ServiceContext) async throws -> Response {
        guard metricsReaders.contains(where: { $0.contains(context.address) }) else {
            throw ProblemResponse(.forbidden, "not-for-this-address", "The metrics are not for this address: see metrics.readers.")
        }
        await gauges.read()
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: telemetry.metrics.text)))
    }
}
