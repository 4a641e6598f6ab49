package dev.jurat.ledger;

import dev.jurat.proof.record.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A group on its way through the sequencer.
 *
 * @param candidates one for each submission, with what intake found of its body
 * @param good signatures that the submitting thread found good
 */
record Pending(
        List<Submission> submissions,
        List<Intake.Checked> candidates,
        List<CheckedSignatures.Good> good,
        long bytes,
        CompletableFuture<Provisional> answer)
        implements Work {
    boolean strict() {
        return submissions.stream().anyMatch(s -> s.record().kind().gate() == Kind.Gate.STRICT);
    }

    @Override
    public void stopped(String code) {
        answer.complete(new Provisional.Final(new GroupAnswer.Stopped(code)));
    }
}
