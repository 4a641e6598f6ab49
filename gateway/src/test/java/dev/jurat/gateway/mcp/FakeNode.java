package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.contract.Assumption;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.contract.Mode;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Reach;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.TargetRule;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.World;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * The node's HTTP API over a real Unix socket and the real admission rules, with a policy that a test sets and faults that it injects.
 */
final class FakeNode implements AutoCloseable {
    /** What becomes of a request. */
    enum Fault {
        NONE,
        /** Accepted, read, never answered, never processed. */
        HANG,
        /** Processed, and the connection closed without an answer. */
        LOSE_ANSWER,
        /** Answered 503 without being processed. */
        BUSY
    }

    /** What the policy says to a call. */
    enum Policy {
        EXACT,
        RANGED,
        OBSERVED,
        DENY,
        PENDING
    }

    final World world;
    private final ServerSocketChannel server;
    private final Path socket;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Map<RecordId, Json.Obj> answers = new HashMap<>();
    private final Map<RecordId, Waiting> pending = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<List<Kind>> groups = new ArrayList<>();
    private volatile Duration tokenTakes = Duration.ZERO;
    private volatile Policy policy = Policy.EXACT;
    private volatile long uses = 1000;
    private volatile boolean large;
    private volatile Optional<Limits> limits = Optional.empty();
    private volatile Optional<Hash> launch = Optional.empty();
    private final List<Hash> profiles = new ArrayList<>();
    private long lastTick = System.nanoTime();

    private record Waiting(
            AuthorityFacts.Intent intent, Entry entry, Proposed proposed, RecordId context, RecordId decision) {}

    private record Proposed(Proposal proposal, Salt terms, Optional<Salt> call) {
        AuthorityDetails.Proposed details() {
            return new AuthorityDetails.Proposed(proposal, terms, call);
        }
    }

