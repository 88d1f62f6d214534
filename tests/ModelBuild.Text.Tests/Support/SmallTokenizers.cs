using System.Text;
using System.Text.Json.Nodes;

namespace ModelBuild.Text.Tests.Support;

/// <summary>Small tokenizers as <c>tokenizer.json</c>.</summary>
internal static class SmallTokenizers
{
    private static readonly string[] Words =
    [
        "the",
        "quick",
        "brown",
        "fox",
        "over",
        "lazy",
        "dog",
        "hello",
        "world",
        "we",
        "don",
        "jump",
        "##s",
        "##ing",
        "##ed",
        "cafe",
        "naive",
        "add",
        "int",
        "return",
        "Hello",
        "World",
        "NATO",
    ];

    public static readonly string[] Specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>The tokens of a small WordPiece vocabulary: special ones, words, and each letter at the start and inside of a word.</summary>
    public static IReadOnlyList<string> Vocabulary(IEnumerable<int>? letters = null)
    {
        var ranges = letters ?? Enumerable.Range(0x21, 0x5E).Concat(Enumerable.Range(0xA1, 0x4D0)).Concat(Enumerable.Range(0x1100, 0x100)).Append(0x4E00);
        var texts = ranges.Select(char.ConvertFromUtf32).ToArray();
        return [.. Specials.Concat(Words).Concat(texts).Concat(texts.Select(text => "##" + text)).Distinct()];
    }

    public static JsonObject WordPiece(IReadOnlyList<string> vocabulary, bool lowerCase = true) =>
        new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. Specials.Select((token, id) => (JsonNode)Added(id, token))]),
            ["normalizer"] = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = true,
                ["strip_accents"] = null,
                ["lowercase"] = lowerCase,
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "BertProcessing",
                ["sep"] = new JsonArray("[SEP]", 3),
                ["cls"] = new JsonArray("[CLS]", 2),
            },
            ["decoder"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["prefix"] = "##",
                ["cleanup"] = true,
            },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = "[UNK]",
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 100,
                ["vocab"] = Ids(vocabulary),
            },
        };

    /// <summary>Byte-level pairs (GPT-2) without a normalizer: a token for each byte, and some merges.</summary>
    public static JsonObject ByteLevel()
    {
        var bytes = Enumerable
            .Range(0x21, 0x5E)
            .Concat(Enumerable.Range(0xA1, 12))
            .Concat(Enumerable.Range(0xAE, 0x52))
            .Concat(Enumerable.Range(0x100, 68))
            .Select(value => ((char)value).ToString());
        (string, string)[] merges =
        [
            ("Ġ", "t"),
            ("h", "e"),
            ("Ġt", "he"),
            ("l", "l"),
            ("he", "ll"),
            ("hell", "o"),
            ("o", "r"),
            ("i", "n"),
            ("ð", "Ł"),
            ("Ã", "©"),
        ];
        return new()
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(Added(266, "<s>"), Added(267, "</s>"), Added(268, "<pad>")),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevelPart(),
            ["post_processor"] = new JsonObject
            {
                ["type"] = "RobertaProcessing",
                ["sep"] = new JsonArray("</s>", 267),
                ["cls"] = new JsonArray("<s>", 266),
                ["trim_offsets"] = true,
                ["add_prefix_space"] = false,
            },
            ["decoder"] = ByteLevelPart(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = Ids([.. bytes, .. merges.Select(merge => merge.Item1 + merge.Item2)]),
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)new JsonArray(merge.Item1, merge.Item2))]),
            },
        };
    }

    /// <summary>SentencePiece pairs with tokens for bytes, as Llama's tokenizer (Touvron et al. 2023) is written.</summary>
    public static JsonObject Pieces(IReadOnlyList<(string Left, string Right)> merges, IReadOnlyList<string> pieces) =>
        new()
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(Added(0, "<unk>"), Added(1, "<s>"), Added(2, "</s>")),
            ["normalizer"] = JsonNode.Parse(
                """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}"""
            ),
            ["pre_tokenizer"] = null,
            ["post_processor"] = JsonNode.Parse(
                """
                {"type":"TemplateProcessing",
                "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
                "pair":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
                {"SpecialToken":{"id":"<s>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}],
                "special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}}
                """
            ),
            ["decoder"] = JsonNode.Parse(
                """
                {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},
                {"type":"Strip","content":" ","start":1,"stop":0}]}
                """
            ),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = "<unk>",
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["vocab"] = Ids(pieces),
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)new JsonArray(merge.Left, merge.Right))]),
            },
        };

    public static JsonObject Added(int id, string content, bool stripsLeft = false) =>
        new()
        {
            ["id"] = id,
            ["content"] = content,
            ["single_word"] = false,
            ["lstrip"] = stripsLeft,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        };

    /// <summary>A file as a stream, for loading.</summary>
    public static Func<Stream> Stream(string text) => () => new MemoryStream(Encoding.UTF8.GetBytes(text));

    /// <summary>A tokenizer from one document.</summary>
    public static TextTokenizer Load(JsonObject document) =>
        TextTokenizer.Load(new Dictionary<string, Func<Stream>> { ["tokenizer.json"] = Stream(document.ToJsonString()) });

    private static JsonObject ByteLevelPart() =>
        new()
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = false,
            ["trim_offsets"] = true,
            ["use_regex"] = true,
        };

    private static JsonObject Ids(IReadOnlyList<string> vocabulary) => new([.. vocabulary.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))]);
}
