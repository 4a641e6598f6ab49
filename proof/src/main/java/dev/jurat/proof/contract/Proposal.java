package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Containment.Beyond;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A whole contract as it is decided, approved and carried in bodies: an authorization detail after RFC 9396. Holds no time and no record
 * id. Compared by value.
 *
 * <p>The member {@code actions} is the method and name of the offer's tool; it is written for readers of RFC 9396 and checked when read.
 *
 * @param offer what is granted to whom, without {@code terms}
 * @param targets the resources that may be acted on; a call that acts on any needs one that covers it
 * @param limits what the arguments may be; empty where only {@code targets} and the shape bind them
 * @param assumptions sorted by fact, each fact once
 * @param duties the evidence wanted, each once
 * @param revocation what ends the contract when it is revoked, each once
 */
public record Proposal(
        Offer offer,
        List<TargetRule> targets,
        Optional<Limits> limits,
        List<Assumption> assumptions,
        List<Duty> duties,
        List<Revocable> revocation) {
    /** The RFC 9396 type, which names this version of the format. */
    public static final String TYPE = "https://jurat.dev/contract/v1";

    static final int TARGETS_MAX = 64;
    static final int ASSUMPTIONS_MAX = 16;

    /** Refuses what {@link #read} would refuse. */
    public Proposal {
        targets = List.copyOf(targets);
        assumptions = List.copyOf(assumptions);
        duties = List.copyOf(duties);
        revocation = List.copyOf(revocation);
        String fault = fault(targets, assumptions, duties, revocation);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException("not a proposal: " + fault);
        }
    }

    /** Reads the closed object; codes of the parts, and {@code contract-type}, {@code contract-actions}, {@code contract-order}. */
    public static Proposal read(Json.Obj json) throws FormatException {
        Fields fields = Fields.of(json, "contract");
        if (!fields.string("type").equals(TYPE)) {
            throw new FormatException("contract-type", "not a contract of this version");
        }
        Offer offer = Offer.read(fields.object("grant"));
        if (!fields.value("actions").equals(actions(offer.tool()))) {
            throw new FormatException("contract-actions", "the actions are not the grant's tool");
        }
        List<TargetRule> targets = new ArrayList<>();
        for (Json item : fields.array("targets")) {
            targets.add(TargetRule.read(Fields.of(item, "contract.targets")));
        }
        List<Assumption> assumptions = new ArrayList<>();
        for (Json item : fields.array("assumptions")) {
            assumptions.add(Assumption.read(Fields.of(item, "contract.assumptions")));
        }
        List<Duty> duties = new ArrayList<>();
        for (String text : fields.strings("evidence")) {
            duties.add(Duty.read(text));
        }
        List<Revocable> revocation = new ArrayList<>();
        for (String text : fields.strings("revocation")) {
            revocation.add(Revocable.read(text));
        }
        Optional<Limits> limits =
                fields.has("limits") ? Optional.of(Limits.read(fields.rawObject("limits"))) : Optional.empty();
        fields.end();
        String fault = fault(targets, assumptions, duties, revocation);
        if (!fault.isEmpty()) {
            throw new FormatException("contract-order", fault);
        }
        return new Proposal(offer, targets, limits, assumptions, duties, revocation);
    }

    public Json.Obj toJson() {
        JsonBuilder out = JsonBuilder.object()
                .put("actions", actions(offer.tool()))
                .put("assumptions", list(assumptions, Assumption::toJson))
                .put("evidence", list(duties, duty -> Json.of(duty.text())))
                .put("grant", offer.toJson())
                .put("revocation", list(revocation, item -> Json.of(item.text())))
                .put("targets", list(targets, TargetRule::toJson))
                .put("type", TYPE);
        return out.put("limits", limits.map(Limits::toJson)).build();
    }

    /** The offer with the digest of this whole proposal under {@code salt}. */
    public Grant grant(Salt salt) {
        return new Grant(offer, Terms.of(salt, this));
    }

    /**
     * Whether a call stays within targets and limits. Pure; used at the boundary and, where bodies are at hand, by the verifier. Whether
     * an exact contract covers this call is told by its commitment, which the caller compares.
     *
     * @param method the method called
     * @param name the tool's name as statements write it
     * @param arguments the arguments, or empty where the call has none
     * @param resources what the call acts on, as the tool profile reads it from the arguments
     */
    public Containment check(
            String method, String name, Optional<ForeignJson> arguments, List<? extends Resource> resources) {
        if (!method.equals(offer.tool().method()) || !name.equals(offer.tool().name())) {
            return new Beyond("beyond-tool", "");
        }
        for (Resource resource : resources) {
            if (targets.stream().noneMatch(target -> target.covers(resource))) {
                return new Beyond("beyond-target", "");
            }
        }
        if (limits.isEmpty()) {
            return Containment.WITHIN;
        }
        return arguments.isPresent()
                ? limits.get().check(arguments.get())
                : limits.get().checkAbsent();
    }

    /** The same contract, asking of arguments that stand as digests only that they are listed. */
    public Proposal without(Collection<String> hidden) throws FormatException {
        return limits.isEmpty()
                ? this
                : new Proposal(
                        offer, targets, Optional.of(limits.get().without(hidden)), assumptions, duties, revocation);
    }

    /** Whether the facts of a context are the ones that this contract rests on; the first that differs is the pointer. */
    public Containment checkAssumptions(Function<String, Optional<String>> facts) {
        for (Assumption assumption : assumptions) {
            if (!facts.apply(assumption.fact()).equals(Optional.of(assumption.value()))) {
                return new Beyond("beyond-assumption", "/" + assumption.fact());
            }
        }
        return Containment.WITHIN;
    }

    /** The digest that both sides of an approval compare. */
    public Hash terms(Salt salt) {
        return Terms.of(salt, this);
    }

    private static Json actions(Tool tool) {
        return new Json.Arr(List.of(JsonBuilder.object()
                .put("method", tool.method())
                .put("name", tool.name())
                .build()));
    }

    private static <T> Json list(List<T> values, Function<T, Json> toJson) {
        return new Json.Arr(values.stream().map(toJson).toList());
    }

    private static String fault(
            List<TargetRule> targets, List<Assumption> assumptions, List<Duty> duties, List<Revocable> revocation) {
        if (targets.size() > TARGETS_MAX || Set.copyOf(targets).size() != targets.size()) {
            return "targets are too many, or one stands twice";
        }
        for (int i = 1; i < assumptions.size(); i++) {
            if (assumptions.get(i - 1).fact().compareTo(assumptions.get(i).fact()) >= 0) {
                return "assumptions are not sorted by fact";
            }
        }
        if (assumptions.size() > ASSUMPTIONS_MAX) {
            return "assumptions are too many";
        }
        boolean once = Set.copyOf(duties).size() == duties.size()
                && Set.copyOf(revocation).size() == revocation.size();
        return once ? "" : "a duty or a ground of revocation stands twice";
    }
}
