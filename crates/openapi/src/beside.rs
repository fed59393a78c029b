//! Paths beside the contract: the stream of a feed, and webhooks. See `docs/push.md`.

use potok_api::methods;
use serde_json::{Map, Value, json};

/// The paths.
pub(crate) fn paths() -> Map<String, Value> {
    let base = "/potok/v1/boxes/{boxId}";
    let one = format!("{base}/webhooks/{{webhookId}}");
    let mut all = Map::new();
    all.insert(format!("{base}/events"), json!({"get": events()}));
    all.insert(
        format!("{base}/webhooks"),
        json!({
            "get": of_webhook("WebhookList", "The webhooks of a box.", None, "WebhookList"),
            "post": of_webhook(
                "WebhookCreate",
                "Sends the events of a box to an address. The secret is shown this once.",
                Some(json!({"type": "object", "required": ["url"], "additionalProperties": false, "properties": {
                    "url": {"type": "string"},
                    "departmentId": {"type": "string"},
                    "afterIndexKey": {"type": "string", "description": "Where to begin; at the end when absent."},
                }})),
                "WebhookWithSecret",
            ),
        }),
    );
    let mut delete = of_webhook("WebhookDelete", "Forgets a webhook.", None, "Webhook");
    delete["responses"] = responses(json!({"description": "It is gone."}));
    all.insert(
        one.clone(),
        json!({
            "get": of_webhook("WebhookGet", "A webhook, and how far it has come.", None, "Webhook"),
            "post": of_webhook(
                "WebhookChange",
                "Changes a webhook; `isActive` pauses or resumes it. An empty department is all of them.",
                Some(json!({"type": "object", "additionalProperties": false, "properties": {
                    "url": {"type": "string"},
                    "departmentId": {"type": "string"},
                    "isActive": {"type": "boolean"},
                }})),
                "Webhook",
            ),
            "delete": delete,
        }),
    );
    let rotate = json!({"type": "object", "additionalProperties": false, "properties": {
        "keepSeconds": {"type": "integer", "minimum": 0, "maximum": 2_592_000, "default": 86_400},
    }});
    let replay = json!({"type": "object", "required": ["afterIndexKey"], "additionalProperties": false, "properties": {
        "afterIndexKey": {"type": "string"},
    }});
    for (verb, name, id, about, body, answer) in [
        (
            "post",
            "rotate",
            "WebhookRotate",
            "Makes another secret, and shows it this once; the old one signs too for some time.",
            Some(rotate),
            "WebhookWithSecret",
        ),
        (
            "post",
            "replay",
            "WebhookReplay",
            "Sends everything behind a place of the feed once more.",
            Some(replay),
            "Webhook",
        ),
        ("post", "ping", "WebhookPing", "Sends something that is no event, now.", None, "WebhookPinged"),
        (
            "get",
            "deliveries",
            "WebhookDeliveries",
            "The last attempts, newest first.",
            None,
            "WebhookDeliveries",
        ),
    ] {
        all.insert(format!("{one}/{name}"), json!({verb: of_webhook(id, about, body, answer)}));
    }
    for (path, methods) in &mut all {
        if path.starts_with(&one) {
            for (_, method) in methods.as_object_mut().into_iter().flatten() {
                let id = json!({"name": "webhookId", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}});
                if let Some(parameters) = method["parameters"].as_array_mut() {
                    parameters.push(id);
                }
            }
        }
    }
    all
}

/// What they answer.
pub(crate) fn schemas() -> Map<String, Value> {
    let text = || json!({"type": "string"});
    let time = || json!({"type": "string", "format": "date-time"});
    let webhook = json!({
        "type": "object",
        "required": ["id", "url", "userId", "createdAt", "state", "indexKey", "failures", "oldSecretsUntil"],
        "properties": {
            "id": text(),
            "url": text(),
            "departmentId": text(),
            "userId": {"type": "string", "description": "Who changed it last: events are sent as this user sees them."},
            "createdAt": time(),
            "state": {"type": "string", "enum": ["Active", "Paused", "Broken"]},
            "reason": {"type": "string", "description": "Why it was given up."},
            "indexKey": {"type": "string", "description": "Everything up to here is done."},
            "failures": {"type": "integer"},
            "failingSince": time(),
            "nextAttemptAt": time(),
            "oldSecretsUntil": {"type": "array", "items": time()},
        },
    });
    let reference = json!({"$ref": "#/components/schemas/Webhook"});
    let secret = json!({"type": "object", "required": ["secret"], "properties": {"secret": {"type": "string", "pattern": "^whsec_"}}});
    let answered = json!({
        "messageId": text(), "milliseconds": {"type": "integer"}, "status": {"type": "integer"}, "error": text(),
    });
    let attempt = json!({
        "type": "object",
        "required": ["eventId", "at", "milliseconds"],
        "properties": {
            "eventId": text(), "at": time(), "milliseconds": {"type": "integer"}, "status": {"type": "integer"}, "error": text(),
        },
    });
    let list = |name: &str, items: &Value| json!({"type": "object", "required": [name], "properties": {name: {"type": "array", "items": items}}});
    [
        ("Webhook", webhook),
        ("WebhookWithSecret", json!({"allOf": [reference, secret]})),
        ("WebhookList", list("webhooks", &reference)),
        (
            "WebhookPinged",
            json!({"type": "object", "required": ["messageId", "milliseconds"], "properties": answered}),
        ),
        ("WebhookDeliveries", list("deliveries", &attempt)),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

fn refused(name: &str) -> Value {
    json!({"$ref": format!("#/components/responses/{name}")})
}

fn responses(good: Value) -> Value {
    let mut all = json!({
        "400": refused("BadRequest"),
        "401": refused("Unauthorized"),
        "402": refused("PaymentRequired"),
        "403": refused("Forbidden"),
        "404": refused("NotFound"),
        "409": refused("Conflict"),
        "405": refused("MethodNotAllowed"),
        "413": refused("TooLarge"),
        "429": refused("TooManyRequests"),
        "503": refused("NoRoom"),
    });
    let status = if good.get("content").is_some() { "200" } else { "204" };
    all[status] = good;
    all
}

fn box_parameter() -> Value {
    json!({"name": "boxId", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/BoxId"}})
}

fn security() -> Value {
    json!([{"bearer": []}, {"diadocAuth": []}])
}

fn of_webhook(id: &str, about: &str, body: Option<Value>, answer: &str) -> Value {
    let schema = json!({"$ref": format!("#/components/schemas/{answer}")});
    let mut method = json!({
        "operationId": id,
        "summary": about,
        "tags": [methods::Area::Events.title()],
        "parameters": [box_parameter()],
        "responses": responses(json!({"description": about, "content": {"application/json": {"schema": schema}}})),
        "security": security(),
    });
    if let Some(body) = body {
        method["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": body}}});
    }
    method
}

fn events() -> Value {
    json!({
        "operationId": "BoxEvents",
        "summary": "The feed of a box as server-sent events: `GetNewEvents` that does not end.",
        "tags": [methods::Area::Events.title()],
        "parameters": [
            box_parameter(),
            {"name": "afterIndexKey", "in": "query", "schema": {"type": "string"}},
            {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"}},
        ],
        "responses": {
            "200": {"description": "A stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            "400": refused("BadRequest"),
            "401": refused("Unauthorized"),
            "402": refused("PaymentRequired"),
            "403": refused("Forbidden"),
            "404": refused("NotFound"),
            "429": refused("TooManyRequests"),
        },
        "security": security(),
    })
}
