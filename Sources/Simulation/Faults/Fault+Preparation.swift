import Canonical

extension Fault {
    private static func isFirst(_ course: Course) -> Bool { course.number == 1 && !course.signsAnew }

    private static func firstConsent(_ course: Course, _ year: ClinicYear) -> Draft? {
        year.find("ConsentSigned", on: course.patient.stream).first
    }

    /// P1 to C2: candidacy, fasting, contraindications, consent.
    static var preparation: [Fault] {
        [
            Fault("p1-deferred-overridden", "Deferred that morning, infused by a prescriber's override") { course, _ in
                course.consult(-70, candidacy: "deferred", rationale: "Wait for the blood tests.")
                course.override(course.only("IVInserted"), "candidacy", "Blood tests came back clear by telephone")
                course.consult(course.leave + 20, rationale: "Blood tests clear; the series goes on.")
                return course.overridden("P1")
            },
            Fault("p1-late-deferral", "A deferral before the infusion, charted only after it") { course, _ in
                let deferral = course.consult(-70, candidacy: "deferred", rationale: "Wait for the blood tests.")
                deferral.chartedAt = course.at(course.leave + 30)
                course.consult(course.leave + 60, rationale: "Blood tests clear; the series goes on.")
                return course.fails("P1")
            },
            Fault("p1-empty-screen", "Found to be a candidate without a look at the contraindications") { course, _ in
                course.consult(-70, rationale: "Known here, no change.")["contraindications"] = []
                course.consult(course.leave + 60, rationale: "Screened again; the series goes on.")
                return course.fails("P1")
            },
            Fault("p2-breakfast-overridden", "Toast five hours before, infused by a prescriber's override") { course, _ in
                course.only("PatientArrived")?["last_light_meal_at"] = .time(course.at(-300))
                course.override(course.only("InfusionStarted"), "fasting", "Dry toast only, no reflux")
                return course.overridden("P2")
            },
            Fault("p2-meal-known-later", "A heavy meal that the patient owned up to afterwards") { course, _ in
                guard let arrival = course.only("PatientArrived") else { return [] }
                course.amend(arrival, course.leave + 15, because: "Tells that it was a full breakfast") {
                    $0["last_heavy_meal_at"] = .time(course.at(-330))
                }
                return course.fails("P2")
            },
            Fault("p2-nothing-charted", "Nobody asked when the patient had eaten") { course, _ in
                for key in ["last_clear_liquid_at", "last_light_meal_at", "last_heavy_meal_at"] {
                    course.only("PatientArrived")?[key] = nil
                }
                return course.fails("P2")
            },
            Fault("p3-overridden", "A raised eye pressure, infused by a prescriber's override") { course, _ in
                course.consult(-70, present: "raised_iop", rationale: "Eye pressure found raised; on drops.")
                course.override(course.only("IVInserted"), "contraindication", "Eye doctor agrees to a low dose")
                course.consult(course.leave + 60, rationale: "Eye pressure back to normal.")
                return course.overridden("P3")
            },
            Fault("p3-late-finding", "A contraindication found before the infusion, charted only after it") { course, _ in
                let finding = course.consult(-70, present: "substance_use", rationale: "Tells of a relapse last month.")
                finding.chartedAt = course.at(course.leave + 30)
                course.consult(course.leave + 60, rationale: "Six weeks without; the series goes on.")
                return course.fails("P3")
            },
            Fault(
                "p3-pregnancy-test-amended", "A pregnancy test that was read wrongly",
                where: Fit { $0.only("PreInfusionAssessed")?["pregnancy_test"] != nil }
            ) { course, _ in
                guard let assessment = course.only("PreInfusionAssessed") else { return [] }
                course.amend(assessment, course.leave + 15, because: "Second line faint but there") { $0["pregnancy_test"] = "positive" }
                return course.fails("P3")
            },
            Fault("c1-unsigned-overridden", "No consent signed when the line went in, by a prescriber's override", where: Fit(isFirst)) {
                course, year in
                let missing = firstConsent(course, year)
                year.drop { $0 === missing }
                course.override(course.only("IVInserted"), "consent", "Form not printed; agreed before two witnesses")
                course.sign(course.leave + 8)
                return course.overridden("C1")
            },
            Fault("c1-withdrawn-late", "A withdrawal before the line went in, charted only after the session") { course, _ in
                let withdrawal = course.add(
                    "ConsentWithdrawn", -50, on: course.patient.stream, ["reason": "Called to say no", "taken_by": .string(course.nurse)])
                withdrawal.chartedAt = course.at(course.leave + 40)
                course.sign(course.leave + 50)
                return course.fails("C1")
            },
            Fault("c1-consent-voided", "The consent was another patient's, and is voided", where: Fit(isFirst)) { course, year in
                guard let consent = firstConsent(course, year) else { return [] }
                course.void(consent, course.leave + 40, because: "Signed by somebody else of that name")
                course.sign(course.leave + 50)
                return course.fails("C1")
            },
            Fault("c2-other-text", "What was signed is not the published text", where: Fit(isFirst)) { course, year in
                guard let consent = firstConsent(course, year) else { return [] }
                course.amend(consent, course.leave + 40, because: "The paper that was signed is a draft") {
                    $0["form_digest"] = .string(String(repeating: "0f", count: 32))
                }
                course.sign(course.leave + 50)
                return course.fails("C2")
            },
            Fault("c2-unpublished-version", "What was signed is a version that never was published", where: Fit(isFirst)) { course, year in
                guard let consent = firstConsent(course, year) else { return [] }
                course.amend(consent, course.leave + 40, because: "The paper that was signed is of the trial phase") {
                    $0["form_version"] = "v0"
                }
                course.sign(course.leave + 50)
                return course.fails("C1", "C2")
            },
        ]
    }
}
