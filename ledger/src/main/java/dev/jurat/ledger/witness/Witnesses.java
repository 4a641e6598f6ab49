package dev.jurat.ledger.witness;

import dev.jurat.ledger.Halt;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerHead;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.NoteSignature;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Has the witnesses of a policy cosign a ledger's checkpoints, one round an interval, and keeps the newest that a quorum has cosigned.
 *
 * <p>Security property: a witness that has cosigned more of this log than the ledger ever signed, or another log, halts the ledger. Its
 * word is not proven, so a lying witness can halt it too, and is named. No witness delays another, an append, or the end of the node.
 * Thread-safe.
 */
public final class Witnesses implements AutoCloseable {
    private final Ledger ledger;
    private final WitnessConfig config;
    private final LongSupplier millis;
    private final WitnessDoor door;
    private final List<WitnessLink> links = new ArrayList<>();
    private final Cosignatures cosignatures;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile WitnessStatus.Start start = WitnessStatus.Start.UNANSWERED;
    private volatile boolean contradicted;

    private Witnesses(Ledger ledger, WitnessConfig config, LongSupplier millis) throws FormatException {
        this.ledger = ledger;
        this.config = config;
        this.millis = millis;
        for (TlogPolicy.Witness witness : config.policy().witnesses()) {
            links.add(new WitnessLink(witness, config));
        }
        this.cosignatures = new Cosignatures(ledger.witnessed());
        this.door = new WitnessDoor(config.answerMillisMax());
    }

    /**
     * The witnesses of a ledger; nobody is asked yet.
     *
     * @param millis POSIX milliseconds, which cosignatures are held against
     * @throws FormatException {@code witness-policy-log}, {@code witness-url}
     */
    public static Witnesses of(Ledger ledger, WitnessConfig config, LongSupplier millis) throws FormatException {
        config.requireFor(ledger.logKey());
        Witnesses witnesses = new Witnesses(ledger, config, millis);
        ledger.countWitnessesBy(config.policy());
        witnesses.remember();
        return witnesses;
    }

    /** What is known of each from the checkpoint that was kept. */
    private void remember() throws FormatException {
        Optional<SignedNote> kept = ledger.witnessed();
        if (kept.isEmpty()) {
            return;
        }
        TreeSize size = VerifiedCheckpoint.open(kept.get(), ledger.logKey())
                .checkpoint()
                .size();
        for (WitnessLink link : links) {
            for (NoteSignature line : kept.get().signatures()) {
                if (link.key().verifies(kept.get().text(), line)) {
                    link.remember(size, link.key().cosignedAtSeconds(line).orElse(0));
                }
            }
        }
    }

    // ---- before anything is signed

    /**
     * Asks all of them at once about the ledger as it was opened, held, and waits until each has answered or the time is up. Where one has
     * seen more of the log, or another, the ledger is halted; of what earlier starts halted for, that is over whose witness agrees now, or is
     * none of the policy's any more.
     */
    public void askBeforeSigning() throws LedgerException {
        ledger.lift(halt -> links.stream().noneMatch(link -> isOf(link, halt)));
        List<WitnessLink> agreed = new ArrayList<>();
        LedgerHead head = ledger.head();
        CountDownLatch answers = new CountDownLatch(links.size());
        for (WitnessLink link : links) {
            Thread.ofVirtual().name("jurat-witness-" + link.name()).start(() -> {
                askAtStart(link, head, agreed);
                answers.countDown();
            });
        }
        await(answers, config.startMillisMax());
        synchronized (agreed) {
            start = start(agreed);
            ledger.lift(halt -> agreed.stream().anyMatch(link -> isOf(link, halt)));
        }
    }

    private WitnessStatus.Start start(List<WitnessLink> agreed) {
        if (contradicted) {
            return WitnessStatus.Start.CONTRADICTED;
        }
        return agreed.isEmpty() ? WitnessStatus.Start.UNANSWERED : WitnessStatus.Start.AGREED;
    }

    /** Whether a halt is a witness's, under whatever name it was asked then. */
    private static boolean isOf(WitnessLink link, Halt halt) {
        return link.key().key().equals(halt.by().key());
    }

    private void askAtStart(WitnessLink link, LedgerHead head, List<WitnessLink> agreed) {
        link.takeAtStart();
        boolean agrees = ask(link, head);
        synchronized (agreed) {
            if (agrees) {
                agreed.add(link);
            }
        }
    }

    // ---- rounds

    /** Begins to ask, a round at once and then one an interval. */
    public void begin() {
        Thread.ofVirtual().name("jurat-witnesses").start(() -> {
            do {
                round();
            } while (!await(closed, config.intervalMillis()) && !contradicted);
        });
    }

    /** Asks each that has not cosigned what the log is now, about one checkpoint, and waits for nobody. */
    private void round() {
        LedgerHead head = ledger.head();
        for (WitnessLink link : links) {
            if (link.take(head.size())) {
                Thread.ofVirtual().name("jurat-witness-" + link.name()).start(() -> ask(link, head));
            }
        }
    }

    /** Asks it, and says whether it agrees. */
    private boolean ask(WitnessLink link, LedgerHead head) {
        try {
            SignedNote note = ledger.checkpoint(head);
            Heard heard = link.ask(ledger, door, millis, note, head.size());
            return closed.getCount() > 0 && take(link, note, heard);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private boolean take(WitnessLink link, SignedNote note, Heard heard) {
        return switch (heard) {
            case Heard.Cosigned cosigned -> {
                keep(link, note, cosigned.line());
                yield true;
            }
            case Heard.Ahead ahead -> halt(new Halt(Halt.AHEAD, link.key(), ahead.size()));
            case Heard.Differs differs -> halt(new Halt(Halt.DIFFERS, link.key(), differs.size()));
            case Heard.Overtaken ignored -> false;
            case Heard.Fault ignored -> false;
        };
    }

    private void keep(WitnessLink link, SignedNote note, NoteSignature line) {
        synchronized (cosignatures) {
            if (closed.getCount() == 0) {
                return;
            }
            try {
                ledger.keepWitnessed(cosignatures.add(note, link.key(), line));
            } catch (LedgerException e) {
                link.fault(e.code(), "its cosignature cannot be kept: " + e.getMessage());
            } catch (FormatException e) {
                throw new IllegalStateException("a cosignature that was checked does not verify", e);
            }
        }
    }

    private boolean halt(Halt why) {
        contradicted = true;
        try {
            ledger.halt(why);
        } catch (LedgerException e) {
            // It is halted all the same; a restart asks this witness again before it signs.
        }
        return false;
    }

    // ----

    public WitnessStatus status() {
        return new WitnessStatus(
                ledger.quorum(),
                start,
                ledger.halted(),
                links.stream().map(WitnessLink::status).toList());
    }

    private static boolean await(CountDownLatch latch, long atMostMillis) {
        try {
            return latch.await(atMostMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Asks nobody any more, and waits for none: what comes in later counts for nothing. */
    @Override
    public void close() {
        synchronized (cosignatures) {
            closed.countDown();
        }
        door.close();
    }
}
