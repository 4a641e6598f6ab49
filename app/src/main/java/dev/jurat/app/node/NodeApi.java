package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.app.http.Router;
import dev.jurat.governance.Governor;
import dev.jurat.governance.GrantIndex;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PushedBackException;
import dev.jurat.identity.Broker;
import dev.jurat.identity.TokenAnswer;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.RecordAnswer;
import dev.jurat.ledger.Submission;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.sdk.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The write door: groups, tokens, approvals, revocations; reads are {@link ReadApi}'s. Paths and bodies as in {@code openapi.yaml}. */
final class NodeApi {
    private static final long GROUP_BYTES_MAX = 24L << 20;
    private static final long BATCH_BYTES_MAX = 48L << 20;
    private static final long TOKEN_BYTES_MAX = 8L << 20;
    private static final long RECORD_BYTES_MAX = 64L << 10;
    private static final int BATCH_GROUPS_MAX = 1024;

    private final Ledger ledger;
    private final GrantIndex index;
    private final Governor governor;
    private final Broker broker;
    private final Names names;
    private final PublishedNames published;
    private final ReentrantLock publishing = new ReentrantLock();
    private final ReadApi reads;
    private final Custody custody;
    private final Access access;
    private final Configured configured;
    private final Exports exports = new Exports();

    NodeApi(
            Ledger ledger,
            LedgerDoor door,
            GrantIndex index,
            Governor governor,
            Broker broker,
            Names names,
            PublishedNames published,
            StatusView status,
            LogView log,
            Custody custody,
            Access access,
            Configured configured) {
        this.configured = configured;
        this.access = access;
        this.custody = custody;
        this.ledger = ledger;
        this.index = index;
        this.governor = governor;
        this.broker = broker;
        this.names = names;
        this.published = published;
        this.reads = new ReadApi(ledger, door, governor, names, published, status, log, exports);
    }

    /** For the node's own user. */
    Router router() {
        return routes(new Router.Builder());
    }

    /** For the users of the machine who are bound to principals: what their roles let them ask for. */
    Router shared() {
        return routes(new Router.Builder().guard(access::guard));
    }

    private Router routes(Router.Builder routes) {
        routes.post("/v1/groups", GROUP_BYTES_MAX, Answers.guarded(this::group))
                .post("/v1/batch", BATCH_BYTES_MAX, Answers.guarded(this::batch))
                .post("/v1/token", TOKEN_BYTES_MAX, Answers.guarded(this::token))
                .post("/v1/approvals", RECORD_BYTES_MAX, Answers.guarded(this::approval))
                .post("/v1/revocations", RECORD_BYTES_MAX, Answers.guarded(this::revocation));
        routes.get("/v1/configuration", configured::answer);
        reads.addTo(routes);
        custody.addTo(routes);
        return routes.build();
    }

    private ApiAnswer group(ApiRequest request) throws ApiException {
        requireOpen();
        return ApiAnswer.ok(one(own(request, parse(request.json()))));
    }

    /** The group, if it is the caller's to hand in. */
    private Group own(ApiRequest request, Group group) throws ApiException {
        if (request.principal().isPresent()) {
            access.requireOwn(request.principal().get(), group);
        }
        return group;
    }

    /** To parse a request that is pushed back whatever it says would cost what those need that are under way. */
    private void requireOpen() throws ApiException {
        Optional<GroupAnswer> closed = ledger.closed();
        if (closed.isPresent()) {
            Answers.group(closed.get(), ledger.quorum());
        }
    }

    private Json.Obj one(Group group) throws ApiException {
        if (!PublishedNames.publishes(group)) {
            return Answers.group(append(List.of(group)).getFirst(), ledger.quorum());
        }
        PublishedNames.requireTools(group);
        // One publication after the other: of two that want one name at once the second is refused.
        publishing.lock();
        try {
            published.requireFree(group);
            return Answers.group(append(List.of(group)).getFirst(), ledger.quorum());
        } finally {
            publishing.unlock();
        }
    }

    /** Each group by itself: one that is pushed back or refused does not keep the next from being judged. */
    private ApiAnswer batch(ApiRequest request) throws ApiException {
        requireOpen();
        List<Group> groups = new ArrayList<>();
        try {
            Fields body = request.json();
            for (Json item : body.array("groups")) {
                groups.add(own(request, parse(Fields.of(item, "body.groups"))));
            }
            body.end();
        } catch (FormatException e) {
            throw malformed(e);
        }
        if (groups.size() > BATCH_GROUPS_MAX) {
            throw ApiException.malformed("batch-large", "a batch has at most " + BATCH_GROUPS_MAX + " groups");
        }
        List<Json> answers = new ArrayList<>();
        if (groups.stream().anyMatch(PublishedNames::publishes)) {
            for (Group group : groups) {
                answers.add(answerOf(() -> one(group)));
            }
        } else {
            for (GroupAnswer answer : append(groups)) {
                answers.add(answerOf(() -> Answers.group(answer, ledger.quorum())));
            }
        }
        return ApiAnswer.ok(
                JsonBuilder.object().put("answers", new Json.Arr(answers)).build());
    }

