import Canonical
import Crypto
import Foundation

/// What the clinic lays down for itself: its policies and the versions of its consent form.
struct House {
    static let form = "ketamine-infusion"

    /// The text of a version. What is signed is its digest.
    static func text(version: Int, _ setting: Setting) -> String {
        let common = """
            Consent to ketamine infusion at the clinic of \(setting.city)

            I have been told what ketamine is, that its use for migraine is off label, and what else could be done for me. I know that I may feel
            detached, dizzy or sick during the infusion, and that my blood pressure and heart rate may rise. An adult will take me home, and I will
            not drive until the next day. I may withdraw this consent at any time, also while the infusion runs.

            """
        return version == 1 ? common : common + "New in this version: I will stay until the clinic finds me ready to go.\n"
    }

    static func digest(version: Int, _ setting: Setting) -> String {
        Hex.encode(Array(SHA256.hash(data: Data(text(version: version, setting).utf8))))
    }

    static func versionName(_ version: Int) -> String { "v\(version)" }

    static func chart(_ setting: Setting, _ staff: Staff, _ log: ClinicLog) {
        var chance = setting.chance("house")
        let author = staff.compliance.handle
        let first: [String: JSON] = [
            "version": "p1", "effective_at": .time(setting.time(day: 0, minute: 400)), "vitals_gap_min": .whole(setting.vitalsGapMin),
            "recovery_min": .whole(setting.recoveryMin(day: 0)), "recovery_score_min": 9, "late_entry_h": 24,
        ]
        let second: [String: JSON] = [
            "version": "p2", "effective_at": .time(setting.time(day: setting.newPolicyInForceDay, minute: 0)),
            "recovery_min": .whole(setting.recoveryMin(day: setting.newPolicyInForceDay)),
        ]
        func published(_ version: Int) -> [String: JSON] {
            ["form": .string(form), "version": .string(versionName(version)), "text": .string(text(version: version, setting))]
        }
        let events = [
            log.draft("PolicyAdopted", on: "clinic", by: author, at: setting.time(day: 0, minute: 390), first),
            log.draft("ConsentFormPublished", on: "clinic", by: author, at: setting.time(day: 0, minute: 395), published(1)),
            // After the last patient has left.
            log.draft(
                "ConsentFormPublished", on: "clinic", by: author, at: setting.time(day: setting.newFormDay, minute: 1120), published(2)),
            log.draft("PolicyAdopted", on: "clinic", by: author, at: setting.time(day: setting.newPolicyDay, minute: 1130), second),
        ]
        log.chart(events, &chance)
    }
}
