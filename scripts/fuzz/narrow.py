"""Narrows the served description for a run over the demonstration clinic: narrow.py ADDRESS FILE.

What is right in shape and leads nowhere would be most of what is generated: another clinic has nothing (403), a position far ahead is waited for
(seconds each). What is wrong stays wrong.
"""

import json
import sys
import urllib.request

KNOWN = {
    "clinic": {"enum": ["hickory"]},
    "min_position": {"type": "integer", "enum": [0, 5]},
}

document = json.load(urllib.request.urlopen(sys.argv[1] + "/openapi.json"))
for operations in document["paths"].values():
    for operation in operations.values():
        for parameter in operation.get("parameters", []):
            if parameter["name"] in KNOWN:
                parameter["schema"] = KNOWN[parameter["name"]]
with open(sys.argv[2], "w") as file:
    json.dump(document, file)
