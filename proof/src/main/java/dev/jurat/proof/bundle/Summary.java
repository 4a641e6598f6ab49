package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Stream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What people want to know of a bundle first: per action who, what, when, under which rules, and how it ended
 * ({@code docs/spec/bundle.md} §5). Computed from the other files alone, by the writer and again by the reader.
 */
final class Summary {
    static final String FORMAT = "https://jurat.dev/bundle-summary/v1";

    private final Bundle bundle;
    private final Records records;
    private final Map<String, String> names = new TreeMap<>();

    private Summary(Bundle bundle, Records records) {
        this.bundle = bundle;
        this.records = records;
    }

    static Json.Obj of(Bundle bundle, Records records) throws FormatException {
        return new Summary(bundle, records).toJson();
    }

    private Json.Obj toJson() throws FormatException {
        Checkpoint stated = bundle.stated();
        records.ofKind(Kind.KEY).forEach(this::name);
        List<Action> actions =
                Action.of(records, Closure.of(records, bundle.scope()).followed());
        JsonBuilder out = JsonBuilder.object()
                .put("actions", array(actions.stream().map(this::action).toList()))
                .put("format", FORMAT)
                .put(
                        "log",
                        JsonBuilder.object()
                                .put("origin", stated.origin())
                                .put("root", stated.root().hex())
                                .put("size", stated.size().value())
                                .build())
                .put("scope", bundle.scope().toJson());
        records.at(0).ifPresent(genesis -> out.put("genesis", genesis.id().hex()));
        records.newestClock().ifPresent(clock -> out.put("newestClock", interval(clock)));
        return out.build();
    }

    // ---- people and principals

    private void name(Leaf leaf) {
        if (leaf.record().statement().facts() instanceof RegistryFacts.Key key) {
            body(leaf).ifPresent(body -> {
                try {
                    names.put(key.principal(), RegistryDetails.Key.read(body).name());
                } catch (FormatException e) {
                    // A body out of form is the verifier's finding; it has no name to give.
                }
            });
        }
    }

    private Json.Obj who(Stream stream) {
        return JsonBuilder.object()
                .put("name", Optional.ofNullable(names.get(stream.principal())).map(Json.Str::new))
                .put("principal", stream.principal())
                .put("session", stream.session())
                .build();
    }

    // ---- one action

    private Json.Obj action(Action action) {
        JsonBuilder out = JsonBuilder.object()
                .put(
                        "approvals",
                        array(action.approvals().stream().map(this::approval).toList()))
                .put("intent", action.intent().id().hex())
                .put("origin", action.facts().origin().wire())
                .put("point", action.facts().point())
                .put(
                        "refusals",
                        array(action.refusals().stream().map(this::refusal).toList()))
                .put(
                        "revocations",
                        array(action.revocations().stream()
                                .map(this::revocation)
                                .toList()))
                .put("uses", array(action.uses().stream().map(this::use).toList()))
                .put("what", what(action))
                .put("when", when(action.intent()))
                .put("who", who(action.intent().stream()));
        action.decision(records).ifPresent(d -> out.put("decision", decision(d)));
        action.contracts().stream().findFirst().ifPresent(c -> out.put("contract", contract(c)));
        session(action.intent().stream()).ifPresent(s -> out.put("session", s));
        return out.build();
    }

    private Json.Obj what(Action action) {
        JsonBuilder out = JsonBuilder.object().put("tool", action.facts().tool().toJson());
        call(action.intent()).ifPresent(c -> call(c, out));
        return out.build();
    }

    private static void call(CallDetails call, JsonBuilder out) {
        out.put("name", call.name()).strings("resources", call.resources());
        out.put("purpose", call.purpose().map(Json.Str::new));
    }

