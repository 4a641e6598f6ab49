package dev.jurat.gateway.mcp;

import static dev.jurat.gateway.mcp.McpCase.Line.client;
import static dev.jurat.gateway.mcp.McpCase.Line.server;

import dev.jurat.gateway.mcp.McpCase.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The cases of {@code vectors/mcp/v1}, as data. */
final class McpCases {
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private final List<McpCase> cases = new ArrayList<>();

    static List<McpCase> all() {
        McpCases cases = new McpCases();
        cases.ambiguous();
        cases.forms();
        cases.ids();
        cases.folders();
        cases.revisions();
        cases.clientMessages();
        cases.serverMessages();
        cases.stateless();
        cases.answers();
        return List.copyOf(cases.cases);
    }

    static List<Line> handshake(String revision) {
        return List.of(
                client("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                        + revision + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}"),
                server("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"" + revision
                        + "\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}}"),
                client("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
    }

    private void add(String name, String why, List<Line> given, Line judged, String expect) {
        cases.add(new McpCase(name, why, given, judged, expect));
    }

    private void call(String name, String why, String line, String expect) {
        add(name, why, handshake("2025-11-25"), client(line), expect);
    }

    private static String request(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static String note(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static Line raw(String before, int[] middle, String after) {
        byte[] head = before.getBytes(StandardCharsets.UTF_8);
        byte[] tail = after.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + middle.length + tail.length];
        System.arraycopy(head, 0, all, 0, head.length);
        for (int i = 0; i < middle.length; i++) {
            all[head.length + i] = (byte) middle[i];
        }
        System.arraycopy(tail, 0, all, head.length + middle.length, tail.length);
        return new Line(Side.CLIENT, all);
    }

    private void ambiguous() {
        String tool = "\"name\":\"read_file\"";
        call(
                "duplicate-argument",
                "a server may take the first path or the last",
                request("tools/call", "{" + tool + ",\"arguments\":{\"path\":\"/a\",\"path\":\"/b\"}}"),
                "refused json-duplicate-key");
        call(
                "duplicate-name",
                "two tools in one call",
                request("tools/call", "{" + tool + ",\"name\":\"write_file\"}"),
                "refused json-duplicate-key");
        call(
                "duplicate-method",
                "two methods in one message",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"method\":\"tools/call\"}",
                "refused json-duplicate-key");
        call(
                "duplicate-key-by-escape",
                "an escape spells the same key",
                request("tools/call", "{" + tool + ",\"arguments\":{\"path\":\"/a\",\"p\\u0061th\":\"/b\"}}"),
                "refused json-duplicate-key");
        call(
                "duplicate-key-nested",
                "deep inside arguments",
                request("tools/call", "{" + tool + ",\"arguments\":{\"edits\":[{\"a\":1,\"a\":2}]}}"),
                "refused json-duplicate-key");
        call(
                "argument-key-case",
                "some readers match names without regard to case",
                request("tools/call", "{" + tool + ",\"arguments\":{\"path\":\"/a\",\"Path\":\"/b\"}}"),
                "refused json-key-case");
        call(
                "lone-high-surrogate",
                "half a character",
                request("tools/call", "{" + tool + ",\"arguments\":{\"path\":\"\\ud800\"}}"),
                "refused json-surrogate");
        call(
                "lone-low-surrogate",
                "the other half",
                request("tools/call", "{" + tool + ",\"arguments\":{\"path\":\"\\udc00x\"}}"),
                "refused json-surrogate");
        String before = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{" + tool
                + ",\"arguments\":{\"path\":\"";
        add(
                "utf8-overlong",
                "a slash in two bytes",
                handshake("2025-11-25"),
                raw(before, new int[] {0xc0, 0xaf}, "\"}}}"),
                "refused json-utf8");
        add(
                "utf8-surrogate",
                "a surrogate in UTF-8",
                handshake("2025-11-25"),
                raw(before, new int[] {0xed, 0xa0, 0x80}, "\"}}}"),
                "refused json-utf8");
        add(
                "utf8-cut",
                "a character cut short",
                handshake("2025-11-25"),
                raw(before, new int[] {0xe2, 0x82}, "\"}}}"),
                "refused json-utf8");
        add(
                "utf8-latin1",
                "not UTF-8 at all",
                handshake("2025-11-25"),
                raw(before, new int[] {0xe9}, "\"}}}"),
                "refused json-utf8");
        add(
                "byte-order-mark",
                "some readers skip it, some do not",
                handshake("2025-11-25"),
                raw("", new int[] {0xef, 0xbb, 0xbf}, request("ping", "{}")),
                "refused json-syntax");
        call(
                "carriage-return-between-tokens",
                "a reader that ends lines at a carriage return sees the inner message",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"_meta\":{\"x\":\r"
                        + request("tools/call", "{" + tool + "}") + "\r}}}",
                "refused json-line-end");
        call("carriage-return-at-end", "the line ended in CR LF", request("ping", "{}") + "\r", "free");
        call(
                "depth",
                "deeper than 64",
                request("tools/call", "{" + tool + ",\"arguments\":{\"a\":" + "[".repeat(80) + "]".repeat(80) + "}}"),
                "refused json-depth");
        call("trailing-comma", "not JSON", request("tools/call", "{" + tool + ",}"), "refused json-syntax");
        call("comment", "not JSON", "/* */" + request("ping", "{}"), "refused json-syntax");
        call(
                "not-a-number",
                "not JSON",
                request("tools/call", "{" + tool + ",\"arguments\":{\"n\":NaN}}"),
                "refused json-syntax");
        call(
                "leading-zero",
                "not JSON",
                request("tools/call", "{" + tool + ",\"arguments\":{\"n\":012}}"),
                "refused json-syntax");
        call(
                "control-character",
                "a raw tab in a string",
                request("tools/call", "{" + tool + ",\"arguments\":{\"a\":\"\t\"}}"),
                "refused json-syntax");
        call("two-values", "more follows", request("ping", "{}") + request("ping", "{}"), "refused json-syntax");
        call("empty-object-cut", "cut short", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pi", "refused json-syntax");
        call(
                "big-number-kept",
                "numbers are never rewritten",
                request("tools/call", "{" + tool + ",\"arguments\":{\"n\":123456789012345678901234567890.5e-7}}"),
                "governed");
        call(
                "surrogate-pair-kept",
                "a whole character by escapes",
                request("tools/call", "{" + tool + ",\"arguments\":{\"a\":\"\\ud83d\\ude00\"}}"),
                "governed");
    }

    private void forms() {
        call("batch", "refused by name in every revision", "[" + request("ping", "{}") + "]", "refused batch");
        call("batch-empty", "an empty batch", "[]", "refused batch");
        call("string-message", "not an object", "\"ping\"", "refused message-form");
        call("version-missing", "no jsonrpc member", "{\"id\":7,\"method\":\"ping\"}", "refused message-form");
        call("version-1", "JSON-RPC 1", "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}", "refused message-form");
        call(
                "id-null",
                "a request needs an id that can be answered",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "refused message-form");
        call(
                "id-fraction",
                "a fraction is no id",
                "{\"jsonrpc\":\"2.0\",\"id\":1.0,\"method\":\"ping\"}",
                "refused message-form");
        call(
                "id-object",
                "an object is no id",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                "refused message-form");
        call(
                "id-long",
                "an id of more than 256 characters",
                "{\"jsonrpc\":\"2.0\",\"id\":\"" + "x".repeat(300) + "\",\"method\":\"ping\"}",
                "refused message-form");
        call(
                "top-key-unknown",
                "a key that JSON-RPC does not know",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"extra\":1}",
                "refused message-form");
        call(
                "method-case-key",
                "Method is not method",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"Method\":\"tools/call\"}",
                "refused message-form");
        call("params-array", "params by position", request("tools/call", "[\"read_file\"]"), "refused message-form");
        call(
                "call-and-answer",
                "method and result at once",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"result\":{}}",
                "refused message-form");
        call(
                "result-and-error",
                "both at once",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}",
                "refused message-form");
        call(
                "params-key-unknown",
                "the revision knows no such key",
                request("tools/call", "{\"name\":\"a\",\"dryRun\":true}"),
                "refused params-key-unknown");
        call(
                "params-key-case",
                "Name beside name",
                request("tools/call", "{\"name\":\"a\",\"Name\":\"b\"}"),
                "refused params-key-unknown");
        call(
                "call-without-name",
                "nothing is called",
                request("tools/call", "{\"arguments\":{}}"),
                "refused params-form");
        call("call-name-number", "a name is a string", request("tools/call", "{\"name\":1}"), "refused params-form");
        call(
                "call-without-params",
                "nothing is called",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}",
                "refused params-form");
        call(
                "arguments-array",
                "arguments by position",
                request("tools/call", "{\"name\":\"a\",\"arguments\":[]}"),
                "refused params-form");
        call("read-without-uri", "nothing is read", request("resources/read", "{}"), "refused params-form");
        completion("without-ref", "nothing is completed", "");
        completion("ref-empty", "a reference to nothing", "\"ref\":{},");
        completion("ref-text", "a reference is an object", "\"ref\":\"p\",");
        completion("ref-name-number", "a name is a string", "\"ref\":{\"type\":\"ref/prompt\",\"name\":1},");
        completion("ref-type", "a type that nobody knows", "\"ref\":{\"type\":\"ref/tool\",\"name\":\"p\"},");
        completion("ref-uri-missing", "a resource has a URI", "\"ref\":{\"type\":\"ref/resource\",\"name\":\"p\"},");
        completion(
                "ref-both",
                "decided on one, and completed the other",
                "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"p\",\"uri\":\"file:///a\"},");
        call(
                "call-as-notification",
                "a call that asks for no answer is not in the table",
                note("tools/call", "{\"name\":\"a\"}"),
                "refused method-unknown");
        call(
                "initialized-as-request",
                "a notification with an id",
                request("notifications/initialized", "{}"),
                "refused method-unknown");
        call("method-unknown", "not in the table", request("tools/execute", "{}"), "refused method-unknown");
        call(
                "method-case",
                "names are compared exactly",
                request("Tools/Call", "{\"name\":\"a\"}"),
                "refused method-unknown");
    }

    private static String ping(String id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}";
    }

    /** An id has one form, because a reader that makes numbers of ids takes several forms for one. */
    private void ids() {
        call("id-zero", "an id", ping("0"), "free");
        call("id-minus-zero", "to many readers the id 0", ping("-0"), "refused message-form");
        call("id-exponent", "to many readers the id 1", ping("1e0"), "refused message-form");
        call("id-exponent-huge", "to many readers no number at all", ping("1e400"), "refused message-form");
        call("id-fraction-zero", "to many readers the id 100", ping("100.0"), "refused message-form");
        call("id-largest", "the largest whole number that all readers keep", ping("9007199254740991"), "free");
        call("id-smallest", "the smallest one", ping("-9007199254740991"), "free");
        call(
                "id-over-largest",
                "to many readers also 9007199254740993",
                ping("9007199254740992"),
                "refused message-form");
        call("id-under-smallest", "below what all readers keep", ping("-9007199254740992"), "refused message-form");
        call("id-nineteen-digits", "more than all readers keep", ping("1000000000000000000"), "refused message-form");
        call("id-leading-zero", "not JSON", ping("007"), "refused json-syntax");
        call("id-surrogate", "half a character", ping("\"\\ud800\""), "refused json-surrogate");
        List<Line> open = new ArrayList<>(handshake("2025-11-25"));
        open.add(client("{\"jsonrpc\":\"2.0\",\"id\":\"a/b\",\"method\":\"tools/call\",\"params\":{\"name\":\"a\"}}"));
        add(
                "id-escaped",
                "the id that is in flight, in other words",
                open,
                client(ping("\"\\u0061\\/b\"")),
                "refused id-in-use");
        add(
                "answer-escaped",
                "the id that is in flight, in other words",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":\"\\u0061\\/b\",\"result\":{}}"),
                "answer");
        List<Line> zero = new ArrayList<>(handshake("2025-11-25"));
        zero.add(client("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"tools/call\",\"params\":{\"name\":\"a\"}}"));
        add(
                "answer-minus-zero",
                "an answer has its id in the one form too",
                zero,
                server("{\"jsonrpc\":\"2.0\",\"id\":-0,\"result\":{}}"),
                "refused message-form");
        call(
                "cancelled-minus-zero",
                "the server would end a call that the wrapper keeps open",
                note("notifications/cancelled", "{\"requestId\":-0}"),
                "refused params-form");
        call(
                "cancelled-fraction",
                "the same",
                note("notifications/cancelled", "{\"requestId\":7.0}"),
                "refused params-form");
        call(
                "cancelled-null",
                "the same",
                note("notifications/cancelled", "{\"requestId\":null}"),
                "refused params-form");
        call("cancelled-nothing", "cancels nothing", note("notifications/cancelled", "{}"), "free");
        call("cancelled-name", "an id that is text", note("notifications/cancelled", "{\"requestId\":\"7\"}"), "free");
        add(
                "server-cancelled-fraction",
                "either side",
                handshake("2025-11-25"),
                server(note("notifications/cancelled", "{\"requestId\":7.0}")),
                "refused params-form");
        call(
                "progress-token-fraction",
                "a token has the form of an id",
                request("tools/call", "{\"name\":\"a\",\"_meta\":{\"progressToken\":1.0}}"),
                "refused params-form");
        call(
                "progress-token-object",
                "the same",
                request("tools/call", "{\"name\":\"a\",\"_meta\":{\"progressToken\":{}}}"),
                "refused params-form");
        call(
                "progress-token-text",
                "text is one",
                request("tools/call", "{\"name\":\"a\",\"_meta\":{\"progressToken\":\"1.0\"}}"),
                "governed");
        call(
                "progress-fraction",
                "the same, where progress is told",
                note("notifications/progress", "{\"progressToken\":1e0,\"progress\":1}"),
                "refused params-form");
        call(
                "task-id-number",
                "a task's name is text",
                request("tasks/result", "{\"taskId\":1.0}"),
                "refused params-form");
        call(
                "initialize-again",
                "a connection is opened once",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{},\"clientInfo\":{}}}",
                "refused initialize-again");
    }

    private static List<Line> rootsHandshake() {
        List<Line> lines = new ArrayList<>(handshake("2025-11-25"));
        lines.set(
                0,
                client(
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"roots\":{}},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}"));
        return lines;
    }

    /** Folders that a client tells a server. */
    private void folders() {
        add(
                "server-roots-undeclared",
                "the client did not say that it has folders to tell",
                handshake("2025-11-25"),
                server(request("roots/list", "{}")),
                "refused roots-undeclared");
        List<Line> changed = new ArrayList<>(handshake("2025-11-25"));
        changed.add(client("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}"));
        add("server-roots-after-change", "it said so later", changed, server(request("roots/list", "{}")), "observed");
        add("roots-changed", "free", rootsHandshake(), changed.getLast(), "free");
        List<Line> spoken = List.of(client(request("tools/call", "{\"name\":\"a\"," + META + "}")));
        add(
                "input-responses-array",
                "answers have names",
                List.of(),
                client(request(
                        "tools/call", "{\"name\":\"a\",\"inputResponses\":[{\"action\":\"accept\"}]," + META + "}")),
                "refused params-form");
        add(
                "input-responses-beside-roots",
                "an elicitation's answer in the clothes of roots",
                List.of(),
                client(request(
                        "tools/call",
                        "{\"name\":\"a\",\"inputResponses\":{\"r\":{\"roots\":[],\"action\":\"accept\"}}," + META
                                + "}")),
                "refused input-refused");
        add(
                "request-state-number",
                "it is text",
                List.of(),
                client(request("tools/call", "{\"name\":\"a\",\"requestState\":1," + META + "}")),
                "refused params-form");
        call(
                "task-text",
                "it is an object",
                request("tools/call", "{\"name\":\"a\",\"task\":\"t\"}"),
                "refused params-form");
        add(
                "input-requests-array",
                "questions have names",
                spoken,
                server(
                        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":[{\"method\":\"elicitation/create\"}]}}"),
                "refused method-refused");
        add(
                "server-task-elicitation",
                "an elicitation inside what is told of a task",
                spoken,
                server(
                        note(
                                "notifications/tasks",
                                "{\"taskId\":\"t\",\"status\":\"input_required\",\"inputRequests\":{\"r\":{\"method\":\"elicitation/create\",\"params\":{}}}}")),
                "refused method-refused");
        add(
                "server-task-roots",
                "folders are asked for inside what is told of a task",
                spoken,
                server(
                        note(
                                "notifications/tasks",
                                "{\"taskId\":\"t\",\"status\":\"input_required\",\"inputRequests\":{\"r\":{\"method\":\"roots/list\"}}}")),
                "observed");
    }

    private void revisions() {
        add(
                "call-before-handshake",
                "no revision is agreed",
                List.of(),
                client(request("tools/call", "{\"name\":\"a\"}")),
                "refused method-revision");
        add(
                "ping-before-handshake",
                "allowed by the handshake's rules",
                List.of(),
                client(request("ping", "{}")),
                "free");
        add("initialize", "the handshake", List.of(), handshake("2025-11-25").getFirst(), "free");
        add(
                "server-chooses-unknown",
                "the answer names a revision outside the table",
                List.of(handshake("2025-11-25").getFirst()),
                server(
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2024-10-07\",\"capabilities\":{},\"serverInfo\":{}}}"),
                "refused revision-unknown");
        add(
                "request-names-unknown",
                "the request names a revision outside the table",
                List.of(),
                client(request(
                        "tools/list", "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2027-01-01\"}}")),
                "refused revision-unknown");
        add(
                "request-names-older",
                "a revision with a handshake is not named per request",
                List.of(),
                client(request(
                        "tools/list", "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2025-11-25\"}}")),
                "refused revision-unknown");
        for (String revision : List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")) {
            add(
                    "call-" + revision,
                    "a tool call in this revision",
                    handshake(revision),
                    client(request("tools/call", "{\"name\":\"a\",\"arguments\":{}}")),
                    "governed");
        }
        add(
                "task-before-2025-11-25",
                "the key came later",
                handshake("2025-06-18"),
                client(request("tools/call", "{\"name\":\"a\",\"task\":{}}")),
                "refused params-key-unknown");
        add(
                "task-2025-11-25",
                "a call inside a task is a call",
                handshake("2025-11-25"),
                client(request("tools/call", "{\"name\":\"a\",\"task\":{\"ttl\":1000}}")),
                "governed");
        add(
                "tasks-get-before-2025-11-25",
                "the method came later",
                handshake("2025-03-26"),
                client(request("tasks/get", "{\"taskId\":\"t\"}")),
                "refused method-revision");
        add(
                "context-before-2025-06-18",
                "the key came later",
                handshake("2025-03-26"),
                client(request("completion/complete", "{\"ref\":{},\"argument\":{},\"context\":{}}")),
                "refused params-key-unknown");
        add(
                "discover-after-handshake",
                "not a method of the older revisions",
                handshake("2025-11-25"),
                client(request("server/discover", "{}")),
                "refused method-revision");
        add(
                "input-responses-2025",
                "the key came later",
                handshake("2025-11-25"),
                client(request("tools/call", "{\"name\":\"a\",\"inputResponses\":{}}")),
                "refused params-key-unknown");
    }

    private void completion(String file, String says, String ref) {
        String params = "{" + ref + "\"argument\":{\"name\":\"a\",\"value\":\"b\"}}";
        call("completion-" + file, says, request("completion/complete", params), "refused params-form");
    }

    private void clientMessages() {
        call("resources-read", "governed too", request("resources/read", "{\"uri\":\"file:///a\"}"), "governed");
        call(
                "resources-subscribe",
                "governed too",
                request("resources/subscribe", "{\"uri\":\"file:///a\"}"),
                "governed");
        call(
                "resources-unsubscribe",
                "ends something",
                request("resources/unsubscribe", "{\"uri\":\"file:///a\"}"),
                "free");
        call(
                "prompts-get",
                "governed too",
                request("prompts/get", "{\"name\":\"p\",\"arguments\":{\"a\":\"b\"}}"),
                "governed");
        call(
                "completion",
                "governed too",
                request(
                        "completion/complete",
                        "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"p\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}}"),
                "governed");
        call(
                "completion-resource",
                "of a template's variable",
                request(
                        "completion/complete",
                        "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"memo://{id}\"},\"argument\":{\"name\":\"id\",\"value\":\"1\"}}"),
                "governed");
        call("tools-list", "its answer is recorded", request("tools/list", "{}"), "observed");
        call("resources-list", "its answer is recorded", request("resources/list", "{\"cursor\":\"x\"}"), "observed");
        call("templates-list", "its answer is recorded", request("resources/templates/list", "{}"), "observed");
        call("prompts-list", "its answer is recorded", request("prompts/list", "{}"), "observed");
        call("set-level", "logging is free", request("logging/setLevel", "{\"level\":\"info\"}"), "free");
        call(
                "tasks-result",
                "its answer is a call's answer",
                request("tasks/result", "{\"taskId\":\"t\"}"),
                "observed");
        call("cancelled", "free", note("notifications/cancelled", "{\"requestId\":7}"), "free");
        call("progress", "free", note("notifications/progress", "{\"progressToken\":1,\"progress\":1}"), "free");
        call(
                "client-task-status",
                "the client runs no task that the server asked for",
                note("notifications/tasks/status", "{\"taskId\":\"t\",\"status\":\"working\"}"),
                "refused method-refused");
        call("client-asks-roots", "a method of the other side", request("roots/list", "{}"), "refused method-unknown");
        List<Line> open = new ArrayList<>(handshake("2025-11-25"));
        open.add(client(request("tools/call", "{\"name\":\"a\"}")));
        add(
                "id-in-use",
                "the answer could be taken for the other one's",
                open,
                client(request("tools/call", "{\"name\":\"b\"}")),
                "refused id-in-use");
        add(
                "id-string-beside-number",
                "two ids",
                open,
                client("{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"ping\"}"),
                "free");
    }

    private void serverMessages() {
        List<Line> shaken = handshake("2025-11-25");
        add("server-ping", "free", shaken, server(request("ping", "{}")), "free");
        add(
                "server-roots",
                "the answer is recorded by digest",
                rootsHandshake(),
                server(request("roots/list", "{}")),
                "observed");
        add(
                "server-sampling",
                "refused by name",
                shaken,
                server(request("sampling/createMessage", "{\"messages\":[],\"maxTokens\":1}")),
                "refused method-refused");
        add(
                "server-elicitation",
                "refused by name",
                shaken,
                server(request("elicitation/create", "{\"message\":\"m\",\"requestedSchema\":{}}")),
                "refused method-refused");
        add(
                "server-elicitation-complete",
                "refused by name",
                shaken,
                server(note("notifications/elicitation/complete", "{\"elicitationId\":\"e\"}")),
                "refused method-refused");
        add(
                "server-calls-tool",
                "a method of the other side",
                shaken,
                server(request("tools/call", "{\"name\":\"a\"}")),
                "refused method-unknown");
        add(
                "server-log",
                "free",
                shaken,
                server(note("notifications/message", "{\"level\":\"info\",\"data\":\"x\"}")),
                "free");
        add(
                "server-log-key-unknown",
                "the revision knows no such key",
                shaken,
                server(note("notifications/message", "{\"level\":\"info\",\"data\":\"x\",\"more\":1}")),
                "refused params-key-unknown");
        add(
                "server-list-changed",
                "free",
                shaken,
                server("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}"),
                "free");
        add(
                "server-batch",
                "refused by name",
                shaken,
                server("[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}]"),
                "refused batch");
        add(
                "server-noise",
                "a line that is no message",
                shaken,
                server("listening on port 3000"),
                "refused json-syntax");
        add(
                "server-method-unknown",
                "not in the table",
                shaken,
                server(note("notifications/unheard", "{}")),
                "refused method-unknown");
        add(
                "server-task-status",
                "free",
                shaken,
                server(note("notifications/tasks/status", "{\"taskId\":\"t\",\"status\":\"working\"}")),
                "free");
        add(
                "server-log-before-handshake",
                "allowed while starting",
                List.of(),
                server(note("notifications/message", "{\"level\":\"info\",\"data\":\"x\"}")),
                "free");
    }

    private void stateless() {
        Line discover = client(request("server/discover", "{" + META + "}"));
        List<Line> spoken = List.of(
                discover,
                server(
                        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"]}}"));
        add("discover", "free", List.of(), discover, "free");
        add(
                "call-2026",
                "governed, with no handshake",
                List.of(),
                client(request("tools/call", "{\"name\":\"a\"," + META + "}")),
                "governed");
        add("list-2026", "observed", spoken, client(request("tools/list", "{" + META + "}")), "observed");
        add(
                "call-2026-without-revision",
                "each request names its revision",
                spoken,
                client(request("tools/call", "{\"name\":\"a\"}")),
                "refused method-revision");
        add(
                "initialize-2026",
                "a handshake method that names the stateless revision",
                List.of(),
                client(request(
                        "initialize",
                        "{\"protocolVersion\":\"2026-07-28\",\"capabilities\":{},\"clientInfo\":{}," + META + "}")),
                "refused method-revision");
        add(
                "task-key-2026",
                "tasks are the server's choice in this revision",
                spoken,
                client(request("tools/call", "{\"name\":\"a\",\"task\":{}," + META + "}")),
                "refused params-key-unknown");
        add(
                "tasks-update-roots",
                "an answer with roots",
                spoken,
                client(request(
                        "tasks/update", "{\"taskId\":\"t\",\"inputResponses\":{\"r\":{\"roots\":[]}}," + META + "}")),
                "governed");
        add(
                "tasks-update-elicitation",
                "an answer to an elicitation",
                spoken,
                client(request(
                        "tasks/update",
                        "{\"taskId\":\"t\",\"inputResponses\":{\"r\":{\"action\":\"accept\"}}," + META + "}")),
                "refused input-refused");
        add(
                "call-with-sampling-answer",
                "an answer to sampling inside a call",
                spoken,
                client(request(
                        "tools/call",
                        "{\"name\":\"a\",\"inputResponses\":{\"r\":{\"role\":\"assistant\",\"content\":{},\"model\":\"m\"}},"
                                + META + "}")),
                "refused input-refused");
        add(
                "listen",
                "governed",
                spoken,
                client(request(
                        "subscriptions/listen",
                        "{\"notifications\":{\"resourceSubscriptions\":[\"file:///a\"]}," + META + "}")),
                "governed");
        add(
                "server-request-2026",
                "servers send no requests in this revision",
                spoken,
                server(request("roots/list", "{}")),
                "refused method-revision");
        add(
                "server-acknowledged",
                "free",
                spoken,
                server(note("notifications/subscriptions/acknowledged", "{\"notifications\":{}}")),
                "free");
        add("cancelled-2026", "free", spoken, client(note("notifications/cancelled", "{\"requestId\":7}")), "free");
        List<Line> called = List.of(client(request("tools/call", "{\"name\":\"a\"," + META + "}")));
        add(
                "input-required-elicitation",
                "an elicitation inside a result",
                called,
                server(
                        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"r\":{\"method\":\"elicitation/create\",\"params\":{}}}}}"),
                "refused method-refused");
        add(
                "input-required-roots",
                "a roots request inside a result",
                called,
                server(
                        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"r\":{\"method\":\"roots/list\"}}}}"),
                "answer");
    }

    private void answers() {
        List<Line> open = new ArrayList<>(handshake("2025-11-25"));
        open.add(client(request("tools/call", "{\"name\":\"a\"}")));
        add(
                "answer",
                "to a request in flight",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}"),
                "answer");
        add(
                "answer-error",
                "to a request in flight",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32602,\"message\":\"m\"}}"),
                "answer");
        add(
                "answer-other-type",
                "the string 7 is not the number 7",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"result\":{}}"),
                "refused id-unknown");
        add(
                "answer-unasked",
                "no such request",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{}}"),
                "refused id-unknown");
        add(
                "answer-from-asker",
                "the client answers its own request",
                open,
                client("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}"),
                "refused id-unknown");
        List<Line> twice = new ArrayList<>(open);
        twice.add(server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}"));
        add(
                "answer-twice",
                "a request has one answer",
                twice,
                server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}"),
                "refused id-unknown");
        add(
                "answer-duplicate-key",
                "two results",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{},\"result\":{\"isError\":true}}"),
                "refused json-duplicate-key");
        add(
                "answer-result-string",
                "a result is an object",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"ok\"}"),
                "refused message-form");
        add(
                "error-without-id",
                "the server could not read an id",
                open,
                server("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"m\"}}"),
                "free");
        String begins = "{\"jsonrpc\":\"2.0\",\"id\":7";
        malformed(open, "version-1", "JSON-RPC 1", "{\"jsonrpc\":\"1.0\",\"id\":7,\"result\":{}}", true);
        malformed(open, "error-null", "result and error", begins + ",\"result\":{},\"error\":null}", true);
        malformed(open, "top-key", "a key that JSON-RPC does not know", begins + ",\"result\":{},\"extra\":1}", true);
        malformed(open, "result-null", "a result is an object", begins + ",\"result\":null}", true);
        malformed(open, "result-array", "a result is an object", begins + ",\"result\":[]}", true);
        malformed(open, "error-string", "an error is an object", begins + ",\"error\":\"bad\"}", true);
        malformed(open, "result-missing", "it says nothing", begins + "}", true);
        malformed(open, "method", "a call and an answer", begins + ",\"method\":\"ping\",\"result\":{}}", true);
        malformed(open, "batch", "a batch of one", "[" + begins + ",\"result\":{}}]", true);
        malformed(open, "batch-second", "a batch of two", "[{\"id\":8}," + begins + ",\"result\":{}}]", true);
        malformed(
                open, "id-fraction", "the id cannot be read", "{\"jsonrpc\":\"2.0\",\"id\":7.0,\"result\":{}}", false);
        malformed(
                open,
                "call",
                "a call of the server's own",
                "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}",
                false);
        List<Line> roots = new ArrayList<>(rootsHandshake());
        roots.add(server(request("roots/list", "{}")));
        add(
                "roots-answer",
                "to a request in flight",
                roots,
                client("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"roots\":[]}}"),
                "answer");
    }

    /** A malformed answer ends the request that it names, which is answered in its place: another answer comes too late. */
    private void malformed(List<Line> open, String name, String why, String line, boolean ends) {
        List<Line> given = new ArrayList<>(open);
        given.add(server(line));
        add(
                "answer-after-" + name,
                why,
                given,
                server("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}"),
                ends ? "refused id-unknown" : "answer");
    }
}
