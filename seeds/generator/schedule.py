"""Every session of the clinic's first season: when, how fast, how long, what was felt."""

from course import LEFT_AC, RIGHT_AC, Session

LEFT_ARM, RIGHT_ARM = ("forearm", "left", 22, 1), ("forearm", "right", 22, 1)
LEFT_UPPER, RIGHT_WRIST = ("upper_arm", "left", 18, 2), ("wrist", "right", 22, 2)
RIGHT_HAND, LEFT_HAND = ("hand", "right", 24, 1), ("hand", "left", 22, 3)

START, UP, DOWN, PAUSE, RESUME = None, "titration", "side_effect", "pause", "resume"

# Programs: minute, hundredths of mg/kg/h, why.
GENTLE = ((0, 20, START), (15, 25, UP), (30, 30, UP), (60, 25, UP))
STANDARD = ((0, 25, START), (20, 30, UP), (40, 35, UP), (75, 30, UP))
HIGHER = ((0, 30, START), (20, 35, UP), (40, 40, UP), (60, 45, UP), (80, 35, DOWN))
LOWERED = ((0, 25, START), (15, 35, UP), (35, 40, UP), (45, 30, DOWN))
PAUSED = ((0, 25, START), (20, 35, UP), (40, 0, PAUSE), (50, 20, RESUME), (65, 25, UP))
FLAT = ((0, 30, START), (45, 35, UP))
PRESSURE = ((0, 30, START), (20, 40, UP), (40, 30, "vitals"), (60, 25, "patient_request"))

# What is felt at such doses: effect, minute, grade, relatedness, action, minute resolved.
DRIFTING = (("dissociation", 43, 1, "definite", "none", 97),)
SPINNING = (("dizziness", 33, 1, "probable", "none", 78), ("nystagmus", 51, 1, "definite", "none", 96))
QUEASY = (("nausea", 42, 2, "probable", "slowed", 68),)
DREAMING = (("dissociation", 37, 2, "definite", "paused", 63), ("blurred_vision", 38, 1, "probable", "none", 71))
RACING = (("hypertension", 38, 1, "definite", "slowed", 66), ("drowsiness", 57, 1, "probable", "none", 104))
STRONG = (("paraesthesia", 69, 1, "possible", "none", 99), ("dissociation", 78, 2, "definite", "slowed", 108))

BRACKEN, YARROW = "j.bracken", "t.yarrow"

