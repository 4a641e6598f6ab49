package dev.jurat.app.cli;

import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.assess.Assessment;
import dev.jurat.proof.assess.AssessmentJson;
import dev.jurat.proof.assess.AssessmentText;
import dev.jurat.proof.assess.Evidence;
import dev.jurat.proof.assess.Survey;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ag-016",
        description = {
            "Says how far a log meets AG-016 (cryptographic action attribution): clauses 4.1 to 4.7, tests 8.1 to 8.6, and the level.",
            "Each answer is measured (derived from the records by this run), declared (by somebody's word), not met, or not assessable, and says by which records."
        },
        footer = {
            "",
            "A self-assessment: no certificate, and no word on what was never recorded. What each clause and test is held to mean: docs/operate/assess.md.",
            "Of a data folder it reads bodies too; of an address, none. A bundle shows its own records only.",
            "Exit status: 0 assessed, whatever the level; 1 a defect, or something that the basic level asks for is not met; 2 nothing that could be assessed."
        })
final class AssessAg016Command extends dev.jurat.app.cli.Command {
    @Parameters(
            arity = "0..1",
            paramLabel = "BUNDLE|DATA-FOLDER|URL",
            description = "A proof bundle, a data folder or a copy of one, or a log that is served (http://…)"
                    + " (default: data in Jurat's folder). Of a folder whose node runs, what that node serves is read.")
    Optional<String> subject = Optional.empty();

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Whose log it has to be, and which witnesses count (jurat log trust).")
    Optional<Path> trust = Optional.empty();

    @Override
    Exit run(Screen screen) throws IOException, FormatException {
        Optional<TrustPolicy> trusted = Optional.empty();
        if (trust.isPresent()) {
            trusted = Optional.of(TrustPolicy.read(Input.bytes(trust.get(), TrustPolicy.BYTES_MAX)));
        }
        String typed = subject.orElseGet(() -> home().folder().resolve("data").toString());
        if (subject.isPresent()
                && !typed.isEmpty()
                && !NamedLog.isAddress(typed)
                && !Files.isDirectory(Path.of(typed))) {
            return bundle(screen, Path.of(typed), trusted);
        }
        Optional<TrustPolicy> under = trusted;
        return new NamedLog(screen, trusted).read(typed, (source, where) -> log(screen, source, where, under));
    }

    private Exit bundle(Screen screen, Path file, Optional<TrustPolicy> trusted) throws IOException, FormatException {
        byte[] bytes = Input.bytes(file, Bundle.bytesMax());
        unpack();
        Evidence evidence;
        try {
            evidence = Evidence.of(
                    bytes, trusted, LedgerPorts.standard().signatures().checker());
        } catch (FormatException e) {
            throw Failure.input(
                    e.code(),
                    file + " cannot be taken apart as a bundle: " + e.getMessage(),
                    "jurat verify " + Next.quoted(file.toString()));
        }
        return tell(screen, Assessment.of(evidence), file.toString());
    }

    private Exit log(Screen screen, LogSource source, String where, Optional<TrustPolicy> trusted)
            throws IOException, FormatException {
        unpack();
        Survey survey = new Survey();
        AuditProgress progress = new AuditProgress(System::nanoTime);
        LogAudit audit = new LogAudit(
                        source,
                        trusted,
                        Optional.empty(),
                        LedgerPorts.standard().signatures().checker(),
                        Optional.of(RandomSource.secure()),
                        defect -> {})
                .watchedBy(survey);
        Evidence evidence = Evidence.of(
                audit.run((read, size) -> progress.after(read, size).ifPresent(screen::progress)), trusted, survey);
        screen.progress("");
        return tell(screen, Assessment.of(evidence), where);
    }

    private static Exit tell(Screen screen, Assessment assessment, String where) {
        if (screen.json()) {
            screen.value(AssessmentJson.of(assessment).with("read", Json.of(where)));
        } else {
            AssessmentText.of(assessment, where).lines().forEach(screen::line);
            next(assessment.evidence(), where).ifPresent(screen::next);
        }
        return assessment.contradicted() ? Exit.NO : Exit.DONE;
    }

    private static Optional<String> next(Evidence evidence, String where) {
        if (evidence.defectCount() > 0) {
            String named = Next.quoted(where);
            return Optional.of("each defect by itself: "
                    + (evidence.extent() == Evidence.Extent.LOG ? "jurat log audit " : "jurat verify ") + named);
        }
        return evidence.anchored()
                ? Optional.empty()
                : Optional.of("get the trust policy (jurat log trust) by a way you trust, then: " + Next.SAME
                        + " --trust FILE");
    }
}
