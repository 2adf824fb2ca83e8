import Canonical
import Projections

extension APISchemas {
    /// Verdicts, and rows of the views for reports that have paths of their own.
    static var reports: [String: JSON] {
        [
            "Verdict": .members([
                "clinic": .anyText, "stream": .anyText, "rule": .anyText, "rule_set": .anyText,
                "verdict": .choice(Verdict.allCases.map(\.rawValue)),
                "sentence": .anyText, "policy_version": .anyText, "deciding": .list(.ref("DecidingEvent")), "patient?": .uuid,
                "session?": .integer(1), "session_at?": .time, "decided_at?": .time, "title?": .anyText, "citation?": .anyText,
            ]),
            "DecidingEvent": .members([
                "event": .uuid, "position": .integer(1), "stream": .ref("StreamName"), "type": .anyText, "actor": .anyText,
                "occurred_at": .time,
            ]),
            "RuleSet": .members(["version": .anyText, "rules": .list(.ref("Rule"))]),
            "Rule": .members([
                "id": .anyText, "title": .anyText, "citation": .anyText, "needs": .anyText, "judges": .list(.anyText),
                "policy_values": .list(.anyText),
                "verdicts": .list(.choice(Verdict.allCases.map(\.rawValue))),
            ]),
            "Report": .members([
                "name": .anyText, "comment": .anyText, "period?": .anyText,
                "columns": .list(.members(["name": .anyText, "type": .anyText, "comment": .anyText])),
            ]),
            "DrugVial": .row([
                "clinic": .anyText, "vial": .uuid, "drug": .anyText, "form": .anyText, "lot": .anyText, "ndc": .anyText,
                "concentration_mg_per_ml": .decimal,
                "volume_ml": .decimal, "expires_on": .day, "supplier": .anyText, "invoice": .anyText, "received_at": .time,
                "received_by": .anyText,
                "received_mg": .decimal, "dispensed_mg": .decimal, "given_mg": .decimal, "wasted_mg": .decimal, "returned_mg": .decimal,
                "lost_mg": .decimal, "expected_mg": .decimal, "counted_mg": .decimal, "counted_at": .time, "counted_by": .anyText,
                "at_chair_mg": .decimal, "reported_later_mg": .decimal, "unexplained_mg": .decimal, "sessions": .decimal, "in_use": .flag,
                "last_moved_at": .time,
            ]),
            "DrugMovement": .row([
                "clinic": .anyText, "vial": .uuid, "event": .uuid, "position": .integer(1),
                "kind": .choice(["received", "dispensed", "given", "wasted", "returned", "lost", "counted"]), "moved_at": .time,
                "amount_mg": .decimal, "in_mg": .decimal, "out_mg": .decimal, "balance_mg": .decimal, "unexplained_mg": .decimal,
                "actor": .anyText,
                "witness": .anyText, "session": .uuid, "source": .anyText,
            ]),
            "OutcomeSession": .row([
                "clinic": .anyText, "patient": .uuid, "session": .uuid, "plan": .uuid, "number": .decimal, "session_at": .time,
                "pain_before": .decimal, "pain_before_source": .anyText, "pain_after": .decimal, "pain_after_source": .anyText,
                "relief_percent": .decimal, "responder": .flag, "done": .flag, "given_mg": .decimal, "weight_kg": .decimal,
                "given_mg_per_kg": .decimal,
            ]),
            "OutcomeBurden": .row([
                "clinic": .anyText, "patient": .uuid, "event": .uuid, "charted_at": .time, "source": .anyText, "session": .uuid,
                "days_after": .decimal, "pain_nrs": .decimal, "relief_percent": .decimal, "headache_days": .decimal,
                "migraine_days": .decimal,
                "midas": .decimal, "midas_grade": .anyText, "hit6": .decimal, "hit6_band": .anyText,
            ]),
            "OutcomeSeries": .row([
                "clinic": .anyText, "patient": .uuid, "plan": .uuid, "planned_at": .time, "sessions_planned": .decimal,
                "sessions_done": .decimal,
                "first_session_at": .time, "last_session_at": .time, "mean_relief_percent": .decimal, "headache_days_before": .decimal,
                "headache_days_after": .decimal, "fewer_headache_days_percent": .decimal, "migraine_days_before": .decimal,
                "migraine_days_after": .decimal, "midas_before": .decimal, "midas_before_grade": .anyText, "midas_after": .decimal,
                "midas_after_grade": .anyText, "hit6_before": .decimal, "hit6_before_band": .anyText, "hit6_after": .decimal,
                "hit6_after_band": .anyText, "responder": .flag, "pain_trend": .decimal, "relief_trend": .decimal,
            ]),
            "Visit": .row([
                "clinic": .anyText, "at": .time, "session": .uuid, "patient": .uuid, "number": .decimal, "chair": .anyText,
                "state": .anyText,
                "scheduled_at": .time, "duration_min": .decimal, "bookings": .decimal, "arrived_at": .time, "arrival_late_min": .decimal,
                "wait_min": .decimal, "start_late_min": .decimal, "infusion_min": .decimal, "recovery_min": .decimal, "stay_min": .decimal,
            ]),
            "Access": .members([
                "event": .uuid, "position": .integer(1), "at": .time, "actor": .anyText, "type": .anyText, "patient?": .uuid,
                "resource?": .anyText, "purpose?": .anyText, "detail?": .anyText, "recipient?": .anyText, "recipient_address?": .anyText,
                "description?": .anyText, "voided?": .flag,
            ]),
            "BreakGlass": .members([
                "invocation": .uuid, "stream": .ref("StreamName"), "position": .integer(1), "at": .time, "actor": .anyText,
                "patient": .uuid, "reason": .anyText, "by_another?": .flag, "reviewed_at?": .time, "reviewer?": .anyText,
                "outcome?": .anyText, "note?": .anyText, "voided?": .flag,
            ]),
        ]
    }
}
