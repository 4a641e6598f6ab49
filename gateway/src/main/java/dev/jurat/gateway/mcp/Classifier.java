package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Judges every message of one connection by the closed table, and matches answers to requests.
 *
 * <p>Security property: what is governed is never let through as something else, because a message is judged over exactly the bytes
 * that the other side will read, and those bytes can be read in one way only. Holds the revision that was agreed and the requests in
 * flight; thread-safe by one lock, never blocks.
 */
final class Classifier {
    static final int IN_FLIGHT_MAX = 1024;
    static final int ID_LENGTH_MAX = 256;
    /** The most bytes of a governed message: it is kept in records, several times over while it is decided on. */
    static final int GOVERNED_BYTES_MAX = 2 << 20;

    private static final String PROTOCOL = "io.modelcontextprotocol/protocolVersion";
    private static final Set<String> BEFORE_REVISION =
            Set.of("initialize", "ping", "notifications/cancelled", "notifications/message");
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    private static final String ROOTS = "roots/list";
    static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
    static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
    static final String LISTEN = "subscriptions/listen";
    private static final String INITIALIZE = "initialize";
    private static final Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params", "result", "error");
    /** More characters than any word has that the table or a revision knows. */
    private static final int WORD_MAX = 64;
    /** So many characters of a method's name are kept: more than a record has of one that is not known. */
    private static final int METHOD_MAX = 1024;
    /** An id of {@link #ID_LENGTH_MAX} characters has at most so many bytes. */
    private static final int ID_BYTES_MAX = 3 * ID_LENGTH_MAX;

    private static final Set<String> TASK_MEMBERS = Set.of("ttl");

    private final MessageTable table;
    private final BooleanSupplier clientTellsRoots;
    private final Map<Side, Map<MessageId, Flight>> flights =
            Map.of(Side.CLIENT, new HashMap<>(), Side.SERVER, new HashMap<>());
    private Optional<Revision> agreed = Optional.empty();
    private boolean statelessSeen;
    private boolean rootsTold;

    Classifier(MessageTable table) {
        this(table, () -> true);
    }

    /**
     * @param clientTellsRoots hears, before the message is let through, that the client tells the server folders of its own or says that it
     *     can; answers whether it still may
     */
    Classifier(MessageTable table, BooleanSupplier clientTellsRoots) {
        this.table = table;
        this.clientTellsRoots = clientTellsRoots;
    }

    /** The revision of the handshake, once the server has answered it. */
    synchronized Optional<Revision> agreed() {
        return agreed;
    }

    /** Judges the bytes of one line. A request that goes through is remembered; the answer to one forgets it. */
    synchronized Verdict judge(Side side, byte[] line) {
        Wire root;
        try {
            root = Wire.parse(line);
        } catch (FormatException e) {
            return unreadable(side, line, e.code());
        }
        if (root.isArray()) {
            return new Verdict.Refused(
                    "batch",
                    "batches are not taken in any revision",
                    Optional.empty(),
                    Optional.empty(),
                    side == Side.SERVER ? ended(side, root) : List.of());
        }
        if (!root.isObject()) {
            return refused("message-form", "a message is an object", Optional.empty());
        }
        return judge(side, line, root);
    }

    /**
     * A line that cannot be read in one way. If it answers a request in one reading, that request ends here; if it is a request in one
     * reading, the refusal has its id, so that the client does not wait for ever.
     */
    private Verdict unreadable(Side side, byte[] line, String code) {
        String detail = "the bytes can be read in more ways than one, or in none";
        Optional<Wire> reading = Wire.dangerouslyParse(line);
        List<Flight> flights = reading.map(root -> ended(side, root)).orElse(List.of());
        Optional<MessageId> id = reading.filter(root -> root.member("method").isPresent() && flights.isEmpty())
                .flatMap(root -> root.member("id"))
                .flatMap(Classifier::id);
        return new Verdict.Refused(code, detail, id, Optional.empty(), flights);
    }

    /** The requests that a refused line answers in one reading: they end here, and are answered in its place. */
    private List<Flight> ended(Side side, Wire root) {
        List<Flight> ended = new ArrayList<>();
        if (root.isArray() && side == Side.SERVER) {
            root.eachItem(message -> ended(side, message, ended));
        } else {
            ended(side, root, ended);
        }
        return List.copyOf(ended);
    }

