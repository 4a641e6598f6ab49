package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches against a list of all actions that is looked through one by one. */
class QueryTest {
    private static final long SEED = Long.getLong("jurat.seed", 7);
    private static final List<String> WORDS = List.of("invoice", "quarter", "ärger", "delete", "token", "zebra");

    private final Random random = new Random(SEED);
    private final WordKey key = new WordKey(new byte[32]);
    private final List<Known> all = new ArrayList<>();
    private ActionIndex index;
    private long next = 5;
    private long now = 1_000;

    /** An action as it is, and the words of it. */
    private record Known(Action action, Set<String> words) {
        boolean matches(Query q) {
            return (q.principals().isEmpty() || q.principals().stream().anyMatch(this::isBy))
                    && same(q.action(), Optional.of(action.tool()))
                    && q.resource().map(this::touches).orElse(true)
                    && same(q.decision(), action.decision())
                    && same(q.outcome(), action.outcome())
                    && q.flag().map(action.flags()::contains).orElse(true)
                    && words.containsAll(q.words())
                    && action.atMillis() >= q.since().orElse(0)
                    && action.atMillis() < q.until().orElse(Long.MAX_VALUE)
                    && action.index() < q.before().orElse(Long.MAX_VALUE);
        }

        private boolean isBy(String who) {
            return who.endsWith("/*")
                    ? action.principal().startsWith(who.substring(0, who.length() - 1))
                    : action.principal().equals(who);
        }

        private boolean touches(String wanted) {
            return action.resources().stream()
                    .anyMatch(name -> wanted.endsWith("*")
                            ? name.startsWith(wanted.substring(0, wanted.length() - 1))
                            : name.equals(wanted));
        }

        private static boolean same(Optional<String> wanted, Optional<String> found) {
            return wanted.isEmpty() || wanted.equals(found);
        }
    }

    @BeforeEach
    void open() throws SQLException {
        index = ActionIndex.open("jdbc:sqlite::memory:", "test");
    }

    @AfterEach
    void close() throws SQLException {
        index.close();
    }

    private String any(String... values) {
        return values[(int) (values.length * random.nextDouble() * random.nextDouble())];
    }

    private static Hash id(long at) {
        return Hash.of(ByteBuffer.allocate(8).putLong(at).array());
    }

    private String resource() {
        return any("/srv/", "/srv/data/", "/home/", "https://x.example/", "") + any("a", "ab", "abc", "b.txt", "ü");
    }

    /** Puts actions in as the log would, some leaves apart, and changes them afterwards. */
    private void grow(int count, int apart) throws SQLException {
        index.transaction(next + (long) count * apart, () -> {
            for (int i = 0; i < count; i++) {
                next += 1 + random.nextInt(apart);
                now += random.nextInt(3);
                put(next);
            }
            return now;
        });
        next = index.next();
    }

    private void put(long act) throws SQLException {
        List<String> resources = new TreeSet<>(
                        Stream.generate(this::resource).limit(random.nextInt(3)).toList())
                .stream().toList();
        Action bare = new Action(
                act,
                id(act),
                any("local/a", "local/b", "team/c", "team/d"),
                "s",
                "tools/call",
                any("read", "write", "move", "list"),
                "read",
                resources,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                now);
        index.putAction(bare, act);
        index.putRecord(act, id(act), OptionalLong.of(act), OptionalLong.empty());
        Optional<String> decision = Optional.of(any("allow", "deny", "pending", "observed"));
        index.decide(act, "pending", "asked");
        index.decide(act, decision.orElseThrow(), "rule");
        Optional<String> outcome = outcome(act);
        Set<String> flags = new TreeSet<>();
        if (random.nextInt(4) == 0) {
            flags.add(any("late", "repeated"));
            index.putFlag(act, flags.iterator().next());
        }
        Set<String> words = new HashSet<>();
        WORDS.stream().filter(word -> random.nextInt(3) == 0).forEach(words::add);
        if (!words.isEmpty()) {
            index.putWords(act, act, key.tokens(words));
        }
        all.addFirst(new Known(
                new Action(
                        act,
                        bare.intent(),
                        bare.principal(),
                        bare.session(),
                        bare.method(),
                        bare.tool(),
                        bare.effect(),
                        resources,
                        decision,
                        Optional.of("rule"),
                        outcome,
                        List.copyOf(flags),
                        now),
                words));
    }

    private Optional<String> outcome(long act) throws SQLException {
        if (random.nextInt(4) == 0) {
            index.outcome(act, "refused");
            index.reopen(act);
            return Optional.empty();
        }
        String outcome = any("success", "tool-error", "open");
        index.outcome(act, "open");
        index.outcome(act, outcome);
        return Optional.of(outcome);
    }

