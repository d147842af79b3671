"""The same API as an OpenAPI document: what progenitor makes its program of."""

import json


def document(resources):
    """The document for so many resources, five calls for each."""
    paths, schemas = {}, {}
    for n in range(resources):
        paths |= paths_of(n)
        text, tags = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
        number = {"type": "integer", "format": "uint64", "minimum": 0}
        size = {"type": "integer", "format": "uint32", "minimum": 0}
        item = {"id": number, "name": text, "size": size, "tags": tags}
        schemas[f"Item{n}"] = {"type": "object", "required": ["id", "name", "tags"], "properties": item}
        new = {"name": text, "tags": tags}
        schemas[f"NewItem{n}"] = {"type": "object", "required": ["name", "tags"], "properties": new}
    whole = {"openapi": "3.0.3", "info": {"title": "Api", "version": "1"}, "paths": paths}
    return json.dumps(whole | {"components": {"schemas": schemas}}, indent=1)


def paths_of(n):
    def parameter(name, place, kind, required=True):
        return {"name": name, "in": place, "required": required, "schema": kind}

    def media(schema):
        return {"content": {"application/json": {"schema": schema}}}

    def operation(name, parameters, status="200", answer=None, body=None):
        answer = {"description": ""} | (media(answer) if answer else {})
        body = {"requestBody": {"required": True} | media(body)} if body else {}
        return {"operationId": f"{name}{n}", "parameters": parameters, "responses": {status: answer}} | body

    item, new = ({"$ref": f"#/components/schemas/{kind}{n}"} for kind in ("Item", "NewItem"))
    user = parameter("user", "path", {"type": "string"})
    one = [user, parameter("id", "path", {"type": "integer", "format": "uint64", "minimum": 0})]
    page = parameter("page", "query", {"type": "integer", "format": "uint32", "minimum": 0}, False)
    version = parameter("if-match", "header", {"type": "string"}, False)
    items = {"type": "array", "items": item}
    return {
        f"/users/{{user}}/items{n}": {
            "get": operation("items", [user, page], answer=items),
            "post": operation("create", [user], answer=item, body=new),
        },
        f"/users/{{user}}/items{n}/{{id}}": {
            "get": operation("item", one, answer=item),
            "put": operation("replace", [*one, version], answer=item, body=new),
            "delete": operation("delete", one, "204"),
        },
    }
