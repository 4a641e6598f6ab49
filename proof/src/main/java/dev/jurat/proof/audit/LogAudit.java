package dev.jurat.proof.audit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.crypto.Ed25519Batch;
import dev.jurat.proof.crypto.Ed25519Batch.Signed;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.LeafJudge;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.PublishedArtefact;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.Cosigned;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.state.StateCheck;
import dev.jurat.proof.verify.AnotherLog;
import dev.jurat.proof.verify.Defect;
import dev.jurat.proof.verify.Following;
import dev.jurat.proof.verify.PredecessorFinding;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Derives a whole log again from what anybody can read ({@code docs/spec/log.md} §9): every signature, every place in a stream, every
 * admission rule, every tile, the root and its signatures, and each body and published artefact that is there. Names each defect and goes on.
 *
 * <p>Reads and checks some thousand leaves ahead on every core, and judges leaf by leaf: memory grows with what the rules remember, not with the
 * log's bytes. One that follows a log that grows goes on with what is new, and remembers what it has read. Not thread-safe; one for each audit.
 */
public final class LogAudit {
    /** So many defects are in the report. */
    private static final int DEFECTS_MAX = 1000;
    /** After so many nothing more is read: a source that has no end has no log. */
    private static final long DEFECTS_END = 100_000;
    /** After so many bundles in a row that are not there nothing more is read: the size was never that of a log. */
    private static final int MISSING_END = 16;

    private final LogSource source;
    private Optional<TrustPolicy> trust;
    private final Optional<AuditMark> mark;
    private final Consumer<Defect> tell;
    private final SignatureChecker checker;
    private final Function<List<Signed>, boolean[]> ahead;
    private final LeafJudge judge;
    private final StateCheck state;
    private final TileCheck tiles;
    private final Suspects suspects;
    private final List<Defect> defects = new ArrayList<>();
    private Onlooker onlooker = record -> {};
    private Optional<Question> question = Optional.empty();
    private long defectCount;
    private boolean trusting;
    private CheckedGroup checked = CheckedGroup.NONE;
    private long judging;
    private boolean stopped;
    private boolean lost;
    /** The streams that were seen since leaves were last found lacking: any of theirs may have been among those, once. */
    private final Set<Stream> resumed = new HashSet<>();

    private Optional<RecordId> genesis = Optional.empty();
    private Optional<LedgerFacts.Genesis> first = Optional.empty();
    private Optional<PredecessorFinding> predecessor = Optional.empty();
    /** Defects of no leaf, which are found in each round again and told once. */
    private final Set<String> standing = new HashSet<>();
    /** How far the log is read. */
    private long read;

    private int missing;
    private long leaves;
    private long bodies;
    private long bodiesGone;
    /** Of which only a half is there, and which no erasure has named so far. */
    private final SortedSet<Long> halfGone = new TreeSet<>();

    private List<Cosigned> cosigned = List.of();
    private boolean secondLine;

    /**
     * An audit of what this source gives.
     *
     * @param trust whose log it has to be; without it, the one that its own first leaf names
     * @param mark where an earlier audit ended; signatures below it are not checked again
     * @param checker checks one signature
     * @param batches where random numbers for batches come from, in which signatures are checked then; without it each is checked by itself
     * @param tell is told of each defect as it is found
     */
    public LogAudit(
            LogSource source,
            Optional<TrustPolicy> trust,
            Optional<AuditMark> mark,
            SignatureChecker checker,
            Optional<RandomSource> batches,
            Consumer<Defect> tell) {
        this.source = source;
        this.trust = trust;
        this.mark = mark;
        this.tell = tell;
        this.checker = checker;
        this.ahead = batches.<Function<List<Signed>, boolean[]>>map(random -> new Ed25519Batch(random, checker)::verify)
                .orElse(this::oneByOne);
        this.judge = new LeafJudge((key, message, signature) -> trusting || verifies(key, message, signature), checker);
        this.state = new StateCheck(judge.lifecycle());
        this.tiles = new TileCheck(source, this::defect);
        this.suspects = new Suspects(source, this::standing);
    }

    /** Is told of each record that was judged, in the order of the log. */
    @FunctionalInterface
    public interface Onlooker {
        void judged(Judged record);
    }