    private void ended(Side side, Wire message, List<Flight> ended) {
        Map<String, Wire> members = message.members(MEMBERS);
        boolean says = side == Side.SERVER && (members.containsKey("result") || members.containsKey("error"));
        if (says || !members.containsKey("method")) {
            Optional.ofNullable(members.get("id"))
                    .flatMap(Classifier::id)
                    .flatMap(id -> answered(side == Side.CLIENT ? Side.SERVER : Side.CLIENT, id))
                    .ifPresent(ended::add);
        }
    }

    /** Remembers a request that the wrapper itself makes of the server, so that its answer is not the client's. */
    synchronized boolean own(Message request, boolean stateless) {
        MessageId id = request.id().orElseThrow();
        Flight flight = new Flight(Side.CLIENT, id, Treatment.OBSERVED, request, stateless, true);
        return flights(Side.CLIENT).putIfAbsent(id, flight) == null;
    }

    private Verdict judge(Side side, byte[] line, Wire root) {
        Map<String, Wire> members = root.members(MEMBERS);
        Optional<MessageId> id = Optional.ofNullable(members.get("id")).flatMap(Classifier::id);
        Optional<String> version = Optional.ofNullable(members.get("jsonrpc")).flatMap(v -> v.text(WORD_MAX));
        Optional<Message> formed = form(line, root, members, id);
        if (!version.equals(Optional.of("2.0")) || formed.isEmpty()) {
            List<Flight> flights = side == Side.SERVER ? ended(side, root) : List.of();
            boolean asks = side == Side.CLIENT || members.containsKey("method") && flights.isEmpty();
            return new Verdict.Refused(
                    "message-form",
                    "not a JSON-RPC 2.0 request, notification or answer",
                    asks ? id : Optional.empty(),
                    Optional.empty(),
                    flights);
        }
        Message message = formed.get();
        return switch (message.form()) {
            case REQUEST, NOTIFICATION -> judgeCall(side, message);
            case RESULT, ERROR -> judgeAnswer(side, message);
        };
    }

    private static Optional<Message> form(byte[] line, Wire root, Map<String, Wire> members, Optional<MessageId> id) {
        Optional<Wire> params = Optional.ofNullable(members.get("params"));
        Set<String> keys = new HashSet<>(members.keySet());
        keys.removeAll(Set.of("jsonrpc", "params"));
        if (members.containsKey("method")) {
            Optional<String> method = members.get("method").text(METHOD_MAX);
            boolean request = keys.equals(Set.of("id", "method")) && id.isPresent();
            boolean sound = method.isPresent()
                    && (request || keys.equals(Set.of("method")))
                    && params.map(Wire::isObject).orElse(true);
            Message.Form form = request ? Message.Form.REQUEST : Message.Form.NOTIFICATION;
            return sound ? Optional.of(new Message(line, form, id, method.get(), root, params)) : Optional.empty();
        }
        boolean error = members.containsKey("error");
        Wire said = members.get(error ? "error" : "result");
        boolean nameless =
                error && (!members.containsKey("id") || members.get("id").isNull());
        keys.removeAll(Set.of("id", error ? "error" : "result"));
        if (said == null || !said.isObject() || params.isPresent() || !keys.isEmpty() || id.isEmpty() && !nameless) {
            return Optional.empty();
        }
        Message.Form form = error ? Message.Form.ERROR : Message.Form.RESULT;
        return Optional.of(new Message(line, form, id, "", root, Optional.empty()));
    }

    /**
     * An id, or a progress token, which has the same form: text, or a whole number in the one form that all readers keep. The mistake that
     * looks right but is not: two ids for {@code 0} and {@code -0}, which the other side takes for one.
     */
    static Optional<MessageId> id(Wire value) {
        String lexeme = value.size() > ID_BYTES_MAX ? "" : value.lexeme();
        if (lexeme.isEmpty() || lexeme.length() > ID_LENGTH_MAX) {
            return Optional.empty();
        }
        if (value.isWhole()) {
            return Optional.of(new MessageId("n:" + lexeme, lexeme));
        }
        return value.text().map(t -> new MessageId("s:" + t, lexeme));
    }

