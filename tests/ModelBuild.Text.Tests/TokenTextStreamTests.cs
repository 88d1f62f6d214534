using System.Text;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>Text from tokens that come one by one.</summary>
public sealed class TokenTextStreamTests
{
    [Fact]
    public void The_texts_of_single_tokens_make_the_text_of_all()
    {
        Oracle.Need();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var strings = new GeneratedStrings(6);

        for (var i = 0; i < 200; i++)
        {
            var text = strings.Next();
            Assert.Equal(tokenizer.Decode(tokenizer.Encode(text).Ids), string.Concat(Parts(tokenizer, tokenizer.Encode(text).Ids)));
        }
    }

    [Fact]
    public void The_texts_of_words_have_the_spaces_between_them()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));
        var ids = tokenizer.Encode("hello, jumping [MASK] world").Ids;

        Assert.Equal(["", "hello", ",", " jump", "ing", "", " world", "", ""], Parts(tokenizer, ids));
    }

    [Fact]
    public void A_character_appears_with_the_last_of_its_tokens()
    {
        Oracle.Need();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var ids = tokenizer.Encode("a\uD83D\uDE00b").Ids[1..^1];

        Assert.Equal(5, ids.Length);
        Assert.Equal(["a", "", "", "\uD83D\uDE00", "b", ""], Parts(tokenizer, ids));
    }

    [Fact]
    public void Bytes_that_are_no_character_appear_at_the_end()
    {
        Oracle.Need();
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var stream = new TokenTextStream(tokenizer);

        var text = new StringBuilder(stream.Add(tokenizer.FindId("a")!.Value)).Append(stream.Add(tokenizer.FindId("ðŁ")!.Value));

        Assert.Equal("a", text.ToString());
        Assert.Equal("\uFFFD", stream.Flush());
        Assert.Equal("", stream.Flush());
        Assert.Equal("a", stream.Add(tokenizer.FindId("a")!.Value));
    }

    [Fact]
    public void Ids_outside_of_the_vocabulary_have_no_text()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));

        Assert.Equal(["", "", ""], Parts(tokenizer, [-1, 1_000_000]));
    }

    private static List<string> Parts(TextTokenizer tokenizer, ReadOnlySpan<int> ids)
    {
        var stream = new TokenTextStream(tokenizer);
        var parts = new List<string>();
        foreach (var id in ids)
            parts.Add(stream.Add(id));
        parts.Add(stream.Flush());
        return parts;
    }
}
