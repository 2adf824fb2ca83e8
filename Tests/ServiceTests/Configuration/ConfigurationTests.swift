import Canonical
import Foundation
import TestSupport
import Testing

@testable import Service

@Suite struct ConfigurationTests {
    private func file(_ json: JSON) -> Configuration.File { Configuration.File(path: "conf.json", json: json) }

    @Test func flagsAreStrongerThanTheEnvironmentThatThanTheFileThatThanTheDefaults() throws {
        let key = "limits.requests"
        let variable = "DRIPLINE_LIMITS_REQUESTS"
        let setting = try #require(Setting.named(key))
        let json: JSON = ["limits": ["requests": 3]]
        func value(flag: Bool, environment: Bool, inFile: Bool) throws -> (Int?, Configuration.Source) {
            let configuration = try Configuration(
                flags: flag ? [key: ["1"]] : [:], environment: environment ? [variable: "2"] : [:], file: inFile ? file(json) : nil)
            return (configuration.number(setting), configuration.source(setting))
        }
        #expect(try value(flag: true, environment: true, inFile: true) == (1, .flag))
        #expect(try value(flag: true, environment: false, inFile: true) == (1, .flag))
        #expect(try value(flag: false, environment: true, inFile: true) == (2, .environment(variable)))
        #expect(try value(flag: false, environment: false, inFile: true) == (3, .file("conf.json")))
        #expect(try value(flag: false, environment: false, inFile: false) == (512, .standard))
    }