    private Optional<CallDetails> call(Leaf leaf) {
        return body(leaf).flatMap(body -> {
            try {
                return Optional.of(CallDetails.read(body));
            } catch (FormatException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<Json.Obj> session(Stream stream) {
        return records.stream(stream).stream()
                .map(l -> l.record().statement().facts())
                .filter(RegistryFacts.Session.class::isInstance)
                .map(RegistryFacts.Session.class::cast)
                .findFirst()
                .map(s -> JsonBuilder.object()
                        .put("isolation", s.isolation().wire())
                        .put("node", s.claimed() ? "claimed" : "unclaimed")
                        .put("shared", s.shared())
                        .put("signs", s.signs().wire())
                        .build());
    }

    private Json.Obj decision(Leaf leaf) {
        JsonBuilder out = JsonBuilder.object().put("record", leaf.id().hex()).put("when", when(leaf));
        if (leaf.record().statement().facts() instanceof AuthorityFacts.Decision facts) {
            out.put("engine", facts.engine())
                    .put("outcome", facts.outcome().wire())
                    .put("policy", policyName(facts))
                    .put("policyArtefact", facts.policy().hex())
                    .put("reason", facts.reason())
                    .put("wanted", facts.wanted());
        }
        return out.build();
    }

    private Optional<Json.Str> policyName(AuthorityFacts.Decision decision) {
        return records.ofKind(Kind.POLICY).stream()
                .map(l -> l.record().statement().facts())
                .filter(RegistryFacts.Policy.class::isInstance)
                .map(RegistryFacts.Policy.class::cast)
                .filter(p -> p.artefact().equals(decision.policy()))
                .findFirst()
                .map(p -> new Json.Str(p.name()));
    }

    private Json.Obj approval(Leaf leaf) {
        JsonBuilder out = JsonBuilder.object()
                .put("record", leaf.id().hex())
                .put("when", when(leaf))
                .put("who", who(leaf.stream()));
        if (leaf.record().statement().facts() instanceof AuthorityFacts.Approval facts) {
            out.put("verdict", facts.verdict().wire());
        }
        body(leaf).ifPresent(body -> {
            try {
                out.put("words", PersonDetails.read(body).reason());
            } catch (FormatException e) {
                // A body out of form is the verifier's finding; it has no words to give.
            }
        });
        return out.build();
    }

    private Json.Obj contract(Leaf leaf) {
        JsonBuilder out = JsonBuilder.object().put("record", leaf.id().hex()).put("when", when(leaf));
        if (leaf.record().statement().facts() instanceof AuthorityFacts.Contract facts) {
            out.put("mode", facts.grant().mode().text())
                    .put("shape", facts.grant().shape() instanceof Shape.Exact ? "exact" : "ranged")
                    .put("uses", facts.grant().uses())
                    .put("windowMillis", facts.grant().windowMillis());
        }
        return out.build();
    }

    private Json.Obj refusal(Leaf leaf) {
        JsonBuilder out = JsonBuilder.object().put("record", leaf.id().hex()).put("when", when(leaf));
        if (leaf.record().statement().facts() instanceof ExecutionFacts.Refusal facts) {
            out.put("code", facts.code());
        }
        return out.build();
    }

    private Json.Obj revocation(Leaf leaf) {
        JsonBuilder out = JsonBuilder.object()
                .put("record", leaf.id().hex())
                .put("when", when(leaf))
                .put("who", who(leaf.stream()));
        if (leaf.record().statement().facts() instanceof RegistryFacts.Revocation facts) {
            out.put("principal", facts.principal().map(Json.Str::new))
                    .put("reason", facts.reason())
                    .put("session", facts.session().map(s -> new Json.Str(s.toString())))
                    .put("target", facts.target().wire());
        }
        return out.build();
    }

    private Json.Obj use(Action.Use use) {
        JsonBuilder out = JsonBuilder.object()
                .put(
                        "outcomes",
                        array(use.outcomes().stream().map(this::outcome).toList()))
                .put("record", use.leaf().id().hex())
                .strings(
                        "violations",
                        use.violations().stream().map(Summary::violation).toList())
                .put("when", when(use.leaf()))
                .put("who", who(use.leaf().stream()));
        if (use.leaf().record().statement().facts() instanceof ExecutionFacts.Use facts) {
            out.put("ordinal", facts.ordinal());
        }
        if (!use.incompletes().isEmpty()) {
            out.put("incomplete", when(use.incompletes().getFirst()));
        }
        call(use.leaf()).ifPresent(c -> {
            JsonBuilder what = JsonBuilder.object();
            call(c, what);
            out.put("what", what.build());
        });
        return out.build();
    }

    private Json.Obj outcome(Leaf leaf) {
        JsonBuilder out = JsonBuilder.object().put("record", leaf.id().hex()).put("when", when(leaf));
        if (leaf.record().statement().facts() instanceof ExecutionFacts.Outcome facts) {
            out.put("bytes", facts.bytes()).put("result", facts.result().wire());
        }
        return out.build();
    }

    private static String violation(Leaf leaf) {
        Facts facts = leaf.record().statement().facts();
        return facts instanceof ExecutionFacts.Violation violation ? violation.code() : "";
    }

    // ---- time and bodies

    private Optional<Json.Obj> when(Leaf leaf) {
        return records.clockBefore(leaf.index()).map(Summary::interval);
    }

    private static Json.Obj interval(Leaf clock) {
        JsonBuilder out = JsonBuilder.object();
        if (clock.record().statement().facts() instanceof LedgerFacts.Clock facts) {
            out.put("earliest", facts.earliest())
                    .put("latest", facts.latest())
                    .put("text", Instant.ofEpochMilli(facts.earliest()).toString());
        }
        return out.build();
    }

    private Optional<Body> body(Leaf leaf) {
        byte[] bytes = bundle.bodies().get(leaf.index());
        if (bytes == null || !Hash.of(bytes).equals(leaf.record().statement().subject())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Body.read(bytes));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private static Json.Arr array(List<Json.Obj> items) {
        return new Json.Arr(List.copyOf(items));
    }
}
