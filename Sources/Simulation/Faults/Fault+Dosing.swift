import Canonical

extension Fault {
    /// Micrograms that were given more than at first, in the totals that depend on them.
    private static func give(_ more: Int, _ course: Course) {
        let stop = course.only("InfusionStopped")
        for key in ["total_mg", "total_ml"] { stop?[key] = .thousandths((stop?[key]?.thousandths ?? 0) + more) }
        let wasted = course.only("DrugWasted")
        wasted?["amount_mg"] = .thousandths((wasted?["amount_mg"]?.thousandths ?? 0) - more)
    }

    private static func hasRoom(_ course: Course, _ more: Int) -> Bool {
        course.given + more < (Patient.maxDose - 2) * course.weight && course.given + more < course.drawn - 2_000
    }

    /// D1.
    static var dosing: [Fault] {
        [
            Fault(
                "d1-bolus-overridden", "A bolus that the plan doesn't allow, by a prescriber's override",
                where: Fit { $0.patient.bolusMax == nil && hasRoom($0, 5 * $0.weight) && ($0.rates.last?.rate ?? 0) > 0 }
            ) { course, _ in
                let bolus: [String: JSON] = [
                    "dose_mg": .thousandths(5 * course.weight), "over_min": 2, "reason": "No relief yet",
                    "ordered_by": .string(course.prescriber),
                ]
                course.override(
                    course.add("BolusGiven", course.stop - 12, 50, bolus), "dose", "No relief at the plan's limit; under direct watch")
                give(5 * course.weight, course)
                return course.overridden("D1")
            },
            Fault(
                "d1-rate-overridden", "A rate above the plan's, by a prescriber's override",
                where: Fit { course in
                    hasRoom(course, 8 * course.weight) && (course.rates.last?.rate ?? 0) >= 30
                        && (course.rates.last?.second ?? 0) < (course.stop - 12) * 60 && !course.isStoppedEarly
                }
            ) { course, _ in
                let (before, rate) = (course.given, course.rates.last?.rate ?? 0)
                let data: [String: JSON] = [
                    "from_rate_mg_per_h": .thousandths(rate * course.weight), "to_rate_mg_per_h": .thousandths(55 * course.weight),
                    "reason": "titration", "ordered_by": .string(course.prescriber),
                ]
                course.override(
                    course.add("DoseAdjusted", course.stop - 11, 20, data), "dose",
                    "No relief and no effects; short trial under direct watch")
                course.rates.append(((course.stop - 11) * 60 + 20, 55))
                give(course.given - before, course)
                return course.overridden("D1")
            },
            Fault(
                "d1-weight-amended", "The scales had been wrong: by the right weight the rate was above the plan's",
                where: Fit { ($0.rates.map(\.rate).max() ?? 0) >= 30 }
            ) { course, _ in
                guard let arrival = course.only("PatientArrived") else { return [] }
                let right = course.weight * (course.rates.map(\.rate).max() ?? 0) / 60
                course.amend(arrival, course.leave + 15, because: "The scales were not at zero; weighed again") {
                    $0["weight_kg"] = .thousandths(right * 100)
                }
                return course.fails("D1")
            },
        ]
    }

    /// D2 to D4: on the stream of the vial that the session was given from.
    static var drugs: [Fault] {
        [
            Fault("d2-wrong-patient", "The drug was dispensed in another patient's name") { course, year in
                guard let dispensed = course.only("DrugDispensed"),
                    let other = year.journeys.first(where: { $0.patient.id != course.patient.id })?.patient
                else { return [] }
                dispensed["patient"] = .string(course.patient.id)
                course.amend(dispensed, course.leave + 15, because: "As the cabinet's sheet has it") { $0["patient"] = .string(other.id) }
                return course.vialFails("D2")
            },
            Fault("d2-not-dispensed", "Infused from a vial that nothing was dispensed from") { course, _ in
                course.drop { $0.type == "DrugDispensed" }
                return course.vialFails("D2")
            },
            Fault("d3-waste-short", "Six milligrams of what was left are nowhere") { course, _ in
                let wasted = course.only("DrugWasted")
                wasted?["amount_mg"] = .thousandths((wasted?["amount_mg"]?.thousandths ?? 0) - 6_000)
                return course.vialFails("D3") + course.vialFails("D4")
            },
            Fault("d3-total-off", "The total charted at the stop is not that of the charted rate") { course, _ in
                let stop = course.only("InfusionStopped")
                stop?["total_mg"] = .thousandths((stop?["total_mg"]?.thousandths ?? 0) * 106 / 100)
                return course.vialFails("D3")
            },
            Fault("d3-count-off", "The count finds eight milligrams that should not be there", where: Fit { $0.setting.usesSingleDoses }) {
                course, _ in
                course.find("VialCounted").last?["on_hand_mg"] = 8
                return course.vialFails("D3")
            },
            Fault("d4-no-witness", "Wasted without a witness") { course, _ in
                course.only("DrugWasted")?["witness"] = nil
                return course.vialFails("D4")
            },
            Fault("d4-own-witness", "Wasted with nobody but the waster as a witness") { course, _ in
                let wasted = course.only("DrugWasted")
                wasted?["witness"] = .string(wasted?.actor ?? "")
                return course.vialFails("D4")
            },
            Fault("d4-next-day", "Left over, and wasted only on the next day", where: Fit { $0.setting.usesSingleDoses }) { course, _ in
                if let wasted = course.only("DrugWasted") { wasted.at = wasted.at.adding(days: 1) }
                return course.vialFails("D4")
            },
        ]
    }
}
