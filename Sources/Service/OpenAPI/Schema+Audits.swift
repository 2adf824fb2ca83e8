import Canonical

extension APISchemas {
    static var audits: [String: JSON] {
        [
            "AuditPoint": .members([
                "position": .integer(1), "root": .digest, "signed_at": .time, "witnesses": .list(.anyText), "url": .anyText,
            ]),
            "AuditPending": .members([
                "status": .choice(["running", "waiting"]), "phase?": .anyText, "done?": .integer(0), "total?": .integer(0),
            ]),
            "Audit": .members([
                "format": .constant("dripline-audit/1"), "command": .anyText, "scope": .anything, "logs": .list(.anything), "intact": .flag,
                "rule_set": .anyText, "policies": .list(.anything), "counts": .anything, "events": .list(.anything),
                "rules": .list(.anything),
                "findings": .list(.anything), "not_judged": .list(.anything), "overrides": .list(.anything),
                "corrections": .list(.anything), "late_entries": .list(.anything), "emergency_accesses": .list(.anything),
                "disclosures": .list(.anything), "erasures": .list(.anything),
            ]),
            "Consistency": .members([
                "origin": .anyText, "from": .integer(1), "from_root": .digest, "to": .integer(1), "to_root": .digest,
                "path": .list(.digest),
            ]),
            "Health": ["type": "object", "properties": ["status": .anyText], "required": ["status"]],
        ]
    }
}
