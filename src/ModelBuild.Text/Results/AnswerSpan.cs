using System.Numerics.Tensors;

namespace ModelBuild.Text;

/// <summary>Represents the answer of a model for extractive question answering, which is a part of the passage.</summary>
/// <param name="Score">The product of the probabilities of the answer's start and end, 0 to 1.</param>
/// <param name="Start">The index of the first character in the passage.</param>
/// <param name="Length">The number of UTF-16 characters.</param>
public readonly record struct AnswerSpan(float Score, int Start, int Length)
{
    /// <summary>
    /// Finds the most probable answer, with the defaults of Hugging Face's pipeline: it has at most 15 tokens and is never empty. The softmax is computed over
    /// the tokens of the passage and the special token before both texts, such as <c>[CLS]</c>. The probability of that token is the probability that there is
    /// no answer. If a model was trained on questions without an answer (SQuAD 2, Rajpurkar et al. 2018), the score of such a question is near 0.
    /// </summary>
    /// <param name="startLogits">The score of each token as the start, before softmax. More values than tokens are padding.</param>
    /// <param name="endLogits">The score of each token as the end, before softmax.</param>
    /// <param name="text">The question and the passage as a pair: <c>tokenizer.Encode(question, passage)</c>.</param>
    /// <param name="maxTokens">The largest number of tokens of the answer.</param>
    /// <returns>
    /// The answer in whole tokens. Hugging Face's pipeline also extends it to whole words. The value is null only if the passage has no tokens, and a low score
    /// says that the passage has no answer.
    /// </returns>
    /// <exception cref="ArgumentException">There are fewer logits than tokens.</exception>
    public static AnswerSpan? Find(ReadOnlySpan<float> startLogits, ReadOnlySpan<float> endLogits, EncodedText text, int maxTokens = 15)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        if (startLogits.Length < text.Length || endLogits.Length < text.Length)
            throw new ArgumentException($"There are {startLogits.Length} and {endLogits.Length} logits for {text.Length} tokens.", nameof(startLogits));
        var first = 0;
        while (first < text.Length && text.Offsets[first].Sequence != 1)
            first++;
        var last = first;
        while (last < text.Length && text.Offsets[last].Sequence == 1)
            last++;
        var hasNone = text.Length > 0 && !text.Offsets[0].HasText;
        var starts = Probabilities(startLogits, first..last, hasNone);
        var ends = Probabilities(endLogits, first..last, hasNone);
        if (starts.Length == 0)
            return null;
        // The search compares sums of logits, which have the same order as products of probabilities. Such a product may be too small for a float.
        var (best, bestStart, bestEnd) = (float.NegativeInfinity, 0, 0);
        for (var start = 0; start < starts.Length; start++)
        for (var end = start; end < Math.Min(ends.Length, start + maxTokens); end++)
            if (startLogits[first + start] + endLogits[first + end] is var sum && sum > best)
                (best, bestStart, bestEnd) = (sum, start, end);
        var (from, to) = (text.Offsets[first + bestStart], text.Offsets[first + bestEnd]);
        return new AnswerSpan(starts[bestStart] * ends[bestEnd], from.Start, to.Start + to.Length - from.Start);
    }

    /// <summary>
    /// Returns the probabilities of the tokens of the passage by softmax. If <paramref name="hasNone"/> is true, the first token, which stands for no answer,
    /// takes part in the sum.
    /// </summary>
    private static ReadOnlySpan<float> Probabilities(ReadOnlySpan<float> logits, Range passage, bool hasNone)
    {
        var others = hasNone ? 1 : 0;
        float[] values = [.. logits[..others], .. logits[passage]];
        if (values.Length == 0)
            return values;
        // The largest logit is subtracted first, because the exponential of a large logit overflows.
        TensorPrimitives.Subtract(values, TensorPrimitives.Max<float>(values), values);
        TensorPrimitives.SoftMax(values, values);
        return values.AsSpan(others);
    }
}
