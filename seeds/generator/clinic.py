"""The clinic itself: staff, policies and the versions of the consent form."""

import hashlib

from log import Event, Noise, local

ADMINISTRATOR, COMPLIANCE = "o.finch", "v.heather"

# (enrolled, handle, name, roles, licence, licence expires, ACLS expires)
STAFF = [
    ("2026-01-12 08:30", "o.finch", "Odalys Finch", ["administrator"], None, None, None),
    ("2026-01-12 08:41", "v.heather", "Violet Heather", ["compliance"], None, None, None),
    ("2026-01-12 08:44", "r.fennel", "Rufus Fennel", ["reporting"], None, None, None),
    ("2026-01-12 08:50", "a.thorne", "Ambrose Thorne, MD", ["prescriber"], "EX-MD-000117", "2028-06-30", "2027-09-30"),
    ("2026-01-12 08:53", "p.larkspur", "Priya Larkspur, MD", ["prescriber"], "EX-MD-000204", "2027-12-31", "2027-04-30"),
    ("2026-01-12 08:57", "m.sorrel", "Magnolia Sorrel, RN", ["nurse"], "EX-RN-004410", "2027-03-31", "2027-02-28"),
    ("2026-01-12 09:02", "j.bracken", "Jory Bracken, RN", ["nurse"], "EX-RN-004587", "2027-10-31", "2026-12-31"),
    ("2026-01-12 09:05", "d.clover", "Desmond Clover", ["front_desk"], None, None, None),
    ("2026-06-01 08:15", "t.yarrow", "Tansy Yarrow-Østergård, NP", ["nurse", "prescriber"], "EX-NP-000933", "2028-01-31", "2028-05-31"),
    ("2026-06-01 08:19", "h.linden", "Hollis Linden", ["front_desk"], None, None, None),
    ("2026-08-03 08:20", "w.teasel", "Wilhelmina Teasel, RN", ["nurse"], "EX-RN-004702", "2027-08-31", "2026-09-15"),
    # Enrolled anew: her renewed ACLS card came a week after the old one had run out.
    ("2026-09-22 08:10", "w.teasel", "Wilhelmina Teasel, RN", ["nurse"], "EX-RN-004702", "2027-08-31", "2028-09-30"),
]
# (when, handle, reason)
REVOKED = [("2026-10-05 17:05", "r.fennel", "Left the clinic")]

FORM = "ketamine-infusion"
TEXT_1 = """Consent to ketamine infusion for chronic migraine

I have been told what ketamine is, that its use for migraine is off label, and what else could be done for me.
I know that during the infusion I may feel detached, dizzy, sleepy or sick, that my blood pressure and heart rate
may rise, and that rarely there are severe effects. I will be watched closely all the time.
I will not drive, sign contracts or look after others alone until the next day. An adult will take me home.
I may withdraw this consent at any time, also while the infusion runs.
"""
TEXT_2 = TEXT_1 + """
New in this version: I know that I will stay after the infusion has stopped until the clinic finds me ready to go,
and that I may be asked about my bladder and my liver before each infusion of a series.
"""
# (published, version, text)
FORMS = [("2026-01-12 10:20", "2026-1", TEXT_1), ("2026-07-15 16:30", "2026-2", TEXT_2)]

# (adopted, effective, version, values)
POLICIES = [
    ("2026-01-12 10:05", "2026-01-15 00:00", "2026-1",
     {"vitals_gap_min": 5, "recovery_min": 30, "recovery_score_min": 9, "late_entry_h": 24}),
    ("2026-08-20 16:10", "2026-09-01 00:00", "2026-2", {"recovery_min": 45}),
]


def form_at(time):
    """The newest (version, digest) of the consent form published by a time."""
    version, text = [(version, text) for published, version, text in FORMS if local(published) <= time][-1]
    return version, hashlib.sha256(text.encode()).hexdigest()


def write(log):
    enrolments = {}
    for enrolled, handle, name, roles, licence, licence_expires, acls_expires in STAFF:
        data = {"staff": handle, "name": name, "roles": roles}
        if licence:
            data |= {"licence": licence, "licence_expires_on": licence_expires}
        if acls_expires:
            data["acls_expires_on"] = acls_expires
        enrolments[handle, enrolled] = Event("clinic", ADMINISTRATOR, "StaffEnrolled", local(enrolled), data)
    events = list(enrolments.values())
    for revoked, handle, reason in REVOKED:
        events.append(Event("clinic", ADMINISTRATOR, "StaffRevoked", local(revoked), {"staff": handle, "reason": reason}))
    for published, version, text in FORMS:
        data = {"form": FORM, "version": version, "text": text}
        events.append(Event("clinic", COMPLIANCE, "ConsentFormPublished", local(published), data))
    for adopted, effective, version, values in POLICIES:
        data = {"version": version, "effective_at": local(effective).isoformat(), **values}
        events.append(Event("clinic", COMPLIANCE, "PolicyAdopted", local(adopted), data))
    # A correction on the clinic's own stream, by someone allowed to: A2 passes there.
    wrong = enrolments["j.bracken", "2026-01-12 09:02"]
    correction = {"target": wrong, "reason": "Renewed ACLS card was on file", "data": wrong.data | {"acls_expires_on": "2027-12-31"}}
    events.append(Event("clinic", ADMINISTRATOR, "EventAmended", local("2026-01-20 11:45"), correction))
    log.chart(events, Noise("clinic"))
