using System.Numerics.Tensors;

namespace ModelBuild.Text;

/// <summary>The answer of a model for extractive question answering: a part of the passage.</summary>
/// <param name="Score">The product of the probabilities of its start and its end, 0 to 1.</param>
/// <param name="Start">The index of the first character in the passage.</param>
/// <param name="Length">The number of UTF-16 characters.</param>
public readonly record struct AnswerSpan(float Score, int Start, int Length)
{
    /// <summary>
    /// Finds the most probable answer, with the defaults of Hugging Face's pipeline: it has at most 15 tokens and is never empty. Tokens outside of the passage
    /// take no part in the probabilities.
    /// </summary>
    /// <param name="startLogits">The score of each token as the start, before softmax. More values than tokens are padding.</param>
    /// <param name="endLogits">The score of each token as the end, before softmax.</param>
    /// <param name="text">The question and the passage as a pair: <c>tokenizer.Encode(question, passage)</c>.</param>
    /// <param name="maxTokens">The largest number of tokens of the answer.</param>
    /// <returns>
    /// The answer in whole tokens. Hugging Face's pipeline also extends it to whole words. The value is null if the passage has no tokens.
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
        var starts = Probabilities(startLogits[first..last]);
        var ends = Probabilities(endLogits[first..last]);
        var (best, bestStart, bestEnd) = (-1f, 0, 0);
        for (var start = 0; start < starts.Length; start++)
        for (var end = start; end < Math.Min(ends.Length, start + maxTokens); end++)
            if (starts[start] * ends[end] > best)
                (best, bestStart, bestEnd) = (starts[start] * ends[end], start, end);
        if (starts.Length == 0)
            return null;
        var (from, to) = (text.Offsets[first + bestStart], text.Offsets[first + bestEnd]);
        return new AnswerSpan(best, from.Start, to.Start + to.Length - from.Start);
    }

    private static float[] Probabilities(ReadOnlySpan<float> logits)
    {
        var result = new float[logits.Length];
        if (logits.Length > 0)
            TensorPrimitives.SoftMax(logits, result);
        return result;
    }
}
