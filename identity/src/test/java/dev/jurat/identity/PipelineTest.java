package dev.jurat.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.identity.Caller.Asked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many calls of one agent at once, in several sessions. */
class PipelineTest {
    @TempDir
    Path folder;

    @Test
    void callsThatOvertakeEachOtherAreEachAnsweredOnce() throws Exception {
        try (Node node = new Node(folder, true);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Caller> callers = new ArrayList<>(List.of(Caller.enrolled(node)));
            for (String session : List.of("two", "three")) {
                callers.add(Caller.session(node, session));
            }
            List<Callable<TokenAnswer>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                for (Caller caller : callers) {
                    Asked asked = caller.call("write_file", "{\"path\":\"/srv/data/" + i + "\",\"content\":\"x\"}");
                    caller.session.keep(asked.intent());
                    calls.addFirst(() -> node.broker.exchange(asked.form()));
                }
            }
            Set<String> tokens = new HashSet<>();
            for (Future<TokenAnswer> answer : threads.invokeAll(calls)) {
                assertEquals(200, answer.get().status(), answer.get().toString());
                tokens.add(String.valueOf(answer.get().body().members().get("access_token")));
            }
            assertEquals(calls.size(), tokens.size());
        }
    }

    @Test
    void aCallIsRefusedForOneBeforeItThatIsWorkedOnForLong() throws Exception {
        try (Node node = new Node(folder, true);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Caller caller = Caller.enrolled(node);
            List<Asked> asked = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                asked.add(caller.call("write_file", "{\"path\":\"/srv/data/" + i + "\",\"content\":\"x\"}"));
                caller.session.keep(asked.getLast().intent());
            }
            node.stallMillis.set(3_000);
            Future<TokenAnswer> first =
                    threads.submit(() -> node.broker.exchange(asked.getFirst().form()));
            Future<TokenAnswer> second =
                    threads.submit(() -> node.broker.exchange(asked.getLast().form()));
            assertEquals(200, second.get().status(), second.get().toString());
            assertEquals(200, first.get().status(), first.get().toString());
        }
    }
}