    /**
     * A record as an audit found it.
     *
     * @param admitted whether it has no fault, so that the log may hold it
     * @param bodyGone whether its kind has a body, and none was given
     */
    public record Judged(Leaf leaf, boolean admitted, Set<Flag> flags, boolean bodyGone) {
        public Judged {
            flags = Set.copyOf(flags);
        }
    }

    /** Has somebody told of each record from here on. */
    public LogAudit watchedBy(Onlooker other) {
        onlooker = other;
        return this;
    }

    private record Question(long after, Consumer<Lifecycle> asked) {}

    /** Has the rules' state asked once, as it is right behind a leaf; never where the log has no such leaf. The state must not be kept or changed. */
    public LogAudit asking(LeafIndex after, Consumer<Lifecycle> other) {
        question = Optional.of(new Question(after.value(), other));
        return this;
    }

    private boolean[] oneByOne(List<Signed> all) {
        boolean[] valid = new boolean[all.size()];
        for (int i = 0; i < valid.length; i++) {
            valid[i] = checker.verifies(
                    all.get(i).key(), all.get(i).message(), all.get(i).signature());
        }
        return valid;
    }

    /** By what was checked ahead, and what was not, now. */
    private boolean verifies(VerifyKey key, byte[] message, byte[] signature) {
        return checked.verifies(judging, key, message, signature)
                .orElseGet(() -> checker.verifies(key, message, signature));
    }

    /** Is told how many leaves have been read, and how many there are. */
    @FunctionalInterface
    public interface Progress {
        void read(long leaves, long size) throws IOException;
    }

    /**
     * Reads all; asked again, what has come since.
     *
     * @throws FormatException where there is nothing that could be audited: no checkpoint, or one that cannot be read
     * @throws IOException where the source cannot be read
     */
    public AuditReport run(Progress progress) throws IOException, FormatException {
        SignedNote note = source.checkpoint(trust.map(TrustPolicy::log));
        Checkpoint stated = Checkpoint.parse(note.text());
        long size = stated.size().value();
        // A stranger's checkpoint must not move an audit that goes on: what it has read stays read.
        if (read == 0 || isSigned(note)) {
            read(note, stated, progress);
        }
        return new AuditReport(
                stated.origin(),
                genesis,
                size,
                stated.root(),
                predecessor,
                trust.isPresent(),
                leaves,
                mark.map(AuditMark::size).orElse(0L),
                bodies,
                bodiesGone,
                cosigned,
                secondLine,
                successions(),
                suspects.of(judge.lifecycle(), read),
                defectCount,
                defects);
    }

    private Map<SignerType, Long> successions() {
        Map<SignerType, Long> counts = new EnumMap<>(SignerType.class);
        for (LedgerFacts.Registered one : judge.lifecycle().principals()) {
            long followed = judge.lifecycle().keys(one.principal()).size() - 1L;
            counts.merge(one.type(), followed, Long::sum);
        }
        return counts;
    }

