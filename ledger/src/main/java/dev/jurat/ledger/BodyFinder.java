package dev.jurat.ledger;

import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the bodies that are to be erased or held. The index says what belongs to somebody's actions; the records and bodies themselves are read for
 * the rest, since what an index passes over would stay.
 */
final class BodyFinder {
    private static final int BYTES_MAX = 64 << 20;
    private static final Pattern PARTY =
            Pattern.compile("[a-z0-9][a-z0-9-]{0,31}/([a-z2-7]{26}|ledger)(/([a-z2-7]{26}|genesis))?");

    private final Engine engine;
    private final BodyQuery query;
    private final Optional<String> party;
    private final Optional<BodyText> text;
    private final Set<Long> ofActions = new HashSet<>();
    private long atMillis;

    BodyFinder(Engine engine, BodyQuery query) {
        this.engine = engine;
        this.query = query;
        this.party =
                query.subject().map(String::strip).filter(s -> PARTY.matcher(s).matches());
        this.text = query.subject().map(BodyText::new);
    }

    /** Reads on from an index. */
    BodyPage from(long from, int most) throws IOException, SQLException {
        long size = engine.sequencer().head().size().value();
        long end = Math.min(size, from + most);
        if (party.isPresent()) {
            ofActions.addAll(engine.indexer().ask(index -> index.recordsBy(party.get(), from, end)));
        }
        atMillis = clockBefore(from);
        List<BodyPage.Found> found = new ArrayList<>();
        long bytes = 0;
        long next = from;
        while (next < end && bytes < BYTES_MAX) {
            StoredRecord stored = engine.read(next);
            bytes += stored.body().map(body -> body.length).orElse(0);
            if (stored.record().statement().facts() instanceof LedgerFacts.Clock clock) {
                atMillis = clock.latest();
            }
            if (isMeant(stored)) {
                found.add(found(stored));
            }
            next++;
        }
        return new BodyPage(List.copyOf(found), next, size);
    }

    private long clockBefore(long from) throws IOException {
        return query.before().isPresent()
                ? new ClockLeaves(engine)
                        .lastIn(0, from - 1)
                        .map(found -> found.clock().latest())
                        .orElse(0L)
                : 0;
    }

    private boolean isMeant(StoredRecord stored) {
        boolean there = stored.body().isPresent() || stored.bodyDamaged();
        return there
                && (query.kinds().isEmpty()
                        || query.kinds().contains(stored.record().kind()))
                && (query.before().isEmpty() || atMillis < query.before().getAsLong())
                && query.digest()
                        .filter(digest ->
                                !digest.equals(stored.record().statement().subject()))
                        .isEmpty()
                && (query.subject().isEmpty() || isAbout(stored));
    }

    private boolean isAbout(StoredRecord stored) {
        SignedRecord record = stored.record();
        return party.filter(who -> isBy(record.header().stream(), who)
                                || new String(record.payload(), StandardCharsets.UTF_8).contains(who)
                                || ofActions.contains(stored.index().value()))
                        .isPresent()
                || stored.body().filter(text.orElseThrow()::isIn).isPresent();
    }

    private static boolean isBy(Stream stream, String who) {
        return stream.principal().equals(who) || stream.toString().equals(who);
    }

    private BodyPage.Found found(StoredRecord stored) {
        SignedRecord record = stored.record();
        boolean held = engine.ask((Lifecycle state) -> state.isHeld(record.header().stream(), record.id()));
        long bytes = stored.body().map(body -> body.length).orElse(0);
        return new BodyPage.Found(stored.index(), record, bytes, atMillis, held);
    }
}
