package dev.jurat.proof.contract;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;

/** Limits that can be read and limits that cannot, and what they say of arguments. */
final class LimitCases {
    private static final String PATH = "{'type':'object','properties':{'path':{'type':'string'}},'required':['path']}";

    private final ContractCases cases;

    private LimitCases(ContractCases cases) {
        this.cases = cases;
    }

    static void into(ContractCases cases) {
        LimitCases limits = new LimitCases(cases);
        limits.reading();
        limits.withinBounds();
        limits.beyondBounds();
    }

    private void reading() {
        no("no-type", "a node without a type", "{'properties':{}}", "limit-type");
        no("type-number", "fractions have no type here", one("{'type':'number'}"), "limit-type");
        no("type-list", "several types", one("{'type':['string','null']}"), "limit-type");
        no("top-array", "a top that is no object", "{'items':{'type':'any'},'type':'array'}", "limit-not-object");
        no(
                "pattern",
                "a regular expression, which engines read differently",
                one("{'pattern':'a','type':'string'}"),
                "limit-keyword");
        no("format", "a format", one("{'format':'uri','type':'string'}"), "limit-keyword");
        no("ref", "a reference", one("{'$ref':'#','type':'string'}"), "limit-keyword");
        no("not", "a negation", one("{'not':{'type':'null'},'type':'any'}"), "limit-keyword");
        no("misspelt", "a misspelt bound", one("{'maxlength':3,'type':'string'}"), "limit-keyword");
        no(
                "keyword-of-other",
                "a bound that belongs to another type",
                one("{'maximum':3,'type':'string'}"),
                "limit-keyword");
        no(
                "open",
                "an attempt to open an object",
                "{'additionalProperties':true,'properties':{},'type':'object'}",
                "limit-keyword");
        no("title", "a title, which limits nothing", one("{'title':'x','type':'any'}"), "limit-keyword");
        no("minimum-text", "a bound on integers as text", one("{'minimum':'3','type':'integer'}"), "limit-value");
        no("decimal-number", "a bound on decimals as a number", one("{'maximum':3,'type':'decimal'}"), "limit-value");
        no(
                "decimal-form",
                "a bound on decimals with a trailing zero",
                one("{'maximum':'3.0','type':'decimal'}"),
                "contract-decimal");
        no("items-missing", "an array without items", one("{'type':'array'}"), "limit-value");
        no("properties-missing", "an object without properties", "{'type':'object'}", "limit-value");
        no("const-type", "a constant of another type", one("{'const':1,'type':'string'}"), "limit-value");
        no(
                "minimum-above",
                "a minimum above its maximum",
                one("{'maximum':1,'minimum':2,'type':'integer'}"),
                "limit-range");
        no(
                "length-above",
                "a length above its maximum",
                one("{'maxLength':1,'minLength':2,'type':'string'}"),
                "limit-range");
        no("length-negative", "a negative length", one("{'maxLength':-1,'type':'string'}"), "limit-range");
        no(
                "required-unlisted",
                "a required name that is not listed",
                "{'properties':{},'required':['a'],'type':'object'}",
                "limit-required");
        no(
                "required-twice",
                "a required name twice",
                "{'properties':{'a':{'type':'any'}},'required':['a','a'],'type':'object'}",
                "limit-required");
        no("enum-empty", "an empty enum", one("{'enum':[],'type':'string'}"), "limit-enum");
        no("enum-twice", "a value twice", one("{'enum':['a','a'],'type':'string'}"), "limit-enum");
        no(
                "enum-and-const",
                "enum and const together",
                one("{'const':'a','enum':['a'],'type':'string'}"),
                "limit-enum");
        no(
                "deep",
                "17 levels",
                one("{'items':".repeat(15) + "{'type':'any'}" + ",'type':'array'}".repeat(15)),
                "limit-depth");
    }

