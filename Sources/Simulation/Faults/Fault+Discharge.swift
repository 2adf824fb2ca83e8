import Canonical

extension Fault {
    /// X1 to X6. X4 cannot be planted: a discharge without the version of its instructions cannot be charted.
    static var discharge: [Fault] {
        [
            Fault("x1-score-overridden", "Left with a score of 8, by a prescriber's override") { course, _ in
                setScore(of: course.find("RecoveryScored").last, consciousness: 1, oxygen: 1)
                course.override(course.only("Discharged"), "score", "Leaves at own wish; told what to watch for")
                return course.overridden("X1")
            },
            Fault("x1-score-voided", "The score that let the patient go is voided; the one before it was 8 at most") { course, _ in
                let scores = course.find("RecoveryScored")
                setScore(of: scores.first, consciousness: 1, oxygen: 1)
                if let last = scores.last { course.void(last, course.leave + 25, because: "Score of the patient in the next chair") }
                return course.fails("X1")
            },
            Fault("x1-score-amended", "The score that let the patient go was added up from somebody else's items") { course, _ in
                guard let last = course.find("RecoveryScored").last else { return [] }
                course.amend(last, course.leave + 25, because: "Circulation and oxygen were 1") {
                    $0["items"] = ["activity": 2, "respiration": 2, "circulation": 1, "consciousness": 2, "oxygen": 1]
                    $0["total"] = 8
                }
                return course.fails("X1")
            },
            Fault("x2-order-overridden", "Left before an order was charted, by a prescriber's override") { course, _ in
                course.drop { $0.type == "DischargeOrdered" }
                course.override(course.only("Discharged"), "order", "Ordered by word of mouth; this is the entry")
                return course.overridden("X2")
            },
            Fault("x2-order-voided", "The order was meant for somebody else, and is voided") { course, _ in
                if let order = course.only("DischargeOrdered") {
                    course.void(order, course.leave + 25, because: "Meant for the patient in the next chair")
                }
                return course.fails("X2")
            },
            Fault("x3-driver-overridden", "No driver at release, by a prescriber's override") { course, _ in
                course.drop { $0.type == "DriverConfirmed" && $0["stage"] == "release" }
                course.only("Discharged")?["released_to"] = nil
                course.override(course.only("Discharged"), "driver", "Transport with an attendant booked instead")
                return course.overridden("X3")
            },
            Fault("x3-driver-no-adult", "The driver turned out to be sixteen") { course, _ in
                guard let driver = course.find("DriverConfirmed", where: { $0["stage"] == "release" }).last else { return [] }
                course.amend(driver, course.leave + 25, by: course.desk, because: "Born later than was said") { $0["adult"] = false }
                return course.fails("X3")
            },
            Fault("x5-early-overridden", "Left eight minutes early, by a prescriber's override") { course, _ in
                hasten(course, by: 8)
                course.override(course.only("Discharged"), "recovery_time", "Fully awake, the last bus leaves")
                return course.overridden("X5")
            },
            Fault(
                "x5-stop-corrected", "The stop had been charted nine minutes too early; by the pump's log the patient left too soon",
                where: Fit { course in
                    course.events.allSatisfy {
                        !["DoseAdjusted", "BolusGiven"].contains($0.type) || course.minute(of: $0) < course.stop - 12
                    }
                }
            ) { course, _ in
                hasten(course, by: 5)
                guard let stop = course.only("InfusionStopped") else { return [] }
                let wrong = course.add("InfusionStopped", course.stop - 9, stop.data)
                wrong.chartedAt = course.at(course.stop, 40)
                course.void(wrong, course.leave + 20, because: "By the pump's log it ran nine minutes longer")
                stop.chartedAt = course.at(course.leave + 24)
                return course.fails("X5")
            },
            Fault("x6-line-overridden", "Left with the line in, by a prescriber's override") { course, _ in
                course.drop { $0.type == "IVRemoved" }
                course.override(course.only("Discharged"), "iv_in", "Goes over to the hospital for a scan with contrast")
                return course.overridden("X6")
            },
            Fault("x6-effect-overridden", "Left with a severe headache, by a prescriber's override") { course, _ in
                headache(course)
                course.override(course.only("Discharged"), "side_effect_open", "The usual attack; sister stays overnight")
                return course.overridden("X6")
            },
            Fault("x6-effect-late", "A severe headache at the door, charted only afterwards") { course, _ in
                headache(course).chartedAt = course.at(course.leave + 70)
                return course.fails("X6")
            },
            Fault("x6-pressure", "Left with a pressure a third above the baseline") { course, _ in
                let baseline = course.find("VitalsRecorded") { $0["phase"] == "baseline" }.last
                for reading in course.find("VitalsRecorded") where reading["phase"] == "discharge" {
                    for key in Course.pressure { reading[key] = .whole((baseline?[key]?.thousandths ?? 0) * 133 / 100_000) }
                }
                return course.fails("X6")
            },
        ]
    }

    private static func setScore(of score: Draft?, consciousness: Int, oxygen: Int) {
        score?["items"] = [
            "activity": 2, "respiration": 2, "circulation": 2, "consciousness": .whole(consciousness), "oxygen": .whole(oxygen),
        ]
        score?["total"] = .whole(6 + consciousness + oxygen)
    }

    @discardableResult
    private static func headache(_ course: Course) -> Draft {
        let data: [String: JSON] = ["effect": "headache", "grade": 3, "relatedness": "possible", "action": "none"]
        return course.add("SideEffectObserved", course.leave - 4, data)
    }

    /// Moves the end of the stay so that the patient leaves so many minutes sooner than the policy asks for.
    private static func hasten(_ course: Course, by early: Int) {
        let leave = course.stop + course.setting.recoveryMin(day: course.slot.day) - early
        let delta = course.leave - leave
        let last = course.leave - 12
        course.drop { $0["phase"] == "recovery" && course.minute(of: $0) > leave - 8 }
        for event in course.events {
            let minute = course.minute(of: event)
            if minute >= last {
                event.at = event.at.adding(minutes: Int64(-delta))
            } else if event.type == "SideEffectResolved", minute > leave - 13 {
                event.at = course.at(leave - 13, 55)
            }
        }
        course.leave = leave
    }
}
