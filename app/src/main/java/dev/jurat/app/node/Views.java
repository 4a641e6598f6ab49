package dev.jurat.app.node;

import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PendingCall;
import dev.jurat.governance.Standing;
import dev.jurat.ledger.Action;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Launch;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Particulars;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.sdk.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the node knows, as JSON for whoever asks. */
final class Views {
    private static final int POINT_SESSIONS_MAX = 8;
    /** How many sessions of a point are looked at for the one that says how a server was started: it was opened next to the agent's. */
    private static final int LAUNCHES_MAX = 64;

    private Views() {}

    static Json.Obj record(StoredRecord stored) {
        Entry entry = new Entry(stored.record(), stored.body().flatMap(Views::body));
        Json.Obj view = entry.toJson()
                .with("flags", flags(stored))
                .with("id", Json.of(stored.record().id().hex()))
                .with("index", Json.of(stored.index().value()));
        return stored.bodyDamaged() ? view.with("body-damaged", Json.of(true)) : view;
    }

    private static Json flags(StoredRecord stored) {
        return new Json.Arr(codes(stored).stream().<Json>map(Json.Str::new).toList());
    }

    private static List<String> codes(StoredRecord stored) {
        return stored.flags().stream().map(Flag::code).sorted().toList();
    }

    private static Optional<dev.jurat.proof.record.Body> body(byte[] bytes) {
        try {
            return Optional.of(dev.jurat.proof.record.Body.read(bytes));
        } catch (FormatException e) {
            throw new IllegalStateException("an admitted body cannot be read", e);
        }
    }

    static Json.Obj traced(StoredRecord stored) {
        SignedRecord record = stored.record();
        return JsonBuilder.object()
                .put("counts", !stored.isStray())
                .strings("flags", codes(stored))
                .put("id", record.id().hex())
                .put("index", stored.index().value())
                .put("kind", record.kind().wire())
                .put("principal", record.header().stream().principal())
                .strings(
                        "references",
                        record.header().references().all().stream()
                                .map(RecordId::hex)
                                .toList())
                .put("sequence", record.header().sequence())
                .put("session", record.header().stream().session())
                .put("summary", Summary.of(record.statement().facts()))
                .build();
    }

    static Json.Obj action(Action action, Names names) {
        JsonBuilder out = JsonBuilder.object()
                .put("action", action.tool())
                .put("effect", action.effect())
                .strings("flags", action.flags())
                .put("id", action.intent().hex())
                .put("index", action.index())
                .put("method", action.method())
                .put("principal", action.principal())
                .put("resource", String.join(", ", action.resources()))
                .strings("resources", action.resources())
                .put("session", action.session())
                .put("time", action.atMillis());
        names.of(action.principal()).ifPresent(name -> out.put("name", name));
        action.decision().ifPresent(text -> out.put("decision", text));
        action.reason().ifPresent(text -> out.put("reason", text));
        action.outcome().ifPresent(text -> out.put("outcome", text));
        return out.build();
    }

    static Json.Obj pending(PendingCall call, Names names, LedgerDoor door) {
        Tool tool = call.proposal().offer().tool();
        String actor = call.proposal().offer().actor();
        JsonBuilder out = JsonBuilder.object()
                .put("actor", names.of(actor).orElse(actor))
                .put("decision", call.decision().hex())
                .put("effect", tool.effect().text())
                .put("given", call.given())
                .put("help", call.help())
                .put("intent", call.intent().hex())
                .put("method", tool.method())
                .put("principal", actor)
                .strings("point-sessions", pointSessions(call, door))
                .put("proposal", call.proposal().toJson())
                .put("reason", call.reason())
                .put("terms", call.terms().hex())
                .put("tool", call.name())
                .put("wanted", call.wanted());
        definition(call, door, out);
        return out.build();
    }

    static Json.Obj standing(Standing standing) {
        JsonBuilder out = JsonBuilder.object()
                .put("decision", standing.decision().hex())
                .put("given", standing.given())
                .put("help", standing.help())
                .put("outcome", standing.outcome().wire())
                .put("reason", standing.reason())
                .put("wanted", standing.wanted());
        standing.suspended().ifPresent(what -> out.put("suspended", what));
        return out.build();
    }

