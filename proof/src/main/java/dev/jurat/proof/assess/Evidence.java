package dev.jurat.proof.assess;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.Cosigned;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.Findings;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.proof.verify.Verifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an assessment goes by: what an audit or the verifier found, and a survey of the records. It checks nothing itself.
 *
 * @param checkpoint what the log signed, as it states it
 * @param anchored whether it was held against a key from outside, and not against the one that leaf 0 names
 * @param asked how many witnesses the trust policy knows; 0 where it asks for none
 * @param cosigned those of them whose cosignatures are there and good
 * @param unjudged whether some of what was given, or of what it should hold, was not judged: defects that nobody has seen may be there
 * @param defectCount how many defects there are; {@code defects} has the first of them
 */
public record Evidence(
        Extent extent,
        Checkpoint checkpoint,
        Optional<RecordId> genesis,
        boolean anchored,
        int asked,
        List<Cosigned> cosigned,
        boolean unjudged,
        long defectCount,
        List<Defect> defects,
        Survey survey) {
    private static final Set<String> ENDS =
            Set.of("replay-stopped", "genesis-missing", "genesis-invalid", "genesis-signature", "entries-missing");

    public Evidence {
        cosigned = List.copyOf(cosigned);
        defects = List.copyOf(defects);
    }

    /** How much of a log was given. */
    public enum Extent {
        /** A log where it is: served, or in a folder. */
        LOG,
        /** A bundle with every leaf up to its checkpoint. */
        WHOLE_BUNDLE,
        /** A bundle with a part of them. */
        PART;

        /** Stable. */
        public String code() {
            return switch (this) {
                case LOG -> "log";
                case WHOLE_BUNDLE -> "whole-bundle";
                case PART -> "part";
            };
        }
    }

    /** Of an audit, and of the survey that was told of its records. */
    public static Evidence of(AuditReport audit, Optional<TrustPolicy> trust, Survey survey) {
        return new Evidence(
                Extent.LOG,
                new Checkpoint(audit.origin(), new TreeSize(audit.size()), audit.root()),
                audit.genesis(),
                audit.anchored(),
                asked(trust),
                audit.cosigned(),
                audit.leaves() < audit.size()
                        || audit.defectCount() > audit.defects().size()
                        || ended(audit.defects()),
                audit.defectCount(),
                audit.defects(),
                survey);
    }

    /**
     * Of a bundle, which it has verified.
     *
     * @throws FormatException if the bytes cannot be taken apart as a bundle, so that nothing could be said of any record
     */
    public static Evidence of(byte[] bytes, Optional<TrustPolicy> trust, SignatureChecker checker)
            throws FormatException {
        Bundle bundle = Bundle.parse(bytes);
        Checkpoint stated = bundle.stated();
        Report report = Verifier.verify(bytes, trust, checker);
        List<Defect> defects = switch (report) {
            case Report.Accepted ignored -> List.of();
            case Report.Unanchored ignored -> List.of();
            case Report.Refused refused -> refused.defects();
            case Report.Unusable unusable -> throw new FormatException(unusable.code(), unusable.text());
        };
        return new Evidence(
                bundle.scope() instanceof Scope.All ? Extent.WHOLE_BUNDLE : Extent.PART,
                stated,
                findings(report).map(Findings::genesis),
                trust.isPresent(),
                asked(trust),
                cosigned(bundle, trust),
                findings(report).isEmpty() || defects.size() >= Verifier.DEFECTS_MAX || ended(defects),
                defects.size(),
                defects,
                survey(bundle, findings(report).map(Findings::flags).orElse(Map.of()), atFault(defects)));
    }

    private static Optional<Findings> findings(Report report) {
        return switch (report) {
            case Report.Accepted accepted -> Optional.of(accepted.bundle().findings());
            case Report.Unanchored unanchored -> Optional.of(unanchored.findings());
            case Report.Refused refused -> refused.findings();
            case Report.Unusable ignored -> Optional.empty();
        };
    }

    /** Whether the rules stopped before the last record. */
    private static boolean ended(List<Defect> defects) {
        return defects.stream().anyMatch(defect -> ENDS.contains(defect.code()));
    }

    private static int asked(Optional<TrustPolicy> trust) {
        return trust.map(policy -> policy.cosigners().size()).orElse(0);
    }

    /** None where the checkpoint does not pass: then a defect says so. */
    private static List<Cosigned> cosigned(Bundle bundle, Optional<TrustPolicy> trust) {
        if (trust.isEmpty()) {
            return List.of();
        }
        try {
            return VerifiedCheckpoint.open(
                            bundle.checkpoint(), trust.get().log(), trust.get().cosigners())
                    .cosigned();
        } catch (FormatException e) {
            return List.of();
        }
    }

    /** The leaves that have a defect of their own. */
    private static Set<Long> atFault(List<Defect> defects) {
        return defects.stream()
                .map(Pointer::to)
                .filter(Pointer.OfRecord.class::isInstance)
                .map(Pointer.OfRecord.class::cast)
                .map(Pointer.OfRecord::leaf)
                .collect(Collectors.toSet());
    }

    private static Survey survey(Bundle bundle, Map<RecordId, Set<Flag>> flags, Set<Long> atFault) {
        Survey survey = new Survey();
        bundle.leaves().forEach((index, bytes) -> {
            try {
                SignedRecord record = SignedRecord.ofLeaf(bytes);
                if (Arrays.equals(record.leaf(), bytes)) {
                    boolean gone = record.kind().hasBody() && !bundle.bodies().containsKey(index);
                    survey.judged(new LogAudit.Judged(
                            new Leaf(index, record),
                            !atFault.contains(index),
                            flags.getOrDefault(record.id(), Set.of()),
                            gone));
                }
            } catch (FormatException e) {
                // The verifier has named it as a defect.
            }
        });
        return survey;
    }

    // ---- what rules ask

    /** The first defect with one of these concerns. */
    Optional<Defect> first(Set<Concern> concerns) {
        return defects.stream().filter(d -> concerns.contains(Concern.of(d))).findFirst();
    }

    /** Whether every leaf up to the checkpoint was given. */
    boolean whole() {
        return switch (extent) {
            case LOG -> true;
            case WHOLE_BUNDLE -> true;
            case PART -> false;
        };
    }

    /** Whether a quorum of the trust policy's witnesses has cosigned this very checkpoint. */
    boolean witnessed() {
        return !cosigned.isEmpty() && first(Set.of(Concern.WITNESSES)).isEmpty();
    }

    Pointer checkpointPointer() {
        return Pointer.to(checkpoint);
    }

    /** Who signs the checkpoint. */
    String logKey() {
        return "the log's key (" + checkpoint.origin() + ")";
    }
}
