using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Passes.Quantization;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// A weight as indices into one codebook, or into one codebook for each output channel. A weight with no more different values than requested is stored
/// exactly.
/// </summary>
/// <param name="Books">The values of all codebooks, one codebook after the other.</param>
/// <param name="BookSize">The number of values of each codebook.</param>
/// <param name="BookShape">The number of codebooks along each axis of the weight.</param>
/// <param name="Codes">For each weight, the index of its value in its codebook.</param>
internal sealed record ClusteredTensor(float[] Books, int BookSize, long[] BookShape, byte[] Codes)
{
    // The number of weights that one thread processes at a time.
    private const int Block = 1 << 16;

    /// <summary>Clusters a weight into one codebook, or one for each output channel.</summary>
    public static ClusteredTensor Of(WeightSite site, ClusterOptions options)
    {
        var weights = site.Tensor.Span<float>();
        var keepZero = LayerProblem.KeptOf(weights) is not null;
        var shape = site.ScaleShape(options.PerChannel);
        var books = options.PerChannel
            ? [.. BySlot(weights, [.. site.Tensor.Dims], shape).Select(part => Codebook.Fit(part, [], options.Clusters, keepZero))]
            : new[] { Codebook.Fit(weights, [], options.Clusters, keepZero) };
        var size = books.Max(book => book.Values.Length);
        // The codebooks are stored with one size. A shorter codebook is padded with its last value, and no index refers to the padding.
        var values = books.SelectMany(book => book.Values.Concat(Enumerable.Repeat(book.Values[^1], size - book.Values.Length))).ToArray();
        return new ClusteredTensor(
            values,
            size,
            shape,
            books.Length == 1 ? Encode(site.Tensor, books[0]) : Encode(weights, books, new ScaleSlots([.. site.Tensor.Dims], shape))
        );
    }

    /// <summary>Returns the weights that the indices represent.</summary>
    public float[] Values(long[] shape)
    {
        var slots = new ScaleSlots(shape, BookShape);
        return Array.ConvertAll(Codes, code => Books[slots.Next() * BookSize + code]);
    }

    private static float[][] BySlot(ReadOnlySpan<float> weights, long[] shape, long[] bookShape)
    {
        var slots = new ScaleSlots(shape, bookShape);
        var size = weights.Length / slots.Count;
        var parts = Enumerable.Range(0, slots.Count).Select(_ => new float[size]).ToArray();
        var filled = new int[slots.Count];
        foreach (var weight in weights)
        {
            var slot = slots.Next();
            parts[slot][filled[slot]++] = weight;
        }

        return parts;
    }

    private static byte[] Encode(TensorProto tensor, Codebook book)
    {
        var codes = new byte[tensor.ElementCount()];
        Parallel.For(
            0,
            (codes.Length + Block - 1) / Block,
            block =>
            {
                var weights = tensor.Span<float>();
                for (var i = block * Block; i < Math.Min((block + 1) * Block, weights.Length); i++)
                    codes[i] = (byte)book.Nearest(weights[i]);
            }
        );
        return codes;
    }

    private static byte[] Encode(ReadOnlySpan<float> weights, Codebook[] books, ScaleSlots slots)
    {
        var codes = new byte[weights.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (byte)books[slots.Next()].Nearest(weights[i]);
        return codes;
    }
}
