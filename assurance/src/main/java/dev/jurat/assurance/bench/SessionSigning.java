package dev.jurat.assurance.bench;

import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * What a session takes to sign, against the provider that it signs with: the provider alone over as many bytes, the session's key over the same bytes,
 * and whole records with all that makes them. In rounds, each of all three in an order that is drawn, so that what disturbs one disturbs all.
 */
final class SessionSigning {
    private static final int ROUNDS = 60;
    private static final int WARM_UP = 10;
    private static final int TIMES = 1000;
    private static final Json.Obj DETAILS = new ExecutionDetails.Observation(1, List.of()).toJson();

    private final Report report;
    private final RecordId seen =
            new RecordId(Hash.ofBytes(RandomSource.secure().bytes(Hash.BYTES)));
    private final Session session = Session.prepare(
            KeyFile.generate("local", SignerType.AGENT, RandomSource.secure()), seen, RandomSource.secure());
    private final byte[] message = record();
    private final byte[] seed = RandomSource.secure().bytes(Ed25519.SECRET_KEY_SIZE);
    private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];

    SessionSigning(Report report) {
        this.report = report;
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
    }

    void run() {
        List<Runnable> parts = List.of(
                () -> Ed25519.sign(
                        seed, 0, publicKey, 0, message, 0, message.length, new byte[Ed25519.SIGNATURE_SIZE], 0),
                () -> session.key().sign(message),
                this::record);
        double[][] micros = new double[parts.size()][ROUNDS];
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            Collections.shuffle(order, new Random(round));
            for (int part : order) {
                double found = micros(parts.get(part));
                micros[part][Math.max(0, round)] = found;
            }
        }
        report.title("Signing in a session: " + ROUNDS + " rounds of " + TIMES + ", " + message.length
                + " bytes, Ed25519 of Bouncy Castle");
        line("provider alone", micros[0], micros[0]);
        line("the session's signature over the same bytes", micros[1], micros[0]);
        line("a whole record: facts, salt, body, JSON, hashes, signature", micros[2], micros[0]);
    }

    private byte[] record() {
        return session.sign(
                        salt -> new ExecutionFacts.Observation("tools/list", seen.hash()),
                        References.NONE,
                        seen,
                        DETAILS)
                .record()
                .preAuthentication();
    }

    private static double micros(Runnable part) {
        long started = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
            part.run();
        }
        return (System.nanoTime() - started) / 1e3 / TIMES;
    }

    private void line(String name, double[] own, double[] raw) {
        double[] shares = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            shares[i] = raw[i] / own[i];
        }
        report.line(
                name,
                String.format(
                        Locale.ROOT,
                        "%.1f µs, %,.0f/s, %.1f %% of the provider's rate (rounds %.1f to %.1f %%)",
                        median(own),
                        1e6 / median(own),
                        100 * median(shares),
                        100 * quantile(shares, 0.1),
                        100 * quantile(shares, 0.9)));
    }

    private static double median(double[] values) {
        return quantile(values, 0.5);
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (share * (sorted.length - 1))];
    }
}
