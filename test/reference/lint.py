"""Reads a plan of `slipway preview --json` and asks cfn-lint of each resource of AWS that CloudFormation has too.

Prints JSON: what cfn-lint says, and by type the properties that it saw and those that it has not.
"""

import json
import sys

from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as schemas

from types_of import TYPES

UNKNOWN = object()
REGION = "us-east-1"
# What only the deployment knows, each as a parameter of its own: two of the same may be equal, two others may not.
parameters = {}


def reference(value, kind):
    key = json.dumps([value, kind], sort_keys=True)
    return {"Ref": parameters.setdefault(key, ("P%d" % len(parameters), kind))[0]}



def main(plan):
    seen, errors, resources = {}, [], {}
    logical = {}
    for one in plan["resources"]:
        if "replicateSourceDb" in one["inputs"]:
            # The provider does not send it for a replica, which has its source's.
            one["inputs"].pop("storageEncrypted", None)
        if one["type"] not in TYPES:
            if one["type"].startswith("aws:"):
                seen.setdefault(one["type"], {"checked": set(), "unchecked": set(one["inputs"]), "as": None})
            continue
        kind, names, *constants = TYPES[one["type"]]
        schema = schemas.get_resource_schema(REGION, kind).schema
        found = seen.setdefault(one["type"], {"checked": set(), "unchecked": set(), "as": kind})
        properties = convert(one["inputs"], schema, schema, names, found, "")
        if "" in names:
            inner = schema["properties"][names[""]]
            properties = {names[""]: convert(one["inputs"], resolve(inner, schema), schema, names, found, "")}
        for name, value in (constants[0] if constants else {}).items():
            put(properties, name, value)
        name_all(properties, schema, one, schema)
        key = "R%d" % len(resources)
        logical[key] = one
        resources[key] = {"Type": kind, "Properties": properties}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {name: {"Type": kind} for name, kind in parameters.values()},
        "Resources": resources,
    }
    # Rules about templates, not about what AWS takes: names of parameters, deletion policies, order.
    for match in lint(json.dumps(template), config=ManualArgs(regions=[REGION], ignore_checks=["W", "I", "E2010", "E3005"])):
        path = [str(part) for part in (match.path or [])]
        where = logical.get(path[1]) if len(path) > 1 else None
        errors.append(
            {
                "rule": match.rule.id,
                "message": match.message,
                "type": where and where["type"],
                "name": where and where["name"],
                "path": ".".join(path[3:]),
            }
        )
    for one in seen.values():
        one["unchecked"] = sorted(one["unchecked"] - one["checked"])
        one["checked"] = sorted(one["checked"])
    print(json.dumps({"errors": errors, "types": seen}))


def name_all(properties, schema, resource, root):
    """Pulumi and the provider make names where the program gives none."""
    for name in schema.get("required", []):
        if name not in properties and name.endswith("Name"):
            properties[name] = reference([resource["urn"], name], "String")
    for name, value in properties.items():
        inner = resolve(schema.get("properties", {}).get(name, {}), root)
        if isinstance(value, dict) and (name.endswith("Config") or name in ("BackupPlan", "BackupSelection")) and "required" in inner:
            name_all(value, inner, resource, root)


def put(properties, dotted, value):
    *path, last = dotted.split(".")
    for step in path:
        properties = properties.setdefault(step, {})
    if isinstance(value, dict) and isinstance(properties.get(last), dict):
        properties[last].update(value)
    else:
        properties[last] = value


def resolve(schema, root):
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].split("/")[-1]]
    for choice in schema.get("anyOf", []) + schema.get("oneOf", []):
        if "properties" not in schema and ("$ref" in choice or "properties" in choice or "items" in choice):
            return resolve(choice, root)
    return schema


def squeezed(name):
    return name.lower().replace("ies", "y").rstrip("s")


def convert(inputs, schema, root, names, found, path):
    """An object's properties by the names that the schema has for them."""
    known = {squeezed(name): name for name in schema.get("properties", {})}
    made, moved = {}, {}
    for key, value in inputs.items():
        if key == "region" and path == "":
            continue
        dotted = f"{path}.{key}" if path else key
        name = names.get(dotted, UNKNOWN if key == "name" and path else names.get(key, UNKNOWN))
        if isinstance(name, tuple):
            name, change = name
            value = change(value)
        if name is None:
            found["unchecked"].add(dotted)
            # Some of what is in it may have a place of its own.
            if isinstance(value, dict):
                for inner, item in value.items():
                    elsewhere = names.get(f"{dotted}.{inner}")
                    if elsewhere is not None and not unknown(item):
                        found["checked"].add(f"{dotted}.{inner}")
                        made[elsewhere] = plain(item, resolve(schema["properties"][elsewhere], root), root, names, found, dotted)
            continue
        if name is UNKNOWN:
            name = known.get(squeezed(key))
        if name is None:
            found["unchecked"].add(dotted)
            continue
        if "." in str(name):
            inner = schema
            for step in name.split("."):
                inner = resolve(inner["properties"][step], root)
            found["checked"].add(dotted)
            moved[name] = plain(value, inner, root, names, found, dotted)
            continue
        if name not in schema.get("properties", {}):
            found["unchecked"].add(dotted)
            continue
        found["checked"].add(dotted)
        inner = resolve(schema["properties"][name], root)
        # A list that its own type wraps: { items: [...] }.
        wrapped = f"{key}.items" in names and isinstance(value, dict)
        made[name] = plain(value["items"] if wrapped else value, inner, root, names, found, dotted)
    for name, value in moved.items():
        put(made, name, value)
    return made


def unknown(value):
    return isinstance(value, dict) and ("$unknown" in value or "$secret" in value)


def types(schema):
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else kind


def plain(value, schema, root, names, found, path):
    if unknown(value):
        return reference(value, "CommaDelimitedList" if types(schema) == ["array"] else "String")
    if isinstance(value, str) and ("object" in types(schema) or "array" in types(schema)) and value[:1] in "[{":
        value = json.loads(value)
        if "array" in types(schema) and isinstance(value, list) and value and isinstance(value[0], dict):
            return [convert(one, resolve(schema["items"], root), root, {}, found, path) for one in value]
        return value
    if isinstance(value, list):
        if "array" not in types(schema):
            return plain(value[0], schema, root, names, found, path) if value else {}
        return [plain(one, resolve(schema.get("items", {}), root), root, names, found, path) for one in value]
    pair = set(resolve(schema.get("items", {}), root).get("properties", {}))
    if isinstance(value, dict) and pair in ({"Key", "Value"}, {"Name", "Value"}):
        first = "Key" if "Key" in pair else "Name"
        return [
            {first: key, "Value": plain(item, {"type": "string"}, root, names, found, path)} for key, item in value.items()
        ]
    if "array" in types(schema):
        return [plain(value, resolve(schema.get("items", {}), root), root, names, found, path)]
    if isinstance(value, dict) and "properties" in schema:
        return convert(value, schema, root, names, found, path)
    if isinstance(value, dict):
        return {key: plain(item, {}, root, names, found, path) for key, item in value.items()}
    if "integer" in types(schema) and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value


main(json.load(sys.stdin))
