using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests.Results;

/// <summary>Spans of token classes.</summary>
public sealed class TokenSpansTests
{
    private const string Text = "hello world the fox over quick dog";

    private static readonly string[] Labels = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "L-PER", "U-PER", "MISC"];

    [Theory]
    [InlineData("O O O O O O O", "")]
    [InlineData("B-PER I-PER O O O O O", "PER:hello world")]
    [InlineData("B-PER B-PER O O O O O", "PER:hello|PER:world")]
    [InlineData("I-PER I-PER B-LOC I-PER O O O", "PER:hello world|LOC:the|PER:fox")]
    [InlineData("B-PER I-PER L-PER I-PER O O O", "PER:hello world the|PER:fox")]
    [InlineData("U-PER U-PER O O O O O", "PER:hello|PER:world")]
    [InlineData("MISC MISC O MISC O O B-LOC", "MISC:hello world|MISC:fox|LOC:dog")]
    public void Tokens_of_one_label_are_joined(string tags, string expected)
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));
        var encoded = tokenizer.Encode(Text);

        var spans = TokenSpans.Find(Logits(tags), encoded, Labels);

        Assert.Equal(expected, string.Join('|', spans.Select(span => $"{span.Label}:{Text.Substring(span.Start, span.Length)}")));
    }

    [Fact]
    public void The_score_is_the_mean_probability()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));
        float[] logits = [0, 0, MathF.Log(3), 0, MathF.Log(1), MathF.Log(4), 0, 0];

        var span = Assert.Single(TokenSpans.Find([0, 9, 0, MathF.Log(3), 0, MathF.Log(4), 9, 9], tokenizer.Encode("hello world"), ["O", "X"]));

        Assert.Equal((0.75f + 0.8f) / 2, span.Score, 1e-5f);
        Assert.Throws<ArgumentException>(() => TokenSpans.Find(logits.AsSpan(1), tokenizer.Encode("hello world"), ["O", "X"]));
        Assert.Throws<ArgumentException>(() => TokenSpans.Find(logits.AsSpan(2), tokenizer.Encode("hello world"), ["O", "X"]));
    }

    /// <summary>The special tokens have the label of a person, which must have no effect.</summary>
    private static float[] Logits(string tags)
    {
        string[] rows = ["B-PER", .. tags.Split(' '), "B-PER"];
        var logits = new float[rows.Length * Labels.Length];
        for (var row = 0; row < rows.Length; row++)
            logits[row * Labels.Length + Array.IndexOf(Labels, rows[row])] = 10;
        return logits;
    }
}
