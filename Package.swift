// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is held to the same rules: Swift 6 mode, warnings are errors, imports say what they use.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "dripline",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "dripline", targets: ["dripline"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        // Over zlib (apt: zlib1g-dev).
        .target(name: "CGzip", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "Canonical", dependencies: [crypto], swiftSettings: settings),
        .target(name: "Tlog", dependencies: [crypto], swiftSettings: settings),
        .target(name: "Postgres", dependencies: ["CPostgres", deque, logging], swiftSettings: settings),
        .target(
            name: "Schema",
            dependencies: ["Postgres"],
            path: "Schema",
            resources: [
                .embedInCode("roles"), .embedInCode("tables"), .embedInCode("functions"), .embedInCode("triggers"),
                .embedInCode("views"), .embedInCode("privileges"), .embedInCode("updates"),
            ],
            swiftSettings: settings),
        .target(name: "Clinic", dependencies: ["Canonical", crypto], swiftSettings: settings),
        .target(name: "Simulation", dependencies: ["Canonical", crypto], swiftSettings: settings),
        .target(
            name: "Ledger", dependencies: ["Canonical", "Postgres", "Tlog", crypto, deque, logging, serviceLifecycle],
            swiftSettings: settings),
        .target(
            name: "Projections",
            dependencies: ["Canonical", "Clinic", "Ledger", "Postgres", "Tlog", deque, logging, serviceLifecycle],
            path: "Projections",
            resources: [
                .embedInCode("Projector/projections_bookkeeping.sql"), .embedInCode("PatientChart/projection_patient_chart.sql"),
                .embedInCode("SessionFlowsheet/projection_session_flowsheet.sql"),
                .embedInCode("Compliance/projection_compliance.sql"), .embedInCode("DrugLedger/projection_drug_ledger.sql"),
                .embedInCode("PatientChart/reporting_patient_chart.sql"),
                .embedInCode("SessionFlowsheet/reporting_session_flowsheet.sql"),
                .embedInCode("Compliance/reporting_compliance.sql"),
                .embedInCode("AccessReport/projection_access_report.sql"), .embedInCode("AccessReport/reporting_access_report.sql"),
                .embedInCode("Schedule/projection_schedule.sql"), .embedInCode("Schedule/reporting_schedule.sql"),
                .embedInCode("DrugLedger/reporting_drug_ledger.sql"), .embedInCode("Outcomes/projection_outcomes.sql"),
                .embedInCode("Outcomes/reporting_outcomes.sql"),
            ],
            swiftSettings: settings),
        .target(
            name: "Service",
            dependencies: [
                "CGzip", "Canonical", "Clinic", "Ledger", "Projections", "Postgres", "Schema", "Tlog", crypto, cryptoExtras, hummingbird,
                hummingbirdTLS, jwt, logging, metrics, serviceLifecycle,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "dripline",
            dependencies: [
                "Canonical", "Clinic", "Ledger", "Postgres", "Projections", "Schema", "Service", "Simulation", "Tlog", argumentParser,
                logging,
                serviceLifecycle, unixSignals,
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "dripline-bench",
            dependencies: [
                "Canonical", "Clinic", "Ledger", "Postgres", "Projections", "Service", "Simulation", "Tlog", argumentParser, logging,
            ],
            swiftSettings: settings),

        .target(name: "TestSupport", dependencies: ["Postgres", logging], path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "CanonicalTests", dependencies: ["Canonical"], swiftSettings: settings),
        .testTarget(name: "TlogTests", dependencies: ["Tlog"], swiftSettings: settings),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestSupport", logging], swiftSettings: settings),
        .testTarget(name: "ClinicTests", dependencies: ["Canonical", "Clinic", crypto], exclude: ["Frozen"], swiftSettings: settings),
        .testTarget(name: "SimulationTests", dependencies: ["Canonical", "Clinic", "Simulation", crypto], swiftSettings: settings),
        .testTarget(
            name: "LedgerTests", dependencies: ["Canonical", "Ledger", "Postgres", "Schema", "TestSupport", "Tlog", crypto, logging],
            exclude: ["Schema/schema-v1.sql"], swiftSettings: settings),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: [
                "Canonical", "Clinic", "Ledger", "Postgres", "Projections", "Schema", "TestSupport", "Tlog", "dripline", logging,
                serviceLifecycle,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "Canonical", "Clinic", "Ledger", "Postgres", "Projections", "Schema", "Service", "Simulation", "TestSupport", "Tlog",
                crypto, jwt, logging, serviceLifecycle,
            ],
            swiftSettings: settings),
        // The command as a whole process: the executable is a dependency so that it is built before the tests run it.
        .testTarget(
            name: "CommandTests",
            dependencies: ["Canonical", "Clinic", "Ledger", "Postgres", "Projections", "TestSupport", "dripline", logging],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
