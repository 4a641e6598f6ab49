package dev.jurat.ledger;

import static dev.jurat.ledger.LedgerRig.committed;
import static dev.jurat.ledger.LedgerRig.group;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ClockTest {
    private final World world = World.claimed();
    private final LedgerRig rig = new LedgerRig(world);

    private static List<Kind> kinds(Ledger ledger, long from) throws LedgerException {
        List<Kind> kinds = new ArrayList<>();
        for (long i = from; i < ledger.head().size().value(); i++) {
            kinds.add(ledger.record(new LeafIndex(i)).orElseThrow().record().kind());
        }
        return kinds;
    }

    @Test
    void aClockOpensACommitWithStrictKindsWhenTheLastIsOld() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            long size = ledger.head().size().value();
            rig.now.addAndGet(99);
            committed(ledger.append(group(world.execution().intent().sign())));
            assertEquals(List.of(Kind.INTENT), kinds(ledger, size));
            rig.now.addAndGet(1);
            GroupAnswer.Committed answer =
                    committed(ledger.append(group(world.execution().intent().sign())));
            assertEquals(List.of(Kind.INTENT, Kind.CLOCK, Kind.INTENT), kinds(ledger, size));
            assertEquals(
                    answer.clock(),
                    ledger.record(new LeafIndex(size + 1))
                            .orElseThrow()
                            .record()
                            .id());
        }
    }

    @Test
    void openKindsWaitForNoClock() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            long size = ledger.head().size().value();
            rig.now.addAndGet(5_000);
            committed(ledger.append(
                    group(world.observation(world.point(), "tools/list").sign())));
            assertEquals(List.of(Kind.OBSERVATION), kinds(ledger, size));
        }
    }

    @Test
    void theClockRunsWhileASessionIsOpen() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            TreeSize size = ledger.head().size();
            rig.now.addAndGet(10_000);
            ledger.awaitBeyond(size, Duration.ofSeconds(5));
            assertEquals(List.of(Kind.CLOCK), kinds(ledger, size.value()));
        }
    }

    /** Nobody's session is open for days, and then a person revokes something. */
    @Test
    void aPersonIsRefusedForTheQuietBefore() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            TreeSize open = ledger.head().size();
            rig.now.addAndGet(Duration.ofDays(3).toMillis());
            RecordId old = ledger.awaitBeyond(open, Duration.ofSeconds(5)).clock();
            rig.now.addAndGet(Duration.ofDays(3).toMillis());
            Thread.sleep(300);
            assertEquals(old, ledger.head().clock(), "an idle log grows");
            LedgerHead head = ledger.headToSign();
            assertEquals(rig.now.get(), head.earliestMillis());
            committed(ledger.append(group(world.revokes(world.administrator(), world.agent())
                    .seen(head.clock())
                    .sign())));
            assertEquals(ledger.headToSign().size(), ledger.head().size(), "a clock is written for each who asks");
        }
    }

    @Test
    void whoWaitsForMoreDoesNotOutwaitTheLedger() throws Exception {
        Ledger ledger = rig.open(rig.seed());
        TreeSize size = ledger.head().size();
        CompletableFuture<TreeSize> waited = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                waited.complete(ledger.awaitBeyond(size, Duration.ofHours(1)).size());
            } catch (InterruptedException e) {
                waited.completeExceptionally(e);
            }
        });
        assertThrows(TimeoutException.class, () -> waited.get(300, TimeUnit.MILLISECONDS));
        ledger.close();
        assertEquals(size, waited.get(20, TimeUnit.SECONDS));
    }

    /** Held against a reading from the first leaf on, for each time about which two clock leaves could be told apart. */
    @Test
    void aTimeIsTakenForALeafThatCameAfterIt() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            for (int i = 0; i < 12; i++) {
                rig.now.addAndGet(i % 3 == 0 ? 1_000 : 50);
                committed(ledger.append(group(world.execution().intent().sign())));
            }
            List<StoredRecord> clocks = new ArrayList<>();
            for (long i = 0; i < ledger.head().size().value(); i++) {
                ledger.record(new LeafIndex(i))
                        .filter(stored -> stored.record().kind() == Kind.CLOCK)
                        .ifPresent(clocks::add);
            }
            assertTrue(clocks.size() > 5, "" + clocks.size());
            for (StoredRecord about : clocks) {
                for (long millis = latest(about) - 1; millis <= latest(about) + 1; millis++) {
                    long time = millis;
                    assertEquals(
                            clocks.stream()
                                    .filter(clock -> latest(clock) < time)
                                    .map(StoredRecord::index)
                                    .reduce((a, b) -> b),
                            ledger.clockBefore(time));
                }
            }
        }
    }

    private static long latest(StoredRecord clock) {
        return ((LedgerFacts.Clock) clock.record().statement().facts()).latest();
    }

    @Test
    void theClockNeverGoesBack() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            long before = ledger.head().earliestMillis();
            rig.now.addAndGet(-3_600_000);
            committed(ledger.append(group(world.execution().intent().sign())));
            rig.now.addAndGet(3_600_000 + 200);
            committed(ledger.append(group(world.execution().intent().sign())));
            assertEquals(before + 200, ledger.head().earliestMillis());
        }
    }

    @Test
    void anUnspentContractExpiresOnceAtTheNextClock() throws Exception {
        try (Ledger ledger = rig.open(rig.seed())) {
            Execution call = world.execution();
            committed(ledger.append(group(
                    call.intent().sign(),
                    call.context().sign(),
                    call.decision().sign(),
                    call.contract().sign(),
                    call.identity().sign())));
            long size = ledger.head().size().value();
            rig.now.addAndGet(70_000);
            rig.follow(ledger);
            committed(ledger.append(group(world.execution().intent().sign())));
            assertTrue(kinds(ledger, size).contains(Kind.EXPIRY), "" + kinds(ledger, size));
            rig.now.addAndGet(70_000);
            long later = ledger.head().size().value();
            rig.follow(ledger);
            ledger.awaitBeyond(new TreeSize(later), Duration.ofSeconds(5));
            assertFalse(kinds(ledger, later).contains(Kind.EXPIRY));
        }
    }

    @Test
    void aUseWithoutOutcomeIsIncompleteAtItsDeadlineAlsoAfterARestart() throws Exception {
        var storage = rig.seed();
        Execution call = world.execution();
        long size;
        try (Ledger ledger = rig.open(storage)) {
            committed(ledger.append(group(
                    call.intent().sign(),
                    call.context().sign(),
                    call.decision().sign(),
                    call.contract().sign(),
                    call.identity().sign())));
            committed(ledger.append(group(call.use().sign())));
            size = ledger.head().size().value();
        }
        rig.now.addAndGet(40_000);
        try (Ledger ledger = rig.open(storage)) {
            ledger.awaitBeyond(new TreeSize(size + 1), Duration.ofSeconds(5));
            assertEquals(List.of(Kind.CLOCK, Kind.INCOMPLETE), kinds(ledger, size));
            StoredRecord incomplete = ledger.record(new LeafIndex(size + 1)).orElseThrow();
            assertEquals(
                    call.id(Kind.USE), incomplete.record().header().references().one("use"));
            assertTrue(incomplete.record().statement().facts() instanceof LedgerFacts.Incomplete);
        }
    }
}
