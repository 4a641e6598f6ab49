package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;

/**
 * The small, signed, permanent part of a record: an in-toto Statement v1 in canonical JSON ({@code docs/spec/record.md} §2).
 *
 * <p>Security property: {@link #read} accepts exactly what {@link #bytes} writes. Admission and audit are decided from statements alone.
 *
 * @param subject the digest of the body; for kinds without one the genesis id, and for genesis itself 32 zero bytes
 */
public record Statement(Header header, Facts facts, Hash subject) {
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    public static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
    public static final String PREDICATE_TYPE = "https://jurat.dev/record/v1";

    public Statement {
        if (facts.kind() != header.kind()) {
            throw new IllegalArgumentException("facts of " + facts.kind() + " under a header of " + header.kind());
        }
    }

    public Kind kind() {
        return header.kind();
    }

    public byte[] bytes() {
        Json.Obj digest = JsonBuilder.object().put("sha256", subject.hex()).build();
        Json.Obj subjectJson = JsonBuilder.object()
                .put("digest", digest)
                .put("name", subjectName())
                .build();
        Json.Obj predicate = JsonBuilder.object()
                .put("facts", facts.toJson())
                .put("header", header.toJson())
                .build();
        return CanonicalJson.write(JsonBuilder.object()
                .put("_type", STATEMENT_TYPE)
                .put("predicate", predicate)
                .put("predicateType", PREDICATE_TYPE)
                .put("subject", new Json.Arr(List.of(subjectJson)))
                .build());
    }

    private String subjectName() {
        return header.kind().hasBody() ? "body" : "genesis";
    }

    /** Reads payload bytes; the codes are those of {@code docs/spec/record.md} §6. */
    public static Statement read(byte[] payload) throws FormatException {
        Fields fields = Fields.of(CanonicalJson.readObject(payload), "statement");
        expect(fields.string("_type"), STATEMENT_TYPE, "statement-type");
        expect(fields.string("predicateType"), PREDICATE_TYPE, "predicate-type");
        Fields predicate = fields.object("predicate");
        Header header = Header.read(predicate.object("header"));
        Facts facts = Facts.read(header.kind(), predicate.object("facts"));
        predicate.end();
        Hash subject = subject(fields.array("subject"), header.kind());
        fields.end();
        return new Statement(header, facts, subject);
    }

    private static Hash subject(List<Json> subjects, Kind kind) throws FormatException {
        if (subjects.size() != 1) {
            throw new FormatException("subject-count", "a statement has one subject");
        }
        Fields subject = Fields.of(subjects.getFirst(), "statement.subject");
        expect(subject.string("name"), kind.hasBody() ? "body" : "genesis", "subject-name");
        Fields digest = subject.object("digest");
        Hash hash = Wire.hash(digest.string("sha256"));
        digest.end();
        subject.end();
        return hash;
    }

    private static void expect(String value, String wanted, String code) throws FormatException {
        if (!value.equals(wanted)) {
            throw new FormatException(code, "expected " + wanted);
        }
    }
}