    private Verdict judgeCall(Side side, Message message) {
        boolean request = message.form() == Message.Form.REQUEST;
        Optional<Wire> named = message.meta(PROTOCOL);
        Optional<Revision> own =
                named.flatMap(v -> v.text(WORD_MAX)).flatMap(Revision::of).filter(Revision::stateless);
        if (named.isPresent() && own.isEmpty() && side == Side.CLIENT) {
            return refused("revision-unknown", "the request names a revision that is not in the table", message);
        }
        Optional<Revision> revision =
                own.or(() -> listening(side, message)).or(() -> agreed).or(() -> statelessRevision(side, request));
        Optional<MessageTable.Row> row = revision.isPresent()
                ? table.find(side, request, message.method(), revision.get())
                : beforeRevision(side, request, message.method());
        if (row.isEmpty()) {
            boolean known = !table.any(side, request, message.method()).isEmpty();
            return known
                    ? refused("method-revision", "the method is not one of the revision in use", message)
                    : refused("method-unknown", "the method is not in the table", message);
        }
        return judgeRow(side, message, row.get(), revision.orElse(row.get().until()));
    }

    /** What a server says of a subscription in flight is of the revision that the subscription is of, whatever the handshake was. */
    private Optional<Revision> listening(Side side, Message message) {
        boolean listens = side == Side.SERVER
                && message.form() == Message.Form.NOTIFICATION
                && message.meta(SUBSCRIPTION)
                        .flatMap(Classifier::id)
                        .map(flights(Side.CLIENT)::get)
                        .filter(flight -> flight.request().method().equals(LISTEN))
                        .isPresent();
        return listens ? Optional.of(Revision.R2026_07_28) : Optional.empty();
    }

    private Optional<Revision> statelessRevision(Side side, boolean request) {
        boolean speaks = statelessSeen && (side == Side.SERVER || !request);
        return speaks ? Optional.of(Revision.R2026_07_28) : Optional.empty();
    }

    private Optional<MessageTable.Row> beforeRevision(Side side, boolean request, String method) {
        List<MessageTable.Row> any = table.any(side, request, method);
        return BEFORE_REVISION.contains(method) && !any.isEmpty() ? Optional.of(any.getLast()) : Optional.empty();
    }

    private Verdict judgeRow(Side side, Message message, MessageTable.Row row, Revision revision) {
        if (row.treatment() == Treatment.REFUSED) {
            return refused("method-refused", message.method() + " is not taken from here yet", message);
        }
        Set<String> known = new HashSet<>(row.keys());
        known.add("_meta");
        if (message.params().map(p -> p.members(known).containsKey("")).orElse(false)) {
            return refused("params-key-unknown", "params has a key that the revision does not know", message);
        }
        Optional<Verdict> defect = namesDefect(message)
                .or(() -> row.treatment() == Treatment.GOVERNED ? governedDefect(message) : Optional.empty())
                .or(() -> side == Side.CLIENT ? clientDefect(message) : serverDefect(message));
        if (defect.isPresent()) {
            return defect.get();
        }
        if (message.form() == Message.Form.REQUEST) {
            Optional<Verdict> clash = remember(side, message, row.treatment(), revision);
            if (clash.isPresent()) {
                return clash.get();
            }
        }
        return switch (row.treatment()) {
            case GOVERNED -> new Verdict.Governed(message, revision);
            case OBSERVED -> new Verdict.Observed(message);
            case FREE -> new Verdict.Free(message);
            case REFUSED -> throw new IllegalStateException("handled above");
        };
    }

    /** The names that either side finds requests, tasks and progress by. */
    private Optional<Verdict> namesDefect(Message message) {
        boolean sound =
                Stream.of(message.param("requestId"), message.param("progressToken"), message.meta("progressToken"))
                                .flatMap(Optional::stream)
                                .allMatch(name -> id(name).isPresent())
                        && message.param("taskId").map(Wire::isString).orElse(true);
        return sound
                ? Optional.empty()
                : Optional.of(refused("params-form", "an id, a token or a task's id is not in its one form", message));
    }

    private Optional<Verdict> clientDefect(Message message) {
        if (message.method().equals(INITIALIZE) && (agreed.isPresent() || isInFlight(INITIALIZE))) {
            return Optional.of(refused("initialize-again", "the connection is open already", message));
        }
        if (!rootsTold && tellsRoots(message)) {
            rootsTold = clientTellsRoots.getAsBoolean();
            if (!rootsTold) {
                return Optional.of(refused(
                        "roots-late",
                        "a call has gone out that counts on the client not telling the server folders of its own",
                        message));
            }
        }
        return Optional.empty();
    }

