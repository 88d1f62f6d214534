using System.Text;
using System.Text.Json.Nodes;
using ModelBuild.Text.Files;
using ModelBuild.Text.Native;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>Tokenizers that Hugging Face's own library runs.</summary>
public sealed class NativeTests : IDisposable
{
    private static readonly (string Left, string Right)[] Merges = [("▁", "t"), ("h", "e"), ("▁t", "he"), ("l", "l"), ("o", "w"), ("▁", "▁"), ("he", "ll")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Byte_level_pairs_have_the_ids_of_Hugging_Face_with_special_tokens()
    {
        var path = _folder.Write("tokenizer.json", SmallTokenizers.ByteLevel().ToJsonString());
        using var oracle = Oracle.Open(path);
        using var tokenizer = TextTokenizer.Load(path);
        var strings = new GeneratedStrings(2);

        for (var i = 0; i < 500; i++)
        {
            var text = strings.Next();
            var expected = oracle.Ids(text);
            Assert.Equal(expected, tokenizer.Encode(text).Ids.ToArray());
            Assert.Equal(oracle.Decode(Array.ConvertAll(expected, id => (uint)id)), tokenizer.Decode(expected));
        }
    }

    [Fact]
    public void A_SentencePiece_model_of_pairs_has_the_ids_of_the_same_tokenizer_json()
    {
        var pieces = Pieces();
        var scores = pieces.Select(
            (text, id) => (text, Score: (float)-Math.Max(0, Array.FindIndex(Merges, merge => merge.Left + merge.Right == text)), Kind(id))
        );
        _folder.Write("tokenizer.model", SentencePieceFile.Write(scores, SentencePieceFile.BytePairs, byteFallback: true, removesSpaces: false));
        _folder.Write("tokenizer_config.json", """{ "tokenizer_class": "LlamaTokenizer" }""");
        using var oracle = Oracle.Open(_folder.Write("oracle/tokenizer.json", SmallTokenizers.Pieces(Merges, pieces).ToJsonString()));
        using var tokenizer = TextTokenizer.Load(_folder.Path);
        var strings = new GeneratedStrings(3);

        for (var i = 0; i < 500; i++)
        {
            var text = strings.Next();
            var expected = oracle.Ids(text);
            Assert.Equal(expected, tokenizer.Encode(text).Ids.ToArray());
            Assert.Equal(oracle.Decode(Array.ConvertAll(expected, id => (uint)id)), tokenizer.Decode(expected));
        }

        static int Kind(int id) =>
            id switch
            {
                0 => 2,
                1 or 2 => 3,
                < 259 => 6,
                _ => 1,
            };
    }

    [Fact]
    public void A_SentencePiece_model_of_single_pieces_takes_the_most_probable_ones()
    {
        Oracle.Need();
        (string, float, int)[] pieces =
        [
            ("<unk>", 0, 2),
            ("</s>", 0, 3),
            ("▁", -2, 1),
            ("▁the", -1, 1),
            ("▁fox", -1.5f, 1),
            ("es", -1, 1),
            ("e", -3, 1),
            ("s", -3, 1),
        ];
        _folder.Write("tokenizer.model", SentencePieceFile.Write(pieces, SentencePieceFile.Unigram, byteFallback: false, removesSpaces: true));
        _folder.Write("tokenizer_config.json", """{ "tokenizer_class": "T5Tokenizer" }""");
        using var tokenizer = TextTokenizer.Load(_folder.Path);

        var encoded = tokenizer.Encode("  the   foxes \u4E00");

        Assert.Equal([3, 4, 5, 2, 0, 1], encoded.Ids.ToArray());
        Assert.Equal(new TokenOffset(2, 3), encoded.Offsets[0]);
        Assert.Equal(new TokenOffset(8, 3), encoded.Offsets[1]);
        Assert.Equal(new TokenOffset(14, 1), encoded.Offsets[4]);
        Assert.Equal("the foxes ", tokenizer.Decode([3, 4, 5, 2, 1]));
    }

    [Fact]
    public void A_SentencePiece_model_whose_ids_differ_from_the_file_is_refused()
    {
        _folder.Write("tokenizer.model", SentencePieceFile.Write([("<unk>", 0, 2)], SentencePieceFile.Unigram, byteFallback: false, removesSpaces: true));
        _folder.Write("tokenizer_config.json", """{ "tokenizer_class": "XLMRobertaTokenizer" }""");

        var fault = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(_folder.Path));

        Assert.Contains("XLMRobertaTokenizer", fault.Reason, StringComparison.Ordinal);
        Assert.EndsWith("tokenizer.model", fault.File, StringComparison.Ordinal);
    }

