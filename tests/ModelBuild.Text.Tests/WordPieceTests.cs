using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ModelBuild.Testing.Pretrained;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>Ids of tokenizers like BERT's, which are managed code, against those of Hugging Face's library.</summary>
public sealed class WordPieceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ids_and_texts_are_those_of_Hugging_Face(bool lowerCase)
    {
        var path = _folder.Write("tokenizer.json", SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary(), lowerCase).ToJsonString());
        using var oracle = Oracle.Open(path);
        using var tokenizer = TextTokenizer.Load(path);

        Compare(tokenizer, oracle, count: 1500);
    }

    [Fact]
    public void Ids_of_MiniLM_are_those_of_Hugging_Face()
    {
        var words = File.ReadAllLines(PretrainedModels.Need(PretrainedModels.MiniLmVocabulary));
        File.Copy(PretrainedModels.MiniLmVocabulary!, _folder.File("vocab.txt"));
        var document = SmallTokenizers.WordPiece(words);
        document["post_processor"]!["cls"] = new JsonArray("[CLS]", 101);
        document["post_processor"]!["sep"] = new JsonArray("[SEP]", 102);
        document["added_tokens"] = new JsonArray([
            .. SmallTokenizers.Specials.Select(token => (JsonNode)SmallTokenizers.Added(Array.IndexOf(words, token), token)),
        ]);
        using var oracle = Oracle.Open(_folder.Write("oracle/tokenizer.json", document.ToJsonString()));
        using var tokenizer = TextTokenizer.Load(_folder.Path);

        Assert.Equal(30522, tokenizer.VocabularySize);
        Compare(tokenizer, oracle, count: 1500);
    }

    /// <summary>Tokens stand for single characters here, so that each character shows what becomes of it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_character_becomes_what_Hugging_Face_makes_of_it(bool lowerCase)
    {
        var characters = Enumerable
            .Range(1, 0x33FF)
            .Concat(Enumerable.Range(0xA000, 0xC00))
            .Concat(Enumerable.Range(0xD7A0, 0x60))
            .Concat(Enumerable.Range(0xE000, 0x100))
            .Concat(Enumerable.Range(0xF8F0, 0x710))
            .Concat(Enumerable.Range(0x10000, 0x2000))
            .Concat(Enumerable.Range(0x16800, 0x800))
            .Concat(Enumerable.Range(0x1CC00, 0x1400))
            .Concat(Enumerable.Range(0x1E000, 0x2000))
            .Concat(Enumerable.Range(0x2F800, 0x220))
            .Concat(Enumerable.Range(0xE0000, 0x200))
            .ToArray();
        var path = _folder.Write("tokenizer.json", SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary(characters), lowerCase).ToJsonString());
        using var oracle = Oracle.Open(path);
        using var tokenizer = TextTokenizer.Load(path);

        var different = new List<string>();
        foreach (var some in characters.Chunk(64))
        {
            if (Encode(some))
                continue;
            different.AddRange(some.Where(character => !Encode([character])).Select(character => character.ToString("X4", CultureInfo.InvariantCulture)));
        }

        Assert.Empty(different);

        bool Encode(IEnumerable<int> few)
        {
            var text = string.Concat(few.Select(character => $"a{char.ConvertFromUtf32(character)}a "));
            return tokenizer.Encode(text).Ids.SequenceEqual(oracle.Ids(text));
        }
    }

    [Theory]
    [InlineData("Hello, WORLD!", "hello , world !")]
    [InlineData("  ", "")]
    [InlineData("café\u0000naïve", "cafe ##n ##a ##i ##v ##e")]
    [InlineData("[CLS] hello[SEP]", "[CLS] hello [SEP]")]
    [InlineData("[cls]", "[ c ##l ##s ]")]
    [InlineData("jumping jumped", "jump ##ing jump ##ed")]
    public void Texts_become_tokens(string text, string tokens)
    {
        var vocabulary = SmallTokenizers.Vocabulary();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(vocabulary));

        Assert.Equal(tokens, string.Join(' ', tokenizer.Encode(text).Ids[1..^1].ToArray().Select(id => vocabulary[id])));
    }

    [Fact]
    public void A_word_of_more_than_100_characters_is_unknown()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));

        Assert.Equal(102, tokenizer.Encode(new string('x', 100)).Length);
        Assert.Equal([2, 1, 3], tokenizer.Encode(new string('x', 101)).Ids.ToArray());
    }

    [Fact]
    public void A_token_takes_the_white_space_before_it_where_the_file_says_so()
    {
        var document = SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary());
        document["added_tokens"]![4] = SmallTokenizers.Added(4, "[MASK]", stripsLeft: true);
        var path = _folder.Write("tokenizer.json", document.ToJsonString());
        using var oracle = Oracle.Open(path);
        using var tokenizer = TextTokenizer.Load(path);
        const string text = "hello  [MASK] world";

        var encoded = tokenizer.Encode(text);

        Assert.Equal(oracle.Ids(text), encoded.Ids.ToArray());
        Assert.Equal(new TokenOffset(5, 8), encoded.Offsets[2]);
    }

    [Fact]
    public void Offsets_are_parts_of_the_original()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));
        const string text = "\u0001Café,  jumping\u200B \uD83D\uDE00 한一";

        var offsets = tokenizer.Encode(text).Offsets.ToArray();

        Assert.Equal(
            ["", "Café", ",", "jump", "ing", "\uD83D\uDE00", "한", "한", "한", "一", ""],
            offsets.Select(offset => offset.HasText ? text.Substring(offset.Start, offset.Length) : "")
        );
        Assert.Equal([-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1], offsets.Select(offset => offset.Sequence));
    }

    [Fact]
    public void A_tokenizer_with_another_normalizer_is_left_to_the_native_library()
    {
        var document = SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary());
        document["normalizer"] = new JsonObject { ["type"] = "Lowercase" };
        var path = _folder.Write("tokenizer.json", document.ToJsonString());
        using var oracle = Oracle.Open(path);
        using var tokenizer = TextTokenizer.Load(path);

        Compare(tokenizer, oracle, count: 100);
    }

    private static void Compare(TextTokenizer tokenizer, Tokenizers.DotNet.Tokenizer oracle, int count)
    {
        var strings = new GeneratedStrings(1);
        for (var i = 0; i < count; i++)
        {
            var text = strings.Next();
            var expected = oracle.Ids(text);
            var ids = tokenizer.Encode(text).Ids;
            Assert.True(ids.SequenceEqual(expected), $"{Escape(text)}: {string.Join(' ', expected)}, and not {string.Join(' ', ids.ToArray())}");
            Assert.Equal(oracle.Decode(Array.ConvertAll(expected, id => (uint)id)), tokenizer.Decode(expected));
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
            escaped.Append(char.IsAscii(c) && !char.IsControl(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"));
        return escaped.ToString();
    }
}