    private boolean isInFlight(String method) {
        return flights(Side.CLIENT).values().stream()
                .anyMatch(f -> f.request().method().equals(method));
    }

    /** Whether the server may, from this message on, have folders from the client. */
    private static boolean tellsRoots(Message message) {
        boolean declared = Stream.of(message.param("capabilities"), message.meta(CAPABILITIES))
                .flatMap(Optional::stream)
                .anyMatch(capabilities -> capabilities.member("roots").isPresent());
        boolean answers = message.param("inputResponses")
                .map(inputs -> !inputs.members().isEmpty())
                .orElse(false);
        return declared || answers || message.method().equals("notifications/roots/list_changed");
    }

    private Optional<Verdict> serverDefect(Message message) {
        if (message.method().equals(ROOTS) && !rootsTold) {
            return Optional.of(
                    refused("roots-undeclared", "the client did not say that it has folders to tell", message));
        }
        Optional<Flight> listening = message.method().equals(ACKNOWLEDGED)
                ? message.meta(SUBSCRIPTION).flatMap(Classifier::id).map(flights(Side.CLIENT)::get)
                : Optional.empty();
        if (listening.isPresent() && !listening.get().sent()) {
            return Optional.of(refused("id-unknown", "what it acknowledges was not sent", message));
        }
        return message.param("inputRequests").map(Classifier::asksForRootsAlone).orElse(true)
                ? Optional.empty()
                : Optional.of(refused(
                        "method-refused", "the server asks for input that is not taken from here yet", message));
    }

    private static boolean asksForRootsAlone(Wire inputs) {
        return inputs.isObject()
                && inputs.allMembers(input ->
                        input.member("method").flatMap(m -> m.text(WORD_MAX)).equals(Optional.of(ROOTS)));
    }

    private Optional<Verdict> governedDefect(Message message) {
        if (message.bytes().length > GOVERNED_BYTES_MAX) {
            return Optional.of(refused("call-too-large", "a call has at most 2 MiB: make it smaller", message));
        }
        Optional<Wire> arguments = message.param("arguments");
        boolean objects = arguments.map(Wire::isObject).orElse(true);
        Optional<String> subject = switch (message.method()) {
            case "tools/call", "prompts/get" -> message.paramText("name");
            case "resources/read", "resources/subscribe" -> message.paramText("uri");
            case "tasks/update" -> message.paramText("taskId");
            case "completion/complete" -> GovernedCall.referred(message);
            default -> Optional.of("");
        };
        if (!objects || subject.isEmpty() || !areOthersSound(message)) {
            return Optional.of(refused("params-form", "a name, a URI or arguments are missing or malformed", message));
        }
        Set<String> folded = new HashSet<>();
        for (String key : arguments.map(Wire::members).orElse(Map.of()).keySet()) {
            if (!folded.add(key.toLowerCase(Locale.ROOT))) {
                return Optional.of(refused("json-key-case", "two argument names that differ in case alone", message));
            }
        }
        return inputDefect(message);
    }

    /** The members that belong to the protocol's own ways of asking back and of waiting. */
    private static boolean areOthersSound(Message message) {
        boolean task = message.param("task")
                .map(t -> t.isObject() && TASK_MEMBERS.containsAll(t.members().keySet()))
                .orElse(true);
        return task
                && message.param("inputResponses").map(Wire::isObject).orElse(true)
                && message.param("requestState").map(Wire::isString).orElse(true);
    }