    private void withinBounds() {
        in("path", "what is listed", PATH, "{\"path\":\"/a\"}");
        in("optional", "an optional member left out", one("{'type':'integer'}"), "{}");
        in("any", "any value", one("{'type':'any'}"), "{\"v\":[1.5e9,{\"x\":null}]}");
        in("integer", "an integer on its bound", one("{'maximum':3,'minimum':-3,'type':'integer'}"), "{\"v\":-3}");
        in("integer-wide", "the widest integer", one("{'type':'integer'}"), "{\"v\":-9007199254740991}");
        in(
                "decimal",
                "a decimal on its bound, zeros trailing",
                one("{'maximum':'0.3','type':'decimal'}"),
                "{\"v\":\"0.300\"}");
        in(
                "decimal-long",
                "a decimal that no binary fraction holds",
                one("{'maximum':'999999999999999999.1','type':'decimal'}"),
                "{\"v\":\"999999999999999999.1\"}");
        in("enum", "one of a list", one("{'enum':['a','b'],'type':'string'}"), "{\"v\":\"b\"}");
        in("const", "a constant, escaped", one("{'const':'ab','type':'string'}"), "{\"v\":\"a\\u0062\"}");
        in("length", "lengths count code points", one("{'maxLength':1,'type':'string'}"), "{\"v\":\"\ud83d\ude00\"}");
        in("prefix", "a prefix", one("{'prefix':'ab','type':'string'}"), "{\"v\":\"abc\"}");
        in(
                "items",
                "items of one form",
                one("{'items':{'type':'boolean'},'maxItems':2,'type':'array'}"),
                "{\"v\":[true,false]}");
        in("null", "null where null is wanted", one("{'type':'null'}"), "{\"v\":null}");
        absent("absent", "no arguments where none is required", one("{'type':'any'}"), ContractCases.within());
    }

