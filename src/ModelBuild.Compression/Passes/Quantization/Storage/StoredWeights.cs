using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// Writes the storage form of weights: a weight W becomes a narrow initializer followed by nodes that compute W. ONNX Runtime folds these nodes when the
/// session loads, so that inference runs in float32 as before. The value keeps its name, so its readers do not change, in subgraphs either.
/// </summary>
internal static class StoredWeights
{
    // The estimated bytes that stored weights add to the file: names, attributes and headers of a Cast, a Mul and one or two initializers.
    private const int BytesPerNode = 96;

    private static readonly Refusal IsOutput = new("it is an output of the model");

    /// <summary>The lowest opset of the storage form: Cast and Mul with numpy broadcasting, and Cast to a type number, exist from this opset on.</summary>
    public const int MinOpset = 7;

    /// <summary>
    /// Returns the reason why the weight stays float32; null if its narrow form of <paramref name="narrowBytes"/> bytes and <paramref name="nodes"/> nodes is
    /// smaller by a tenth or more.
    /// </summary>
    public static Refusal? WhyNot(WeightSite site, long narrowBytes, int nodes, NamePatterns exclude)
    {
        if (exclude.Match(site.Name) || site.Readers.Any(exclude.Match))
            return Refusal.Excluded;
        if (site.Scope.IsOutputAnywhere(site.Name))
            return IsOutput;
        // Weights that would keep more than nine tenths of their size are skipped, because so small a reduction does not justify the additional nodes.
        return narrowBytes + nodes * BytesPerNode > site.Tensor.RawData.Length * 0.9 ? Refusal.TooSmall : null;
    }

    /// <summary>
    /// Replaces the definition of the weight by <c>Cast(narrow)</c>, multiplied by <paramref name="scale"/> if it is given.
    /// </summary>
    public static void Replace(WeightSite site, TensorProto narrow, TensorProto? scale)
    {
        var castResult = scale is null ? site.Name : site.Scope.FreshName($"{site.Name}_cast");
        List<NodeProto> nodes = [Cast(narrow.Name, castResult)];
        if (scale is not null)
            nodes.Add(Nodes.Create("Mul", [castResult, scale.Name], [site.Name]));
        Replace(site, nodes, scale is null ? [narrow] : [narrow, scale]);
    }

    /// <summary>Replaces the definition of the weight by nodes that compute it from initializers.</summary>
    public static void Replace(WeightSite site, IReadOnlyList<NodeProto> nodes, IEnumerable<TensorProto> initializers)
    {
        var scope = site.Scope;
        if (scope.Nodes.FirstOrDefault(node => node.Output.Contains(site.Name)) is { } constant)
        {
            scope.Replace(constant, [.. nodes]);
        }
        else
        {
            scope.RemoveInitializer(site.Name);
            if (scope.Nodes.Count == 0)
                nodes.ToList().ForEach(scope.Append);
            else
                scope.InsertBefore(scope.Nodes[0], [.. nodes]);
        }

        foreach (var initializer in initializers)
            scope.AddInitializer(initializer);
    }

    /// <summary>Returns a node that casts to float32.</summary>
    public static NodeProto Cast(string narrow, string result) => Nodes.Create("Cast", [narrow], [result], attributes: ("to", (long)DataType.Float));
}