SESSIONS = [
    Session("ashdown-1", "2026-02-10 09:45", GENTLE, 90, (7, 4)),
    Session("ashdown-2", "2026-02-24 09:45", STANDARD, 90, (7, 4), RIGHT_AC, effects=SPINNING),
    Session("ashdown-3", "2026-03-10 09:40", STANDARD, 95, (6, 3), LEFT_ARM, BRACKEN, device=True, effects=DRIFTING),
    Session("ashdown-4", "2026-03-24 09:45", HIGHER, 100, (6, 2), RIGHT_AC, effects=STRONG, cadence=4),
    Session("ashdown-5", "2026-04-07 10:00", HIGHER, 100, (5, 1), LEFT_AC, BRACKEN, device=True, effects=STRONG),
    Session("ashdown-6", "2026-04-21 09:45", STANDARD, 90, (4, 1), RIGHT_ARM, effects=DRIFTING),

    Session("marchbanks-1", "2026-02-12 13:15", GENTLE, 90, (8, 7), RIGHT_AC, BRACKEN),
    Session("marchbanks-2", "2026-02-26 13:10", STANDARD, 100, (7, 7), LEFT_UPPER, BRACKEN, device=True, effects=SPINNING),
    Session("marchbanks-3", "2026-03-12 13:15", HIGHER, 100, (8, 6), RIGHT_AC, bolus=8, effects=STRONG, cadence=4),
    Session("marchbanks-4", "2026-03-26 13:20", LOWERED, 95, (7, 7), LEFT_AC, BRACKEN, bolus=10, effects=QUEASY),
    Session("marchbanks-5", "2026-04-09 13:15", HIGHER, 100, (8, 7), RIGHT_WRIST, device=True, effects=STRONG),

    Session("quillfeather-1", "2026-03-11 10:15", GENTLE, 90, (6, 4), LEFT_AC, BRACKEN),
    Session("quillfeather-2", "2026-03-25 10:15", PAUSED, 95, (6, 5), RIGHT_ARM, effects=DREAMING, device=True),
    Session("quillfeather-3", "2026-04-08 10:20", LOWERED[:2], 47, (6, 5), LEFT_AC, BRACKEN, stop="patient_request", recovery=36,
            effects=(("anxiety", 31, 2, "probable", "none", 69),)),

    Session("sliwinska-1", "2026-03-23 14:00", GENTLE, 90, (7, 5), RIGHT_HAND, device=True, probe_off=(40, 45)),
    Session("sliwinska-2", "2026-04-06 14:00", STANDARD, 90, (6, 5), LEFT_ARM, BRACKEN, effects=QUEASY),

    Session("birkelund-1", "2026-04-22 09:50", GENTLE, 90, (7, 5), LEFT_AC, cadence=4, effects=SPINNING),
    Session("birkelund-2", "2026-05-06 09:50", ((0, 30, START), (15, 40, UP), (30, 45, UP)), 39, (7, 6), RIGHT_AC, cadence=3, recovery=95,
            stop="adverse_event", surges=((41, 12, 0.14),),
            effects=(("hallucination", 35, 2, "definite", "none", 72), ("agitation", 38, 3, "definite", "stopped", 83))),

    Session("mopani-1", "2026-05-04 13:00", GENTLE, 90, (7, 5), LEFT_AC, BRACKEN),
    Session("mopani-2", "2026-05-18 13:00", ((0, 25, START), (20, 30, UP), (40, 0, PAUSE), (50, 30, RESUME)), 90, (6, 4), LEFT_ARM, BRACKEN,
            effects=(("iv_site_reaction", 39, 1, "unrelated", "paused", 85),)),
    Session("mopani-3", "2026-06-01 13:00", STANDARD, 90, (5, 3), RIGHT_AC, effects=DRIFTING, device=True),
    Session("mopani-4", "2026-06-15 10:30", STANDARD, 90, (6, 3), LEFT_HAND, YARROW, effects=SPINNING, walk_in=True),

    Session("nguyen-1", "2026-05-12 13:30", GENTLE, 80, (8, 6), LEFT_HAND),
    Session("nguyen-2", "2026-05-26 13:30", STANDARD, 90, (7, 5), RIGHT_AC, BRACKEN, effects=SPINNING),
    Session("nguyen-3", "2026-06-09 13:30", STANDARD, 90, (7, 4), LEFT_AC, effects=DRIFTING, device=True),
    Session("nguyen-4", "2026-06-23 13:30", LOWERED, 80, (6, 4), RIGHT_HAND, YARROW, cadence=4, effects=QUEASY),
    Session("nguyen-5", "2026-07-21 13:30", GENTLE, 80, (5, 3), LEFT_AC),

    Session("elmsworth-1", "2026-05-28 10:00", GENTLE, 90, (8, 6), RIGHT_AC),
    Session("elmsworth-2", "2026-06-11 10:00", PRESSURE, 90, (7, 5), LEFT_AC, YARROW, effects=RACING, recovery=55),
    Session("elmsworth-3", "2026-06-25 10:00", GENTLE, 90, (7, 5), RIGHT_ARM, BRACKEN, device=True),
    Session("elmsworth-4", "2026-07-09 10:00", PRESSURE, 90, (6, 4), LEFT_UPPER, effects=RACING),
    Session("elmsworth-5", "2026-07-23 10:00", GENTLE, 90, (6, 4), RIGHT_AC, BRACKEN, device=True),

    Session("ahuehuete-1", "2026-06-16 09:30", GENTLE, 90, (7, 6), LEFT_AC, bolus=5),
    Session("ahuehuete-2", "2026-06-30 09:30", ((0, 30, START), (20, 40, UP), (40, 55, UP), (60, 40, UP)), 90, (8, 4), RIGHT_AC, YARROW,
            bolus=10, effects=STRONG),
    Session("ahuehuete-3", "2026-07-14 09:30", STANDARD, 90, (6, 4), LEFT_ARM, BRACKEN, effects=DRIFTING),
    Session("ahuehuete-4", "2026-07-28 09:30", GENTLE, 90, (6, 6), RIGHT_AC, strain=(58, 30)),
    Session("ahuehuete-5", "2026-08-11 09:30", FLAT, 90, (6, 3), RIGHT_AC, push=(30, 10), device=True, effects=SPINNING),

    Session("cedarholm-1", "2026-07-08 13:00", GENTLE, 90, (6, 4), LEFT_AC, YARROW),
    Session("cedarholm-2", "2026-07-16 13:00", STANDARD, 90, (6, 4), RIGHT_ARM, effects=DRIFTING),
    Session("cedarholm-3", "2026-08-05 13:00", PAUSED, 90, (5, 3), LEFT_AC, BRACKEN, effects=DREAMING),
    Session("cedarholm-4", "2026-08-19 13:00", STANDARD, 90, (4, 2), RIGHT_AC, device=True),

    Session("tamarack-1", "2026-07-27 14:00", GENTLE, 80, (7, 5), LEFT_AC, recovery=22),
    Session("tamarack-2", "2026-08-10 14:00", STANDARD, 90, (7, 5), RIGHT_HAND, BRACKEN, effects=SPINNING),
    Session("tamarack-3", "2026-08-31 14:00", STANDARD, 90, (6, 4), LEFT_AC, device=True, effects=DRIFTING),
    Session("tamarack-4", "2026-09-14 14:00", STANDARD, 90, (6, 4), RIGHT_AC, effects=DRIFTING),
    Session("tamarack-5", "2026-09-28 14:00", LOWERED, 85, (5, 3), LEFT_ARM, YARROW, cadence=4, effects=QUEASY, recovery=52),

    Session("banksia-1", "2026-08-20 10:00", GENTLE, 90, (7, 5), RIGHT_AC, YARROW),
    Session("banksia-2", "2026-09-03 10:00", STANDARD, 90, (6, 4), LEFT_AC, BRACKEN, effects=SPINNING, recovery=50),
    Session("banksia-3", "2026-09-17 10:00", FLAT, 90, (5, 3), RIGHT_WRIST, "w.teasel", device=True, recovery=49),

    Session("rowan-1", "2026-09-18 09:30", GENTLE, 90, (7, 5), LEFT_AC, YARROW, recovery=51),
    Session("rowan-2", "2026-10-02 09:30", STANDARD, 90, (7, 4), RIGHT_AC, effects=DRIFTING, recovery=50),
    Session("rowan-3", "2026-10-16 09:30", HIGHER, 100, (6, 3), LEFT_ARM, BRACKEN, device=True, effects=STRONG, recovery=53),
    Session("rowan-4", "2026-10-30 13:00", HIGHER, 100, (5, 2), RIGHT_AC, effects=STRONG, recovery=48, cadence=4, chair="2"),
    Session("rowan-5", "2026-11-13 13:30", STANDARD, 90, (4, 2), LEFT_AC, YARROW, effects=DRIFTING, recovery=50),

    Session("kauri-1", "2026-10-30 12:30", GENTLE, 90, (7, 5), RIGHT_AC, BRACKEN, recovery=50),
    Session("kauri-2", "2026-11-13 12:20", STANDARD, 85, (6, 4), LEFT_UPPER, BRACKEN, effects=SPINNING, recovery=50, chair="2"),

    Session("whitethorn-1", "2026-11-13 14:35", GENTLE, 90, (7, 5), RIGHT_ARM, YARROW, recovery=50, chair="3"),
]
