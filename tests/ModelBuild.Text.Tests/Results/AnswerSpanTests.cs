using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests.Results;

/// <summary>Answers of extractive question answering.</summary>
public sealed class AnswerSpanTests
{
    private const string Passage = "the quick fox";

    /// <summary>The tokens are [CLS] hello [SEP] the quick fox [SEP].</summary>
    [Fact]
    public void The_answer_is_in_the_passage()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));

        var answer = AnswerSpan.Find([-99, 50, 50, 0, MathF.Log(8), 0, 50], [-99, 50, 50, 0, 0, MathF.Log(8), 50], tokenizer.Encode("hello", Passage));

        Assert.Equal("quick fox", Passage.Substring(answer!.Value.Start, answer.Value.Length));
        Assert.Equal(0.8f * 0.8f, answer.Value.Score, 1e-5f);
    }

    /// <summary>The sums of the exponentials are 1 + 8 + 1 of the passage and 10 of [CLS] as the start, and 90 of [CLS] as the end.</summary>
    [Fact]
    public void The_token_before_both_texts_takes_probability_from_the_answer()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));
        float[] starts = [MathF.Log(10), 50, 50, 0, MathF.Log(8), 0, 50];
        float[] ends = [MathF.Log(90), 50, 50, 0, 0, MathF.Log(8), 50];

        var answer = AnswerSpan.Find(starts, ends, tokenizer.Encode("hello", Passage))!.Value;

        Assert.Equal("quick fox", Passage.Substring(answer.Start, answer.Length));
        Assert.Equal(8f / 20 * 8 / 100, answer.Score, 1e-6f);
    }

    [Theory]
    [InlineData(9f)]
    [InlineData(60f)]
    [InlineData(500f)]
    public void A_passage_without_the_answer_gives_a_score_near_0(float none)
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));

        var answer = AnswerSpan.Find([none, 0, 0, 0, 1, 0, 0], [none, 0, 0, 0, 0, 1, 0], tokenizer.Encode("hello", Passage))!.Value;

        Assert.Equal("quick fox", Passage.Substring(answer.Start, answer.Length));
        Assert.InRange(answer.Score, 0, 1e-6f);
    }

    [Fact]
    public void Without_a_token_before_both_texts_the_passage_has_all_probability()
    {
        var document = SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary());
        document["post_processor"] = null;
        using var tokenizer = SmallTokenizers.Load(document);

        var answer = AnswerSpan.Find([50, 0, MathF.Log(8), 0], [50, 0, 0, MathF.Log(8)], tokenizer.Encode("hello", Passage))!.Value;

        Assert.Equal("quick fox", Passage.Substring(answer.Start, answer.Length));
        Assert.Equal(0.8f * 0.8f, answer.Score, 1e-5f);
    }

    [Fact]
    public void The_end_is_not_before_the_start_and_not_too_far_behind_it()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));
        var text = tokenizer.Encode("hello", Passage);

        var reversed = AnswerSpan.Find([0, 0, 0, 0, 0, 5, 0], [0, 0, 0, 5, 0, 4, 0], text)!.Value;
        var limited = AnswerSpan.Find([0, 0, 0, 5, 0, 0, 0], [0, 0, 0, 0, 3, 5, 0], text, maxTokens: 2)!.Value;

        Assert.Equal("fox", Passage.Substring(reversed.Start, reversed.Length));
        Assert.Equal("the quick", Passage.Substring(limited.Start, limited.Length));
    }

    [Fact]
    public void An_empty_passage_has_no_answer()
    {
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));

        Assert.Null(AnswerSpan.Find(new float[4], new float[4], tokenizer.Encode("hello", "")));
        Assert.Throws<ArgumentException>(() => AnswerSpan.Find(new float[3], new float[4], tokenizer.Encode("hello", "")));
    }
}
