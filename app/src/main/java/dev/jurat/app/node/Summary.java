package dev.jurat.app.node;

import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SuccessionFacts;

/** One line for people about a record, from its facts alone. */
final class Summary {
    private Summary() {}

    static String of(Facts facts) {
        return switch (facts) {
            case AuthorityFacts authority -> authority(authority);
            case ExecutionFacts execution -> execution(execution);
            case RegistryFacts registry -> registry(registry);
            case SuccessionFacts succession -> succession(succession);
            case PrincipalFacts said -> said(said);
            case LedgerFacts ledger -> ledger(ledger);
            case CustodyFacts custody -> custody(custody);
            case OperationFacts operation -> operation(operation);
        };
    }

    private static String authority(AuthorityFacts facts) {
        return switch (facts) {
            case AuthorityFacts.Intent intent -> intent.origin().wire() + ", " + tool(intent.tool());
            case AuthorityFacts.Context context ->
                (context.known() ? "tool known" : "tool not known") + ", unknowns " + context.unknowns();
            case AuthorityFacts.Decision decision ->
                decision.outcome().wire() + " (" + decision.reason() + ")"
                        + (decision.wanted() > 0 ? ", approvals " + decision.wanted() : "");
            case AuthorityFacts.Approval approval -> approval.verdict().wire();
            case AuthorityFacts.Contract contract -> grant(contract.grant());
            case AuthorityFacts.Identity identity -> grant(identity.grant());
        };
    }

    private static String grant(Grant grant) {
        String shape = switch (grant.offer().shape()) {
            case Shape.Exact ignored -> "exact";
            case Shape.Ranged ignored -> "ranged, uses " + grant.offer().uses();
        };
        return shape + ", " + tool(grant.offer().tool()) + ", " + grant.offer().windowMillis() / 1000 + " s";
    }

    private static String tool(Tool tool) {
        return tool.method() + " " + tool.name() + " (" + tool.effect().text() + ")";
    }

    private static String execution(ExecutionFacts facts) {
        return switch (facts) {
            case ExecutionFacts.Use use -> "use " + use.ordinal();
            case ExecutionFacts.Outcome outcome -> outcome.result().wire() + ", " + outcome.bytes() + " bytes";
            case ExecutionFacts.Refusal refusal -> refusal.code();
            case ExecutionFacts.Violation violation -> violation.code();
            case ExecutionFacts.Observation observation -> observation.method();
        };
    }

    private static String registry(RegistryFacts facts) {
        return switch (facts) {
            case RegistryFacts.Key key ->
                key.action().wire() + " " + key.principal() + " ("
                        + key.enrolled().wire() + ")";
            case RegistryFacts.Session session ->
                session.isolation().wire() + ", " + (session.claimed() ? "claimed" : "unclaimed") + " node";
            case RegistryFacts.SessionEnd end -> end.reason();
            case RegistryFacts.Policy policy ->
                policy.name() + " " + policy.publication().wire();
            case RegistryFacts.Profile profile ->
                profile.name() + " " + profile.publication().wire();
            case RegistryFacts.Revocation revocation -> revocation.target().wire();
        };
    }

    private static String said(PrincipalFacts facts) {
        return switch (facts) {
            case PrincipalFacts.Description description ->
                "describe " + description.principal()
                        + description.environment().map(e -> ", in " + e).orElse("")
                        + description.owner().map(o -> ", owner " + o).orElse("");
            case PrincipalFacts.Custody custody ->
                "key of " + custody.principal() + " in " + custody.keptIn().wire()
                        + (custody.attestationKey().isPresent() ? " (certified)" : " (stated)");
            case PrincipalFacts.Binding binding -> (binding.bound() ? "bind " : "unbind ") + binding.principal();
            case PrincipalFacts.Retirement retirement -> "retire " + retirement.principal();
        };
    }

    private static String succession(SuccessionFacts facts) {
        return switch (facts) {
            case SuccessionFacts.Rotation rotation -> "rotate " + rotation.principal();
            case SuccessionFacts.Recovery recovery -> "recover " + recovery.principal() + " (by administrators)";
            case SuccessionFacts.Compromise report ->
                report.principal() + " (" + report.reason() + ")"
                        + report.since().map(since -> ", since leaf " + since).orElse("");
        };
    }

    private static String custody(CustodyFacts facts) {
        return switch (facts) {
            case CustodyFacts.Erasure erasure ->
                erasure.ground().wire() + ", bodies " + erasure.records().size() + " of " + erasure.stream();
            case CustodyFacts.Place place ->
                "placed on " + held(place) + " (" + place.ground().wire() + ")";
            case CustodyFacts.Lift ignored -> "lifted";
        };
    }

    /** What a hold keeps. */
    static String held(CustodyFacts.Place place) {
        return switch (place.scope()) {
            case EVERYTHING -> "everything";
            case PRINCIPAL -> place.principal().orElseThrow();
            case RECORDS -> "records " + place.records().size();
        };
    }

    private static String operation(OperationFacts facts) {
        return switch (facts) {
            case OperationFacts.Export export ->
                export.extent().wire()
                        + export.stream().map(s -> " " + s).orElse("")
                        + export.record().map(id -> " of " + id.hex()).orElse("");
            case OperationFacts.Configuration configuration ->
                "settings " + configuration.digest().hex();
        };
    }

    private static String ledger(LedgerFacts facts) {
        return switch (facts) {
            case LedgerFacts.Genesis genesis -> genesis.origin();
            case LedgerFacts.Clock clock -> clock.earliest() + ".." + clock.latest();
            case LedgerFacts.Refused refused -> refused.records().getFirst().rule();
            case LedgerFacts.RefusedFold fold -> fold.count() + " × " + fold.rule();
            case LedgerFacts.Conflict conflict -> conflict.stream() + " number " + conflict.sequence();
            case LedgerFacts.Incomplete ignored -> "no outcome in time";
            case LedgerFacts.Expiry expiry -> expiry.spent() + " of " + expiry.uses() + " uses";
            case LedgerFacts.State state -> "of the first " + state.size() + " leaves";
        };
    }
}
