using System.ComponentModel;

namespace ModelBuild.Text;

/// <summary>Reads vectors, labelled parts and answers from the outputs of a model. Generated code uses this class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TextOutputs
{
    /// <summary>Returns the vector of each text: the rows of the output, or the pooled vectors of the text's tokens.</summary>
    /// <param name="output">The output, of shape <c>[rows, width]</c> or <c>[rows, length, width]</c>.</param>
    /// <param name="shape">The shape of the output.</param>
    /// <param name="batch">The texts as they were written to the inputs, with padding.</param>
    /// <param name="model">The properties of the model, which name the pooling. If its files name none, the mean over the tokens is used.</param>
    /// <exception cref="ArgumentException">The output does not have one of these shapes.</exception>
    /// <exception cref="TokenizerException">The output has the vectors of tokens, and the model combines them in a way that is not supported.</exception>
    public static float[][] Vectors(ReadOnlySpan<float> output, ReadOnlySpan<long> shape, EncodedBatch batch, TextModelFolder model)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(model);
        if (shape.Length is not (2 or 3) || shape[0] != batch.Rows || (shape.Length == 3 && shape[1] != batch.Length))
            throw new ArgumentException(
                $"The output has the shape [{string.Join(", ", shape.ToArray())}], which has no vector for each of {batch.Rows} texts."
            );
        var width = (int)shape[^1];
        var vectors = new float[batch.Rows * width];
        if (shape.Length == 3)
            TextPooling.Pool(model.Pooling ?? TextPoolingKind.Mean, output, batch.Mask, width, vectors);
        else
            output.CopyTo(vectors);
        if (model.IsNormalized)
            TextPooling.Normalize(vectors, width);
        return [.. Enumerable.Range(0, batch.Rows).Select(row => vectors.AsSpan(row * width, width).ToArray())];
    }

    /// <summary>Returns the labelled parts of the text of a batch that has a single text.</summary>
    /// <param name="logits">The logits of each token, of shape <c>[1, length, labels]</c>.</param>
    /// <param name="batch">The text as it was written to the inputs, with padding.</param>
    /// <param name="labels">The labels of the classes.</param>
    public static IReadOnlyList<TextSpan> Spans(ReadOnlySpan<float> logits, EncodedBatch batch, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return TokenSpans.Find(Tokens(logits, batch), batch.Texts[0], labels);
    }

    /// <summary>Returns the answer in the passage of a batch that has a single pair of question and passage; null if the passage has no tokens.</summary>
    /// <param name="startLogits">The logits of the start of the answer, of shape <c>[1, length]</c>.</param>
    /// <param name="endLogits">The logits of the end of the answer, of shape <c>[1, length]</c>.</param>
    /// <param name="batch">The question and the passage as they were written to the inputs, with padding.</param>
    public static AnswerSpan? Answer(ReadOnlySpan<float> startLogits, ReadOnlySpan<float> endLogits, EncodedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return AnswerSpan.Find(Tokens(startLogits, batch), Tokens(endLogits, batch), batch.Texts[0]);
    }

    // Returns the values of the tokens of a batch with one text, without the values of the padding, which is before or after the tokens.
    private static ReadOnlySpan<float> Tokens(ReadOnlySpan<float> values, EncodedBatch batch)
    {
        var width = values.Length / batch.Length;
        return values.Slice(batch.Mask.AsSpan().IndexOf(1L) * width, batch.Texts[0].Length * width);
    }
}