    private FakeNode(World world, Path socket) throws IOException {
        this.world = world;
        this.socket = socket;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    static FakeNode claimed(Path socket) throws IOException {
        return new FakeNode(World.claimed(), socket);
    }

    static FakeNode unclaimed(Path socket) throws IOException {
        FakeNode node = new FakeNode(World.unclaimed(), socket);
        node.policy = Policy.OBSERVED;
        return node;
    }

    void policy(Policy changed) {
        policy = changed;
    }

    /** How many uses a ranged contract has from here on. */
    void uses(long changed) {
        uses = changed;
    }

    /** Moves the node's clock on. */
    synchronized void later(Duration time) {
        lastTick -= time.toNanos();
    }

    /** Whether what the node would keep of a call is larger than it takes, from here on. */
    void large(boolean changed) {
        large = changed;
    }

    /** How a server has to be started for the contracts from here on, whatever the point says. */
    void launch(Hash changed) {
        launch = Optional.of(changed);
    }

    void limits(Limits changed) {
        limits = Optional.of(changed);
    }

    void publishProfile(byte[] artefact) {
        profiles.add(world.log().artefact(artefact));
    }

    /** From now on requests whose path begins so fare like this. */
    void fault(String path, Fault fault) {
        faults.put(path, fault);
    }

    /** How long a decision takes from here on. */
    void tokenTakes(Duration time) {
        tokenTakes = time;
    }

    /** The kinds of each group that was submitted, in order. */
    synchronized List<List<Kind>> groups() {
        return List.copyOf(groups);
    }

    /** Every record admitted so far of this kind. */
    synchronized List<SignedRecord> records(Kind kind) {
        return world.log().leaves().stream().filter(r -> r.kind() == kind).toList();
    }

    /** Their bodies, as text. */
    synchronized List<String> bodies(Kind kind) {
        return records(kind).stream()
                .map(r -> new String(world.log().bodies().get(r.id()).bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    /** How often each outcome was recorded. */
    synchronized List<ExecutionFacts.Result> results() {
        return records(Kind.OUTCOME).stream()
                .map(r -> ((ExecutionFacts.Outcome) r.statement().facts()).result())
                .toList();
    }

    /** Revokes the newest session of the agent, as an administrator does. */
    synchronized void revokeSession() {
        Stream session = records(Kind.SESSION).stream()
                .map(record -> record.header().stream())
                .filter(stream -> stream.principal().equals(world.agent().principal()))
                .reduce((first, last) -> last)
                .orElseThrow();
        tick();
        world.draft(
                        world.administrator(),
                        new RegistryFacts.Revocation(
                                RegistryFacts.Target.SESSION, "operator", Optional.of(session), Optional.empty()))
                .body(ignored -> new PersonDetails("stolen").toJson())
                .admit();
    }

    // ---- HTTP

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
            while (true) {
                String request = line(in);
                if (request.isEmpty()) {
                    return;
                }
                byte[] body = body(in);
                String[] words = request.split(" ");
                Fault fault = fault(words[1]);
                if (fault == Fault.HANG) {
                    closed.await();
                    return;
                }
                if (words[1].equals("/v1/token")) {
                    Thread.sleep(tokenTakes);
                }
                Answer answer = fault == Fault.BUSY ? error(503, "busy") : answer(words[0], words[1], body);
                if (fault == Fault.LOSE_ANSWER) {
                    return;
                }
                write(channel, answer);
            }
        } catch (IOException | InterruptedException e) {
            // The client went away, or the node is closing.
        } finally {
            open.remove(channel);
        }
    }

    private Fault fault(String path) {
        return faults.entrySet().stream()
                .filter(f -> path.startsWith(f.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Fault.NONE);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int b;
        while ((b = in.read()) >= 0 && b != '\n') {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private static byte[] body(InputStream in) throws IOException {
        int length = 0;
        String head;
        while (!(head = line(in)).isEmpty()) {
            if (head.startsWith("Content-Length: ")) {
                length = Integer.parseInt(head.substring(16));
            }
        }
        return in.readNBytes(length);
    }

    private record Answer(int status, byte[] body) {}

    private static Answer ok(Json.Obj body) {
        return new Answer(200, CanonicalJson.write(body));
    }

    private static Answer error(int status, String code) {
        return new Answer(
                status,
                CanonicalJson.write(JsonBuilder.object()
                        .put("code", code)
                        .put("message", code)
                        .put("next", "")
                        .put("owner", "jurat")
                        .build()));
    }

    private static void write(SocketChannel channel, Answer answer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("HTTP/1.1 " + answer.status + " X\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(answer.body.length) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(answer.body);
        out.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer buffer = ByteBuffer.wrap(out.toByteArray());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private synchronized Answer answer(String method, String path, byte[] body) {
        try {
            tick();
            if (path.equals("/v1/head")) {
                return ok(head());
            } else if (path.equals("/v1/profiles")) {
                return ok(profileList());
            } else if (path.startsWith("/v1/artefacts/")) {
                return new Answer(
                        200, Objects.requireNonNull(world.log().artefacts().get(Hash.fromHex(path.substring(14)))));
            } else if (path.startsWith("/v1/streams/")) {
                return stream(Stream.parse(path.substring(12)));
            } else if (path.equals("/v1/groups") && method.equals("POST")) {
                return groups(CanonicalJson.readLoose(body));
            } else if (path.equals("/v1/token") && method.equals("POST")) {
                return token(form(new String(body, StandardCharsets.US_ASCII)));
            }
            return error(404, "not-found");
        } catch (FormatException e) {
            return error(400, e.code());
        }
    }

    private void tick() {
        long now = System.nanoTime();
        world.tick(Math.max(1, (now - lastTick) / 1_000_000));
        lastTick = now;
    }

    private Json.Obj head() {
        Lifecycle lifecycle = world.log().lifecycle();
        return JsonBuilder.object()
                .put("claimed", lifecycle.claimed())
                .put("clock", lifecycle.clockId().hex())
                .put("earliest", lifecycle.clock().earliest())
                .put("genesis", lifecycle.genesis().hex())
                .put("latest", lifecycle.clock().latest())
                .put("size", world.log().leaves().size())
                .build();
    }

    private Json.Obj profileList() {
        List<Json> items = new ArrayList<>();
        for (Hash digest : profiles) {
            items.add(JsonBuilder.object()
                    .put("accepts", new Json.Arr(List.of()))
                    .put("artefact", digest.hex())
                    .build());
        }
        return JsonBuilder.object().put("profiles", new Json.Arr(items)).build();
    }

    private Answer stream(Stream stream) {
        return world.log()
                .lifecycle()
                .head(stream)
                .map(h -> ok(JsonBuilder.object()
                        .put("next", h.next())
                        .put("previous", h.previous().hex())
                        .put("state", h.ended() ? "ended" : "open")
                        .build()))
                .orElseGet(() -> error(404, "stream-unknown"));
    }

    // ---- groups

    private Answer groups(Json.Obj request) throws FormatException {
        Fields fields = Fields.of(request, "request");
        List<Matter> group = new ArrayList<>();
        for (Json item : fields.array("records")) {
            Entry entry = Entry.read(item);
            group.add(new Matter(entry.record(), entry.body()));
            if (isLarge(entry)) {
                return error(409, "body-large");
            }
        }
        if (fields.has("artefacts")) {
            for (String artefact : fields.strings("artefacts")) {
                world.log().artefact(Base64Text.decode(artefact));
            }
        }
        groups.add(group.stream().map(matter -> matter.record().kind()).toList());
        List<Judgement> judgements = world.offer(group.toArray(Matter[]::new));
        List<Json> results = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            switch (judgements.get(i)) {
                case Judgement.Admitted ignored -> results.add(result(group.get(i), "admitted", ""));
                case Judgement.Present present ->
                    results.add(result(
                            group.get(i),
                            present.refused() ? "refused" : "present",
                            present.refused() ? "before" : ""));
                case Judgement.Refused refused ->
                    results.add(result(group.get(i), "refused", refused.rule().code()));
                case Judgement.PushedBack pushed -> {
                    return error(409, pushed.rule().code());
                }
                case Judgement.Conflicting ignored -> {
                    return error(409, "conflict");
                }
            }
        }
        return ok(JsonBuilder.object()
                .put("clock", world.log().clockId().hex())
                .put("results", new Json.Arr(results))
                .build());
    }

    /** The bound of a real ledger. */
    private static boolean isLarge(Entry entry) {
        return entry.body().filter(b -> b.bytes().length > 2 << 20).isPresent();
    }

    private static Json result(Matter matter, String status, String rule) {
        return JsonBuilder.object()
                .strings("flags", List.of())
                .put("id", matter.id().hex())
                .put("rule", rule)
                .put("status", status)
                .build();
    }

    // ---- tokens

    private static Map<String, String> form(String body) {
        Map<String, String> out = new HashMap<>();
        for (String pair : body.split("&")) {
            int cut = pair.indexOf('=');
            out.put(pair.substring(0, cut), URLDecoder.decode(pair.substring(cut + 1), StandardCharsets.US_ASCII));
        }
        return out;
    }

    private Answer token(Map<String, String> form) throws FormatException {
        Entry entry = Entry.read(CanonicalJson.readObject(Base64.getUrlDecoder().decode(form.get("subject_token"))));
        Json.Obj context = CanonicalJson.readObject(Base64.getUrlDecoder().decode(form.get("jurat_context")));
        RecordId id = entry.record().id();
        if (isLarge(entry) || large) {
            return said(JsonBuilder.object()
                    .put("error", "invalid_grant")
                    .strings("jurat_codes", List.of("body-large"))
                    .put("jurat_recorded", false)
                    .build());
        }
        if (answers.containsKey(id)) {
            return said(answers.get(id));
        }
        Optional<Json.Obj> salted = useSalt(entry);
        if (salted.isPresent()) {
            return said(salted.get());
        }
        Judgement judgement =
                world.offer(new Matter(entry.record(), entry.body())).getFirst();
        if (judgement instanceof Judgement.PushedBack pushed) {
            return error(409, pushed.rule().code());
        }
        if (!(judgement instanceof Judgement.Admitted)) {
            return error(400, judgement.toString());
        }
        Json.Obj answer = decide(entry, context);
        answers.put(id, answer);
        return said(answer);
    }

    private static Answer said(Json.Obj answer) {
        boolean granted = answer.members().containsKey("access_token");
        return new Answer(granted ? 200 : 400, CanonicalJson.write(answer));
    }

    private Optional<Json.Obj> useSalt(Entry entry) throws FormatException {
        CallDetails asked = CallDetails.read(entry.body().orElseThrow());
        for (Waiting waiting : pending.values()) {
            CallDetails approved = CallDetails.read(waiting.entry.body().orElseThrow());
            boolean same = approved.isSameCall(asked) && !approved.callSalt().equals(asked.callSalt());
            if (same
                    && Objects.requireNonNull(answers.get(waiting.entry.record().id()))
                            .members()
                            .containsKey("access_token")) {
                return Optional.of(JsonBuilder.object()
                        .put("error", "use_salt")
                        .put("jurat_recorded", false)
                        .put("jurat_salt", approved.callSalt().hex())
                        .build());
            }
        }
        return Optional.empty();
    }

    private Json.Obj decide(Entry entry, Json.Obj context) throws FormatException {
        AuthorityFacts.Intent intent =
                (AuthorityFacts.Intent) entry.record().statement().facts();
        RecordId contextId = world.draft(
                        world.governor(),
                        new AuthorityFacts.Context(
                                intent.tool().profile(), Optional.empty(), Optional.empty(), true, 0))
                .references(References.of("intent", entry.record().id()))
                .body(ignored -> new AuthorityDetails.Context(context).toJson())
                .admit()
                .id();
        CallDetails call = CallDetails.read(entry.body().orElseThrow());
        Proposed proposed = proposal(entry, intent, call, context);
        boolean observed = policy == Policy.OBSERVED;
        AuthorityFacts.Outcome outcome = switch (policy) {
            case EXACT, RANGED -> AuthorityFacts.Outcome.ALLOW;
            case OBSERVED -> AuthorityFacts.Outcome.OBSERVED;
            case DENY -> AuthorityFacts.Outcome.DENY;
            case PENDING -> AuthorityFacts.Outcome.PENDING;
        };
        boolean denied = outcome == AuthorityFacts.Outcome.DENY;
        RecordId decision = world.draft(
                        world.governor(),
                        new AuthorityFacts.Decision(
                                outcome,
                                denied ? "outside-root" : "permitted",
                                observed ? world.observeArtefact() : world.starterArtefact(),
                                "cedar-4.10.0",
                                outcome == AuthorityFacts.Outcome.PENDING ? 1 : 0,
                                denied ? Optional.empty() : Optional.of(proposed.proposal.grant(proposed.terms))))
                .references(References.of(
                        "intent",
                        entry.record().id(),
                        "context",
                        contextId,
                        "policy",
                        observed ? world.observePolicy() : world.policy()))
                .body(ignored -> new AuthorityDetails.Decision(
                                denied ? Optional.empty() : Optional.of(proposed.details()), List.of("all"), "")
                        .toJson())
                .admit()
                .id();
        return switch (policy) {
            case DENY ->
                JsonBuilder.object()
                        .put("error", "access_denied")
                        .strings("jurat_codes", List.of("outside-root"))
                        .put("jurat_decision", decision.hex())
                        .put("jurat_help", "stay inside")
                        .build();
            case PENDING -> {
                pending.put(decision, new Waiting(intent, entry, proposed, contextId, decision));
                yield JsonBuilder.object()
                        .put("error", "authorization_pending")
                        .strings("jurat_codes", List.of("tool-unknown"))
                        .put("jurat_decision", decision.hex())
                        .put("jurat_help", "two people")
                        .put("jurat_wanted", 1)
                        .build();
            }
            case EXACT, RANGED, OBSERVED -> grant(entry, proposed, contextId, decision);
        };
    }

    private Proposed proposal(Entry entry, AuthorityFacts.Intent intent, CallDetails call, Json.Obj context)
            throws FormatException {
        Tool tool = intent.tool();
        boolean ranged = policy == Policy.RANGED;
        Stream stream = entry.record().header().stream();
        Offer offer = new Offer(
                stream.principal(),
                policy == Policy.PENDING ? Offer.ANY_SESSION : stream.session(),
                intent.point(),
                ranged ? new Shape.Ranged() : new Shape.Exact(intent.call()),
                tool,
                ranged ? 900_000 : 60_000,
                ranged ? uses : 1,
                List.of(),
                policy == Policy.OBSERVED ? Mode.OBSERVED : Mode.ENFORCED);
        List<TargetRule> targets = new ArrayList<>();
        for (String root : Fields.of(context, "context").strings("roots")) {
            targets.add(new TargetRule.Path(LexicalPath.parse(root), Reach.BELOW));
        }
        String launched = Fields.of(context, "context").string("launch");
        List<Assumption> assumptions =
                List.of(new Assumption("launch", launch.map(Hash::hex).orElse(launched)));
        Proposal proposal =
                new Proposal(offer, targets, ranged ? limits : Optional.empty(), assumptions, List.of(), List.of());
        return new Proposed(
                proposal,
                world.salt("terms " + entry.record().id()),
                ranged ? Optional.empty() : Optional.of(call.callSalt()));
    }

    private Json.Obj grant(Entry entry, Proposed proposed, RecordId context, RecordId decision) {
        Stream stream = entry.record().header().stream();
        Matter contract = world.draft(
                        world.governor(), new AuthorityFacts.Contract(proposed.proposal.grant(proposed.terms)))
                .references(References.of("decision", decision))
                .body(ignored -> new AuthorityDetails.Contract(proposed.details()).toJson())
                .sign();
        long notAfter = world.log().lifecycle().clock().earliest() + 50_000;
        Grant grant = proposed.proposal.grant(proposed.terms);
        String key = world.log().lifecycle().head(stream).orElseThrow().key().text();
        String token = new Eid(
                        Eid.issuer(World.ORIGIN),
                        grant.point(),
                        grant.actor(),
                        notAfter / 1000 - 50,
                        notAfter / 1000,
                        entry.record().id().hex(),
                        key,
                        grant.tool(),
                        contract.body().orElseThrow().digest(),
                        new Eid.Records(entry.record().id(), context, decision, contract.id()))
                .mint(World.key("broker"));
        Matter identity = world.draft(
                        world.broker(),
                        new AuthorityFacts.Identity(grant, stream.session(), key, Eid.digest(token), notAfter))
                .references(References.of(
                        "contract", contract.id(), "intent", entry.record().id()))
                .body(ignored -> new AuthorityDetails.Identity(token).toJson())
                .sign();
        world.admit(contract, identity);
        return JsonBuilder.object()
                .put("access_token", token)
                .put("expires_in", 50)
                .put("jurat_clock", world.log().clockId().hex())
                .put(
                        "jurat_contract",
                        Base64Text.encode(contract.body().orElseThrow().bytes()))
                .put("jurat_mode", policy == Policy.OBSERVED ? "observed" : "enforced")
                .put(
                        "jurat_records",
                        JsonBuilder.object()
                                .put("context", context.hex())
                                .put("contract", contract.id().hex())
                                .put("decision", decision.hex())
                                .put("identity", identity.id().hex())
                                .put("intent", entry.record().id().hex())
                                .build())
                .build();
    }

    /** Approves everything that waits. */
    synchronized void approveAll() {
        tick();
        for (Waiting waiting : pending.values()) {
            Matter approval = world.draft(
                            world.approver(),
                            new AuthorityFacts.Approval(
                                    AuthorityFacts.Verdict.APPROVE,
                                    waiting.proposed
                                            .proposal
                                            .grant(waiting.proposed.terms)
                                            .terms()))
                    .references(References.of("decision", waiting.decision))
                    .body(ignored -> new PersonDetails("looked at").toJson())
                    .admit();
            RecordId decision = world.draft(
                            world.governor(),
                            new AuthorityFacts.Decision(
                                    AuthorityFacts.Outcome.ALLOW,
                                    "permitted",
                                    world.starterArtefact(),
                                    "cedar-4.10.0",
                                    1,
                                    Optional.of(waiting.proposed.proposal.grant(waiting.proposed.terms))))
                    .references(References.of(
                                    "intent",
                                    waiting.entry.record().id(),
                                    "context",
                                    waiting.context,
                                    "policy",
                                    world.policy(),
                                    "supersedes",
                                    waiting.decision)
                            .withMany("approvals", List.of(approval.id())))
                    .body(ignored -> new AuthorityDetails.Decision(
                                    Optional.of(waiting.proposed.details()), List.of("all"), "")
                            .toJson())
                    .admit()
                    .id();
            answers.put(waiting.entry.record().id(), grant(waiting.entry, waiting.proposed, waiting.context, decision));
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
        Files.deleteIfExists(socket);
    }
}