    private void beyondBounds() {
        out(
                "property",
                "a member that is not listed",
                PATH,
                "{\"path\":\"/a\",\"mode\":1}",
                "beyond-property",
                "/mode");
        out(
                "property-case",
                "a member in other letters",
                PATH,
                "{\"path\":\"/a\",\"Path\":\"/b\"}",
                "beyond-property",
                "/Path");
        out(
                "property-proto",
                "a member that JavaScript treats as its own",
                PATH,
                "{\"path\":\"/a\",\"__proto__\":{}}",
                "beyond-property",
                "/__proto__");
        out(
                "property-escaped",
                "a pointer escapes slash and tilde",
                PATH,
                "{\"path\":\"/a\",\"a/~b\":1}",
                "beyond-property",
                "/a~1~0b");
        out("required", "a member left out", PATH, "{}", "beyond-required", "/path");
        absent(
                "required-absent",
                "no arguments where one is required",
                PATH,
                ContractCases.beyond("beyond-required", "/path"));
        out("type", "a number for a text", PATH, "{\"path\":1}", "beyond-type", "/path");
        out("type-null", "null for a text", PATH, "{\"path\":null}", "beyond-type", "/path");
        out("type-array", "an array for a text", PATH, "{\"path\":[\"/a\"]}", "beyond-type", "/path");
        out("type-top", "an array for the arguments", PATH, "[]", "beyond-type", "");
        out("minimum", "one below", one("{'minimum':-3,'type':'integer'}"), "{\"v\":-4}", "beyond-minimum", "/v");
        out("maximum", "one above", one("{'maximum':3,'type':'integer'}"), "{\"v\":4}", "beyond-maximum", "/v");
        out("integer-fraction", "a fraction", one("{'type':'integer'}"), "{\"v\":1.5}", "beyond-integer", "/v");
        out(
                "integer-point-zero",
                "an integer spelt as a fraction",
                one("{'type':'integer'}"),
                "{\"v\":1.0}",
                "beyond-integer",
                "/v");
        out(
                "integer-exponent",
                "an integer spelt with an exponent",
                one("{'type':'integer'}"),
                "{\"v\":1e2}",
                "beyond-integer",
                "/v");
        out(
                "integer-huge-exponent",
                "an exponent that would fill the memory",
                one("{'type':'integer'}"),
                "{\"v\":1e999999999}",
                "beyond-integer",
                "/v");
        out("integer-minus-zero", "minus zero", one("{'type':'integer'}"), "{\"v\":-0}", "beyond-integer", "/v");
        out(
                "integer-wide",
                "an integer that JavaScript rounds",
                one("{'type':'integer'}"),
                "{\"v\":9007199254740993}",
                "beyond-integer",
                "/v");
        out("integer-text", "an integer as text", one("{'type':'integer'}"), "{\"v\":\"1\"}", "beyond-type", "/v");
        out(
                "decimal-maximum",
                "a little more than a decimal bound",
                one("{'maximum':'0.3','type':'decimal'}"),
                "{\"v\":\"0.300000000000000001\"}",
                "beyond-maximum",
                "/v");
        out(
                "decimal-minimum",
                "a little less than a decimal bound",
                one("{'minimum':'0','type':'decimal'}"),
                "{\"v\":\"-0.01\"}",
                "beyond-minimum",
                "/v");
        out(
                "decimal-exponent",
                "a decimal with an exponent",
                one("{'maximum':'9','type':'decimal'}"),
                "{\"v\":\"1e9\"}",
                "beyond-decimal",
                "/v");
        out(
                "decimal-number",
                "a number for a decimal",
                one("{'maximum':'9','type':'decimal'}"),
                "{\"v\":1}",
                "beyond-type",
                "/v");
        out("enum", "none of a list", one("{'enum':['a','b'],'type':'string'}"), "{\"v\":\"A\"}", "beyond-value", "/v");
        out("const", "another constant", one("{'const':true,'type':'boolean'}"), "{\"v\":false}", "beyond-value", "/v");
        out(
                "length-max",
                "one code point too many",
                one("{'maxLength':1,'type':'string'}"),
                "{\"v\":\"ab\"}",
                "beyond-length",
                "/v");
        out(
                "length-min",
                "one code point too few",
                one("{'minLength':2,'type':'string'}"),
                "{\"v\":\"\ud83d\ude00\"}",
                "beyond-length",
                "/v");
        out(
                "prefix",
                "another beginning",
                one("{'prefix':'ab','type':'string'}"),
                "{\"v\":\"Abc\"}",
                "beyond-prefix",
                "/v");
        out(
                "items-max",
                "one item too many",
                one("{'items':{'type':'any'},'maxItems':1,'type':'array'}"),
                "{\"v\":[1,2]}",
                "beyond-items",
                "/v");
        out(
                "items-min",
                "one item too few",
                one("{'items':{'type':'any'},'minItems':1,'type':'array'}"),
                "{\"v\":[]}",
                "beyond-items",
                "/v");
        out(
                "item",
                "an item of another form",
                one("{'items':{'type':'string'},'type':'array'}"),
                "{\"v\":[\"a\",1]}",
                "beyond-type",
                "/v/1");
        out(
                "order",
                "the first excess in the order of the text",
                one("{'type':'string'}"),
                "{\"x\":1,\"v\":1}",
                "beyond-property",
                "/x");
    }

    /** Limits with one optional member, v. */
    private static String one(String limit) {
        return "{'properties':{'v':" + limit + "},'type':'object'}";
    }

    private void no(String file, String says, String limits, String code) {
        cases.add(
                file,
                "limits",
                says,
                JsonBuilder.object().put("limits", ContractCases.json(limits)),
                ContractCases.refused(code));
    }

    private void in(String file, String says, String limits, String arguments) {
        cases.add("in-" + file, "arguments", says, given(limits).put("text", arguments), ContractCases.within());
    }

    private void out(String file, String says, String limits, String arguments, String code, String at) {
        JsonBuilder given = given(limits).put("text", arguments);
        cases.add("beyond-" + file, "arguments", says, given, ContractCases.beyond(code, at));
    }

    private void absent(String file, String says, String limits, JsonBuilder expect) {
        cases.add(file, "arguments", says, given(limits), expect);
    }

    private static JsonBuilder given(String limits) {
        Json.Obj json = ContractCases.json(limits);
        return JsonBuilder.object().put("limits", json);
    }
}