    private interface Answering {
        Json answer() throws ApiException;
    }

    private static Json answerOf(Answering answering) {
        try {
            return answering.answer();
        } catch (ApiException e) {
            return JsonBuilder.object()
                    .put("error", e.toJson())
                    .put("status", e.status())
                    .build();
        }
    }

    private List<GroupAnswer> append(List<Group> groups) {
        List<GroupAnswer> answers = ledger.appendAll(groups);
        for (int i = 0; i < groups.size(); i++) {
            if (answers.get(i) instanceof GroupAnswer.Committed committed) {
                learn(groups.get(i), committed);
            }
        }
        return answers;
    }

    private void learn(Group group, GroupAnswer.Committed committed) {
        for (int i = 0; i < group.records().size(); i++) {
            if (committed.results().get(i) instanceof RecordAnswer.Admitted) {
                SignedRecord record = group.records().get(i).record();
                index.add(record);
                names.add(record);
                published.add(record);
                exports.add(record);
                configured.add(record);
            }
        }
    }

    private static Group parse(Fields in) throws ApiException {
        try {
            List<Submission> records = new ArrayList<>();
            for (Json item : in.array("records")) {
                records.add(submission(Entry.read(item)));
            }
            List<byte[]> artefacts = new ArrayList<>();
            if (in.has("artefacts")) {
                for (String text : in.strings("artefacts")) {
                    artefacts.add(decode(text));
                }
            }
            in.end();
            if (records.isEmpty()) {
                throw new FormatException("group-empty", "a group has at least one record");
            }
            return new Group(records, artefacts);
        } catch (FormatException e) {
            throw malformed(e);
        }
    }

    private static Submission submission(Entry entry) {
        return new Submission(entry.record(), entry.body().map(Body::bytes));
    }

    private static byte[] decode(String text) throws FormatException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new FormatException("base64-syntax", "an artefact is not base64");
        }
    }

    private ApiAnswer token(ApiRequest request) throws ApiException {
        if (!request.mediaType().equals("application/x-www-form-urlencoded")) {
            throw new ApiException(
                    415,
                    "media-type",
                    "the body must be application/x-www-form-urlencoded",
                    Owner.YOU,
                    "set Content-Type");
        }
        try {
            TokenAnswer answer =
                    broker.exchange(new String(request.body(), StandardCharsets.UTF_8), request.principal());
            return ApiAnswer.json(answer.status(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(
                    503, "stopping", "the node is stopping", Owner.OPERATOR, "send the same bytes after its restart");
        }
    }

    /** An approval, and what follows from it: the policy is asked again once people have said enough. */
    private ApiAnswer approval(ApiRequest request) throws ApiException {
        Submission approval = person(request, Kind.APPROVAL);
        Group group = own(request, new Group(List.of(approval), List.of()));
        GroupAnswer given = append(List.of(group)).getFirst();
        Json.Obj answer = Answers.group(given, ledger.quorum());
        if (!(given instanceof GroupAnswer.Committed committed)
                || committed.results().getFirst() instanceof RecordAnswer.Refused) {
            return ApiAnswer.ok(answer.with("continued", Json.of(false)));
        }
        RecordId decision = approval.record().header().references().one("decision");
        try {
            answer = answer.with("continued", Json.of(governor.resume(decision)));
        } catch (PushedBackException e) {
            // The approval stands: the decision is made again at the next start, or when the same call is repeated.
            answer = answer.with("continued", Json.of(false)).with("why", Json.of(e.code()));
        }
        Optional<Json.Obj> stands = governor.standing(decision).map(Views::standing);
        return ApiAnswer.ok(stands.isPresent() ? answer.with("stands", stands.get()) : answer);
    }

    private ApiAnswer revocation(ApiRequest request) throws ApiException {
        Group group = own(request, new Group(List.of(person(request, Kind.REVOCATION)), List.of()));
        return ApiAnswer.ok(Answers.group(append(List.of(group)).getFirst(), ledger.quorum()));
    }

    private static Submission person(ApiRequest request, Kind wanted) throws ApiException {
        try {
            Fields body = request.json();
            Entry entry = Entry.read(body.rawObject("record"));
            body.end();
            if (entry.record().kind() != wanted) {
                throw new FormatException("kind-unwanted", "this path takes a record of kind " + wanted.wire());
            }
            return submission(entry);
        } catch (FormatException e) {
            throw malformed(e);
        }
    }

    static ApiException malformed(FormatException e) {
        return ApiException.malformed(e.code(), String.valueOf(e.getMessage()));
    }
}