    @Test(arguments: [
        ("[]", "conf.json must be a JSON object"), (#"{"listne":"x"}"#, "conf.json: listne is no setting"),
        (#"{"limits":{"request":1}}"#, "conf.json: limits.request is no setting"), (#"{"limits":3}"#, "conf.json: limits is no setting"),
        (#"{"listen":8462}"#, "conf.json: listen must be a text"),
        (#"{"limits":{"requests":"3"}}"#, "must be a whole number from 1 to 100000"),
        (#"{"limits":{"requests":0}}"#, "must be a whole number from 1"), (#"{"limits":{"requests":1.5}}"#, "must be a whole number"),
        (#"{"limits":{"requests":1e30}}"#, "must be a whole number"),
        (#"{"proxy":{"behind":"yes"}}"#, "proxy.behind must be true or false"),
        (#"{"only":"api"}"#, "only must be a list of texts"), (#"{"only":[1]}"#, "only must be a list of texts"),
        (#"{"log":{"format":"xml"}}"#, "log.format must be one of json, text"), (#"{"tls":{"key":null}}"#, "tls.key must be a text"),
    ])
    func aFileThatIsWrongSaysWhere(_ text: String, _ expected: String) throws {
        let json = try JSON.parse(text)
        let error = #expect(throws: ConfigurationError.self) { try Configuration(flags: [:], environment: [:], file: file(json)) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func flagsAndVariablesAreCheckedTheSameWay() {
        #expect(throws: ConfigurationError.self) { try Configuration(flags: ["nothing": ["1"]], environment: [:], file: nil) }
        #expect(throws: ConfigurationError.self) { try Configuration(flags: ["limits.requests": ["1", "2"]], environment: [:], file: nil) }
        #expect(throws: ConfigurationError.self) {
            try Configuration(flags: [:], environment: ["DRIPLINE_LIMITS_REQUESTS": "many"], file: nil)
        }
    }

    @Test func aListInAVariableHasCommas() throws {
        let configuration = try Configuration(flags: [:], environment: ["DRIPLINE_ONLY": "project, seal"], file: nil)
        #expect(try configuration.parts == [.project, .seal])
        #expect(try configuration.listenAddress() == nil)
        let all = try Configuration(flags: [:], environment: [:], file: nil)
        #expect(try all.parts == [.api, .project, .seal])
        #expect(try all.listenAddress() == .standard)
        #expect(throws: ConfigurationError.self) { try Configuration(flags: ["only": ["all"]], environment: [:], file: nil).parts }
    }

    @Test func eachBoundReachesItsLimit() throws {
        var seen: Set<HTTPLimits> = [HTTPLimits()]
        for setting in Setting.limits {
            guard case .number(let range) = setting.kind else { continue }
            let other = setting.standard == .number(range.lowerBound) ? range.lowerBound + 1 : range.lowerBound
            let limits = try Configuration(flags: [setting.key: ["\(other)"]], environment: [:], file: nil).httpOptions().limits
            #expect(seen.insert(limits).inserted, "\(setting.key) changes nothing, or what another does")
        }
    }

    @Test func beyondLoopbackNeedsTLSOrAProxy() throws {
        let open = ["listen": ["0.0.0.0:8462"]]
        #expect(throws: ListenError.self) { try Configuration(flags: open, environment: [:], file: nil).check() }
        for more in [["proxy.behind": ["true"]], ["proxy.trust": ["10.0.0.0/8"]]] {
            try Configuration(flags: open.merging(more) { $1 }, environment: [:], file: nil).check()
        }
        let tls = ["tls.certificate": ["/nowhere/cert.pem"], "tls.key": ["/nowhere/key.pem"]]
        #expect(throws: TLSError.self) { try Configuration(flags: open.merging(tls) { $1 }, environment: [:], file: nil).check() }
        #expect(throws: ConfigurationError.self) { try Configuration(flags: ["tls.key": ["k"]], environment: [:], file: nil).check() }
        #expect(throws: ConfigurationError.self) {
            try Configuration(flags: ["proxy.trust": ["10.0.0.1/8"]], environment: [:], file: nil).check()
        }
        #expect(throws: ConfigurationError.self) {
            try Configuration(flags: ["witnesses": ["ftp://h"]], environment: [:], file: nil).check()
        }
    }

    @Test func identityProvidersAreReadFromTheirFile() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/providers.json"
            func settings(_ text: String) throws -> AccountSettings {
                try Data(text.utf8).write(to: URL(filePath: path))
                let configuration = try Configuration(flags: [:], environment: ["DRIPLINE_OPENID": path], file: nil)
                try configuration.check()
                return try configuration.accountSettings()
            }
            let good = #"{"hickory":{"issuer":"https://id.example","audience":"dripline","jwks_file":"/keys.json"}}"#
            let providers = try settings(good).openID
            #expect(providers.keys.sorted() == ["hickory"])
            for (text, expected) in [("{", "is not valid JSON"), (#"{"hickory":{}}"#, "/hickory/issuer"), ("[]", "an object of clinics")] {
                let error = #expect(throws: ConfigurationError.self) { try settings(text) }
                let message = error?.description ?? ""
                #expect(message.contains(expected) && message.contains(path), "\(message)")
            }
            #expect(throws: ConfigurationError.self) {
                try Configuration(flags: ["openid": ["/nowhere.json"]], environment: [:], file: nil).check()
            }
        }
    }

    @Test func theDatabaseIsTheStrongestThatIsNamed() throws {
        func place(_ flags: [String: [String]], _ environment: [String: String], _ json: JSON) throws -> String {
            let configuration = try Configuration(flags: flags, environment: environment, file: file(json))
            switch try configuration.location(environment: environment) {
            case .embedded(let directory): return directory
            case .server(let settings): return "\(settings)"
            }
        }
        let pg = ["PGHOST": "pg.example.org", "PGDATABASE": "d", "PGUSER": "u"]
        #expect(try place(["data": ["/flag"]], ["DRIPLINE_DATABASE": "postgres://u@env/d"], ["data": "/file"]) == "/flag")
        #expect(try place([:], ["DRIPLINE_DATA": "/env"], ["database": "postgres://u@file/d"]) == "/env")
        #expect(try place([:], [:], ["data": "/file"]) == "/file")
        #expect(try place([:], pg, ["data": "/file"]).contains("pg.example.org"))
        #expect(try place(["data": ["/flag"]], pg, [:]) == "/flag")
        #expect(throws: ConfigurationError.self) { try place(["data": ["/a"], "database": ["postgres://u@h/d"]], [:], [:]) }
    }

    @Test func everySettingHasAKeyAVariableAndHelp() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.variable)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(setting.help.hasSuffix("."), "\(setting.key)")
            #expect(setting.key.wholeMatch(of: /[a-z]+([._][a-z]+)*/) != nil, "\(setting.key)")
        }
        #expect(Configuration.strangers(in: ["DRIPLINE_LISTNE": "x", "DRIPLINE_LISTEN": "y", "HOME": "z"]) == ["DRIPLINE_LISTNE"])
    }
}
