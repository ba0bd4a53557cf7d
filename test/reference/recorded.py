"""Holds a request that the application's SDK has sent to CreateInvalidation against the one that botocore writes for the same
input, and the input against the call's description. Prints what differs.
"""

import json
import sys
import xml.etree.ElementTree

import botocore.serialize
import botocore.session
import botocore.validate

with open(sys.argv[1]) as file:
    recorded = json.load(file)
model = botocore.session.get_session().get_service_model("cloudfront")
operation = model.operation_model("CreateInvalidation")
problems = []

report = botocore.validate.ParamValidator().validate(recorded["input"], operation.input_shape)
if report.has_errors():
    problems.append(report.generate_report())


def tree(text):
    """Members of a structure have no order; those of a list have."""

    def plain(element):
        children = [plain(child) for child in element]
        return (element.tag, (element.text or "").strip(), children if element.tag.endswith("}Items") else sorted(children))

    return plain(xml.etree.ElementTree.fromstring(text))


expected = botocore.serialize.create_serializer(model.protocol).serialize_to_request(recorded["input"], operation)
sent = recorded["request"]
for name, ours, theirs in (
    ("method", sent["method"], expected["method"]),
    ("path", sent["path"], expected["url_path"]),
    ("body", tree(sent["body"]), tree(expected["body"])),
    ("scope", sent["scope"], f"us-east-1/{model.signing_name}/aws4_request"),
):
    if ours != theirs:
        problems.append(f"{name}: {ours}, botocore: {theirs}")
print("\n".join(problems), end="")
sys.exit(1 if problems else 0)
