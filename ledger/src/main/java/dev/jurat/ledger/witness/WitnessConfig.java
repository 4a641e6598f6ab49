package dev.jurat.ledger.witness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.TlogPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Which witnesses a ledger asks, and how. A file keeps the policy and the interval; the rest is fixed.
 *
 * @param policy the witnesses, each with the prefix that checkpoints are submitted under, and how many of them are a quorum
 * @param intervalMillis between two rounds of asking; 10,000, which is the least that public witnesses grant. 100 to 3,600,000
 * @param answerMillisMax for a witness to answer a request whole; 10,000
 * @param startMillisMax for all of them together to answer before a start goes on without; 5,000
 * @param waitMillisMax the longest wait after faults, or that a witness may ask for; 600,000
 * @param clockMillisMax how far a cosignature's time may be from this host's; 600,000
 */
public record WitnessConfig(
        TlogPolicy policy,
        long intervalMillis,
        long answerMillisMax,
        long startMillisMax,
        long waitMillisMax,
        long clockMillisMax) {
    /** Names this version of the file. */
    public static final String VERSION = "https://jurat.dev/witnesses/v1";
    /** The largest file, in bytes. */
    public static final int BYTES_MAX = TlogPolicy.JSON_BYTES_MAX;

    public static final long INTERVAL_MILLIS_MIN = 100;
    public static final long INTERVAL_MILLIS = 10_000;
    public static final long INTERVAL_MILLIS_MAX = 3_600_000;

    private static final int PORT_MAX = 65_535;

    public WitnessConfig {
        boolean sound = intervalMillis >= INTERVAL_MILLIS_MIN
                && intervalMillis <= INTERVAL_MILLIS_MAX
                && answerMillisMax > 0
                && startMillisMax >= 0
                && waitMillisMax > 0
                && clockMillisMax > 0;
        if (!sound) {
            throw new IllegalArgumentException("an interval of 0.1 s to an hour, and positive bounds");
        }
    }

    /**
     * The configuration with a policy whose witnesses can be asked.
     *
     * @throws FormatException {@code witness-none}: it names no witness; {@code witness-url}: one has no address that can be asked
     */
    public static WitnessConfig of(TlogPolicy policy, long intervalMillis) throws FormatException {
        if (policy.witnesses().isEmpty()) {
            throw new FormatException("witness-none", "the policy names no witness");
        }
        requireAddresses(policy.witnesses());
        return new WitnessConfig(policy, intervalMillis, 10_000, 5_000, 600_000, 600_000);
    }

    /**
     * Refuses witnesses that cannot be asked.
     *
     * @throws FormatException {@code witness-url}
     */
    public static void requireAddresses(List<TlogPolicy.Witness> witnesses) throws FormatException {
        for (TlogPolicy.Witness witness : witnesses) {
            address(witness);
        }
    }

    /**
     * Refuses a policy for other logs.
     *
     * @throws FormatException {@code witness-policy-log}
     */
    public void requireFor(NoteVerifier log) throws FormatException {
        if (!policy.accepts(log)) {
            throw new FormatException(
                    "witness-policy-log", "the policy lists logs, and this one is not among them: " + log.text());
        }
    }

    /** Where a witness takes checkpoints. */
    static URI address(TlogPolicy.Witness witness) throws FormatException {
        String typed = witness.url()
                .orElseThrow(() -> new FormatException(
                        "witness-url", "the witness " + witness.name() + " has no address to be asked at"));
        try {
            URI uri = URI.create(typed.replaceFirst("/+$", "") + "/add-checkpoint");
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean usable = (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getPort() <= PORT_MAX
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (usable) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new FormatException(
                "witness-url", "the address of the witness " + witness.name() + " is none, such as https://w1.example");
    }

    /** The file: canonical JSON. */
    public byte[] bytes() {
        return CanonicalJson.write(JsonBuilder.object()
                .put("intervalMillis", intervalMillis)
                .put("policy", policy.text())
                .put("version", VERSION)
                .build());
    }

    /**
     * Reads the file.
     *
     * @throws FormatException {@code witness-config} and the codes of JSON, members, policies and {@link #of}
     */
    public static WitnessConfig read(byte[] bytes) throws FormatException {
        Fields in = Fields.of(CanonicalJson.readObject(bytes), "witnesses");
        String version = in.string("version");
        long interval = in.integer("intervalMillis");
        TlogPolicy policy = TlogPolicy.parse(in.string("policy").getBytes(StandardCharsets.UTF_8));
        in.end();
        if (!version.equals(VERSION) || interval < INTERVAL_MILLIS_MIN || interval > INTERVAL_MILLIS_MAX) {
            throw new FormatException("witness-config", "another version, or an interval beyond 0.1 s to an hour");
        }
        return of(policy, interval);
    }
}
