package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteKeyType;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.record.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Whom a reader trusts, from outside the bundle: the one trust input of the verifier ({@code docs/spec/bundle.md} §7).
 *
 * <p>Security property: nothing that a bundle brings can add to it. With the log's key alone, whoever holds that key can have rewritten
 * everything; only outside witnesses say that the log showed them the same history.
 *
 * @param log the log's checkpoint key; its name is the log's origin
 * @param second the key of the log's second line, where the reader asks for one
 * @param genesis the id of leaf 0, where the reader knows it
 * @param witnesses the cosigners, where the reader knows any
 * @param followsSuccessors whether the reader believes a log, too, that has taken the place of this one on the word of its administrators
 *     ({@code docs/spec/predecessor.md}); then {@code genesis} is there
 */
public record TrustPolicy(
        NoteVerifier log,
        Optional<SecondLineKey> second,
        Optional<RecordId> genesis,
        Optional<Witnesses> witnesses,
        boolean followsSuccessors) {
    /** Names this version of the file. */
    public static final String FORMAT = "https://jurat.dev/trust/v1";
    /** The largest file, in bytes: any tlog-policy has room in it. */
    public static final int BYTES_MAX = TlogPolicy.JSON_BYTES_MAX;

    private static final int WITNESSES_MAX = 32;
    private static final String BY_ADMINISTRATORS = "administrators";

    /** Refuses a second line of another log, and to follow from a log without its genesis, with an {@link IllegalArgumentException}. */
    public TrustPolicy {
        if (second.filter(key -> !key.name().equals(log.name())).isPresent()) {
            throw new IllegalArgumentException("the second line is another log's");
        }
        if (followsSuccessors && genesis.isEmpty()) {
            throw new IllegalArgumentException("whoever follows from a log names its genesis");
        }
    }

    /** A reader who believes this log and none that takes its place. */
    public TrustPolicy(
            NoteVerifier log,
            Optional<SecondLineKey> second,
            Optional<RecordId> genesis,
            Optional<Witnesses> witnesses) {
        this(log, second, genesis, witnesses, false);
    }

    /** A reader who asks for no second line. */
    public TrustPolicy(NoteVerifier log, Optional<RecordId> genesis, Optional<Witnesses> witnesses) {
        this(log, Optional.empty(), genesis, witnesses);
    }

    /** The same reader, who believes successors of the log, too; it has its genesis. */
    public TrustPolicy followingSuccessors() {
        return new TrustPolicy(log, second, genesis, witnesses, true);
    }

    /** A reader of the same log who asks for no witness. */
    public TrustPolicy withoutWitnesses() {
        return new TrustPolicy(log, second, genesis, Optional.empty(), followsSuccessors);
    }

    /** What this reader believes of a successor: its key and genesis, and no second line, whose key nobody has told. */
    TrustPolicy of(NoteVerifier successor, RecordId first) {
        return new TrustPolicy(successor, Optional.empty(), Optional.of(first), witnesses, true);
    }

    /** Which cosigners count, and when enough of them have signed the checkpoint. */
    public sealed interface Witnesses {
        List<NoteVerifier> keys();

        /** Whether these are enough; only keys count whose lines were found good. */
        boolean met(Collection<NoteVerifier> signed);

        /** So many of these. */
        record Counted(int quorum, List<NoteVerifier> keys) implements Witnesses {
            public Counted {
                keys = List.copyOf(keys);
            }

            @Override
            public boolean met(Collection<NoteVerifier> signed) {
                return keys.stream().filter(signed::contains).count() >= quorum;
            }
        }

        /** Those whom the quorum of a tlog-policy asks for. */
        record ByPolicy(TlogPolicy policy) implements Witnesses {
            @Override
            public List<NoteVerifier> keys() {
                return policy.keys();
            }

            @Override
            public boolean met(Collection<NoteVerifier> signed) {
                return policy.met(signed);
            }
        }
    }

    /** The cosigners whom this reader knows; none where it asks for no witness. */
    public List<NoteVerifier> cosigners() {
        return witnesses.map(Witnesses::keys).orElse(List.of());
    }

    /** Whether enough cosigners have signed; of a reader who asks for none, always. */
    public boolean witnessed(Collection<NoteVerifier> signed) {
        return witnesses.map(asked -> asked.met(signed)).orElse(true);
    }

    /** The log's origin. */
    public String origin() {
        return log.name();
    }

    /** The file: canonical JSON. */
    public byte[] bytes() {
        JsonBuilder out = JsonBuilder.object()
                .put("genesis", genesis.map(id -> new Json.Str(id.hex())))
                .put("log", log.text())
                .put("second", second.map(key -> new Json.Str(key.text())))
                .put("successor", followsSuccessors ? Optional.of(new Json.Str(BY_ADMINISTRATORS)) : Optional.empty())
                .put("version", FORMAT);
        witnesses.ifPresent(w -> out.put("witnesses", json(w)));
        return CanonicalJson.write(out.build());
    }

    private static Json.Obj json(Witnesses witnesses) {
        return switch (witnesses) {
            case Witnesses.Counted counted ->
                JsonBuilder.object()
                        .strings(
                                "keys",
                                counted.keys().stream().map(NoteVerifier::text).toList())
                        .put("quorum", counted.quorum())
                        .build();
            case Witnesses.ByPolicy by ->
                JsonBuilder.object().put("policy", by.policy().text()).build();
        };
    }

    /**
     * Reads the file; white space and the order of members are free, since people write it.
     *
     * @throws FormatException {@code trust-version}, {@code trust-log}, {@code trust-second}, {@code trust-witnesses}, {@code trust-successor}, or the codes of JSON, members and vkeys
     */
    public static TrustPolicy read(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw new FormatException("trust-large", "a trust policy has at most " + BYTES_MAX + " bytes");
        }
        Fields in = Fields.of(CanonicalJson.readLoose(bytes), "trust");
        if (!in.string("version").equals(FORMAT)) {
            throw new FormatException("trust-version", "trust.version is not " + FORMAT);
        }
        NoteVerifier log = NoteVerifier.parse(in.string("log"));
        if (log.type() != NoteKeyType.ED25519) {
            throw new FormatException("trust-log", "trust.log is not the key of a log");
        }
        Optional<RecordId> genesis =
                in.has("genesis") ? Optional.of(RecordId.parse(in.string("genesis"))) : Optional.empty();
        Optional<SecondLineKey> second = in.has("second") ? Optional.of(second(in, log)) : Optional.empty();
        Optional<Witnesses> witnesses =
                in.has("witnesses") ? Optional.of(witnesses(in.object("witnesses"), log)) : Optional.empty();
        boolean follows = in.has("successor") && follows(in.string("successor"), genesis);
        in.end();
        return new TrustPolicy(log, second, genesis, witnesses, follows);
    }

    private static boolean follows(String by, Optional<RecordId> genesis) throws FormatException {
        if (!by.equals(BY_ADMINISTRATORS) || genesis.isEmpty()) {
            throw new FormatException(
                    "trust-successor", "trust.successor is administrators, and stands beside trust.genesis alone");
        }
        return true;
    }

    private static SecondLineKey second(Fields in, NoteVerifier log) throws FormatException {
        SecondLineKey second = SecondLineKey.parse(in.string("second"));
        if (!second.name().equals(log.name())) {
            throw new FormatException("trust-second", "trust.second is the key of another log than trust.log");
        }
        return second;
    }

    private static Witnesses witnesses(Fields in, NoteVerifier log) throws FormatException {
        if (!in.has("policy")) {
            return counted(in);
        }
        TlogPolicy policy = TlogPolicy.parse(in.string("policy").getBytes(StandardCharsets.UTF_8));
        in.end();
        if (policy.quorum().equals(TlogPolicy.NONE) || !policy.accepts(log)) {
            throw new FormatException(
                    "trust-witnesses", "trust.witnesses.policy asks for nobody, or is for other logs than trust.log");
        }
        return new Witnesses.ByPolicy(policy);
    }

    private static Witnesses counted(Fields in) throws FormatException {
        List<NoteVerifier> keys = new ArrayList<>();
        for (String vkey : in.strings("keys")) {
            keys.add(NoteVerifier.parse(vkey));
        }
        long quorum = in.integer("quorum");
        in.end();
        boolean cosigners = keys.stream().allMatch(k -> k.type() == NoteKeyType.COSIGNATURE_V1);
        boolean distinct = new HashSet<>(keys.stream().map(NoteVerifier::key).toList()).size() == keys.size();
        if (!cosigners || !distinct || keys.size() > WITNESSES_MAX || quorum < 1 || quorum > keys.size()) {
            throw new FormatException(
                    "trust-witnesses",
                    "trust.witnesses is 1 to " + WITNESSES_MAX + " different cosigners and a quorum");
        }
        return new Witnesses.Counted((int) quorum, keys);
    }
}