    /** For a tool that is not known: the digest of its definition, and the published profile that knows it under another. */
    private static void definition(PendingCall call, LedgerDoor door, JsonBuilder out) {
        context(call, door).filter(c -> !c.known()).ifPresent(context -> {
            context.definition().ifPresent(d -> out.put("definition", d.hex()));
            context.profile()
                    .flatMap(door::artefact)
                    .flatMap(Views::profile)
                    .filter(p -> p.tool(call.name()).isPresent())
                    .filter(p -> !isAccepted(p, call.name(), context.definition(), door))
                    .ifPresent(p -> out.put("accepting-profile", p.name()));
        });
    }

    private static Optional<AuthorityFacts.Context> context(PendingCall call, LedgerDoor door) {
        return door.record(call.decision())
                .flatMap(d -> door.record(d.header().references().one("context")))
                .map(c -> c.statement().facts())
                .filter(AuthorityFacts.Context.class::isInstance)
                .map(AuthorityFacts.Context.class::cast);
    }

    private static boolean isAccepted(ToolProfile profile, String tool, Optional<Hash> definition, LedgerDoor door) {
        Set<Hash> accepted = door.ask(state -> state.profiles().getOrDefault(profile.digest(), List.of()).stream()
                .flatMap(p -> p.accepts().stream())
                .filter(a -> a.tool().equals(tool))
                .map(RegistryFacts.Accepted::definition)
                .collect(Collectors.toSet()));
        return definition
                .filter(d -> accepted.contains(d)
                        || profile.tool(tool)
                                .filter(t -> t.definitions().contains(d))
                                .isPresent())
                .isPresent();
    }

