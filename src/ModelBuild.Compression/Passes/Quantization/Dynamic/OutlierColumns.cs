using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// Separates the few columns of an activation that are far larger than all others from a matrix product, and multiplies them in float32 (Dettmers et al. 2022,
/// LLM.int8(), arXiv 2208.07339; in that method the columns are found in each call, while this class finds them from calibration data). The one scale of the
/// activation then covers only the range of the other columns. X · W becomes (X ⊙ m) · W + X[:, S] · W[S, :], where the mask m is 0 at the columns S and 1
/// elsewhere. The float model computes the same up to rounding. The rewrite applies to MatMul and Gemm of the main graph.
/// </summary>
/// <param name="main">The main graph.</param>
/// <param name="most">The largest number of columns that are separated from an activation.</param>
internal sealed class OutlierColumns(Graph main, int most)
{
    // The number of columns for which at most one is separated. More separated columns would cost more time than int8 saves.
    private const int MinColumnsOfOutlier = 16;

    // The largest ratio of the new range of an activation to its old range for which columns are separated. A range that is at most this share of the old range
    // reduces the noise by at least 3 dB.
    private const double WorthwhileRange = 0.7;

    // The factor by which the range of the remaining columns may exceed the range without any of the candidate columns. The smallest number of columns that
    // keeps this limit is separated.
    private const double SameRange = 1.15;

    private readonly Dictionary<string, (string Inliers, string Outliers, int[] Columns)> _split = new(StringComparer.Ordinal);

    /// <summary>The products of the separated columns, which stay in float32.</summary>
    public HashSet<NodeProto> Products { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Splits the products of the nodes whose activations have outlier columns.</summary>
    /// <param name="nodes">MatMul and Gemm nodes with constant weights.</param>
    /// <param name="statistics">The statistics of the activations for each column.</param>
    /// <returns>The number of products that were split.</returns>
    public int Split(IEnumerable<NodeProto> nodes, IReadOnlyDictionary<string, TensorStatistics> statistics)
    {
        var count = 0;
        foreach (var node in nodes)
        {
            if (!IsSplittable(node) || !statistics.TryGetValue(node.Input[0], out var seen) || Find(seen, (int)Rows(node), most) is not { Length: > 0 } columns)
                continue;
            Split(node, columns);
            count++;
        }

        return count;
    }

    /// <summary>Returns the indices of the columns of an activation that are separated, given the ranges of all columns.</summary>
    /// <param name="ranges">The largest magnitude of each column.</param>
    /// <param name="most">The largest number of columns.</param>
    public static int[] Find(double[] ranges, int most)
    {
        var limit = Math.Min(most, ranges.Length / MinColumnsOfOutlier);
        if (limit == 0)
            return [];
        var order = Enumerable.Range(0, ranges.Length).OrderByDescending(column => ranges[column]).ThenBy(column => column).ToArray();
        var least = ranges[order[limit]];
        if (!(least < WorthwhileRange * ranges[order[0]]))
            return [];
        var count = Enumerable.Range(1, limit).First(taken => ranges[order[taken]] <= SameRange * least);
        return [.. order[..count].Order()];
    }

    private long Rows(NodeProto node) => main.Constant(node.Input[1]).Dims[IsTransposed(node) ? 1 : 0];

    private static bool IsTransposed(NodeProto node) => WeightedOperator.Of(node).IsWeightTransposed(node);

    private bool IsSplittable(NodeProto node) =>
        !WeightedOperator.Of(node).IsInputTransposed(node)
        && main.TryGetConstant(node.Input[1], out var weight)
        && weight.DataType == (int)DataType.Float
        && weight.Dims.Count == 2
        && main.Consumers(node.Input[1]).Count == 1
        && !main.IsOutputAnywhere(node.Input[1]);

    private static int[] Find(TensorStatistics statistics, int columns, int most) =>
        statistics.ChannelMin?.Length == columns
            ? Find([.. statistics.ChannelMin.Zip(statistics.ChannelMax!, (least, greatest) => Math.Max(greatest, -(double)least))], most)
            : [];

    private void Split(NodeProto node, int[] columns)
    {
        var input = node.Input[0];
        if (!_split.TryGetValue(input, out var parts) || !parts.Columns.SequenceEqual(columns))
            parts = _split[input] = SplitActivation(node, columns);
        var output = node.Output[0];
        var (inliers, outliers) = (main.FreshName($"{output}_inliers"), main.FreshName($"{output}_outliers"));
        var weight = OutlierRows(node, columns);
        var product = Nodes.Create("MatMul", [parts.Outliers, weight], [outliers], main.FreshName($"{node.Name}_outliers"));
        var sum = Nodes.Create("Add", [inliers, outliers], [output], main.FreshName($"{node.Name}_sum"));
        var rest = node.Clone();
        rest.Input[0] = parts.Inliers;
        rest.Output[0] = inliers;
        Products.Add(product);
        main.Replace(node, rest, product, sum);
    }

    private (string Inliers, string Outliers, int[] Columns) SplitActivation(NodeProto reader, int[] columns)
    {
        var input = reader.Input[0];
        var mask = new float[Rows(reader)];
        Array.Fill(mask, 1);
        foreach (var column in columns)
            mask[column] = 0;
        var (maskName, indexName) = (main.FreshName($"{input}_mask"), main.FreshName($"{input}_columns"));
        main.AddInitializer(Tensors.Create<float>(maskName, [mask.Length], mask));
        main.AddInitializer(Tensors.Create<long>(indexName, [columns.Length], [.. columns.Select(column => (long)column)]));
        var (inliers, outliers) = (main.FreshName($"{input}_inliers"), main.FreshName($"{input}_outliers"));
        main.InsertBefore(reader, Nodes.Create("Mul", [input, maskName], [inliers], main.FreshName($"{input}_Mask")));
        main.InsertBefore(reader, Nodes.Create("Gather", [input, indexName], [outliers], main.FreshName($"{input}_Outliers"), attributes: ("axis", -1L)));
        return (inliers, outliers, columns);
    }

    // Returns the constant with the rows S of the weights W that belong to separated columns, multiplied by Gemm's alpha. The same rows become zero in W, so
    // that the scales of W need not cover them.
    private string OutlierRows(NodeProto node, int[] columns)
    {
        var tensor = main.Constant(node.Input[1]);
        var isTransposed = IsTransposed(node);
        var (rows, outputs) = ((int)tensor.Dims[isTransposed ? 1 : 0], (int)tensor.Dims[isTransposed ? 0 : 1]);
        var alpha = WeightedOperator.Of(node).Alpha(node);
        var values = tensor.Read<float, float[]>(span => span.ToArray());
        var taken = new float[columns.Length * outputs];
        for (var i = 0; i < columns.Length; i++)
        for (var output = 0; output < outputs; output++)
        {
            ref var value = ref values[isTransposed ? output * rows + columns[i] : columns[i] * outputs + output];
            taken[i * outputs + output] = alpha * value;
            value = 0;
        }

        long[] shape = [.. tensor.Dims];
        main.ReplaceConstant(node.Input[1], Tensors.Create(node.Input[1], shape, values));
        var name = main.FreshName($"{node.Input[1]}_outliers");
        main.AddInitializer(Tensors.Create<float>(name, [columns.Length, outputs], taken));
        return name;
    }
}
