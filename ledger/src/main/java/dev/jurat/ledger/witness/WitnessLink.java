package dev.jurat.ledger.witness;

import dev.jurat.ledger.Ledger;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.TreeSize;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One witness, and what is known of it: asked by one thread at a time, and after faults ever more rarely. Thread-safe. */
final class WitnessLink {
    private static final int DOUBLINGS_MAX = 16;

    private final TlogPolicy.Witness witness;
    private final URI address;
    private final WitnessConfig config;
    private Optional<TreeSize> known = Optional.empty();
    private TreeSize size = TreeSize.EMPTY;
    private long atSeconds;
    private String fault = "";
    private String text = "";
    private int failures;
    private long notBeforeNanos = System.nanoTime();
    private boolean busy;
    private boolean wentBack;

    WitnessLink(TlogPolicy.Witness witness, WitnessConfig config) throws FormatException {
        this.witness = witness;
        this.address = WitnessConfig.address(witness);
        this.config = config;
    }

    NoteVerifier key() {
        return witness.key();
    }

    String name() {
        return witness.name();
    }

    /** What an earlier run of the ledger had from it. */
    synchronized void remember(TreeSize cosigned, long seconds) {
        size = cosigned;
        atSeconds = seconds;
        known = Optional.of(cosigned);
    }

    /** Takes the witness for one conversation, if it is free, due, and has not cosigned this size. */
    synchronized boolean take(TreeSize wanted) {
        boolean due = System.nanoTime() - notBeforeNanos >= 0;
        boolean open = size.compareTo(wanted) < 0 || !fault.isEmpty();
        if (busy || !due || !open) {
            return false;
        }
        busy = true;
        return true;
    }

    /** Takes it whatever it has cosigned: at a start it is asked whether it has seen more. */
    synchronized void takeAtStart() {
        busy = true;
    }

    /** Holds the conversation that {@link #take} was for. */
    Heard ask(Ledger ledger, WitnessDoor door, LongSupplier millis, SignedNote note, TreeSize asked)
            throws InterruptedException {
        Conversation talk = new Conversation(ledger, door, address, key(), config, millis, known());
        Heard heard = new Heard.Fault("witness-answer", "the conversation broke off");
        try {
            heard = talk.ask(note, asked);
            return heard;
        } finally {
            took(talk, heard, asked);
        }
    }

    /** Something of its work went wrong here. */
    synchronized void fault(String code, String words) {
        failed(code, words, 0);
    }

    private synchronized Optional<TreeSize> known() {
        return known;
    }

    private synchronized void took(Conversation talk, Heard heard, TreeSize asked) {
        busy = false;
        known = talk.known();
        // Whatever follows, and however well it does from here on: told until the next start.
        wentBack |= talk.beganAt().filter(at -> at.compareTo(size) < 0).isPresent();
        switch (heard) {
            case Heard.Cosigned cosigned -> {
                size = asked;
                atSeconds = cosigned.atSeconds();
                failures = 0;
                clear();
            }
            case Heard.Overtaken ignored -> clear();
            case Heard.Ahead ahead ->
                failed("witness-ahead", "it has cosigned " + ahead.size() + " leaves of this log", 0);
            case Heard.Differs differs ->
                failed("witness-differs", "it has cosigned other leaves, below size " + differs.size(), 0);
            case Heard.Fault wrong ->
                failed(wrong.code(), wrong.text(), wrong.waitSeconds().orElse(0));
        }
    }

    private void clear() {
        fault = "";
        text = "";
    }

    private void say(String code, String words) {
        fault = code;
        text = words;
    }

    /** Waits twice as long after each fault, a quarter more or less so that nodes do not come together, and as long as it is asked to. */
    private void failed(String code, String words, long waitSeconds) {
        say(code, words);
        long usual = config.intervalMillis() << Math.min(failures, DOUBLINGS_MAX);
        failures++;
        long wished = Math.max(usual, TimeUnit.SECONDS.toMillis(waitSeconds));
        long wait = Math.min(wished, config.waitMillisMax());
        double jitter = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
        notBeforeNanos = System.nanoTime() + (long) (TimeUnit.MILLISECONDS.toNanos(wait) * jitter);
    }

    synchronized WitnessStatus.Each status() {
        return new WitnessStatus.Each(
                witness.name(),
                witness.key().text(),
                address.toString(),
                size.value(),
                atSeconds,
                fault,
                text,
                wentBack);
    }
}
