package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.ledger.SyncSites.Site;
import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.ledger.storage.FaultStorage.Unsynced;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every place in the ledger that asks for something to be made durable has a verdict: leaving it out breaks a promise, in one of these
 * scenes, when the power is lost; or no promise rests on it, for a reason that stands here.
 */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class SyncsTest {
    /** The quick ones first. */
    private static final Map<String, Supplier<Scene>> SCENES = new LinkedHashMap<>();

    static {
        SCENES.put("the key of words", WordsScene::new);
        SCENES.put("a journal that was cut off", TornScene::new);
        SCENES.put("a log that is made", MakingScene::new);
        SCENES.put("a log that is written", RunningScene::new);
        SCENES.put("segments that a crash has left", LeftoverScene::new);
        SCENES.put("keys in a backup", BackupScene::keys);
        SCENES.put("a backup", BackupScene::log);
        SCENES.put("a log that is restored", RestoreScene::whole);
        SCENES.put("a log that is restored with older keys", RestoreScene::olderKeys);
    }

    static Stream<String> scenes() {
        return SCENES.keySet().stream();
    }

    private static Scene scene(String name) {
        return Objects.requireNonNull(SCENES.get(name)).get();
    }

    /** Places that no promise rests on, each with why. */
    private static final Map<String, String> SPARE = Map.of(
            "WordKeys.renew",
            "a key that is lost has another take its place, and the index is made anew",
            "Journal.drop",
            "a segment that comes back has no key, and the next segment's publishing syncs its folder",
            "Recovery.drop",
            "the same",
            "SegmentKeys.create",
            "of a new log nothing is promised before the name of its format is durable, in the same folder",
            "Creation.end 2",
            "a mark that comes back is taken away at the next opening");

    private static final int STEPS_AFTER = 6;
    private static final int STEPS_MAX = 400;

    private static final SyncSites SITES = new SyncSites();
    /** The scenes that come to each place, once they were played. */
    private static final Map<Site, Set<String>> SEEN = new ConcurrentSkipListMap<>();

    private static synchronized Map<Site, Set<String>> seen() {
        Map<Site, Set<String>> seen = SEEN;
        if (!seen.isEmpty()) {
            return seen;
        }
        SCENES.forEach((name, scene) -> {
            Scene played = scene.get();
            played.storage.forgetting(() -> {
                SITES.here()
                        .forEach(site -> seen.computeIfAbsent(site, s -> new LinkedHashSet<>())
                                .add(name));
                return false;
            });
            try {
                played.play();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return seen;
    }

    /** The power is lost at every step, and nothing was left out. */
    @ParameterizedTest
    @MethodSource("scenes")
    void aPromiseIsBrokenByALossOfPower(String name) throws Exception {
        assertEquals(Optional.empty(), broken(scene(name), () -> false, false));
    }

    /** A process is killed at every step; the next one reads what the first has written, and then the power is lost. */
    @ParameterizedTest
    @MethodSource("scenes")
    void whatOnlyTheCacheHasIsTakenForDurable(String name) throws Exception {
        assertEquals(Optional.empty(), killed(name, () -> false));
    }

    private static Optional<String> killed(String name, BooleanSupplier forgets) throws Exception {
        Scene sound = scene(name);
        int before = sound.storage.steps().size();
        sound.play();
        int steps = sound.storage.steps().size() - before;
        Optional<String> found = Optional.empty();
        for (int step = 0; step < Math.min(steps, STEPS_MAX) && found.isEmpty(); step++) {
            Scene scene = scene(name);
            scene.storage.killAt(step);
            try {
                scene.play();
            } catch (LedgerException | FaultStorage.Killed | AssertionError e) {
                // The next process goes on.
            }
            scene.storage.kill();
            int at = step;
            found = broken(scene, scene::again, forgets).map(what -> what + ", killed at step " + at);
        }
        return found;
    }

    @Test
    void aPlaceIsInNoScene() {
        seen();
        assertEquals(Set.of(), SITES.unseen());
    }

    static Stream<String> places() {
        return seen().keySet().stream().map(SITES::name);
    }

    @ParameterizedTest
    @MethodSource("places")
    void aSyncIsLeftOutAndNobodyNotices(String name) throws Exception {
        Map.Entry<Site, Set<String>> site = seen().entrySet().stream()
                .filter(one -> SITES.name(one.getKey()).equals(name))
                .findFirst()
                .orElseThrow();
        BooleanSupplier here = () -> SITES.here().contains(site.getKey());
        Optional<String> found = Optional.empty();
        for (String scene : site.getValue()) {
            found = found.isPresent() ? found : leftOut(() -> broken(scene(scene), here, true));
        }
        for (String scene : SPARE.containsKey(name) ? Set.<String>of() : site.getValue()) {
            found = found.isPresent() ? found : leftOut(() -> killed(scene, here));
        }
        assertEquals(SPARE.containsKey(name), found.isEmpty(), name + " is needed, or nothing rests on it: " + found);
    }

    @FunctionalInterface
    private interface Trial {
        Optional<String> run() throws Exception;
    }

    private static Optional<String> leftOut(Trial trial) throws InterruptedException {
        try {
            return trial.run();
        } catch (Exception e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Optional.of("it does not go on: " + e);
        }
    }

    @FunctionalInterface
    private interface Part {
        void play() throws Exception;
    }

    /** What is broken first, of what is looked at where a promise is made. */
    private static Optional<String> broken(Scene scene, Part part, BooleanSupplier forgets) throws Exception {
        AtomicReference<Optional<String>> found = new AtomicReference<>(Optional.empty());
        scene.storage.forgetting(forgets);
        scene.answering = () -> found.set(found.get()
                .or(() -> broken(scene, Unsynced.NONE, Unsynced.NONE))
                .or(() -> broken(scene, Unsynced.NONE, Unsynced.ALL))
                .or(() -> broken(scene, Unsynced.LAST, Unsynced.NONE)));
        part.play();
        return found.get();
    }

    /** What is broken first, of what is looked at: every step, or those soon after something was forgotten, and the end. */
    private static Optional<String> broken(Scene scene, BooleanSupplier forgets, boolean fewer) throws Exception {
        AtomicReference<Optional<String>> found = new AtomicReference<>(Optional.empty());
        int[] since = {fewer ? STEPS_AFTER : 0};
        scene.storage.forgetting(() -> {
            boolean forgotten = forgets.getAsBoolean();
            since[0] = forgotten ? 0 : since[0];
            return forgotten;
        });
        scene.storage.watching(() -> {
            since[0]++;
            if (!fewer || since[0] <= STEPS_AFTER) {
                found.set(found.get().or(() -> broken(scene)));
            }
        });
        scene.answering = () -> found.set(found.get().or(() -> broken(scene)));
        scene.play();
        scene.ended();
        return found.get().or(() -> broken(scene));
    }

    private static Optional<String> broken(Scene scene) {
        Optional<String> found = Optional.empty();
        for (Unsynced names : Unsynced.values()) {
            for (Unsynced writes : Unsynced.values()) {
                boolean nothingLost = names == Unsynced.ALL && writes == Unsynced.ALL;
                found = found.or(() -> nothingLost ? Optional.empty() : broken(scene, names, writes));
            }
        }
        return found;
    }

    private static Optional<String> broken(Scene scene, Unsynced names, Unsynced writes) {
        List<String> steps = scene.storage.steps();
        return scene.broken(scene.storage.afterPowerLoss(names, writes))
                .map(what -> what + ", after " + steps.getLast() + ", names " + names + ", writes " + writes);
    }
}
