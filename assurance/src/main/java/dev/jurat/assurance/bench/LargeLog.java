package dev.jurat.assurance.bench;

import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.store.Artefacts;
import dev.jurat.ledger.store.Entry;
import dev.jurat.ledger.store.HeadMark;
import dev.jurat.ledger.store.KeyedBody;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A data folder with a log of any size, as a node leaves it: governed calls of many sessions, seven records each, every one signed, judged
 * and with its body.
 */
final class LargeLog {
    private static final int SESSIONS = 32;
    private static final int COMMIT = 256;
    private static final int SEGMENT_BYTES = 8 << 20;
    /** So many calls lie between two clock leaves. */
    private static final int CALLS_PER_CLOCK = 50;

    private final World world = World.claimed();
    private final List<Party> agents = new ArrayList<>();
    private final List<Party> points = new ArrayList<>();

    LargeLog(int records) {
        for (int i = 0; i < SESSIONS; i++) {
            agents.add(world.session("agent", "agent-" + (i + 2)).admitAndJoin());
            points.add(world.session("point", "point-" + (i + 2)).admitAndJoin());
        }
        for (int call = 0; world.log().leaves().size() < records; call++) {
            if (call % CALLS_PER_CLOCK == 0) {
                world.tick(1000);
            }
            world.execution(agents.get(call % SESSIONS), points.get(call % SESSIONS))
                    .run();
        }
    }

    World world() {
        return world;
    }

    /** Writes all into an empty folder, the last few records into the journal, and the rest sealed. */
    void write(Path folder) throws IOException {
        DiskStorage storage = new DiskStorage(folder);
        Artefacts artefacts = new Artefacts(storage);
        for (byte[] artefact : world.log().artefacts().values()) {
            artefacts.put(artefact);
        }
        try (LogStore store = LogStore.create(storage, RandomSource.secure(), SEGMENT_BYTES)) {
            List<Entry> commit = new ArrayList<>();
            for (SignedRecord leaf : world.log().leaves()) {
                commit.add(entry(leaf));
                if (commit.size() == COMMIT) {
                    append(store, commit);
                }
            }
            append(store, commit);
            head(storage, store);
        }
    }

    private Entry entry(SignedRecord leaf) {
        Optional<Body> body = Optional.ofNullable(world.log().bodies().get(leaf.id()));
        return new Entry(
                leaf.leaf(), body.map(b -> new KeyedBody(RandomSource.secure().bytes(KeyedBody.KEY_BYTES), b.bytes())));
    }

    private static void append(LogStore store, List<Entry> commit) throws IOException {
        if (!commit.isEmpty()) {
            store.append(commit);
            commit.clear();
        }
        while (store.sealNext()) {
            store.trim();
        }
    }

    private void head(DiskStorage storage, LogStore store) throws IOException {
        Hash root = store.root();
        Checkpoint checkpoint = new Checkpoint(World.ORIGIN, world.log().tree().size(), root);
        byte[] signature = world.checkpointKey().sign(checkpoint.text().getBytes(StandardCharsets.UTF_8));
        HeadMark.open(storage, new HeadMark.Mark(store.size(), root, signature)).close();
    }
}
