using ModelBuild.Compression.Randomness;
using ModelBuild.Onnx;
using ModelBuild.RealData;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>
/// Made sentences with an opinion, in the form of SST-2 (Socher et al. 2013), and untrained classifiers for them. A few words are positive or negative, and a
/// few other words reverse the next word with an opinion. Nine of ten words with an opinion express that of the sentence.
/// </summary>
internal static class Opinions
{
    /// <summary>The number of words of a sentence.</summary>
    public const int Length = 24;

    private const int Vocabulary = 2000;
    private const int Opinionated = 60;
    private const int Reversing = 8;
    private const int Hidden = 128;

    /// <summary>The names of the classifiers, and how each is made.</summary>
    public static IReadOnlyList<(string Name, Func<OnnxModel> Build)> Classifiers { get; } = [("BERT of two layers", Bert), ("GRU", Gru)];

    /// <summary>Saves sentences as <c>input_ids</c> int64 [count, 24] with <c>label</c> int64 [count].</summary>
    /// <param name="path">The path of the archive.</param>
    /// <param name="count">The number of sentences.</param>
    /// <param name="seed">Another number gives other sentences.</param>
    public static void Save(string path, int count, ulong seed)
    {
        var random = new SplitMix64(seed);
        (long[] Words, long Label)[] rows = [.. Enumerable.Range(0, count).Select(_ => Sentence(random))];
        using var archive = new NumpyArchive(path);
        archive.Add("input_ids", [count, Length], rows.Select(row => row.Words));
        archive.Add("label", [count], rows.Select(row => new[] { row.Label }));
    }

    private static (long[] Words, long Label) Sentence(SplitMix64 random)
    {
        var label = random.Below(2);
        var words = new long[Length];
        var isReversed = false;
        for (var i = 0; i < Length; i++)
        {
            var kind = random.NextDouble();
            if (kind < 0.25)
            {
                var isExpressed = random.NextDouble() < 0.9;
                words[i] = (2 * random.Below(Opinionated / 2)) + (isExpressed == isReversed ? 1 - label : label);
                isReversed = false;
            }
            else if (kind < 0.3)
            {
                words[i] = Opinionated + random.Below(Reversing);
                isReversed = true;
            }
            else
            {
                words[i] = Opinionated + Reversing + random.Below(Vocabulary - Opinionated - Reversing);
            }
        }

        return (words, label);
    }

    private static OnnxModel Bert()
    {
        var net = new NetBuilder("opinions-bert");
        var hidden = new BertShaped(Vocabulary, Length, Hidden, 4, 4 * Hidden, 2).Encode(net);
        return Classify(net, net.Node("ReduceMean", [("axes", new long[] { 1 }), ("keepdims", 0L)], hidden));
    }

    private static OnnxModel Gru()
    {
        var net = new NetBuilder("opinions-gru");
        var words = net.Node("Transpose", [("perm", new long[] { 1, 0, 2 })], net.Node("Gather", net.Weight(1, Vocabulary, Hidden), "input_ids"));
        var deviation = 1 / Math.Sqrt(Hidden);
        var last = net.Nodes(
            "GRU",
            2,
            [("hidden_size", (long)Hidden), ("linear_before_reset", 1L)],
            words,
            net.Weight(deviation, 1, 3 * Hidden, Hidden),
            net.Weight(deviation, 1, 3 * Hidden, Hidden),
            net.Weight(0.1, 1, 6 * Hidden)
        )[1];
        return Classify(net, net.Node("Squeeze", last, net.Longs(0)));
    }

    private static OnnxModel Classify(NetBuilder net, string x)
    {
        net.Input("input_ids", DataType.Int64, ("batch", 0), ("", Length));
        net.Output(net.Gemm(x, Hidden, 2), "logits", ("batch", 0), ("", 2));
        return net.Finish();
    }
}
