using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// Creates the int8 forms of weights in the layouts of dynamically quantized operators. Each form is created once for all nodes that read it, in the scope of
/// the weight.
/// </summary>
internal sealed class DynamicWeights(bool perChannel)
{
    private readonly Dictionary<(Graph Owner, string Weight, bool Transposed, float Factor), Names> _products = [];
    private readonly Dictionary<(Graph Owner, string Weight), Names> _recurrent = [];
    private readonly Dictionary<(Graph Owner, string Weight), TableNames> _tables = [];

    /// <summary>Whether weights have a scale for each output column or row of a table; otherwise they have one scale.</summary>
    public bool PerChannel => perChannel;

    /// <summary>The names of the quantized forms of one weight.</summary>
    /// <param name="Values">The int8 values.</param>
    /// <param name="Scale">Their scales.</param>
    /// <param name="ZeroPoint">Their zero points, all 0. Operators do not need them, but <see cref="Execution.IntegerArithmetic"/> does.</param>
    public sealed record Names(string Values, string Scale, string ZeroPoint);

    /// <summary>The names of the quantized forms of a table.</summary>
    /// <param name="Values">The int8 values.</param>
    /// <param name="Scale">Their scales.</param>
    public sealed record TableNames(string Values, string Scale);

    /// <summary>
    /// Returns the int8 form of the second operand of a matrix product [rows, columns], which is transposed and multiplied by Gemm's factor first.
    /// </summary>
    public Names Product(Graph scope, string weight, bool transposed, float factor)
    {
        var owner = scope.ScopeOf(weight) ?? scope;
        if (_products.TryGetValue((owner, weight, transposed, factor), out var known))
            return known;
        var tensor = scope.Constant(weight);
        var (rows, columns) = (tensor.Dims[transposed ? 1 : 0], tensor.Dims[transposed ? 0 : 1]);
        long[] shape = transposed ? [columns, rows] : [rows, columns];
        long[] scaleShape = [.. shape.Select((size, axis) => perChannel && axis == (transposed ? 0 : 1) ? size : 1)];
        var (quantized, scales) = tensor.Read<float, (sbyte[], float[])>(values =>
            SymmetricInt8.Quantize(factor == 1 ? values : Scaled(values, factor), shape, scaleShape)
        );
        if (transposed)
            quantized = Transpose(quantized, (int)columns, (int)rows);
        var names = new Names(owner.FreshName($"{weight}_int8"), owner.FreshName($"{weight}_scale"), owner.FreshName($"{weight}_zero_point"));
        owner.AddInitializer(Tensors.Create(names.Values, [rows, columns], quantized));
        owner.AddInitializer(Tensors.Create<float>(names.Scale, perChannel ? [columns] : [], scales));
        owner.AddInitializer(Tensors.Create<sbyte>(names.ZeroPoint, [], [0]));
        return _products[(owner, weight, transposed, factor)] = names;
    }

    /// <summary>Returns the int8 form of a weight of an LSTM [directions, gates, inputs], stored as [directions, inputs, gates].</summary>
    public Names Recurrent(Graph scope, string weight)
    {
        var owner = scope.ScopeOf(weight) ?? scope;
        if (_recurrent.TryGetValue((owner, weight), out var known))
            return known;
        var tensor = scope.Constant(weight);
        var (directions, gates, inputs) = ((int)tensor.Dims[0], (int)tensor.Dims[1], (int)tensor.Dims[2]);
        var (values, scales) = tensor.Read<float, (sbyte[], float[])>(span =>
            SymmetricInt8.Quantize(span, [directions, gates, inputs], [directions, perChannel ? gates : 1, 1])
        );
        long[] scaleShape = perChannel ? [directions, gates] : [directions];
        var names = new Names(owner.FreshName($"{weight}_int8"), owner.FreshName($"{weight}_scale"), owner.FreshName($"{weight}_zero_point"));
        owner.AddInitializer(Tensors.Create(names.Values, [directions, inputs, gates], Transpose(values, gates, inputs)));
        owner.AddInitializer(Tensors.Create(names.Scale, scaleShape, scales));
        owner.AddInitializer(Tensors.Create(names.ZeroPoint, scaleShape, new sbyte[scales.Length]));
        return _recurrent[(owner, weight)] = names;
    }

    /// <summary>Returns the int8 form of a table whose rows are looked up [rows, …], with scales [rows, 1, …].</summary>
    public TableNames Table(Graph scope, string weight)
    {
        var owner = scope.ScopeOf(weight) ?? scope;
        if (_tables.TryGetValue((owner, weight), out var known))
            return known;
        var tensor = scope.Constant(weight);
        long[] shape = [.. tensor.Dims];
        long[] scaleShape = [.. shape.Select((size, axis) => perChannel && axis == 0 ? size : 1)];
        var (values, scales) = tensor.Read<float, (sbyte[], float[])>(span => SymmetricInt8.Quantize(span, shape, scaleShape));
        var names = new TableNames(owner.FreshName($"{weight}_int8"), owner.FreshName($"{weight}_scale"));
        owner.AddInitializer(Tensors.Create(names.Values, shape, values));
        owner.AddInitializer(Tensors.Create(names.Scale, perChannel ? scaleShape : [], scales));
        return _tables[(owner, weight)] = names;
    }

    private static float[] Scaled(ReadOnlySpan<float> source, float factor)
    {
        var result = new float[source.Length];
        for (var i = 0; i < source.Length; i++)
            result[i] = factor * source[i];
        return result;
    }

    /// <summary>Returns consecutive matrices [rows, columns] transposed, as [columns, rows].</summary>
    private static sbyte[] Transpose(sbyte[] source, int rows, int columns)
    {
        // The matrix is transposed in tiles, so that source and destination stay in the cache of the CPU.
        const int Tile = 64;
        var result = new sbyte[source.Length];
        for (var first = 0; first < source.Length; first += rows * columns)
        for (var top = 0; top < rows; top += Tile)
        for (var left = 0; left < columns; left += Tile)
        for (var column = left; column < Math.Min(columns, left + Tile); column++)
        for (var row = top; row < Math.Min(rows, top + Tile); row++)
            result[first + column * rows + row] = source[first + row * columns + column];
        return result;
    }
}
