package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.predecessor.Administrators;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Reason;
import dev.jurat.proof.predecessor.ShownLeaf;
import dev.jurat.proof.predecessor.TreePaths;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A log that is to be given up for another, read and judged as far as the checkpoint goes that will be cited. Not thread-safe.
 *
 * <p>Security property: made only of a log in which no defect was found that far; what it says of people is derived from every leaf.
 */
public final class OldLog {
    private final LogSource source;
    private final SignedNote cited;
    private final long size;
    private final Lifecycle state;
    private final People people;

    private OldLog(LogSource source, SignedNote cited, long size, Lifecycle state, People people) {
        this.source = source;
        this.cited = cited;
        this.size = size;
        this.state = state;
        this.people = people;
    }

    /**
     * Reads it.
     *
     * @param cited a checkpoint of it
     * @param trust whose log it has to be, and which witnesses must have cosigned the checkpoint
     * @throws FormatException the code of the first defect
     */
    public static OldLog read(
            LogSource source,
            SignedNote cited,
            Optional<TrustPolicy> trust,
            SignatureChecker checker,
            RandomSource random,
            LogAudit.Progress progress)
            throws IOException, FormatException {
        People people = new People();
        LogAudit audit = new LogAudit(
                        new CitedSource(source, cited),
                        trust,
                        Optional.empty(),
                        checker,
                        Optional.of(random),
                        defect -> {})
                .watchedBy(people::judged);
        AuditReport report = audit.run(progress);
        if (!report.clean()) {
            var first = report.defects().getFirst();
            throw new FormatException(first.code(), first.where() + ": " + first.text());
        }
        return new OldLog(source, cited, report.size(), audit.lifecycle(), people);
    }

    /** How many leaves count. */
    public long size() {
        return size;
    }

    /** The administrators in good standing, any of whom may sign a successor. */
    public List<Registered> administrators() {
        return Administrators.standing(state);
    }

    /** How many administrators it ever had, however they stand. */
    public int administratorsEver() {
        return Administrators.everyone(state).size();
    }

    /** Everybody whom it knows. */
    public List<Registered> principals() {
        return state.principals();
    }

    /** Whether somebody may go on with the key that they have: not suspended, confirmed, and with a newest key that nobody has reported. */
    public boolean inGoodStanding(Registered principal) {
        return !state.suspended(principal.principal())
                && !state.selfEnrolled(principal.principal())
                && state.keys(principal.principal()).getLast().usable();
    }

    /**
     * What a successor cites of it.
     *
     * @throws FormatException {@code predecessor-large}, {@code predecessor-missing} where it lacks what it cites itself, or a code that says
     *     that it has changed meanwhile
     */
    public Citation cite(Reason reason) throws IOException, FormatException {
        SortedSet<Long> wanted = people.leavesOf(Administrators.everyone(state).stream()
                .map(Registered::principal)
                .collect(Collectors.toSet()));
        Entries entries = new Entries(source, size);
        SortedMap<Long, byte[]> leaves = new TreeMap<>();
        SortedMap<Long, List<Hash>> paths = TreePaths.of(size, wanted, index -> {
            byte[] leaf = entries.at(index);
            if (wanted.contains(index)) {
                leaves.put(index, leaf);
            }
            return Rfc6962.leafHash(leaf);
        });
        List<ShownLeaf> shown = new ArrayList<>();
        for (Map.Entry<Long, byte[]> leaf : leaves.entrySet()) {
            shown.add(new ShownLeaf(leaf.getKey(), leaf.getValue(), paths.getOrDefault(leaf.getKey(), List.of())));
        }
        Citation citation = new Citation(cited, reason, shown, earlier(leaves.getOrDefault(0L, new byte[0])));
        if (citation.bytes().length > Citation.BYTES_MAX) {
            throw new FormatException(
                    "predecessor-large",
                    "what shows the old log's administrators has more than " + Citation.BYTES_MAX + " bytes");
        }
        return citation;
    }

    private Optional<Citation> earlier(byte[] first) throws IOException, FormatException {
        if (!(SignedRecord.ofLeaf(first).statement().facts() instanceof LedgerFacts.Genesis genesis)
                || genesis.predecessor().isEmpty()) {
            return Optional.empty();
        }
        byte[] artefact = source.artefact(genesis.predecessor().get())
                .orElseThrow(() -> new FormatException(
                        "predecessor-missing", "what the old log cites of its own predecessor is not given here"));
        return Optional.of(Citation.read(artefact));
    }

    /** How many leaves a log has now; {@code checkpoint-missing} and the like. */
    public static long sizeNow(LogSource source) throws IOException, FormatException {
        return Checkpoint.parse(source.checkpoint(Optional.empty()).text())
                .size()
                .value();
    }
}
