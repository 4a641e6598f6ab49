package dev.jurat.identity;

import dev.jurat.proof.json.Json;

/** What the token endpoint answers: an HTTP status and a JSON object after RFC 6749 and RFC 8693. */
public record TokenAnswer(int status, Json.Obj body) {}