    private static Optional<ToolProfile> profile(byte[] artefact) {
        try {
            return Optional.of(ToolProfile.read(artefact));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /**
     * The record that opened the session of the point in which the server was started as the decision's context says, open or not. Where it
     * does not say, those of the open ones since the agent's own, oldest first: a wrapper opens both, one after the other.
     */
    private static List<String> pointSessions(PendingCall call, LedgerDoor door) {
        String point = call.proposal().offer().point();
        Optional<Hash> launch = context(call, door).flatMap(AuthorityFacts.Context::launch);
        List<RecordId> opened =
                door.ask(state -> (launch.isPresent() ? state.sessions(point) : state.openSessions(point))
                        .stream().flatMap(s -> state.recordAt(s, 0).stream()).toList());
        long since = door.record(call.intent())
                .flatMap(r -> door.ask(state -> state.recordAt(r.header().stream(), 0)))
                .map(id -> door.indexOf(id).orElse(0))
                .orElse(0L);
        java.util.stream.Stream<RecordId> later = opened.stream()
                .filter(id -> door.indexOf(id).orElse(-1) > since)
                .sorted(Comparator.comparingLong(id -> door.indexOf(id).orElse(0)));
        return (launch.isPresent()
                        ? later.limit(LAUNCHES_MAX)
                                .filter(id -> launch(id, door).equals(launch))
                                .limit(1)
                        : later.limit(POINT_SESSIONS_MAX))
                .map(RecordId::hex)
                .toList();
    }

    /** How a session's body says that its server was started; empty where it does not, or is gone. */
    private static Optional<Hash> launch(RecordId session, LedgerDoor door) {
        return door.body(session).flatMap(body -> {
            try {
                return RegistryDetails.Session.read(body).launch().map(Launch::digest);
            } catch (FormatException e) {
                return Optional.empty();
            }
        });
    }

    static Json.Obj principal(Registered principal, Optional<String> name, Lifecycle lifecycle) {
        boolean selfEnrolled = lifecycle.selfEnrolled(principal.principal());
        List<Lifecycle.KeyStanding> keys = lifecycle.keys(principal.principal());
        boolean reported = keys.getLast().report().isPresent();
        Particulars said = lifecycle.particulars(principal.principal());
        String state =
                said.retired() ? "retired" : state(lifecycle.suspended(principal.principal()), reported, selfEnrolled);
        JsonBuilder out = JsonBuilder.object()
                .put("class", principal.type().wire())
                .put("key", principal.key())
                .put("keys", new Json.Arr(keys.stream().<Json>map(Views::key).toList()))
                .put("principal", principal.principal())
                .strings("roles", principal.roles().stream().map(Role::wire).toList())
                .put("self-enrolled", selfEnrolled)
                .put("state", state);
        particulars(said, out);
        return out.put("name", name.map(Json.Str::new)).build();
    }

    private static String state(boolean suspended, boolean reported, boolean selfEnrolled) {
        if (suspended) {
            return "suspended";
        }
        if (reported) {
            return "its key is in other hands";
        }
        return selfEnrolled ? "on its own word: observed only" : "in good standing";
    }

    private static void particulars(Particulars said, JsonBuilder out) {
        List<Json> custodies = said.custodies().stream()
                .<Json>map(PrincipalFacts.Custody::toJson)
                .toList();
        out.put("custodies", new Json.Arr(custodies))
                .put("environment", said.environment().map(Json.Str::new))
                .strings("outside-names", said.names().stream().map(Hash::hex).toList())
                .put("owner", said.owner().map(Json.Str::new));
    }

    private static Json.Obj key(Lifecycle.KeyStanding key) {
        return JsonBuilder.object()
                .put("key", key.key())
                .put("report", key.report().map(id -> Json.of(id.hex())))
                .put("retired", key.retired())
                .put("since", key.since().map(Json.Int::new))
                .build();
    }

    /** The policies by what they are now: one that was withdrawn stands there by the record that published it last. */
    static Json.Obj policies(Lifecycle state, List<PublishedNames.Past> past) {
        Optional<RecordId> decides = state.defaultPolicy();
        Map<RecordId, RegistryFacts.Policy> live = state.policies();
        Set<Hash> there =
                live.values().stream().map(RegistryFacts.Policy::artefact).collect(Collectors.toSet());
        Map<Hash, RecordId> gone = new HashMap<>();
        past.stream()
                .filter(p -> !there.contains(p.facts().artefact()))
                .forEach(p -> gone.put(p.facts().artefact(), p.record()));
        List<Json> all = past.stream()
                .filter(p -> live.containsKey(p.record()) || gone.containsValue(p.record()))
                .<Json>map(p -> policy(p, live.containsKey(p.record()), decides.equals(Optional.of(p.record()))))
                .toList();
        return JsonBuilder.object().put("policies", new Json.Arr(all)).build();
    }

    private static Json.Obj policy(PublishedNames.Past past, boolean live, boolean decides) {
        return JsonBuilder.object()
                .put("artefact", past.facts().artefact().hex())
                .put("decides", decides)
                .put("name", past.facts().name())
                .put("record", past.record().hex())
                .put("use", !live ? "withdrawn" : decides ? "default" : "available")
                .build();
    }

    /** Those that are published as the ledger has them in order, and beside them those that are no more. */
    static Json.Obj profiles(Lifecycle state, List<RegistryFacts.Profile> past) {
        Map<Hash, String> gone = new LinkedHashMap<>();
        past.stream()
                .filter(p -> !state.profiles().containsKey(p.artefact()))
                .forEach(p -> gone.put(p.artefact(), p.name()));
        List<Json> withdrawn = gone.entrySet().stream()
                .<Json>map(p -> JsonBuilder.object()
                        .put("artefact", p.getKey().hex())
                        .put("name", p.getValue())
                        .build())
                .toList();
        List<Json> all = new ArrayList<>();
        for (Map.Entry<Hash, List<RegistryFacts.Profile>> entry :
                state.profiles().entrySet()) {
            List<Json> accepts = entry.getValue().stream()
                    .flatMap(p -> p.accepts().stream())
                    .<Json>map(a -> JsonBuilder.object()
                            .put("definition", a.definition().hex())
                            .put("tool", a.tool())
                            .build())
                    .toList();
            all.add(JsonBuilder.object()
                    .put("accepts", new Json.Arr(accepts))
                    .put("artefact", entry.getKey().hex())
                    .put("name", entry.getValue().getLast().name())
                    .build());
        }
        return JsonBuilder.object()
                .put("profiles", new Json.Arr(all))
                .put("withdrawn", new Json.Arr(withdrawn))
                .build();
    }
}
