using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// The int8 forms of weights in the layouts that dynamically quantized operators take. Each is made once, however many nodes in whatever scopes read it,
/// and lives where its weight lives.
/// </summary>
internal sealed class DynamicWeights(bool perChannel)
{
    private readonly Dictionary<(Graph Owner, string Weight, bool Transposed, float Factor), Names> _products = [];
    private readonly Dictionary<(Graph Owner, string Weight), Names> _recurrent = [];

    /// <summary>The names of what one weight became.</summary>
    /// <param name="Values">The int8 values.</param>
    /// <param name="Scale">Their scales.</param>
    /// <param name="ZeroPoint">Their zero points, all 0; empty where the operator needs none.</param>
    public sealed record Names(string Values, string Scale, string ZeroPoint);

    /// <summary>The second operand of a matrix product [rows, columns], turned and multiplied first where a Gemm asks for it.</summary>
    public Names Product(Graph scope, string weight, bool transposed, float factor)
    {
        var owner = scope.ScopeOf(weight) ?? scope;
        if (_products.TryGetValue((owner, weight, transposed, factor), out var known))
            return known;
        var tensor = scope.Constant(weight);
        var (rows, columns) = (tensor.Dims[transposed ? 1 : 0], tensor.Dims[transposed ? 0 : 1]);
        var values = tensor.Span<float>();
        if (transposed || factor != 1)
            values = Prepare(values, (int)rows, (int)columns, transposed, factor);
        var (quantized, scales) = SymmetricInt8.Quantize(values, [rows, columns], [1, perChannel ? columns : 1]);
        var names = new Names(owner.FreshName($"{weight}_int8"), owner.FreshName($"{weight}_scale"), "");
        owner.AddInitializer(Tensors.Create(names.Values, [rows, columns], quantized));
        owner.AddInitializer(Tensors.Create<float>(names.Scale, perChannel ? [columns] : [], scales));
        return _products[(owner, weight, transposed, factor)] = names;
    }

    /// <summary>A weight of an LSTM [directions, gates, inputs], stored as [directions, inputs, gates].</summary>
    public Names Recurrent(Graph scope, string weight)
    {
        var owner = scope.ScopeOf(weight) ?? scope;
        if (_recurrent.TryGetValue((owner, weight), out var known))
            return known;
        var tensor = scope.Constant(weight);
        var (directions, gates, inputs) = ((int)tensor.Dims[0], (int)tensor.Dims[1], (int)tensor.Dims[2]);
        var (values, scales) = SymmetricInt8.Quantize(tensor.Span<float>(), [directions, gates, inputs], [directions, perChannel ? gates : 1, 1]);
        var swapped = new sbyte[values.Length];
        for (var d = 0; d < directions; d++)
            for (var g = 0; g < gates; g++)
                for (var i = 0; i < inputs; i++)
                    swapped[(d * inputs + i) * gates + g] = values[(d * gates + g) * inputs + i];

        long[] scaleShape = perChannel ? [directions, gates] : [directions];
        var names = new Names(owner.FreshName($"{weight}_int8"), owner.FreshName($"{weight}_scale"), owner.FreshName($"{weight}_zero_point"));
        owner.AddInitializer(Tensors.Create(names.Values, [directions, inputs, gates], swapped));
        owner.AddInitializer(Tensors.Create(names.Scale, scaleShape, scales));
        owner.AddInitializer(Tensors.Create(names.ZeroPoint, scaleShape, new sbyte[scales.Length]));
        return _recurrent[(owner, weight)] = names;
    }

    private static float[] Prepare(ReadOnlySpan<float> source, int rows, int columns, bool transposed, float factor)
    {
        var result = new float[source.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                result[row * columns + column] = factor * source[transposed ? column * rows + row : row * columns + column];
        return result;
    }
}
