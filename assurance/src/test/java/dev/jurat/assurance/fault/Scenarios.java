package dev.jurat.assurance.fault;

import dev.jurat.assurance.harness.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Scenarios that run from the start, each on a {@link Stage} of its own, while tests wait for theirs: nearly all of their time goes by in
 * deadlines. Some run side by side; those that do something to their node run one after another.
 */
final class Scenarios implements AutoCloseable {
    private final Map<String, Future<?>> all = new ConcurrentHashMap<>();
    private final ExecutorService shared;
    private final ExecutorService alone = Executors.newSingleThreadExecutor();
    private final List<Site> sites = new ArrayList<>();

    @FunctionalInterface
    interface Scenario {
        void play(Stage stage) throws Exception;
    }

    Scenarios(int atOnce) {
        shared = Executors.newFixedThreadPool(atOnce);
    }

    /** Closes this site at the end. */
    Site keep(Site site) {
        sites.add(site);
        return site;
    }

    /** Plays it beside others. */
    void beside(Site site, String name, Scenario scenario) {
        play(shared, site, name, scenario);
    }

    /** Plays it while no other of these runs. */
    void alone(Site site, String name, Scenario scenario) {
        play(alone, site, name, scenario);
    }

    private void play(ExecutorService where, Site site, String name, Scenario scenario) {
        all.put(name, where.submit(() -> {
            try (Stage stage = Stage.open(site, name)) {
                scenario.play(stage);
            }
            return name;
        }));
    }

    /** Waits for one, and fails as it did. */
    void await(String name) throws Exception {
        try {
            all.get(name).get(5, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new AssertionError(name + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        shared.shutdownNow();
        alone.shutdownNow();
        for (Site site : sites) {
            site.close();
        }
    }
}