    private boolean isSigned(SignedNote note) {
        try {
            Optional<NoteVerifier> key = trust.map(TrustPolicy::log).or(this::named);
            if (key.isPresent()) {
                VerifiedCheckpoint.open(note, key.get());
            }
            return true;
        } catch (FormatException e) {
            standing(e.code(), "checkpoint", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void read(SignedNote note, Checkpoint stated, Progress progress) throws IOException {
        long size = stated.size().value();
        long seen = Math.max(read, mark.map(AuditMark::size).orElse(0L));
        if (size < seen) {
            standing("log-went-back", "checkpoint", "an earlier audit has seen " + seen + " leaves");
        }
        if (size == 0 && !stopped) {
            lost(0);
        }
        if (size >= read) {
            leaves(size, progress);
            tiles.end(this::standing);
        }
        halfGone.forEach(index -> defect(
                "body-damaged",
                where(index),
                "its body is lost: its key or its bytes are gone, and no erasure took it"));
        halfGone.clear();
        if (size >= read
                && tiles.root().filter(root -> !root.equals(stated.root())).isPresent()) {
            standing("root-mismatch", "checkpoint", "the leaves have another root than the checkpoint states");
        }
        signatures(note);
    }

    private void leaves(long size, Progress progress) throws IOException {
        long checkedFrom = mark.map(AuditMark::size).orElse(0L);
        try (Ahead bundles =
                new Ahead(source, read, size, new Signers(judge.lifecycle()), checkedFrom, ahead, checker)) {
            while (read < size && !isHopeless()) {
                ReadBundle bundle = bundles.next();
                checked = bundles.checked();
                bundle(bundle);
                read = Math.min(size, (bundle.bundle().index() + 1) * Tile.WIDTH_MAX);
                progress.read(read, size);
            }
        }
    }

    private boolean isHopeless() {
        if (missing == MISSING_END) {
            standing(
                    "entries-missing",
                    "",
                    "nothing more was read: " + missing + " entry bundles in a row are not there");
            return true;
        }
        if (defectCount >= DEFECTS_END) {
            standing("defects-many", "", "nothing more was read after so many defects");
            return true;
        }
        return false;
    }

    /**
     * How far all is clean, while the audit is under way; empty once something is not, and as long as no more was read than an earlier audit has
     * checked: until then nobody knows that these are the leaves of then.
     */
    public Optional<AuditMark> reached() {
        long size = tiles.size();
        return defectCount == 0 && size > mark.map(AuditMark::size).orElse(0L)
                ? genesis.flatMap(id -> tiles.root().map(root -> new AuditMark(id, size, root)))
                : Optional.empty();
    }

    private void defect(String code, String where, String text) {
        Defect defect = new Defect(code, where, text);
        defectCount++;
        if (defects.size() < DEFECTS_MAX) {
            defects.add(defect);
        }
        tell.accept(defect);
    }

    /** Tells of what is so in each round from now on. */
    private void standing(String code, String where, String text) {
        if (standing.add(code + " " + where)) {
            defect(code, where, text);
        }
    }

    private void defect(FormatException fault, String where) {
        defect(fault.code(), where, String.valueOf(fault.getMessage()));
    }

    private static String where(long index) {
        return "leaf " + index;
    }

    // ---- leaves

    private void bundle(ReadBundle bundled) throws IOException {
        if (bundled.failure().isPresent()) {
            throw bundled.failure().get();
        }
        EntryBundle bundle = bundled.bundle();
        long index = bundle.index() * Tile.WIDTH_MAX;
        if (bundled.leaves().isEmpty()) {
            tiles.unread(bundle, read);
            bundled.fault()
                    .ifPresentOrElse(
                            fault -> defect(fault, bundle.path()),
                            () -> defect(
                                    "entries-missing", bundle.path(), "leaves of the checkpoint's size are not there"));
            missing++;
            lost(Math.max(index, read));
            return;
        }
        missing = 0;
        for (ReadLeaf leaf : bundled.leaves().get()) {
            if (index >= read) {
                leaf(index, leaf);
            }
            index++;
        }
        tiles.compare();
    }

    private void leaf(long index, ReadLeaf leaf) throws IOException {
        tiles.add(leaf.hash());
        suspects.read(index, leaf.hash());
        // Whatever fails from here on: it is not read again.
        read = index + 1;
        trusting = mark.isPresent() && index < mark.get().size();
        judging = index;
        read(index, leaf);
        question.filter(q -> q.after() == index).ifPresent(q -> q.asked().accept(judge.lifecycle()));
        marked(index + 1);
    }

    /** Leaves from here on are lacking, one or more: their streams go on behind them, and without leaf 0 none begins. */
    private void lost(long index) {
        lost = true;
        state.lost();
        resumed.clear();
        if (index == 0) {
            stopped = true;
            defect("genesis-missing", where(0), "leaf 0 is not a genesis, so no other leaf can be judged");
        }
    }

    /** Whether the leaves that an earlier audit has checked are these, now that the last of them is read. */
    private void marked(long size) {
        if (mark.isPresent()
                && mark.get().size() == size
                && tiles.root().filter(mark.get().root()::equals).isEmpty()) {
            defect(
                    "log-rewritten",
                    where(size - 1),
                    "the leaves up to here are not those of the earlier audit; audit it without the earlier mark");
        }
    }

    private void read(long index, ReadLeaf leaf) throws IOException {
        leaf.fault().ifPresent(fault -> {
            defect(fault, where(index));
            lost(index);
        });
        if (stopped || leaf.record().isEmpty()) {
            return;
        }
        SignedRecord record = leaf.record().get();
        leaves++;
        Supplier<String> where = () -> where(index) + ", " + record;
        long goneBefore = bodiesGone;
        Optional<LeafJudge.Finding> found = Optional.empty();
        try {
            found = Optional.of(index == 0 ? begin(record) : judge(index, record, leaf.body(), where));
        } catch (FormatException e) {
            defect(e, where.get());
            stopped = true;
        } catch (IllegalStateException e) {
            defect("replay-stopped", where.get(), "the rules cannot go on from what was admitted before");
            stopped = true;
        }
        artefact(record.statement().facts(), where);
        onlooker.judged(new Judged(
                new Leaf(index, record),
                found.filter(f -> f.faults().isEmpty()).isPresent(),
                found.map(LeafJudge.Finding::flags).orElse(Set.of()),
                bodiesGone > goneBefore));
    }

    private LeafJudge.Finding begin(SignedRecord record) throws FormatException, IOException {
        genesis = Optional.of(record.id());
        if (record.statement().facts() instanceof LedgerFacts.Genesis facts) {
            first = Optional.of(facts);
        }
        judge.lifecycle().begin(record);
        if (first.isPresent() && first.get().predecessor().isPresent()) {
            predecessor(record.id(), first.get(), first.get().predecessor().get());
        }
        if (trust.flatMap(TrustPolicy::genesis)
                .filter(id -> !id.equals(record.id()))
                .isPresent()) {
            defect("trust-genesis", where(0), "another genesis than the trust policy names");
        }
        if (mark.filter(m -> !m.genesis().equals(record.id())).isPresent()) {
            defect("log-rewritten", where(0), "another genesis than in the earlier audit");
        }
        return new LeafJudge.Finding(Set.of(), List.of());
    }

    /** What leaf 0 cites of the log before, where artefacts are given; a reader who trusts that one is brought here by it. */
    private void predecessor(RecordId id, LedgerFacts.Genesis facts, Hash digest) throws IOException {
        Optional<byte[]> artefact = source.artefact(digest);
        if (artefact.isEmpty()) {
            if (source.hasArtefacts()) {
                defect("artefact-missing", where(0), "what it cites of its predecessor is missing or damaged");
            }
            return;
        }
        try {
            Following following = Following.of(trust, id, facts, artefact.get(), checker);
            trust = following.trust();
            predecessor = Optional.of(following.finding());
        } catch (FormatException e) {
            defect(e, where(0));
        }
    }

    /** The state that the leaves read so far come to. */
    Lifecycle lifecycle() {
        return judge.lifecycle();
    }

    private LeafJudge.Finding judge(long index, SignedRecord record, ReadLeaf.ReadBody read, Supplier<String> where)
            throws IOException {
        Lifecycle lifecycle = judge.lifecycle();
        if (lost && resumed.add(record.header().stream())) {
            // What stood between is told of already.
            lifecycle.dangerouslySkip(
                    record.header().stream(),
                    record.header().sequence(),
                    record.header().previous());
        }
        ReadLeaf.ReadBody known =
                read instanceof ReadLeaf.ReadBody.Later ? checked.body(index, () -> judge.before(record)) : read;
        LeafJudge.Finding finding = known instanceof ReadLeaf.ReadBody.Later
                ? judge.judge(index, record, body(index, record, where))
                : judge.judgeKnowing(index, record, amiss(known, index, record, where));
        if (record.statement().facts() instanceof CustodyFacts.Erasure erasure) {
            erasure.records().forEach(erased -> halfGone.remove(erased.leaf()));
        }
        List<LeafJudge.Fault> faults = finding.faults();
        faults.forEach(fault -> defect(fault.code(), where.get(), fault.text()));
        if (!faults.isEmpty()) {
            // Those that follow it in its stream are judged by themselves.
            lifecycle.dangerouslySkip(record.header().stream(), record.header().sequence() + 1, record.id());
        }
        state.judged(index, record).ifPresent(fault -> defect(fault.code(), where.get(), fault.text()));
        return finding;
    }

    /** Counts a body that was judged ahead, and says what is amiss with it. */
    private Optional<Rule> amiss(ReadLeaf.ReadBody read, long index, SignedRecord record, Supplier<String> where)
            throws IOException {
        return switch (read) {
            case ReadLeaf.ReadBody.Judged judged -> {
                bodies++;
                yield judged.amiss();
            }
            case ReadLeaf.ReadBody.Damaged damaged -> {
                defect(damaged.fault(), where.get());
                yield Optional.empty();
            }
            case ReadLeaf.ReadBody.Absent ignored -> {
                gone(index, record);
                yield Optional.empty();
            }
            case ReadLeaf.ReadBody.Later ignored -> throw new IllegalStateException("a body that is not read yet");
        };
    }

    private void gone(long index, SignedRecord record) throws IOException {
        if (record.kind().hasBody()) {
            bodiesGone++;
            if (source.isHalfGone(index)) {
                halfGone.add(index);
            }
        }
    }

    private Optional<byte[]> body(long index, SignedRecord record, Supplier<String> where) throws IOException {
        try {
            Optional<byte[]> body = source.body(index);
            if (body.isPresent()) {
                bodies++;
            } else {
                gone(index, record);
            }
            return body;
        } catch (FormatException e) {
            defect(e, where.get());
            return Optional.empty();
        }
    }

    /** What a publication repeats of its artefact is the artefact's. */
    private void artefact(Facts facts, Supplier<String> where) throws IOException {
        Optional<Hash> digest = switch (facts) {
            case RegistryFacts.Policy policy -> Optional.of(policy.artefact());
            case RegistryFacts.Profile profile -> Optional.of(profile.artefact());
            default -> Optional.empty();
        };
        if (digest.isEmpty() || !source.hasArtefacts()) {
            return;
        }
        Optional<byte[]> bytes = source.artefact(digest.get());
        if (bytes.isEmpty()) {
            defect(
                    "artefact-missing",
                    where.get(),
                    "artefact " + digest.get().hex() + " is published, and missing or damaged");
        } else {
            Optional<Rule> fault = PublishedArtefact.fault(facts, bytes.get());
            fault.ifPresent(rule -> defect(
                    rule.code(), where.get(), "it publishes under another name or other floors than its artefact's"));
        }
    }

    // ---- who signed it

    private void signatures(SignedNote note) throws IOException {
        try {
            List<NoteVerifier> witnesses = trust.map(TrustPolicy::cosigners).orElse(List.of());
            List<NoteVerifier> signed = List.of();
            Optional<NoteVerifier> log = own();
            if (trust.isPresent()
                    && log.filter(key -> !key.equals(trust.get().log())).isPresent()) {
                standing("trust-log", where(0), AnotherLog.text(trust.get(), predecessor));
            }
            Optional<NoteVerifier> key = trust.map(TrustPolicy::log).or(() -> log);
            if (key.isPresent()) {
                Optional<SecondLineKey> second =
                        source.hasSecondLine() ? trust.flatMap(TrustPolicy::second) : Optional.empty();
                VerifiedCheckpoint verified = VerifiedCheckpoint.open(note, key.get(), second, witnesses);
                signed = verified.cosigners();
                cosigned = verified.cosigned();
                secondLine = second.isPresent();
            }
            if (trust.isPresent() && !trust.get().witnessed(signed)) {
                standing("witness-quorum", "checkpoint", "fewer witnesses signed than the trust policy asks for");
            }
        } catch (FormatException e) {
            standing(e.code(), "checkpoint", String.valueOf(e.getMessage()));
        }
    }

    private Optional<NoteVerifier> named() {
        try {
            return own();
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** The key that leaf 0 names; empty where there is no leaf 0 that could. */
    private Optional<NoteVerifier> own() throws FormatException {
        if (first.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(NoteVerifier.log(
                    first.get().origin(),
                    VerifyKey.parse(Suite.ED25519_2026, first.get().checkpointKey())));
        } catch (IllegalArgumentException e) {
            standing("genesis-invalid", where(0), "an origin that no log can have");
            return Optional.empty();
        }
    }
}