    private Optional<Verdict> inputDefect(Message message) {
        Optional<Wire> inputs = message.param("inputResponses");
        for (Wire input : inputs.map(Wire::members).orElse(Map.of()).values()) {
            if (!input.members().keySet().equals(Set.of("roots"))) {
                return Optional.of(
                        refused("input-refused", "only answers to roots/list are taken as input yet", message));
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict> remember(Side side, Message message, Treatment treatment, Revision revision) {
        MessageId id = message.id().orElseThrow();
        Map<MessageId, Flight> open = flights(side);
        if (open.containsKey(id)) {
            return Optional.of(new Verdict.Refused(
                    "id-in-use", "a request with this id is still in flight", Optional.empty(), Optional.of(message)));
        }
        if (open.size() >= IN_FLIGHT_MAX) {
            return Optional.of(refused("too-many-requests", "too many requests are in flight", message));
        }
        boolean stateless = revision.stateless();
        statelessSeen |= stateless;
        boolean governed = treatment == Treatment.GOVERNED;
        open.put(id, new Flight(side, id, treatment, governed ? message : message.slim(), stateless, !governed));
        return Optional.empty();
    }

    private Map<MessageId, Flight> flights(Side side) {
        return java.util.Objects.requireNonNull(flights.get(side));
    }

    private Verdict judgeAnswer(Side side, Message message) {
        if (message.id().isEmpty()) {
            return side == Side.SERVER
                    ? new Verdict.Free(message)
                    : refused("id-unknown", "the answer names no request", Optional.empty());
        }
        Side asker = side == Side.CLIENT ? Side.SERVER : Side.CLIENT;
        Optional<Flight> flight = answered(asker, message.id().get());
        if (flight.isEmpty()) {
            return new Verdict.Refused(
                    "id-unknown", "no request with this id was sent", Optional.empty(), Optional.of(message));
        }
        Optional<Verdict> defect = answerDefect(flight.get(), message);
        return defect.orElseGet(() -> new Verdict.Answer(message, flight.get()));
    }

    /** Ends the request that an answer has the id of, if it went out: nobody can answer what nobody got. */
    private Optional<Flight> answered(Side asker, MessageId id) {
        Optional<Flight> flight = Optional.ofNullable(flights(asker).get(id)).filter(Flight::sent);
        flight.ifPresent(f -> flights(asker).remove(id));
        return flight;
    }

    private Optional<Verdict> answerDefect(Flight flight, Message message) {
        if (message.form() != Message.Form.RESULT) {
            return Optional.empty();
        }
        Wire result = message.root().member("result").orElseThrow();
        if (flight.request().method().equals(INITIALIZE)) {
            agreed = result.member("protocolVersion")
                    .flatMap(v -> v.text(WORD_MAX))
                    .flatMap(Revision::of)
                    .filter(r -> !r.stateless());
            if (agreed.isEmpty()) {
                return Optional.of(
                        answerRefused("revision-unknown", "the server chose an unknown revision", flight, message));
            }
        }
        return result.member("inputRequests").map(Classifier::asksForRootsAlone).orElse(true)
                ? Optional.empty()
                : Optional.of(answerRefused(
                        "method-refused",
                        "the server asks for input that is not taken from here yet",
                        flight,
                        message));
    }

    private static Verdict answerRefused(String code, String detail, Flight flight, Message message) {
        return new Verdict.Refused(code, detail, Optional.of(flight.id()), Optional.of(message), List.of(flight));
    }

    /** A governed request of the client goes out now: from here on the server can answer it. */
    synchronized void sent(Message request) {
        request.id()
                .ifPresent(id -> flights(Side.CLIENT)
                        .computeIfPresent(id, (i, flight) -> flight.request() == request ? flight.asSent() : flight));
    }

    /** The request of this side that is in flight under an id. */
    synchronized Optional<Message> inFlight(Side side, MessageId id) {
        return Optional.ofNullable(flights(side).get(id)).map(Flight::request);
    }

    /** All requests of this side that are in flight. */
    synchronized List<Flight> inFlight(Side side) {
        return List.copyOf(flights(side).values());
    }

    /**
     * Forgets a request that no answer of the other side will end, so that its id is free again; not another one that has the id since. Says
     * whether it was in flight, and so is the caller's to answer.
     */
    synchronized boolean forget(Side side, Message request) {
        Optional<MessageId> id = request.id();
        Flight flight = id.isPresent() ? flights(side).get(id.get()) : null;
        return flight != null && flight.request() == request && flights(side).remove(id.orElseThrow(), flight);
    }

    private static Verdict refused(String code, String detail, Message message) {
        Optional<MessageId> id = message.form() == Message.Form.REQUEST ? message.id() : Optional.empty();
        return new Verdict.Refused(code, detail, id, Optional.of(message));
    }

    private static Verdict refused(String code, String detail, Optional<MessageId> id) {
        return new Verdict.Refused(code, detail, id, Optional.empty());
    }
}