    private Query query() {
        Query.Builder query = new Query.Builder().limit(1 + random.nextInt(40));
        int asked = random.nextInt(1 << 9);
        if ((asked & 1) != 0) {
            query.principals(Set.of(any("local/a", "local/b", "team/*", "nobody/x"), any("team/c", "local/*")));
        }
        query.action((asked & 2) != 0 ? Optional.of(any("read", "write", "move", "none")) : Optional.empty());
        query.resource((asked & 4) != 0 ? Optional.of(wantedResource()) : Optional.empty());
        query.decision((asked & 8) != 0 ? Optional.of(any("allow", "deny", "pending")) : Optional.empty());
        query.outcome((asked & 16) != 0 ? Optional.of(any("success", "open", "refused")) : Optional.empty());
        query.flag((asked & 32) != 0 ? Optional.of(any("late", "repeated")) : Optional.empty());
        query.words((asked & 64) != 0 ? Set.of(any("delete", "token"), any("ärger", "zebra", "none")) : Set.of());
        query.since((asked & 128) != 0 ? OptionalLong.of(1_000 + random.nextInt(700)) : OptionalLong.empty());
        query.until((asked & 256) != 0 ? OptionalLong.of(1_000 + random.nextInt(1_400)) : OptionalLong.empty());
        return query.build();
    }

    private String wantedResource() {
        return any("*", "/*", "/srv/*", "/srv/a*", "/srv/data/b.txt", "/srv/data/*", "h*", "/srv", "https://x*", "ü*");
    }

    /** All pages of a query; each is a page of what is left. */
    private List<Action> pages(Query query) throws SQLException {
        List<Action> found = new ArrayList<>();
        OptionalLong cursor = query.before();
        do {
            Query page = at(query, cursor);
            ActionPage answer = index.search(page, key.tokens(page.words()));
            assertTrue(answer.actions().size() <= query.limit());
            found.addAll(answer.actions());
            cursor = answer.next();
        } while (cursor.isPresent());
        return found;
    }

    private static Query at(Query query, OptionalLong cursor) {
        return new Query.Builder()
                .principals(query.principals())
                .action(query.action())
                .resource(query.resource())
                .decision(query.decision())
                .outcome(query.outcome())
                .flag(query.flag())
                .words(query.words())
                .since(query.since())
                .until(query.until())
                .limit(query.limit())
                .before(cursor)
                .build();
    }

    private List<Action> wanted(Query query) {
        return all.stream()
                .filter(known -> known.matches(query))
                .map(Known::action)
                .toList();
    }

    @Test
    void aSearchFindsOtherThanWhatMatches() throws Exception {
        for (int round = 0; round < 4; round++) {
            grow(300, 400);
        }
        assertTrue(index.next() > 4L * ActSet.PART, "several parts");
        int hits = 0;
        for (int i = 0; i < 1_500; i++) {
            Query query = query();
            List<Action> wanted = wanted(query);
            hits += wanted.isEmpty() ? 0 : 1;
            assertEquals(wanted, pages(query), "seed " + SEED + ": " + query);
        }
        assertTrue(hits > 300, "most of what was asked for finds nothing: " + hits);
    }

    @Test
    void aCursorSkipsOrRepeatsWhatWasThereWhileActionsArrive() throws Exception {
        grow(400, 300);
        Query query = new Query.Builder()
                .action(Optional.of("read"))
                .resource(Optional.of("/*"))
                .limit(7)
                .build();
        List<Action> wanted = wanted(query);
        List<Action> found = new ArrayList<>();
        OptionalLong cursor = OptionalLong.empty();
        do {
            ActionPage page = index.search(at(query, cursor), List.of());
            found.addAll(page.actions());
            cursor = page.next();
            grow(20, 300);
        } while (cursor.isPresent());
        assertTrue(wanted.size() > 3 * query.limit());
        assertEquals(wanted, found);
    }

    @Test
    void aQuestionThatReadsMuchEndsNever() throws Exception {
        for (int part = 0; part < 3; part++) {
            long start = (long) part * ActSet.PART;
            index.transaction(start + ActSet.PART, () -> {
                put(start + 9);
                for (int i = 0; i < 16_000; i++) {
                    index.putResource(start + 10 + i, "/big/f" + start + i);
                }
                return 0;
            });
        }
        Query query = new Query.Builder()
                .principals(Set.of("local/*", "team/*"))
                .resource(Optional.of("/big/f*"))
                .build();
        ActionPage page = index.search(query, List.of());
        assertEquals(List.of(), page.actions());
        assertEquals(OptionalLong.of(ActSet.PART), page.next(), "two parts were read, and one is left");
        assertEquals(
                OptionalLong.empty(),
                index.search(at(query, page.next()), List.of()).next());
    }

    @Test
    void aForgottenRecordIsFoundByItsWords() throws Exception {
        grow(50, 300);
        long act = next + 1;
        index.transaction(act + 2, () -> {
            put(act);
            index.forgetWords(act);
            index.putWords(act, act, key.tokens(Set.of("invoice", "zebra")));
            index.putRecord(act + 1, id(act + 1), OptionalLong.of(act), OptionalLong.empty());
            index.putWords(act + 1, act, key.tokens(Set.of("zebra", "secret")));
            return 0;
        });
        assertTrue(finds(act, "invoice", "secret"));
        index.change(() -> {
            index.forgetWords(act + 1);
            return 0;
        });
        assertFalse(finds(act, "secret"));
        assertTrue(finds(act, "zebra", "invoice"), "the other record has them still");
        index.change(() -> {
            index.forgetWords(act);
            return 0;
        });
        assertFalse(finds(act, "zebra"));
        assertFalse(finds(act, "invoice"));
    }

    private boolean finds(long act, String... words) throws SQLException {
        return index
                .search(new Query.Builder().words(Set.of(words)).build(), key.tokens(List.of(words)))
                .actions()
                .stream()
                .anyMatch(action -> action.index() == act);
    }
}