    [Fact]
    public void Offsets_are_the_parts_that_tokens_decode_to()
    {
        Oracle.Need();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var strings = new GeneratedStrings(4);
        var compared = 0;

        for (var i = 0; i < 200; i++)
        {
            var text = strings.Next();
            var encoded = tokenizer.Encode(text);
            for (var token = 0; token < encoded.Length; token++)
            {
                var offset = encoded.Offsets[token];
                var part = tokenizer.Decode([encoded.Ids[token]], skipSpecial: false);
                if (!offset.HasText || part.Contains('\uFFFD'))
                    continue;
                Assert.Equal(part.Trim(), text.Substring(offset.Start, offset.Length).Trim());
                compared++;
            }
        }

        Assert.True(compared > 1000);
    }

    [Fact]
    public void Tokens_of_one_character_have_the_same_offset()
    {
        Oracle.Need();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevel());

        var offsets = tokenizer.Encode("a \uD83D\uDE00").Offsets;

        Assert.Equal(new TokenOffset(0, 1), offsets[1]);
        for (var token = 3; token < offsets.Length - 1; token++)
            Assert.Equal(new TokenOffset(2, 2), offsets[token]);
    }

    [Fact]
    public void Offsets_of_characters_that_the_tokenizer_changes_are_those_of_the_original()
    {
        Oracle.Need();
        var document = SmallTokenizers.ByteLevel();
        document["normalizer"] = new JsonObject { ["type"] = "NFKC" };
        using var tokenizer = SmallTokenizers.Load(document);
        const string text = "xyz ﬁne hello";

        var encoded = tokenizer.Encode(text);

        var hello = encoded.Offsets[encoded.Length - 2];
        Assert.Equal("hello", text.Substring(hello.Start, hello.Length));
        Assert.Contains(new TokenOffset(4, 1), encoded.Offsets.ToArray());
    }

    [Fact]
    public void A_long_word_that_the_tokenizer_changes_does_not_move_the_offsets_of_other_words()
    {
        Oracle.Need();
        var document = SmallTokenizers.ByteLevel();
        document["normalizer"] = new JsonObject { ["type"] = "NFKC" };
        using var tokenizer = SmallTokenizers.Load(document);
        var wide = string.Concat(Enumerable.Range(0, 200).Select(i => (char)('\uFF21' + i % 26)));
        var text = $"the {wide} hello";

        var encoded = tokenizer.Encode(text);

        Assert.Equal(new TokenOffset(205, 5), encoded.Offsets[encoded.Length - 2]);
        Assert.Equal(200, encoded.Offsets.ToArray().Count(offset => offset == new TokenOffset(4, 200)));
    }

    [Fact]
    public void Decoding_keeps_special_tokens_when_asked()
    {
        Oracle.Need();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var ids = tokenizer.Encode("hello").Ids;

        Assert.Equal("<s>hello</s>", tokenizer.Decode(ids, skipSpecial: false));
        Assert.Equal("hello", tokenizer.Decode(ids));
        Assert.Equal("", tokenizer.Decode([-1, 269, int.MaxValue]));
    }

    [Fact]
    public void A_missing_native_library_is_one_error_that_names_the_package()
    {
        var json = Encoding.UTF8.GetBytes(SmallTokenizers.ByteLevel().ToJsonString());
        var document = TokenizerDocument.Read("tokenizer.json", json);

        var fault = Assert.Throws<TokenizerException>(() => new NativeEncoder("tokenizer.json", json, document, _ => throw new DllNotFoundException()));

        Assert.Contains("add the package Tokenizers.DotNet.runtime.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("BPE", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_may_run_at_the_same_time()
    {
        Oracle.Need();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var strings = new GeneratedStrings(5);
        var texts = Enumerable.Range(0, 200).Select(_ => strings.Next()).ToArray();
        var expected = texts.Select(text => tokenizer.Encode(text).Ids.ToArray()).ToArray();

        var ids = texts.AsParallel().AsOrdered().Select(text => tokenizer.Encode(text).Ids.ToArray()).ToArray();

        Assert.Equal(expected, ids);
    }

    private static string[] Pieces() =>
        [
            "<unk>",
            "<s>",
            "</s>",
            .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
            .. Merges.Select(merge => merge.Left + merge.Right),
            "▁",
            .. Enumerable.Range('a', 26).Select(letter => ((char)letter).ToString()),
        ];
}
