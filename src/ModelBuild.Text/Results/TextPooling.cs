using System.Numerics.Tensors;

namespace ModelBuild.Text;

/// <summary>Combines the vectors of tokens to one vector for each text, as Sentence Transformers does (Reimers and Gurevych 2019).</summary>
public static class TextPooling
{
    /// <summary>The smallest length that vectors are divided by, so that no vector is divided by zero.</summary>
    private const float MinLength = 1e-12f;

    /// <summary>Combines the vectors of the tokens of each row to one vector. The vector of a row without tokens is zero.</summary>
    /// <param name="kind">The kind of pooling.</param>
    /// <param name="hidden">The vectors of the tokens, of shape <c>[rows, length, width]</c>: the output <c>last_hidden_state</c>.</param>
    /// <param name="mask">1 for tokens and 0 for padding, of shape <c>[rows, length]</c>. Padding may be on either side.</param>
    /// <param name="width">The number of values of a vector.</param>
    /// <param name="vectors">The result, of shape <c>[rows, width]</c>.</param>
    /// <exception cref="ArgumentException">The lengths of the spans do not match these shapes.</exception>
    public static void Pool(TextPoolingKind kind, ReadOnlySpan<float> hidden, ReadOnlySpan<long> mask, int width, Span<float> vectors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (hidden.Length != (long)mask.Length * width)
            throw new ArgumentException($"The mask has {mask.Length} tokens of {width} values, and there are {hidden.Length} values.", nameof(hidden));
        if (vectors.Length % width != 0 || (vectors.Length == 0 ? mask.Length != 0 : mask.Length % (vectors.Length / width) != 0))
            throw new ArgumentException($"{mask.Length} tokens do not make vectors with {vectors.Length} values.", nameof(vectors));
        vectors.Clear();
        var rows = vectors.Length / width;
        for (var row = 0; row < rows; row++)
        {
            var length = mask.Length / rows;
            PoolRow(kind, hidden.Slice(row * length * width, length * width), mask.Slice(row * length, length), vectors.Slice(row * width, width));
        }
    }

    /// <summary>Scales each vector to the length 1 (L2 norm).</summary>
    /// <param name="vectors">The vectors, of shape <c>[rows, width]</c>. A vector of zeros is not changed.</param>
    /// <param name="width">The number of values of a vector.</param>
    public static void Normalize(Span<float> vectors, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (vectors.Length % width != 0)
            throw new ArgumentException($"{vectors.Length} values are not vectors of {width} values.", nameof(vectors));
        for (var start = 0; start < vectors.Length; start += width)
        {
            var vector = vectors.Slice(start, width);
            TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm<float>(vector), MinLength), vector);
        }
    }

    private static void PoolRow(TextPoolingKind kind, ReadOnlySpan<float> hidden, ReadOnlySpan<long> mask, Span<float> vector)
    {
        switch (kind)
        {
            case TextPoolingKind.Cls:
                CopyToken(hidden, mask.IndexOfAnyExcept(0), vector);
                break;
            case TextPoolingKind.LastToken:
                CopyToken(hidden, mask.LastIndexOfAnyExcept(0), vector);
                break;
            case TextPoolingKind.Max:
                PoolMax(hidden, mask, vector);
                break;
            case TextPoolingKind.Mean:
            case TextPoolingKind.MeanSquareRoot:
            case TextPoolingKind.WeightedMean:
                PoolSum(kind, hidden, mask, vector);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such way of pooling.");
        }
    }

    private static void CopyToken(ReadOnlySpan<float> hidden, int token, Span<float> vector)
    {
        if (token >= 0)
            hidden.Slice(token * vector.Length, vector.Length).CopyTo(vector);
    }

    private static void PoolMax(ReadOnlySpan<float> hidden, ReadOnlySpan<long> mask, Span<float> vector)
    {
        CopyToken(hidden, mask.IndexOfAnyExcept(0), vector);
        for (var token = 0; token < mask.Length; token++)
            if (mask[token] != 0)
                TensorPrimitives.Max(vector, hidden.Slice(token * vector.Length, vector.Length), vector);
    }

    /// <summary>
    /// Computes the sum or mean of the vectors of the tokens. In <see cref="TextPoolingKind.WeightedMean"/> the weight of a token is its position in the row,
    /// starting at 1, as in Sentence Transformers.
    /// </summary>
    private static void PoolSum(TextPoolingKind kind, ReadOnlySpan<float> hidden, ReadOnlySpan<long> mask, Span<float> vector)
    {
        var sum = 0f;
        for (var token = 0; token < mask.Length; token++)
        {
            if (mask[token] == 0)
                continue;
            var weight = kind == TextPoolingKind.WeightedMean ? token + 1f : 1f;
            TensorPrimitives.MultiplyAdd(hidden.Slice(token * vector.Length, vector.Length), weight, vector, vector);
            sum += weight;
        }

        if (sum > 0)
            TensorPrimitives.Divide(vector, kind == TextPoolingKind.MeanSquareRoot ? MathF.Sqrt(sum) : sum, vector);
    }
}
