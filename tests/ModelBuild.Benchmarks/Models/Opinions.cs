using ModelBuild.Compression.Randomness;
using ModelBuild.Onnx;
using ModelBuild.RealData;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>
/// Made sentences with an opinion, in the form of SST-2 (Socher et al. 2013), and untrained classifiers for them. A few words are positive or negative, a few
/// other words reverse the next word with an opinion, and the label is the opinion of the majority. So a classifier has to relate words to each other.
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

    // Sentences without a majority are drawn again.
    private static (long[] Words, long Label) Sentence(SplitMix64 random)
    {
        while (true)
        {
            long[] words = [.. Enumerable.Range(0, Length).Select(_ => Word(random))];
            var (sum, sign) = (0, 1);
            foreach (var word in words)
                if (word < Opinionated)
                {
                    sum += sign * (word % 2 == 0 ? 1 : -1);
                    sign = 1;
                }
                else if (word < Opinionated + Reversing)
                {
                    sign = -1;
                }

            if (sum != 0)
                return (words, sum > 0 ? 1 : 0);
        }
    }

    // One word of five has an opinion, and one of thirty reverses one.
    private static long Word(SplitMix64 random)
    {
        var kind = random.NextDouble();
        return kind < 0.2 ? random.Below(Opinionated)
            : kind < 0.233 ? Opinionated + random.Below(Reversing)
            : Opinionated + Reversing + random.Below(Vocabulary - Opinionated - Reversing);
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
